import { describe, expect, test } from 'vitest';
import { editsToPutBack } from '../../../shared/analysis/put-back.ts';
import { type ReviewEntry, reviewOf } from '../../../shared/analysis/review.ts';
import { type ApartOptions, ApartRoom } from '../../support/simulated-room.ts';

function review(room: ApartRoom, viewer: string): ReviewEntry[] {
  return reviewOf(room.ledger(viewer), room.schema, viewer);
}

/** A and B with the two strategies of the default columns. */
function start(options: ApartOptions = {}, names = ['A', 'B']): Promise<ApartRoom> {
  return ApartRoom.open(names, { strategies: ['crdt', 'last-writer-wins'], ...options });
}

const plusOne = { kind: 'increment', by: 1 } as const;

describe('the review after rejoining', () => {
  test('says whose edit was lost to whose, from the side of who reads', async () => {
    const room = await start();
    room.edit('A', 'votes', plusOne);
    room.edit('B', 'votes', plusOne);
    await room.meet();
    expect(review(room, 'A')).toMatchObject([{ label: 'Votes', sentence: 'your +1 (A:1) was lost to B\'s votes 1 (B:1) under Last writer wins. Neither had seen the other; the later timestamp won, 22:14:20.002 over 22:14:20.001.', clocks: ['A:1 {A:1}', 'B:1 {B:1}'] }]);
    expect(review(room, 'B')[0]?.sentence).toBe('A\'s +1 (A:1) was lost to your votes 1 (B:1) under Last writer wins. Neither had seen the other; the later timestamp won, 22:14:20.002 over 22:14:20.001.');
    expect(review(room, 'A')[0]?.fates).toMatchObject([{ strategy: 'crdt', disposition: 'visible', text: 'kept' }, { strategy: 'last-writer-wins', disposition: 'lost', text: 'lost' }]);
  });

  test('a run of typing with one fate is one entry, and counts what it typed', async () => {
    const room = await start();
    for (const [i, char] of [...'hello'].entries()) room.edit('A', 'notes', { kind: 'splice', index: i, removed: '', inserted: char });
    room.edit('A', 'notes', { kind: 'splice', index: 4, removed: 'o', inserted: '' });
    room.edit('B', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'you' });
    await room.meet();
    const entries = review(room, 'A');
    expect(entries).toHaveLength(1);
    expect(entries[0]?.sentence).toBe('your typing “hell” (A:1–6) was lost to B\'s typing “you” (B:1) under Last writer wins. Neither had seen the other; the later timestamp won, 22:14:20.007 over 22:14:20.004.');
    expect(editsToPutBack(entries[0]!.putBack!)).toEqual([{ only: ['last-writer-wins'], restores: 'A:1', intent: { kind: 'splice', index: 0, removed: '', inserted: 'hell', left: '' } }]);
  });

  test('a run that was lost in part names the timestamps of the part that was lost', async () => {
    const room = await start();
    room.edit('A', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'a' });
    room.edit('B', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'B' });
    await room.meet();
    const text = room.at('A').replica.value('crdt', 'notes') as string;
    const index = text.indexOf('a') + 1;
    room.clock.advance(5);
    room.at('A').replica.perform('notes', { kind: 'splice', index, removed: '', inserted: 'b', left: text.slice(0, index) }, { continues: true });
    await room.meet();
    const sentences = review(room, 'B').map(({ sentence }) => sentence).filter((sentence) => sentence.includes('Last writer wins'));
    expect(sentences).toEqual([expect.stringContaining('in part (1 of 2 characters)')]);
    for (const sentence of sentences) {
      const [, won, lost] = /won, (\S+) over (\S+)\./.exec(sentence)!;
      expect(won! > lost!, sentence).toBe(true);
    }
  });

  test('lost though it was later: names the clock that was ahead', async () => {
    const room = await start();
    room.at('A').replica.skewMs = 300_000;
    room.edit('A', 'title', { kind: 'set', value: 'future' });
    await room.meet();
    room.edit('B', 'title', { kind: 'set', value: 'later' });
    await room.meet();
    expect(review(room, 'B')[0]?.sentence).toBe('your “later” (B:1) was lost to A\'s title “future” (A:1) under Last writer wins. It was later: you had seen A\'s edit, but the clock there was ahead by 5 min.');
  });

  test('lost to an edit made earlier, by a clock that is fast: names both timestamps', async () => {
    const room = await start();
    room.at('A').replica.skewMs = 300_000;
    room.edit('A', 'title', { kind: 'set', value: 'future' });
    room.edit('B', 'title', { kind: 'set', value: 'later' });
    await room.meet();
    expect(review(room, 'B').map(({ sentence }) => sentence)).toContainEqual(expect.stringMatching(/your “later” \(B:1\) was lost to A's title “future” \(A:1\) under Last writer wins\. It was made later, but A's clock is 5 min fast: the later timestamp won, 22:19:20\.00\d over 22:14:20\.00\d\./));
  });

  test('a map key\'s silent loss says that time did not count', async () => {
    const room = await start({}, ['B', 'A']);
    room.edit('A', 'title', { kind: 'set', value: 'Rome' });
    room.edit('B', 'title', { kind: 'set', value: 'Paris' });
    await room.meet();
    const sentences = review(room, 'B').map((entry) => entry.sentence);
    expect(sentences).toContain('your “Paris” (B:1) was lost to A\'s title “Rome” (A:1) under CRDT (Yjs). Neither had seen the other; a Yjs map key keeps one of two concurrent values, by client id and not by time.');
    expect(sentences).toContain('A\'s “Rome” (A:1) was lost to your title “Paris” (B:1) under Last writer wins. Neither had seen the other; the later timestamp won, 22:14:20.002 over 22:14:20.001.');
  });

  test('by document: a lost edit names the edit of another field that carried the whole document', async () => {
    const room = await start({ settings: { lastWriterWins: { granularity: 'document', clock: 'wall' } } });
    room.edit('A', 'votes', plusOne);
    room.edit('B', 'title', { kind: 'set', value: 'Rome' });
    await room.meet();
    expect(review(room, 'A')[0]?.sentence).toBe('your +1 (A:1) was lost to B\'s title “Rome” (B:1), which carried the whole document under Last writer wins. Neither had seen the other; the later timestamp won, 22:14:20.002 over 22:14:20.001.');
  });

  test('put back restores the value where it was lost, once, and says who did it', async () => {
    const room = await start();
    room.edit('A', 'votes', plusOne);
    room.edit('B', 'votes', plusOne);
    await room.meet();
    const { putBack } = review(room, 'A')[0]!;
    room.clock.advance(1);
    for (const { intent, only, restores } of editsToPutBack(putBack!)) room.at('A').replica.perform('votes', intent, { only, restores });
    await room.meet();
    expect([room.at('B').strategies.lastWriterWins.value('votes'), room.at('B').strategies.crdt.value('votes')]).toEqual([2, 2]);
    expect(review(room, 'B')[0]).toMatchObject({ putBack: null, sentence: expect.stringMatching(/ Put back by A \(A:2\)\.$/) as string });
    expect(room.ledger('B').totals.map((totals) => totals.edits)).toEqual([2, 3]);
  });

  test('a refused reservation is told with its reason; what survived is not told at all', async () => {
    const room = await start();
    room.edit('A', 'seats', { kind: 'reserve', amount: 4 });
    room.edit('A', 'tags', { kind: 'add', element: 'sea' });
    await room.meet();
    expect(review(room, 'A').map((entry) => entry.sentence)).toEqual(['your reservation of 4 (A:1) was refused under CRDT (Yjs) and Last writer wins: 3 left, 4 wanted.']);
  });

  test('edits that not everybody has are pending, not lost', async () => {
    const room = await start();
    room.edit('A', 'votes', plusOne);
    room.edit('B', 'votes', plusOne);
    await room.meet('A');
    expect(room.ledger('A').totals.map((totals) => totals.pending)).toEqual([1, 1]);
    expect(review(room, 'A')).toEqual([]);
    await room.meet();
    expect(room.ledger('A').concurrentEdits).toBe(2);
  });
});
