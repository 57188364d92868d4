import { describe, expect, test } from 'vitest';
import { linearizable } from '../../../../shared/analysis/verdicts/linearizable.ts';
import { anyCounts, anyHistory, linearizableHistory } from './random-history.ts';
import { isLinearizable } from './brute-force.ts';

describe('against brute force', () => {
  test.each([true, false])('registers, unique values: %s', (unique) => {
    for (let seed = 1; seed <= 3000; seed++) {
      const history = anyHistory(seed, { operations: 3 + (seed % 5), sessions: 2 + (seed % 2), fields: 1 + (seed % 2), unique, namesWrites: seed % 3 === 0 });
      const { verdict } = linearizable(history);
      expect(verdict === 'holds', `seed ${seed} ${JSON.stringify(history.operations)}`).toBe(isLinearizable(history));
    }
  });
  test('counts', () => {
    for (let seed = 1; seed <= 3000; seed++) {
      const history = anyCounts(seed, 3 + (seed % 4));
      const { verdict } = linearizable(history);
      expect(verdict === 'holds', `seed ${seed} ${JSON.stringify(history.operations)}`).toBe(isLinearizable(history));
    }
  });
  test('made', () => {
    for (let seed = 1; seed <= 500; seed++) {
      expect(linearizable(linearizableHistory(seed, { operations: 60, sessions: 5, fields: 3, unique: seed % 2 === 0, namesWrites: seed % 3 === 0 })).verdict, String(seed)).toBe('holds');
    }
  });
});
