/** What a person does about the review in a window: each answer is an edit in its column alone, and is made once. */
import { describe, expect, test } from 'vitest';
import { ReviewAnswers } from '../../../renderer/controllers/review-answers.ts';
import type { ReviewItem } from '../../../shared/analysis/review-item.ts';
import type { Intent } from '../../../shared/document/intent.ts';
import type { EditOptions, EditRecord } from '../../../shared/history/record.ts';
import { splicedAt } from '../../../shared/document/splice.ts';

const item = (change: Partial<ReviewItem>): ReviewItem => ({
  key: 'A:1', kind: 'lost', field: 'votes', rejoin: 0, author: 'A', mark: '+1', strategies: ['last-writer-wins'], parts: [], order: 0,
  reasons: [], putBack: null, adds: false, isPutBack: false, retry: [], turn: null, release: null, clocks: [], ...change,
});

const lost = (key: string, order: number): ReviewItem => item({
  key, order, adds: true,
  putBack: { field: 'votes', copy: null, columns: [{ strategy: 'last-writer-wins', before: 1, after: 2, edits: [{ intent: { kind: 'increment', by: 1 }, restores: key }] }] },
});

const words = (canChoose = true): ReviewItem => item({
  key: 'touching', kind: 'touching', field: 'notes', strategies: ['crdt'],
  turn: {
    kind: 'touching', index: 3, text: 'TuesdayFriday!', canChoose,
    parts: [
      { author: 'C', action: 'C:1', index: 3, text: 'Tuesday' }, { author: 'A', action: 'A:1', index: 10, text: 'Friday' }, { author: 'C', action: 'C:1', index: 16, text: '!' },
    ],
  },
});

function opened(text = 'On TuesdayFriday! at four', { refuses = false, siblings = [] as readonly { key: string; value: number }[] } = {}) {
  const made: [field: string, intent: Intent, options: EditOptions][] = [];
  const resolved: unknown[] = [];
  let [now, changes] = [text, 0];
  const answers = new ReviewAnswers(
    { value: () => now, siblings: () => siblings, resolve: (...choice) => void resolved.push(choice) },
    (field, intent, options) => {
      made.push([field, intent, options]);
      if (intent.kind === 'splice') now = splicedAt(now, { index: intent.index, removed: intent.removed.length }, intent.inserted);
      return { traces: { crdt: refuses ? { outcome: 'refused', reason: 'no' } : { outcome: 'accepted', details: 0 } } } as unknown as EditRecord;
    },
    () => void changes++,
    () => null,
  );
  return { answers, made, resolved, text: () => now, changes: () => changes };
}

describe('putting back', () => {
  test('is done once, in the column that lost it', () => {
    const { answers, made, changes } = opened();
    expect([answers.putBack(lost('A:1', 0)), answers.putBack(lost('A:1', 0))]).toEqual([true, false]);
    expect(made).toEqual([['votes', { kind: 'increment', by: 1 }, { only: ['last-writer-wins'], restores: 'A:1' }]]);
    expect([answers.done.get('A:1')?.word, changes()]).toEqual(['put back', 1]);
  });

  test('that is refused is not done', () => {
    const { answers } = opened('', { refuses: true });
    expect([answers.putBack(lost('A:1', 0)), answers.isDone(lost('A:1', 0))]).toEqual([false, false]);
  });

  test('all: only what adds, oldest first, with pauses', async () => {
    const { answers, made } = opened();
    let pauses = 0;
    const items = Array.from({ length: 40 }, (_, at) => lost(`A:${40 - at}`, 40 - at));
    await answers.putAllBack([...items, { ...lost('B:1', 0), adds: false }], () => Promise.resolve(void pauses++));
    expect(made.map(([, , { restores }]) => restores)).toEqual(Array.from({ length: 40 }, (_, at) => `A:${at + 1}`));
    expect(pauses).toBe(2);
  });
});

describe('words that touch', () => {
  test.each([['C', 'On Tuesday! at four'], ['A', 'On Friday at four']])('keeping those of %s removes the others, in the CRDT alone', (author, expected) => {
    const { answers, made, text } = opened();
    expect(answers.keep(words(), author)).toBe(true);
    expect(text()).toBe(expected);
    for (const [, , options] of made) expect(options.only).toEqual(['crdt']);
  });

  test('are found where they stand now; nothing is removed where the text is another one', () => {
    const moved = opened('Well: On TuesdayFriday! at four');
    expect(moved.answers.keep(words(), 'A')).toBe(true);
    expect(moved.text()).toBe('Well: On Friday at four');
    const other = opened('On Tuesday or Friday! at four');
    expect([other.answers.canKeep(words(), 'A'), other.answers.keep(words(), 'A'), other.made]).toEqual([false, false, []]);
  });

  test('are kept both by closing the item, which changes nothing; one side is not kept where that is not sound', () => {
    const { answers, made } = opened();
    expect([answers.canKeep(words(false), 'A'), answers.keepAll(words(false)), answers.isDone(words(false))]).toEqual([false, true, true]);
    expect(made).toEqual([]);
  });
});

test('of siblings the value of one author is chosen, where it still waits', () => {
  const waiting = [{ key: 'A:1', value: 5 }, { key: 'C:1', value: 4 }];
  const turn = { kind: 'siblings', values: [{ key: 'A:1', author: 'A' }, { key: 'C:1', author: 'C' }] } as const;
  const sibling = item({ kind: 'sibling', strategies: ['siblings'], turn });
  const { answers, resolved } = opened('', { siblings: waiting });
  expect(answers.keep(sibling, 'C')).toBe(true);
  expect(resolved).toEqual([['votes', 4, ['C:1']]]);
  expect(opened('').answers.canKeep(sibling, 'C')).toBe(false);
});

test('a release is made in the columns that the item is about', () => {
  const { answers, made } = opened();
  const rule = item({ kind: 'rule', field: 'seats', strategies: ['crdt'], release: { kind: 'release', amount: 1 } });
  expect([answers.release(rule), answers.release(rule), answers.release(lost('A:1', 0))]).toEqual([true, false, false]);
  expect(made).toEqual([['seats', { kind: 'release', amount: 1 }, { only: ['crdt'] }]]);
});
