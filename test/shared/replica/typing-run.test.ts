/** Which edits are one action, decided where they are made; what waits is counted in actions. */
import { describe, expect, test } from 'vitest';
import { spliceOf } from '../../../shared/document/splice.ts';
import { Actions } from '../../../shared/history/actions.ts';
import { type Edit, isEdit, type StrategyId, strategyIds } from '../../../shared/history/record.ts';
import type { SimulatedRoom } from '../../../shared/simulation/simulated-room.ts';
import { ApartRoom, ledgerAt, opened, vote } from '../../support/simulated-room.ts';

const answering = ['crdt', 'last-writer-wins'] as const;
const withoutSiblings = strategyIds.filter((id) => id !== 'siblings');

type RoomOfTypists = Pick<SimulatedRoom, 'at' | 'clock'>;

/** Types in a column, character by character, as a person does. */
function type(room: RoomOfTypists, name: string, index: number, text: string, column: StrategyId = 'crdt'): void {
  for (const [offset, character] of [...text].entries()) {
    const { replica } = room.at(name);
    replica.perform('notes', spliceOf(replica.value(column, 'notes') as string, index + offset, 0, character), { column });
    room.clock.advance(1);
  }
}

function erase(room: RoomOfTypists, name: string, index: number, column: StrategyId = 'crdt'): void {
  const { replica } = room.at(name);
  replica.perform('notes', spliceOf(replica.value(column, 'notes') as string, index, 1, ''), { column });
}

/** What each edit of a replica says; a pause in typing gathers the number of edits that is given. */
function said(room: RoomOfTypists, name: string): (boolean | number | undefined)[] {
  return room.at(name).replica.records.filter(isEdit).filter(({ dot }) => dot.replica === name).map(({ gathers, continues }) => gathers ?? continues);
}

describe('[ALL9] a run of typing', () => {
  test('goes on with backspace and delete, and ends with a jump, another edit, another column, or a pause of more than 2 s', async () => {
    const room = await ApartRoom.open(['A', 'B'], { strategies: answering });
    type(room, 'A', 0, 'ab');
    erase(room, 'A', 1);
    type(room, 'A', 1, 'c');
    expect(said(room, 'A')).toEqual([false, true, true, true]);
    type(room, 'A', 0, 'x');
    expect(said(room, 'A').at(-1)).toBe(false);
    erase(room, 'A', 1);
    expect(said(room, 'A').at(-1)).toBe(true);
    room.edit('A', 'votes', { kind: 'increment', by: 1 });
    type(room, 'A', 1, 'y');
    expect(said(room, 'A').slice(-2)).toEqual([undefined, false]);
    type(room, 'A', 2, 'z', 'last-writer-wins');
    expect(said(room, 'A').at(-1)).toBe(false);
    room.clock.advance(1_990);
    type(room, 'A', 3, 'z', 'last-writer-wins');
    expect(said(room, 'A').at(-1)).toBe(true);
    room.clock.advance(2_100);
    type(room, 'A', 4, 'z', 'last-writer-wins');
    expect(said(room, 'A').at(-1)).toBe(false);
  });

  test('goes on where the caret is after somebody wrote before it', async () => {
    const room = await ApartRoom.open(['A', 'B'], { strategies: answering });
    type(room, 'A', 0, 'Tuesday');
    await room.meet();
    type(room, 'A', 7, ' it');
    type(room, 'B', 0, 'On ');
    await room.meet();
    type(room, 'A', 13, ' is');
    expect(room.at('A').strategies.crdt.value('notes')).toBe('On Tuesday it is');
    expect(said(room, 'A').slice(-3)).toEqual([true, true, true]);
  });
});

describe('[ALL9] what waits', () => {
  test('is counted in actions: for the relay, and for the answers of strategies that ask', async () => {
    const room = await opened({ strategies: withoutSiblings });
    type(room, 'A', 0, 'hello');
    vote(room, 'A');
    vote(room, 'A');
    type(room, 'A', 5, ' you');
    const { replica } = room.at('A');
    expect([replica.waiting, replica.unanswered('consensus'), replica.openActions('consensus', 'notes')]).toEqual([4, 4, 2]);
  });

  test('is gathered by action: a jump, or another edit, sends what was typed before', async () => {
    const room = await opened({ strategies: withoutSiblings });
    type(room, 'A', 0, 'ab');
    type(room, 'A', 0, 'cd');
    vote(room, 'A');
    type(room, 'A', 4, 'e');
    room.at('A').replica.endPause();
    expect(said(room, 'A')).toEqual([false, true, 2, false, true, 2, undefined, false, 1]);
    await room.quiet();
    for (const { strategy, actions, kept } of ledgerAt(room, 'B').totals) expect([strategy, actions, kept]).toEqual([strategy, 4, 4]);
  });
});

test('what edits say of runs is what can be inferred of older files, where nobody else writes', async () => {
  const room = await ApartRoom.open(['A'], { strategies: answering });
  for (const [index, text] of [[0, 'one'], [3, ' two'], [0, 'zero '], [5, ''], [12, '!']] as const) {
    type(room, 'A', index, text);
    if (text === '') erase(room, 'A', index);
    if (text === '!') room.edit('A', 'votes', { kind: 'increment', by: 1 });
  }
  const edits = room.at('A').replica.records.filter(isEdit);
  const startsOf = (list: readonly Edit[]): string[] => {
    const actions = new Actions();
    return list.map((edit) => actions.startOf(edit));
  };
  const older = edits.map(({ continues, ...edit }) => edit);
  expect(new Set(startsOf(edits)).size).toBe(4);
  expect(startsOf(older)).toEqual(startsOf(edits));
});
