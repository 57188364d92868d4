/** What a checker says. */
import type { Verdict } from '../../protocol/verdicts.ts';
import type { Operation } from './operation.ts';

export type { Verdict, Witness } from '../../protocol/verdicts.ts';

export const holds: Verdict = { verdict: 'holds' };

export function broken(sentence: string, operations: readonly Operation[]): Verdict {
  const unique = [...new Set(operations)].sort((a, b) => a.invokedAt - b.invokedAt);
  return { verdict: 'broken', witness: { sentence, operations: unique.map(({ id }) => id) } };
}

export function unknown(reason: string): Verdict {
  return { verdict: 'unknown', reason };
}
