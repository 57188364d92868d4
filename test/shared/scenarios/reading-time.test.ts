import { expect, test } from 'vitest';
import { readingMs } from '../../../shared/scenarios/reading-time.ts';

test('a step is shown as long as its sentence takes to read', () => {
  expect(readingMs(null)).toBe(900);
  expect(readingMs('A and B are cut off from each other.')).toBe(2_888);
  expect(readingMs('short')).toBeLessThan(readingMs('a sentence that is longer'));
  expect(readingMs('x'.repeat(5_000))).toBe(12_000);
});
