/** What was refused is made once more, edit by edit, until all of it was accepted. */
import { expect, test } from 'vitest';
import { Retries } from '../../../renderer/controllers/retries.ts';
import type { FieldIntent, ReviewItem } from '../../../shared/analysis/review-item.ts';
import { dotKey } from '../../../shared/clocks/dot.ts';
import type { Answer } from '../../../shared/history/answer-to.ts';

const vote = { field: 'votes', intent: { kind: 'increment', by: 1 } } as const satisfies FieldIntent;
const refused = { key: 'A:1', kind: 'refused', strategies: ['quorum', 'consensus'], retry: [vote] } as unknown as ReviewItem;
const thrice = { ...refused, retry: [vote, vote, vote] };

/** Edits of A, numbered from 1; none has an answer until it is given one. */
function opened() {
  const made: string[] = [];
  const outcomes = new Map<string, Answer['outcome']>();
  const retries = new Retries({
    make(strategy) {
      made.push(strategy);
      outcomes.set(`A:${made.length}`, 'pending');
      return { replica: 'A', counter: made.length };
    },
    answer(_, dot) {
      const outcome = outcomes.get(dotKey(dot));
      return outcome ? ({ outcome, reason: `no majority for ${dotKey(dot)}` } as Answer) : null;
    },
  });
  return { retries, made, answers: outcomes };
}

test('is waiting until it is accepted, in the column where it was tried', () => {
  const { retries, answers } = opened();
  const state = () => [retries.waiting(refused, 'quorum'), retries.isAccepted(refused, 'quorum')];
  expect(state()).toEqual([0, false]);
  retries.retry(refused, 'quorum');
  expect(state()).toEqual([1, false]);
  expect(retries.waiting(refused, 'consensus')).toBe(0);
  answers.set('A:1', 'accepted');
  expect(state()).toEqual([0, true]);
  expect(retries.isAccepted(refused, 'consensus')).toBe(false);
});

test('is done when every column that refused it has accepted it', () => {
  const { retries, answers } = opened();
  retries.retry(refused, 'quorum');
  answers.set('A:1', 'accepted');
  expect(retries.isAcceptedEverywhere(refused)).toBe(false);
  retries.retry(refused, 'consensus');
  expect(retries.isAcceptedEverywhere(refused)).toBe(false);
  answers.set('A:2', 'accepted');
  expect(retries.isAcceptedEverywhere(refused)).toBe(true);
});

test('of several only what was refused again is made a third time', () => {
  const { retries, made, answers } = opened();
  retries.retry(thrice, 'quorum');
  answers.set('A:1', 'accepted').set('A:2', 'refused');
  expect([retries.waiting(refused, 'quorum'), retries.isAccepted(refused, 'quorum')]).toEqual([0, false]);
  expect([retries.refusedAgain(thrice, 'quorum'), retries.refusedAgain(thrice, 'consensus')]).toEqual(['no majority for A:2', null]);
  retries.retry(thrice, 'quorum');
  expect(retries.refusedAgain(thrice, 'quorum')).toBeNull();
  expect(made).toHaveLength(4);
  expect(retries.waiting(refused, 'quorum')).toBe(2);
  answers.set('A:3', 'accepted').set('A:4', 'accepted');
  expect(retries.isAccepted(refused, 'quorum')).toBe(true);
});

test('an edit that could not be made leaves the refusal as it is', () => {
  const retries = new Retries({ make: () => null, answer: () => null });
  retries.retry(refused, 'quorum');
  expect([retries.waiting(refused, 'quorum'), retries.isAccepted(refused, 'quorum')]).toEqual([0, false]);
});
