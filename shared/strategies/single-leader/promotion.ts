/** How a promotion ends, and where it is refused before it begins: [LEAD10]. */
import { tooFew } from '../coordinated-copy.ts';

/** Nothing was done, and why, as the rest of a sentence. */
export interface RefusedPromotion {
  readonly refused: string;
}

export type Promotion = 'with a majority' | 'alone' | 'given up' | RefusedPromotion;

/** Why a copy that reaches so many of the members, itself included, cannot be promoted where that takes `needed`; null: it can. */
export function promotionRefusal(reached: number, needed: number, members: number): string | null {
  const few = tooFew(reached, members, needed);
  return few === null ? null : `${few} to become the leader`;
}
