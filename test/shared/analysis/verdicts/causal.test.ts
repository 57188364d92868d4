import { expect, test } from 'vitest';
import { causal, causallyConvergent } from '../../../../shared/analysis/verdicts/causal.ts';
import { sequential } from '../../../../shared/analysis/verdicts/sequential.ts';
import { isCausal, isSequential } from './brute-force.ts';
import { anyHistory } from './random-history.ts';

test('causal', () => {
  const seen: Record<string, number> = {};
  for (let seed = 1; seed <= 3000; seed++) {
    const history = anyHistory(seed, { operations: 3 + (seed % 5 === 0 ? 2 : seed % 2), sessions: 2 + (seed % 2), fields: 1 + (seed % 2), unique: true, openPart: 0.1 });
    const { verdict } = causal(history);
    seen[verdict] = (seen[verdict] ?? 0) + 1;
    expect(verdict === 'holds', `seed ${seed} ${JSON.stringify(history.operations)}`).toBe(isCausal(history));
  }
  console.log(seen);
});
test('sequential', () => {
  const seen: Record<string, number> = {};
  for (let seed = 1; seed <= 4000; seed++) {
    const history = anyHistory(seed, { operations: 3 + (seed % 5), sessions: 2 + (seed % 2), fields: 1 + (seed % 2), unique: seed % 3 > 0, openPart: 0.1, namesWrites: seed % 2 === 0 });
    const { verdict } = sequential(history);
    seen[verdict] = (seen[verdict] ?? 0) + 1;
    if (verdict === 'holds') expect(['holds', 'unknown']).toContain(causallyConvergent(history).verdict);
    expect(verdict === 'holds', `seed ${seed} ${JSON.stringify(history.operations)}`).toBe(isSequential(history));
  }
  console.log(seen);
});
