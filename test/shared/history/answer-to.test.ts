import { expect, test } from 'vitest';
import { parseDot } from '../../../shared/clocks/dot.ts';
import { answerTo } from '../../../shared/history/answer-to.ts';
import { plusOne, ToldHistory } from '../../support/told-history.ts';

test('is the newest one under that strategy; taken off a log it stays the answer that was given', () => {
  const told = new ToldHistory('quorum');
  const answer = (key: string) => answerTo(parseDot(key), 'quorum', told.records)?.outcome ?? null;
  const edit = told.edit('A', 'votes', plusOne);
  expect(answer(edit)).toBe('pending');
  told.say(edit, { outcome: 'unknown', reason: 'no answer' });
  const other = told.edit('A', 'votes', plusOne);
  expect([answer(edit), answer(other)]).toEqual(['unknown', 'pending']);
  told.say(edit, { outcome: 'accepted', details: [] });
  told.rollBack(edit, 'B');
  expect([answer(edit), answer(other)]).toEqual(['accepted', 'pending']);
  expect(answerTo(parseDot(edit), 'consensus', told.records)).toBeNull();
  expect(answer('C:9')).toBeNull();
});

test('an edit that was refused where it was made has its answer in itself', () => {
  const told = new ToldHistory('siblings');
  const edit = told.edit('A', 'votes', plusOne, { outcome: 'refused', reason: 'two values wait' });
  expect(answerTo(parseDot(edit), 'siblings', told.records)).toEqual({ outcome: 'refused', reason: 'two values wait' });
});
