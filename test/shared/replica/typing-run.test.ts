/** Which edits are one action, decided where they are made; what waits is counted in actions. */
import { describe, expect, test } from 'vitest';
import { spliceOf } from '../../../shared/document/splice.ts';
import { Actions } from '../../../shared/history/actions.ts';
import { type Edit, isEdit, type StrategyId } from '../../../shared/history/record.ts';
import { defaultQuorumSettings } from '../../../shared/strategies/quorum/settings.ts';
import { SimulatedLab } from '../../support/simulated-lab.ts';

/** Types in a column, character by character, as a person does. */
function type(lab: SimulatedLab, name: string, index: number, text: string, column: StrategyId = 'crdt'): void {
  for (const [offset, character] of [...text].entries()) {
    const { replica } = lab.at(name);
    replica.perform('notes', spliceOf(replica.value(column, 'notes') as string, index + offset, 0, character), { column });
    lab.clock.advance(1);
  }
}

function erase(lab: SimulatedLab, name: string, index: number, column: StrategyId = 'crdt'): void {
  const { replica } = lab.at(name);
  replica.perform('notes', spliceOf(replica.value(column, 'notes') as string, index, 1, ''), { column });
}

/** What each edit of a replica says; a pause in typing gathers the number of edits that is given. */
function said(lab: SimulatedLab, name: string): (boolean | number | undefined)[] {
  return lab.at(name).replica.records.filter(isEdit).filter(({ dot }) => dot.replica === name).map(({ gathers, continues }) => gathers ?? continues);
}

describe('[ALL9] a run of typing', () => {
  test('goes on with backspace and delete, and ends with a jump, another edit, another column, or a pause of more than 2 s', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], { siblings: null });
    type(lab, 'A', 0, 'ab');
    erase(lab, 'A', 1);
    type(lab, 'A', 1, 'c');
    expect(said(lab, 'A')).toEqual([false, true, true, true]);
    type(lab, 'A', 0, 'x');
    expect(said(lab, 'A').at(-1)).toBe(false);
    erase(lab, 'A', 1);
    expect(said(lab, 'A').at(-1)).toBe(true);
    lab.edit('A', 'votes', { kind: 'increment', by: 1 });
    type(lab, 'A', 1, 'y');
    expect(said(lab, 'A').slice(-2)).toEqual([undefined, false]);
    type(lab, 'A', 2, 'z', 'last-writer-wins');
    expect(said(lab, 'A').at(-1)).toBe(false);
    lab.clock.advance(1_990);
    type(lab, 'A', 3, 'z', 'last-writer-wins');
    expect(said(lab, 'A').at(-1)).toBe(true);
    lab.clock.advance(2_100);
    type(lab, 'A', 4, 'z', 'last-writer-wins');
    expect(said(lab, 'A').at(-1)).toBe(false);
  });

  test('goes on where the caret is after somebody wrote before it', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], { siblings: null });
    type(lab, 'A', 0, 'Tuesday');
    await lab.heal();
    type(lab, 'A', 7, ' it');
    type(lab, 'B', 0, 'On ');
    await lab.settle();
    type(lab, 'A', 13, ' is');
    expect(lab.at('A').crdt.value('notes')).toBe('On Tuesday it is');
    expect(said(lab, 'A').slice(-3)).toEqual([true, true, true]);
  });
});

/** A, B and C, all of them members. */
async function members(): Promise<SimulatedLab> {
  const lab = await SimulatedLab.start(['A', 'B', 'C'], { siblings: null, coordinated: { quorum: defaultQuorumSettings } });
  for (const { name } of lab.replicas) lab.online(name);
  await lab.runUntil(() => lab.replicas.every(({ replica }) => replica.members.length === 3), 'all are members');
  return lab;
}

describe('[ALL9] what waits', () => {
  test('is counted in actions: for the relay, and for the answers of strategies that ask', async () => {
    const lab = await members();
    type(lab, 'A', 0, 'hello');
    lab.edit('A', 'votes', { kind: 'increment', by: 1 });
    lab.edit('A', 'votes', { kind: 'increment', by: 1 });
    type(lab, 'A', 5, ' you');
    const { replica } = lab.at('A');
    expect([replica.waiting, replica.unanswered('consensus'), replica.openActions('consensus', 'notes')]).toEqual([4, 4, 2]);
  });

  test('is gathered by action: a jump, or another edit, sends what was typed before', async () => {
    const lab = await members();
    type(lab, 'A', 0, 'ab');
    type(lab, 'A', 0, 'cd');
    lab.edit('A', 'votes', { kind: 'increment', by: 1 });
    type(lab, 'A', 4, 'e');
    lab.at('A').replica.endPause();
    expect(said(lab, 'A')).toEqual([false, true, 2, false, true, 2, undefined, false, 1]);
    await lab.heal();
    for (const { strategy, actions, kept } of lab.ledger('B').totals) expect([strategy, actions, kept]).toEqual([strategy, 4, 4]);
  });
});

test('what edits say of runs is what can be inferred of older files, where nobody else writes', async () => {
  const lab = await SimulatedLab.start(['A'], { siblings: null });
  for (const [index, text] of [[0, 'one'], [3, ' two'], [0, 'zero '], [5, ''], [12, '!']] as const) {
    type(lab, 'A', index, text);
    if (text === '') erase(lab, 'A', index);
    if (text === '!') lab.edit('A', 'votes', { kind: 'increment', by: 1 });
  }
  const edits = lab.at('A').replica.records.filter(isEdit);
  const startsOf = (list: readonly Edit[]): string[] => {
    const actions = new Actions();
    return list.map((edit) => actions.startOf(edit));
  };
  const older = edits.map(({ continues, ...edit }) => edit);
  expect(new Set(startsOf(edits)).size).toBe(4);
  expect(startsOf(older)).toEqual(startsOf(edits));
});
