import { describe, expect, test } from 'vitest';
import { dotKey } from '../../../shared/clocks/dot.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import type { Intent } from '../../../shared/document/intent.ts';
import { Actions, caretAfter, meetsCaret } from '../../../shared/history/actions.ts';
import type { Edit } from '../../../shared/history/record.ts';

const splice = (index: number, removed: string, inserted: string, left?: string): Intent & { kind: 'splice' } => ({ kind: 'splice', index, removed, inserted, ...(left === undefined ? {} : { left }) });

/** A replica's edits one after the other: [milliseconds, intent, what else stands in the edit]. */
function edits(...list: readonly (readonly [number, Intent, Partial<Edit>?])[]): Edit[] {
  return list.map(([wallMs, intent, more], at) => ({
    dot: { replica: 'A', counter: at + 1 },
    context: VersionVector.of(at === 0 ? [] : [['A', at]]),
    field: intent.kind === 'splice' ? 'notes' : 'votes',
    intent,
    wallMs,
    hybrid: { ms: wallMs, counter: 0 },
    ...more,
  }));
}

function startsOf(list: readonly Edit[]): string[] {
  const actions = new Actions();
  return list.map((edit) => actions.startOf(edit));
}

describe('an action', () => {
  test('is a run of splices that say that they continue it, or any other edit by itself', () => {
    const list = edits(
      [0, splice(0, '', 'h'), { continues: false }],
      [9_000, splice(7, '', 'i'), { continues: true }],
      [9_001, { kind: 'increment', by: 1 }],
      [9_002, { kind: 'increment', by: 1 }],
      [9_003, splice(2, '', 'x'), { continues: true }],
      [9_004, splice(3, '', 'y'), { continues: false }],
    );
    expect(startsOf(list)).toEqual(['A:1', 'A:1', 'A:3', 'A:4', 'A:5', 'A:6']);
  });

  test('has what a pause in typing gathered', () => {
    const list = edits([0, splice(0, '', 'h'), { continues: false }], [1, splice(1, '', 'i'), { continues: true }], [2, splice(0, '', 'hi'), { gathers: 2 }], [3, splice(2, '', '!'), { continues: true }]);
    expect(startsOf(list)).toEqual(['A:1', 'A:1', 'A:1', 'A:1']);
  });

  test('of an older file is inferred: same text, where the caret was left, at most 2 s later, nothing between', () => {
    const typed = [[0, splice(0, '', 'h')], [2_000, splice(1, '', 'i')], [2_100, splice(1, 'i', '')]] as const;
    expect(startsOf(edits(...typed))).toEqual(['A:1', 'A:1', 'A:1']);
    expect(startsOf(edits(...typed, [4_101, splice(1, '', 'o')]))).toEqual(['A:1', 'A:1', 'A:1', 'A:4']);
    expect(startsOf(edits(...typed, [2_200, splice(0, '', 'o')]))).toEqual(['A:1', 'A:1', 'A:1', 'A:4']);
    expect(startsOf(edits(...typed, [2_200, { kind: 'increment', by: 1 }], [2_300, splice(1, '', 'o')]))).toEqual(['A:1', 'A:1', 'A:1', 'A:4', 'A:5']);
  });

  test('does not end because the clock was set while it was typed', () => {
    expect(startsOf(edits([0, splice(0, '', 'h')], [60_100, splice(1, '', 'i'), { skewMs: 60_000 }]))).toEqual(['A:1', 'A:1']);
  });

  test('of each replica is its own', () => {
    const [mine] = edits([0, splice(0, '', 'h')]);
    const theirs = { ...mine!, dot: { replica: 'B', counter: 1 }, intent: splice(1, '', 'i') };
    expect(startsOf([mine!, theirs])).toEqual([mine!, theirs].map(({ dot }) => dotKey(dot)));
  });
});

describe('the caret', () => {
  const caret = caretAfter(splice(4, '', 'Tues', 'the '));

  test('is met by what is typed or erased there, forward or backward, and by nothing else', () => {
    expect([splice(8, '', 'd'), splice(7, 's', ''), splice(8, '!', ''), splice(2, 'e Tues', 'x')].map((each) => meetsCaret(each, caret, false))).toEqual([true, true, true, true]);
    expect([splice(9, '', 'd'), splice(3, ' ', ''), splice(0, '', 'd')].map((each) => meetsCaret(each, caret, false))).toEqual([false, false, false]);
  });

  test('moves with what has arrived before it', () => {
    expect(meetsCaret(splice(12, '', 'd', 'now the Tues'), caret, true)).toBe(true);
    expect(meetsCaret(splice(11, 's', '', 'now the Tue'), caret, true)).toBe(true);
    expect(meetsCaret(splice(11, '', 'd', 'now the Tue'), caret, true)).toBe(false);
    expect(meetsCaret(splice(3, '', 'd', 'now'), caret, true)).toBe(false);
  });

  test('at the beginning of a text stays there', () => {
    const start = caretAfter(splice(0, 'x', '', ''));
    expect([meetsCaret(splice(0, '', 'd', ''), start, true), meetsCaret(splice(3, '', 'd', 'now'), start, true)]).toEqual([true, false]);
  });
});
