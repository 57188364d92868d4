/** What can be put back, where, and what it would look like. */
import { describe, expect, test } from 'vitest';
import { editsToPutBack } from '../../../shared/analysis/put-back.ts';
import { type ReviewEntry, reviewOf } from '../../../shared/analysis/review.ts';
import { type FieldId } from '../../../shared/document/schema.ts';
import { spliceOf } from '../../../shared/document/splice.ts';
import { ApartRoom } from '../../support/simulated-room.ts';

const start = (): Promise<ApartRoom> => ApartRoom.open(['A', 'B'], { strategies: ['crdt', 'last-writer-wins'] });

function entries(room: ApartRoom, viewer: string): ReviewEntry[] {
  return reviewOf(room.ledger(viewer), room.schema, viewer);
}

/** Types character by character in the column of last writer wins, replacing what is selected. */
function type(room: ApartRoom, name: string, at: number, text: string, replacing = 0): void {
  for (const [offset, character] of [...text].entries()) {
    const notes = room.at(name).strategies.lastWriterWins.value('notes') as string;
    room.edit(name, 'notes', spliceOf(notes, at + offset, offset === 0 ? replacing : 0, character));
  }
}

async function withNotes(text: string): Promise<ApartRoom> {
  const room = await start();
  room.edit('A', 'notes', spliceOf('', 0, 0, text));
  await room.meet();
  return room;
}

function putBack(room: ApartRoom, viewer: string, entry: ReviewEntry): void {
  room.clock.advance(3_000);
  for (const { intent, only, restores } of editsToPutBack(entry.putBack!)) room.at(viewer).replica.perform(entry.field, intent, { only, restores });
}

const shown = (room: ApartRoom, field: FieldId) => room.at('A').strategies.lastWriterWins.value(field);

describe('putting back text', () => {
  test('goes where the text before it still stands, and replaces what it replaced where that is left', async () => {
    const room = await withNotes('We meet on Monday at four.');
    type(room, 'A', 11, 'Tuesday', 6);
    type(room, 'B', 20, ' in the big room', 5);
    await room.meet();
    expect(shown(room, 'notes')).toBe('We meet on Monday at in the big room.');
    const [entry] = entries(room, 'A').filter(({ sentence }) => sentence.includes('Tuesday'));
    expect(entry!.sentence).toMatch(/^your typing “Tuesday” \(A:2–8\) was lost to B's typing “ in the big room” \(B:1–16\) under Last writer wins\./);
    expect(entry!.putBack).toMatchObject({ copy: null, columns: [{ strategy: 'last-writer-wins', before: 'We meet on Monday at in the big room.', after: 'We meet on Tuesday at in the big room.' }] });
    putBack(room, 'A', entry!);
    await room.meet();
    expect(shown(room, 'notes')).toBe('We meet on Tuesday at in the big room.');
    const [totals] = room.ledger('A').totals.filter(({ strategy }) => strategy === 'last-writer-wins');
    expect(totals).toMatchObject({ lost: 1, putBack: 1 });
  });

  test('is offered as a copy where the text around it is another one now', async () => {
    const room = await withNotes('We meet on Monday at four.');
    type(room, 'A', 11, 'sunny ');
    room.clock.advance(10);
    room.edit('B', 'notes', spliceOf('We meet on Monday at four.', 0, 26, 'Nobody comes.'));
    await room.meet();
    expect(shown(room, 'notes')).toBe('Nobody comes.');
    const [entry] = entries(room, 'A').filter(({ sentence }) => sentence.includes('sunny'));
    expect(entry!.putBack).toEqual({ field: 'notes', columns: [], copy: 'sunny ' });
  });

  test('never glues what was typed at two places', async () => {
    const room = await withNotes('one two three four');
    type(room, 'A', 3, 'X');
    type(room, 'A', 9, 'Y');
    type(room, 'B', 18, '!');
    room.clock.advance(10);
    type(room, 'B', 19, '?!!');
    await room.meet();
    const lost = entries(room, 'A').filter(({ sentence }) => sentence.startsWith('your typing'));
    expect(lost.map(({ sentence }) => /“.*?” \(.*?\)/.exec(sentence)![0])).toEqual(['“Y” (A:3)', '“X” (A:2)']);
    for (const entry of lost.reverse()) putBack(room, 'A', entry);
    await room.meet();
    expect(shown(room, 'notes')).toBe('oneX two Ythree four!?!!');
  });
});

test('steps that ended alike are one entry, and each is put back by an edit of its own', async () => {
  const room = await start();
  for (let step = 0; step < 2; step++) room.edit('A', 'votes', { kind: 'increment', by: 1 });
  room.clock.advance(10);
  for (let step = 0; step < 3; step++) room.edit('B', 'votes', { kind: 'increment', by: 1 });
  await room.meet();
  const [entry] = entries(room, 'A');
  expect(entry!.sentence).toMatch(/^your \+2 \(A:1–2\) was lost to B's votes 3 \(B:3\) under Last writer wins\./);
  expect(entry).toMatchObject({ actions: 2, edits: 2, putBack: { columns: [{ before: 3, after: 5 }] } });
  putBack(room, 'A', entry!);
  await room.meet();
  expect([shown(room, 'votes'), room.at('A').strategies.crdt.value('votes')]).toEqual([5, 5]);
  expect(room.ledger('A').totals.find(({ strategy }) => strategy === 'last-writer-wins')).toMatchObject({ lost: 2, putBack: 2, kept: 5 });
});

test('of a long set the preview shows what is near the place alone', async () => {
  const room = await start();
  for (let at = 10; at < 60; at++) room.edit('A', 'tags', { kind: 'add', element: `tag ${at}` });
  await room.meet();
  room.edit('A', 'tags', { kind: 'add', element: 'tag 30 b' });
  room.edit('B', 'tags', { kind: 'add', element: 'other' });
  await room.meet();
  const [column] = entries(room, 'A').find(({ field }) => field === 'tags')!.putBack!.columns;
  expect(column!.after).toEqual(['tag 27', 'tag 28', 'tag 29', 'tag 30', 'tag 30 b', 'tag 31', 'tag 32', 'tag 33', 'tag 34']);
  expect(column!.before).toEqual(['tag 27', 'tag 28', 'tag 29', 'tag 30', 'tag 31', 'tag 32', 'tag 33', 'tag 34', 'tag 35']);
});
