/** What people read about edits under quorum, consensus and single leader. */
import { expect, test } from 'vitest';
import { type ReviewEntry, reviewOf } from '../../../shared/analysis/review.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import { plusOne, ToldHistory } from '../../support/told-history.ts';

function review(told: ToldHistory, viewer: string): ReviewEntry[] {
  return reviewOf(told.ledger(), labSchema, viewer);
}

const sentence = (told: ToldHistory, viewer: string): string | undefined => review(told, viewer)[0]?.sentence;

test('a refusal says how many replicas were reached and needed', () => {
  const told = new ToldHistory('consensus');
  told.edit('C', 'votes', plusOne, { outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' });
  told.edit('C', 'seats', { kind: 'reserve', amount: 1 }, { outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' });
  expect(sentence(told, 'C')).toBe('your reservation (C:2) was refused under Consensus: 1 of 3 replicas reachable, 2 needed.');
  expect(review(told, 'C')[0]?.putBack).toBeNull();
});

test('edits that were refused for different reasons are not told as one', () => {
  const told = new ToldHistory('consensus');
  for (const reason of ['2 of 5 replicas reachable, 3 needed', '2 of 5 replicas reachable, 3 needed', 'it was not applied']) told.say(told.edit('A', 'votes', plusOne), { outcome: 'refused', reason });
  expect(review(told, 'A').map((entry) => entry.actions)).toEqual([1, 2]);
});

test('an unknown outcome says why nobody can tell; refused in the end, it says that too', () => {
  const told = new ToldHistory('quorum');
  const key = told.edit('A', 'votes', plusOne);
  told.say(key, { outcome: 'unknown', reason: '1 of 3 replicas are known to hold it, 2 needed', details: [1, 'A', ''] });
  expect(sentence(told, 'B')).toBe('A\'s +1 (A:1) may or may not have taken effect under Quorum: 1 of 3 replicas are known to hold it, 2 needed.');
  expect(review(told, 'B')[0]?.fates).toMatchObject([{ strategy: 'quorum', disposition: 'unknown', text: 'unknown' }]);
  told.say(key, { outcome: 'refused', reason: 'it did not happen: a later value was chosen without it' });
  expect(sentence(told, 'B')).toBe('A\'s +1 (A:1) was refused under Quorum in the end, after its outcome had been unknown. It did not happen: a later value was chosen without it.');
  expect(review(told, 'B')[0]?.fates[0]?.text).toBe('refused, at first unknown');
  told.accept(key, 1, 'A', '');
  expect(review(told, 'B')).toEqual([]);
});

test('what a quorum lost names the edit that overwrote it, and can be put back there', () => {
  const told = new ToldHistory('quorum');
  told.accepted('A', 'votes', plusOne, 1, 'A', '');
  told.accepted('B', 'votes', plusOne, 1, 'B', '');
  expect(sentence(told, 'A')).toBe('your +1 (A:1) was lost to B\'s +1 (B:1) under Quorum. B\'s edit was applied to an older value, and has the higher version.');
  expect(sentence(told, 'B')).toBe('A\'s +1 (A:1) was lost to your +1 (B:1) under Quorum. Your edit was applied to an older value, and has the higher version.');
  expect(review(told, 'A')[0]?.putBack).toEqual({ field: 'votes', columns: [{ strategy: 'quorum', edits: [{ restores: 'A:1', intent: plusOne }], before: 1, after: 2 }], copy: null });
});

test('what was rolled back names the leader that had acknowledged it, and who leads now', () => {
  const told = new ToldHistory('single-leader');
  const key = told.accepted('A', 'votes', plusOne, 1, 'A', 1, '');
  told.rollBack(key, 'A', 1, 'A', 1);
  expect(sentence(told, 'B')).toBe('A\'s +1 (A:1) was lost under Single leader. It had been acknowledged by the leader A alone, and was rolled back: C leads now and does not have it.');
  told.rollBack(key, 'B', 1, 'A', 1);
  expect(sentence(told, 'A')).toBe('your +1 (A:1) was lost under Single leader. It had been acknowledged by the leader A, and was rolled back: C leads now and does not have it.');
  expect(review(told, 'A')[0]?.putBack?.columns.map(({ strategy }) => strategy)).toEqual(['single-leader']);
});
