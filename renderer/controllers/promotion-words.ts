/** What a window says once somebody has asked for its promotion. Has no state. */
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import type { Promotion } from '../../shared/strategies/single-leader/promotion.ts';

export function promotionWords(name: ReplicaId, how: Promotion): string {
  if (typeof how === 'object') return `${name} was not promoted: ${how.refused}.`;
  return how === 'given up' ? `${name} was not promoted: somebody else leads.` : `${name} leads now, ${how}.`;
}
