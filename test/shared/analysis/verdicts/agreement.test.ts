import { describe, expect, test } from 'vitest';
import { causal } from '../../../../shared/analysis/verdicts/causal.ts';
import { linearizable } from '../../../../shared/analysis/verdicts/linearizable.ts';
import { sequential } from '../../../../shared/analysis/verdicts/sequential.ts';
import * as sessionGuarantees from '../../../../shared/analysis/verdicts/session-guarantees.ts';
import { counterOf, stockOf } from '../../../../shared/analysis/verdicts/specification.ts';
import { comparisons, firstDifference } from './agreement.ts';
import { brokenVariants } from './broken-variants.ts';
import { loadVariant } from './variant-loader.ts';

const all = comparisons();

describe('the checkers say what the definitions say, tried on every order', () => {
  test.each(all)('$what', (comparison) => {
    expect(firstDifference({ linearizable, sequential, causal, sessionGuarantees, counterOf, stockOf }, comparison)).toBeNull();
  });

  test.each(all)('the histories for $what are a fair mix', ({ cases }) => {
    const share = cases.filter(({ expected }) => expected === 'holds' || expected === '').length / cases.length;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.9);
  });
});

describe('a mistake in the checkers is caught', () => {
  test.each(brokenVariants)('$mistake ($file)', (variant) => {
    const checkers = loadVariant(variant);
    const comparison = all.find(({ what }) => what === variant.what)!;
    expect(differs(() => firstDifference(checkers, comparison))).toBe(true);
  });
});

/** A variant that throws is caught too. */
function differs(compare: () => string | null): boolean {
  try {
    return compare() !== null;
  } catch {
    return true;
  }
}
