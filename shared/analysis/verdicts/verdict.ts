/** What a checker says of one level: that it holds, a witness against it, or why it cannot tell. */
import type { Operation } from './operation.ts';

export interface Witness {
  /** One plain sentence. */
  readonly sentence: string;
  /** The operations that it is about, by invocation: dots of edits, names of reads. */
  readonly operations: readonly string[];
}

export type Verdict =
  | { readonly verdict: 'holds' }
  | { readonly verdict: 'broken'; readonly witness: Witness }
  /** The checker could not tell; the reason is a plain sentence. */
  | { readonly verdict: 'unknown'; readonly reason: string };

export const holds: Verdict = { verdict: 'holds' };

export function broken(sentence: string, operations: readonly Operation[]): Verdict {
  const unique = [...new Set(operations)].sort((a, b) => a.invokedAt - b.invokedAt);
  return { verdict: 'broken', witness: { sentence, operations: unique.map(({ id }) => id) } };
}

export function unknown(reason: string): Verdict {
  return { verdict: 'unknown', reason };
}
