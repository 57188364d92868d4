import { describe, expect, test } from 'vitest';
import { gridLayout } from '../../../../renderer/elements/fields/grid-layout.ts';

const layout = (width: number, height: number, strategies: number, review = 0) => gridLayout({ width, height, fieldsWidth: width - review }, strategies);

describe('how a window shows fields and strategies, by its size (6-windows, "Density")', () => {
  test.each([
    [1500, 900, 2, { kind: 'table', hasMet: true, words: 'long' }],
    [1500, 900, 6, { kind: 'table', hasMet: true, words: 'long' }],
    [2560, 1440, 6, { kind: 'table', hasMet: true, words: 'long', height: 'full' }],
    [1280, 720, 2, { kind: 'table', hasMet: true, words: 'long' }],
    [1280, 720, 6, { kind: 'table', hasMet: true, words: 'brief', height: 'full' }],
    [1100, 720, 6, { kind: 'cards', cardColumns: 3 }],
    [1000, 720, 2, { kind: 'table', hasMet: true }],
    [1000, 720, 3, { kind: 'cards', cardColumns: 3 }],
    [960, 520, 2, { kind: 'table', hasMet: true, words: 'brief', height: 'low' }],
    [720, 600, 2, { kind: 'table', hasMet: false, words: 'brief', height: 'full' }],
    [720, 415, 2, { kind: 'table', hasMet: false, words: 'brief', height: 'low' }],
    [640, 360, 2, { kind: 'table', hasMet: false, words: 'brief', height: 'tile' }],
    [720, 415, 6, { kind: 'cards', cardColumns: 2 }],
    [390, 844, 2, { kind: 'cards', cardColumns: 1, hasMet: true }],
    [390, 844, 6, { kind: 'cards', cardColumns: 1, hasMet: true }],
  ] as const)('%i × %i, %i strategies', (width, height, strategies, expected) => {
    expect(layout(width, height, strategies)).toMatchObject(expected);
  });

  test('the review beside two columns leaves a table', () => {
    expect(layout(1100, 720, 2, 344)).toMatchObject({ kind: 'table', hasMet: true });
  });

  test('no column of a table is narrower than 148 px', () => {
    for (let width = 320; width <= 2560; width += 10) {
      for (let strategies = 1; strategies <= 8; strategies++) {
        const { kind, hasMet } = layout(width, 720, strategies);
        if (kind === 'table') expect((width - (width >= 1500 ? 316 : hasMet ? 248 : 60)) / strategies, `${width}, ${strategies}`).toBeGreaterThanOrEqual(148);
      }
    }
  });
});
