import { describe, expect, test } from 'vitest';
import { dotKey } from '../../../shared/clocks/dot.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import { isEdit } from '../../../shared/history/record.ts';
import { Siblings } from '../../../shared/strategies/siblings/siblings.ts';
import { SimulatedLab } from '../../support/simulated-lab.ts';

const set = (value: string) => ({ kind: 'set', value }) as const;
const typed = (index: number, inserted: string) => ({ kind: 'splice', index, removed: '', inserted }) as const;

function fate(lab: SimulatedLab, dot: string) {
  return lab.ledger('A').rows.find((row) => dotKey(row.record.dot) === dot)?.fates.siblings;
}

function siblingsAt(lab: SimulatedLab, name: string, field: string) {
  return lab.at(name).siblings.waiting(field).map((sibling) => sibling.value);
}

/** A and B with two titles that neither had seen the other of. */
async function twoTitles(options: Parameters<typeof SimulatedLab.start>[1] = {}) {
  const lab = await SimulatedLab.start(['A', 'B', 'C'], options);
  lab.edit('A', 'title', set('Rome'));
  lab.edit('B', 'title', set('Paris'));
  await lab.heal();
  return lab;
}

describe('siblings', () => {
  test('[SIB1] concurrent values stay beside each other, and a value that was seen is replaced', async () => {
    const lab = await twoTitles();
    expect([...siblingsAt(lab, 'C', 'title')].sort()).toEqual(['Paris', 'Rome']);
    expect(fate(lab, 'A:1')).toMatchObject({ disposition: 'sibling', cause: { replica: 'B', counter: 1 } });
    const sequential = await SimulatedLab.start(['A', 'B']);
    sequential.edit('A', 'title', set('Rome'));
    await sequential.heal();
    sequential.edit('B', 'title', set('Paris'));
    await sequential.heal();
    expect([siblingsAt(sequential, 'A', 'title'), sequential.at('A').siblings.value('title')]).toEqual([[], 'Paris']);
    expect(fate(sequential, 'A:1')).toMatchObject({ disposition: 'superseded' });
  });

  test('[SIB2] two writers who sync again and again never have more than two siblings', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    for (let round = 0; round < 12; round++) {
      for (const name of ['A', 'B']) {
        lab.offline(name);
        const { siblings, replica } = lab.at(name);
        const [first] = siblings.waiting('title');
        lab.clock.advance(1);
        if (first) replica.perform('title', { kind: 'resolve', value: `${name} ${round}`, keeps: [] }, { only: ['siblings'] });
        else lab.edit(name, 'title', set(`${name} ${round}`));
      }
      await lab.heal();
      expect(siblingsAt(lab, 'A', 'title')).toHaveLength(2);
    }
  });

  test('[SIB3] a choice covers all siblings: what it keeps lives on, the rest is superseded by it', async () => {
    const lab = await twoTitles();
    const kept = lab.at('C').siblings.waiting('title').find((sibling) => sibling.value === 'Rome')!;
    lab.clock.advance(1);
    lab.at('C').replica.perform('title', { kind: 'resolve', value: kept.value, keeps: [kept.key] }, { only: ['siblings'] });
    await lab.heal();
    expect([siblingsAt(lab, 'B', 'title'), lab.at('B').siblings.value('title')]).toEqual([[], 'Rome']);
    expect(fate(lab, 'B:1')).toMatchObject({ disposition: 'superseded', cause: { replica: 'C', counter: 1 } });
    expect(lab.at('B').crdt.value('title')).not.toBe(undefined);
  });

  test('[SIB3] keeping both texts keeps every character of both, each with its author', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    lab.edit('A', 'notes', typed(0, 'from A'));
    lab.edit('B', 'notes', typed(0, 'from B'));
    await lab.heal();
    const waiting = lab.at('A').siblings.waiting('notes');
    lab.clock.advance(1);
    lab.at('A').replica.perform('notes', { kind: 'resolve', value: waiting.map((sibling) => sibling.value).join('\n'), keeps: waiting.map((sibling) => sibling.key) }, { only: ['siblings'] });
    await lab.heal();
    expect(String(lab.at('B').siblings.value('notes')).split('\n').sort()).toEqual(['from A', 'from B']);
    for (const dot of ['A:1', 'B:1']) expect(fate(lab, dot)).toMatchObject({ disposition: 'visible', characters: { typed: 6, lost: 0 } });
  });

  test('[SIB4] while siblings wait, an ordinary edit is refused with its reason, under this strategy alone', async () => {
    const lab = await SimulatedLab.start(['A', 'B', 'C']);
    lab.offline('B');
    for (const at of ['A', 'B']) lab.edit(at, 'votes', { kind: 'increment', by: 1 });
    await lab.heal();
    lab.edit('C', 'votes', { kind: 'increment', by: 1 });
    expect(lab.at('C').replica.records.filter(isEdit).at(-1)?.traces).toMatchObject({ siblings: { outcome: 'refused', reason: '2 siblings wait for a choice' }, crdt: { outcome: 'accepted' } });
    lab.edit('C', 'seats', { kind: 'reserve', amount: 1 });
    expect(lab.at('C').siblings.value('seats')).toBe(2);
  });

  test('[SIB4] a set by somebody who has the siblings covers all of them, as a choice does', async () => {
    const lab = await twoTitles();
    lab.edit('C', 'title', set('Madrid'));
    await lab.heal();
    for (const at of ['A', 'B', 'C']) expect([lab.at(at).siblings.value('title'), lab.at(at).siblings.waiting('title')]).toEqual(['Madrid', []]);
    const fates = lab.ledger('A').rows.map((row) => row.fates.siblings?.disposition);
    expect(fates.sort()).toEqual(['superseded', 'superseded', 'visible']);
  });

  test('[SIB8] the sum of counters counts every step once, also after choices and further branches', async () => {
    const lab = await SimulatedLab.start(['A', 'B', 'C'], { siblings: { sets: 'ask', numbers: 'sum' } });
    const plus = (at: string, by: number): void => void lab.edit(at, 'votes', { kind: 'increment', by });
    plus('A', 1);
    await lab.heal();
    for (const at of ['A', 'B', 'C']) lab.offline(at);
    plus('A', 10);
    plus('B', 100);
    plus('B', 100);
    plus('C', 1_000);
    await lab.heal();
    for (const at of ['A', 'B', 'C']) expect(lab.at(at).siblings.value('votes')).toBe(1_211);
    lab.offline('C');
    plus('C', 3);
    plus('A', 5);
    await lab.heal();
    expect([lab.at('A').siblings.value('votes'), lab.at('A').siblings.addedUp('votes')]).toEqual([1_219, 1_219]);
    expect(new Set(lab.ledger('A').rows.map((row) => row.fates.siblings?.disposition))).toEqual(new Set(['visible']));
  });

  test('added up by a person: both branches\' steps are kept, each once', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    lab.offline('B');
    lab.edit('A', 'votes', { kind: 'increment', by: 2 });
    lab.edit('B', 'votes', { kind: 'increment', by: 3 });
    await lab.heal();
    const { siblings } = lab.at('A');
    lab.edit('A', 'votes', { kind: 'resolve', value: siblings.addedUp('votes'), keeps: siblings.waiting('votes').map(({ key }) => key) });
    await lab.heal();
    expect(lab.at('B').siblings.value('votes')).toBe(5);
    expect(lab.ledger('A').totals.find(({ strategy }) => strategy === 'siblings')).toMatchObject({ actions: 3, kept: 3, superseded: 0, lost: 0 });
  });

  test('[SIB5] the union of sets brings a removed tag back: resurrected, by the other side\'s edit', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], { siblings: { sets: 'union', numbers: 'ask' } });
    lab.edit('A', 'tags', { kind: 'add', element: 'milk' });
    await lab.heal();
    lab.offline('A');
    lab.edit('A', 'tags', { kind: 'remove', element: 'milk' });
    lab.edit('B', 'tags', { kind: 'add', element: 'bread' });
    await lab.heal();
    expect(lab.at('A').siblings.value('tags')).toEqual(['bread', 'milk']);
    expect(fate(lab, 'A:2')).toMatchObject({ disposition: 'resurrected', cause: { replica: 'B', counter: 1 } });
    expect([fate(lab, 'A:1')?.disposition, fate(lab, 'B:1')?.disposition]).toEqual(['visible', 'visible']);
  });

  test('[SIB6] the maximum of counters loses the smaller side\'s steps', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], { siblings: { sets: 'ask', numbers: 'maximum' } });
    lab.edit('A', 'votes', { kind: 'increment', by: 1 });
    for (let i = 0; i < 2; i++) lab.edit('B', 'votes', { kind: 'increment', by: 1 });
    await lab.heal();
    expect(lab.at('A').siblings.value('votes')).toBe(2);
    expect(fate(lab, 'A:1')).toMatchObject({ disposition: 'lost', reason: 'concurrent' });
    lab.edit('A', 'votes', { kind: 'increment', by: 1 });
    await lab.heal();
    expect(lab.at('B').siblings.value('votes')).toBe(3);
    expect([fate(lab, 'A:1')?.disposition, fate(lab, 'B:1')?.disposition, fate(lab, 'A:2')?.disposition]).toEqual(['lost', 'visible', 'visible']);
  });

  test('[SIB7] every replica shows the same winner first, the longer line of edits, and keeps the losers', async () => {
    const lab = await SimulatedLab.start(['A', 'B', 'C']);
    lab.edit('B', 'title', set('once'));
    lab.edit('A', 'title', set('twice'));
    lab.edit('A', 'title', set('twice, longer'));
    await lab.heal();
    for (const name of ['A', 'B', 'C']) {
      expect(lab.at(name).siblings.value('title')).toBe('twice, longer');
      expect(siblingsAt(lab, name, 'title')).toEqual(['twice, longer', 'once']);
    }
  });

  test('a choice where nothing waits, and a malformed one, are refused and change nothing', async () => {
    const lab = await twoTitles();
    expect(() => lab.at('A').replica.perform('votes', { kind: 'resolve', value: 'x', keeps: [] } as never)).toThrow('value is a whole number');
    const record = lab.at('A').replica.perform('votes', { kind: 'resolve', value: 3, keeps: [] }, { only: ['siblings'] });
    expect(record.traces.siblings).toEqual({ outcome: 'refused', reason: 'there are no siblings to choose from' });
    expect(lab.at('A').siblings.value('votes')).toBe(0);
  });
});

describe('settings', () => {
  test('the same settings again change nothing, and nobody is told', () => {
    const siblings = new Siblings(labSchema);
    const told: string[][] = [];
    siblings.onChange((fields) => told.push([...fields]));
    siblings.configure({ sets: 'ask', numbers: 'ask' });
    expect(told).toEqual([]);
    siblings.configure({ sets: 'union', numbers: 'ask' });
    expect(told).toEqual([labSchema.map(({ id }) => id)]);
  });
});
