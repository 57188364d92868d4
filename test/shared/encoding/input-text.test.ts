import { expect, test } from 'vitest';
import { inputText } from '../../../shared/encoding/input-text.ts';

test.each([
  [undefined, 'nothing'],
  [null, 'null'],
  ['Rome', '"Rome"'],
  [0.5, '0.5'],
  [Infinity, 'Infinity'],
  [NaN, 'NaN'],
  [true, 'true'],
  [[1], 'a list'],
  [{ a: 1 }, 'an object'],
  [() => {}, 'function'],
  ['x'.repeat(60), `"${'x'.repeat(38)}…`],
])('%o is told as %s', (input, text) => {
  expect(inputText(input)).toBe(text);
});
