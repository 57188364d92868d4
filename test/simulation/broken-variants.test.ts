/**
 * The checks that users run: each variant breaks one line of the program, and some random run has to
 * notice it. A variant whose line is not found fails too, so that none goes stale in silence.
 */
import { describe, expect, test } from 'vitest';
import { noticedIn } from '../support/random-run-variant.ts';
import { noteRuns, someOf } from '../support/run-counts.ts';
import { variants } from './broken-variants.ts';

/** Most runs until a broken program is noticed. */
const seedsMax = 80;

describe('broken variants are noticed', () => {
  test('the unbroken program is not', { timeout: 120_000 }, async () => {
    expect(await noticedIn(null, 5)).toBe(null);
  });

  test.each(someOf('broken-variants', variants))(
    '$name',
    { timeout: 600_000, tags: ['runs'] },
    async (each) => {
      noteRuns('broken-variants', 1);
      expect(await noticedIn(each, seedsMax), `in ${seedsMax} runs`).not.toBe(null);
    },
  );
});
