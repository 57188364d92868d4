import { describe, expect, test } from 'vitest';
import { editsToPutBack } from '../../../shared/analysis/put-back.ts';
import { type ReviewEntry, reviewOf } from '../../../shared/analysis/review.ts';
import { SimulatedLab } from '../../support/simulated-lab.ts';

function review(lab: SimulatedLab, viewer: string): ReviewEntry[] {
  return reviewOf(lab.ledger(viewer), lab.schema, viewer);
}

/** A and B with the two strategies of the default columns. */
const start = (options: Parameters<typeof SimulatedLab.start>[1] = {}): Promise<SimulatedLab> => SimulatedLab.start(['A', 'B'], { siblings: null, ...options });

const plusOne = { kind: 'increment', by: 1 } as const;

describe('the review after rejoining', () => {
  test('says whose edit was lost to whose, from the side of who reads', async () => {
    const lab = await start();
    lab.edit('A', 'votes', plusOne);
    lab.edit('B', 'votes', plusOne);
    await lab.heal();
    expect(review(lab, 'A')).toMatchObject([{ label: 'Votes', sentence: 'your +1 (A:1) was lost to B\'s votes 1 (B:1) under Last writer wins. Neither had seen the other; the later timestamp won, 22:13:20.002 over 22:13:20.001.', clocks: ['A:1 {A:1}', 'B:1 {B:1}'] }]);
    expect(review(lab, 'B')[0]?.sentence).toBe('A\'s +1 (A:1) was lost to your votes 1 (B:1) under Last writer wins. Neither had seen the other; the later timestamp won, 22:13:20.002 over 22:13:20.001.');
    expect(review(lab, 'A')[0]?.fates).toMatchObject([{ strategy: 'crdt', disposition: 'visible', text: 'kept' }, { strategy: 'last-writer-wins', disposition: 'lost', text: 'lost' }]);
  });

  test('a run of typing with one fate is one entry, and counts what it typed', async () => {
    const lab = await start();
    for (const [i, char] of [...'hello'].entries()) lab.edit('A', 'notes', { kind: 'splice', index: i, removed: '', inserted: char });
    lab.edit('A', 'notes', { kind: 'splice', index: 4, removed: 'o', inserted: '' });
    lab.edit('B', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'you' });
    await lab.heal();
    const entries = review(lab, 'A');
    expect(entries).toHaveLength(1);
    expect(entries[0]?.sentence).toBe('your typing “hell” (A:1–6) was lost to B\'s typing “you” (B:1) under Last writer wins. Neither had seen the other; the later timestamp won, 22:13:20.007 over 22:13:20.004.');
    expect(editsToPutBack(entries[0]!.putBack!)).toEqual([{ only: ['last-writer-wins'], restores: 'A:1', intent: { kind: 'splice', index: 0, removed: '', inserted: 'hell', left: '' } }]);
  });

  test('a run that was lost in part names the timestamps of the part that was lost', async () => {
    const lab = await start();
    lab.edit('A', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'a' });
    lab.edit('B', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'B' });
    await lab.heal();
    const text = lab.at('A').replica.value('crdt', 'notes') as string;
    const index = text.indexOf('a') + 1;
    lab.clock.advance(5);
    lab.at('A').replica.perform('notes', { kind: 'splice', index, removed: '', inserted: 'b', left: text.slice(0, index) }, { continues: true });
    await lab.heal();
    const sentences = review(lab, 'B').map(({ sentence }) => sentence).filter((sentence) => sentence.includes('Last writer wins'));
    expect(sentences).toEqual([expect.stringContaining('in part (1 of 2 characters)')]);
    for (const sentence of sentences) {
      const [, won, lost] = /won, (\S+) over (\S+)\./.exec(sentence)!;
      expect(won! > lost!, sentence).toBe(true);
    }
  });

  test('lost though it was later: names the clock that was ahead', async () => {
    const lab = await start();
    lab.at('A').replica.skewMs = 300_000;
    lab.edit('A', 'title', { kind: 'set', value: 'future' });
    await lab.heal();
    lab.edit('B', 'title', { kind: 'set', value: 'later' });
    await lab.heal();
    expect(review(lab, 'B')[0]?.sentence).toBe('your “later” (B:1) was lost to A\'s title “future” (A:1) under Last writer wins. It was later: you had seen A\'s edit, but the clock there was ahead by 5 min.');
  });

  test('lost to an edit made earlier, by a clock that is fast: names both timestamps', async () => {
    const lab = await start();
    lab.at('A').replica.skewMs = 300_000;
    lab.edit('A', 'title', { kind: 'set', value: 'future' });
    lab.edit('B', 'title', { kind: 'set', value: 'later' });
    await lab.heal();
    expect(review(lab, 'B').map(({ sentence }) => sentence)).toContainEqual(expect.stringMatching(/your “later” \(B:1\) was lost to A's title “future” \(A:1\) under Last writer wins\. It was made later, but A's clock is 5 min fast: the later timestamp won, 22:18:20\.00\d over 22:13:20\.00\d\./));
  });

  test('a map key\'s silent loss says that time did not count', async () => {
    const lab = await start({ clientIds: (name) => (name === 'A' ? 2000 : 1500) });
    lab.edit('A', 'title', { kind: 'set', value: 'Rome' });
    lab.edit('B', 'title', { kind: 'set', value: 'Paris' });
    await lab.heal();
    const sentences = review(lab, 'B').map((entry) => entry.sentence);
    expect(sentences).toContain('your “Paris” (B:1) was lost to A\'s title “Rome” (A:1) under CRDT (Yjs). Neither had seen the other; a Yjs map key keeps one of two concurrent values, by client id and not by time.');
    expect(sentences).toContain('A\'s “Rome” (A:1) was lost to your title “Paris” (B:1) under Last writer wins. Neither had seen the other; the later timestamp won, 22:13:20.002 over 22:13:20.001.');
  });

  test('by document: a lost edit names the edit of another field that carried the whole document', async () => {
    const lab = await start({ settings: { granularity: 'document', clock: 'wall' } });
    lab.edit('A', 'votes', plusOne);
    lab.edit('B', 'title', { kind: 'set', value: 'Rome' });
    await lab.heal();
    expect(review(lab, 'A')[0]?.sentence).toBe('your +1 (A:1) was lost to B\'s title “Rome” (B:1), which carried the whole document under Last writer wins. Neither had seen the other; the later timestamp won, 22:13:20.002 over 22:13:20.001.');
  });

  test('put back restores the value where it was lost, once, and says who did it', async () => {
    const lab = await start();
    lab.edit('A', 'votes', plusOne);
    lab.edit('B', 'votes', plusOne);
    await lab.heal();
    const { putBack } = review(lab, 'A')[0]!;
    lab.clock.advance(1);
    for (const { intent, only, restores } of editsToPutBack(putBack!)) lab.at('A').replica.perform('votes', intent, { only, restores });
    await lab.heal();
    expect([lab.at('B').lastWriterWins.value('votes'), lab.at('B').crdt.value('votes')]).toEqual([2, 2]);
    expect(review(lab, 'B')[0]).toMatchObject({ putBack: null, sentence: expect.stringMatching(/ Put back by A \(A:2\)\.$/) as string });
    expect(lab.ledger('B').totals.map((totals) => totals.edits)).toEqual([2, 3]);
  });

  test('a refused reservation is told with its reason; what survived is not told at all', async () => {
    const lab = await start();
    lab.edit('A', 'seats', { kind: 'reserve', amount: 4 });
    lab.edit('A', 'tags', { kind: 'add', element: 'sea' });
    await lab.heal();
    expect(review(lab, 'A').map((entry) => entry.sentence)).toEqual(['your reservation of 4 (A:1) was refused under CRDT (Yjs) and Last writer wins: 3 left, 4 wanted.']);
  });

  test('edits that not everybody has are pending, not lost', async () => {
    const lab = await start();
    lab.edit('A', 'votes', plusOne);
    lab.edit('B', 'votes', plusOne);
    lab.online('A');
    await lab.settle();
    expect(lab.ledger('A').totals.map((totals) => totals.pending)).toEqual([1, 1]);
    expect(review(lab, 'A')).toEqual([]);
    await lab.heal();
    expect(lab.ledger('A').concurrentEdits).toBe(2);
  });
});
