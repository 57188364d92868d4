/** The review as it is read: one sentence for strategies that did the same, grouped and ordered; what waits for a person; rules that are broken. */
import { describe, expect, test } from 'vitest';
import { historyNames } from '../../../shared/analysis/history-names.ts';
import { type KnownRejoin, rejoinFinder } from '../../../shared/analysis/rejoin-views.ts';
import { toldRuns } from '../../../shared/analysis/review.ts';
import type { ReviewItem } from '../../../shared/analysis/review-item.ts';
import { reviewItems } from '../../../shared/analysis/review-items.ts';
import { runWhole } from '../../../shared/analysis/slices.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { spliceOf } from '../../../shared/document/splice.ts';
import { labSchema, type Schema } from '../../../shared/document/schema.ts';
import { type StrategyId, strategyIds } from '../../../shared/history/record.ts';
import { SimulatedLab } from '../../support/simulated-lab.ts';
import { plusOne, ToldHistory } from '../../support/told-history.ts';

interface Asked {
  readonly shown?: readonly StrategyId[];
  readonly rejoins?: readonly KnownRejoin[];
}

function itemsOf(lab: SimulatedLab, viewer: string, { shown = strategyIds, rejoins = [] }: Asked = {}): ReviewItem[] {
  const ledger = lab.ledger(viewer);
  const names = runWhole(historyNames(lab.schema, ledger.rows));
  const told = runWhole(toldRuns(ledger, { schema: lab.schema, viewer, strategies: shown, names, rejoinOf: rejoinFinder(rejoins) }));
  return runWhole(reviewItems(ledger, told, shown, lab.at(viewer).siblings));
}

function itemsTold(told: ToldHistory, viewer: string): ReviewItem[] {
  const ledger = told.ledger();
  return runWhole(reviewItems(ledger, runWhole(toldRuns(ledger, { schema: labSchema, viewer, strategies: strategyIds })), strategyIds, null));
}

/** "crdt, quorum lost your [A +1]: …" */
function said({ strategies, parts }: ReviewItem): string {
  return strategies.join(', ') + parts.map((part) => (typeof part === 'string' ? part : `[${part.author} ${part.mark}]`)).join('');
}

const two = { siblings: null } as const;
const set = (value: string) => ({ kind: 'set', value }) as const;
const reserve = { kind: 'reserve', amount: 1 } as const;
const oneSeat: Schema = labSchema.map((field) => (field.id === 'seats' ? { ...field, initial: 1 } : field));

describe('a sentence', () => {
  test('says what the strategy did, whose edit it was, and why', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], { ...two, clientIds: (name) => (name === 'A' ? 1000 : 2000) });
    lab.edit('A', 'title', set('Paris'));
    lab.clock.advance(3_999);
    lab.edit('B', 'title', set('Rome'));
    lab.edit('A', 'notes', spliceOf('', 0, 0, 'Tuesday'));
    lab.edit('B', 'notes', spliceOf('', 0, 0, 'Friday'));
    lab.edit('B', 'votes', plusOne);
    lab.edit('A', 'votes', plusOne);
    await lab.heal();
    expect(itemsOf(lab, 'A').map(said).filter((each) => !each.includes('side by side'))).toEqual([
      'last-writer-wins lost your [A Tuesday]: B wrote the whole field 1 ms later.',
      'crdt lost your [A Paris]: both set one key, and the higher client id stays.',
      'last-writer-wins lost your [A Paris]: B wrote 4 s later.',
      "last-writer-wins lost B's [B +1]: you wrote 1 without having seen it.",
    ]);
    expect(itemsOf(lab, 'A').flatMap(({ reasons }) => reasons)).toEqual([
      { strategy: 'last-writer-wins', why: 'B wrote 1 ms later', isSoFar: false },
      { strategy: 'crdt', why: 'one key, two writers: the higher client id stays', isSoFar: false },
      { strategy: 'last-writer-wins', why: 'B wrote 4 s later', isSoFar: false },
      expect.objectContaining({ strategy: 'last-writer-wins', isSoFar: false }),
    ]);
  });

  test('is shared by the strategies that did the same, and by no others', () => {
    const told = new ToldHistory('quorum');
    const key = told.edit('A', 'votes', plusOne);
    told.say(key, { outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' });
    expect(itemsTold(told, 'A').map(said)).toEqual(['quorum refused your [A +1]: 1 of 3 replicas reachable, 2 needed.']);
    expect(itemsTold(told, 'B').map(said)).toEqual(["quorum refused A's [A +1]: 1 of 3 replicas reachable, 2 needed."]);
  });

  test('tells an unknown outcome, and what became of it in the end', () => {
    const told = new ToldHistory('quorum');
    const key = told.edit('A', 'votes', plusOne);
    told.say(key, { outcome: 'unknown', reason: '1 of 3 replicas are known to hold it, 2 needed', details: [1, 'A', ''] });
    expect(itemsTold(told, 'A').map(said)).toEqual(['quorum cannot tell about your [A +1]: 1 of 3 replicas are known to hold it, 2 needed.']);
    told.say(key, { outcome: 'refused', reason: 'a later value was chosen without it' });
    expect(itemsTold(told, 'A').map(said)).toEqual(['quorum refused your [A +1] in the end, after nobody could say: a later value was chosen without it.']);
  });

  test('tells what a higher version replaced, and what a leader had acknowledged', () => {
    const quorum = new ToldHistory('quorum');
    quorum.accepted('A', 'votes', plusOne, 1, 'A', '');
    quorum.accepted('B', 'votes', plusOne, 1, 'B', '');
    expect(itemsTold(quorum, 'A').map(said)).toEqual(["quorum lost your [A +1]: B's edit was made on an older value, and its version is higher."]);
    const leader = new ToldHistory('single-leader');
    leader.rollBack(leader.accepted('A', 'votes', plusOne, 1, 'A', 1, ''), 'A', 1, 'A', 1);
    expect(itemsTold(leader, 'B').map(said)).toEqual(["single-leader rolled back A's [A +1]: the leader A alone had acknowledged it, and C leads now and does not have it."]);
  });

  test('names the clock that was ahead', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], two);
    lab.at('A').replica.skewMs = 300_000;
    lab.edit('A', 'title', set('future'));
    lab.edit('B', 'title', set('apart'));
    await lab.heal();
    expect(itemsOf(lab, 'B', { shown: ['last-writer-wins'] }).map(said)).toEqual(["last-writer-wins lost your [B apart]: it was made later, but A's clock is 5 min fast."]);
    lab.edit('B', 'title', set('later'));
    await lab.heal();
    expect(itemsOf(lab, 'B', { shown: ['last-writer-wins'] }).map(said)).toContain("last-writer-wins lost your [B later]: you wrote later and had seen A's edit, but A's clock was ahead by 5 min.");
  });

  test('names the edit of another field that carried the whole document', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], { ...two, settings: { granularity: 'document', clock: 'wall' } });
    lab.edit('A', 'votes', plusOne);
    lab.edit('B', 'title', set('Rome'));
    await lab.heal();
    expect(itemsOf(lab, 'A').map(said)).toEqual(["last-writer-wins lost your [A +1]: B's “Rome” in Title carried the whole document."]);
  });

  test('tells what came back, and that nobody who had it had seen that it was removed', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], { siblings: { sets: 'union', numbers: 'ask' } });
    lab.edit('A', 'tags', { kind: 'add', element: 'food' });
    await lab.heal();
    lab.edit('A', 'tags', { kind: 'remove', element: 'food' });
    lab.edit('B', 'tags', { kind: 'add', element: 'sea' });
    await lab.heal();
    const [item] = itemsOf(lab, 'A', { shown: ['siblings'] });
    expect(item).toMatchObject({ kind: 'came back', adds: false, putBack: { columns: [{ strategy: 'siblings' }] } });
    expect(said(item!)).toBe('siblings brought back “food”: you removed it, and B had not seen that.');
  });

  test('one for a refusal of both columns', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], two);
    lab.edit('A', 'seats', { kind: 'reserve', amount: 4 });
    await lab.heal();
    const [item, ...rest] = itemsOf(lab, 'A');
    expect(rest).toEqual([]);
    expect(item).toMatchObject({ kind: 'refused', strategies: ['crdt', 'last-writer-wins'], putBack: null, rejoin: null });
    expect(said(item!)).toBe('crdt, last-writer-wins refused your [A −4]: 3 left, 4 wanted.');
  });
});

describe('what waits for a person', () => {
  test('touching edits are one item with the words of each; one side can be kept where both replaced the same', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], two);
    lab.edit('A', 'notes', spliceOf('', 0, 0, 'On Monday.'));
    await lab.heal();
    lab.edit('A', 'notes', spliceOf('On Monday.', 3, 6, 'Friday'));
    lab.edit('B', 'notes', spliceOf('On Monday.', 3, 6, 'Tuesday'));
    await lab.heal();
    const text = lab.at('A').crdt.value('notes') as string;
    const [touching] = itemsOf(lab, 'A').filter(({ kind }) => kind === 'touching');
    const whole = text.slice(3, -1);
    expect(touching).toMatchObject({ strategies: ['crdt'], turn: { kind: 'touching', index: 3, text: whole, canChoose: true } });
    expect(said(touching!)).toMatch(new RegExp(`^crdt kept both, side by side: “${whole}”\\. You and B each replaced “Monday”\\.$`));
  });

  test('a side cannot be kept by itself where the other one removed more', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], two);
    lab.edit('A', 'notes', spliceOf('', 0, 0, 'On Monday.'));
    await lab.heal();
    lab.edit('A', 'notes', spliceOf('On Monday.', 6, 0, '-'));
    lab.edit('B', 'notes', spliceOf('On Monday.', 3, 6, 'Tuesday'));
    await lab.heal();
    const [touching] = itemsOf(lab, 'B').filter(({ kind }) => kind === 'touching');
    expect(touching!.turn).toMatchObject({ canChoose: false });
  });

  test('siblings of a field are one item, however many edits led to them', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    for (let each = 0; each < 3; each++) lab.edit('A', 'votes', plusOne);
    lab.edit('B', 'votes', plusOne);
    await lab.heal();
    const waiting = itemsOf(lab, 'A', { shown: ['siblings'] });
    expect(waiting.map(({ kind, turn }) => [kind, turn?.kind])).toEqual([['sibling', 'siblings']]);
    expect([said(waiting[0]!)].map((each) => each.replace(/\[A 3\] \(you\), \[B 1\] \(B\)|\[B 1\] \(B\), \[A 3\] \(you\)/, 'both'))).toEqual(['siblings holds two: both.']);
    expect(itemsOf(lab, 'A', { shown: ['crdt'] })).toEqual([]);
  });

  test('a sibling with nothing in it is named as in its field: (none) of a set, (empty) of a text', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    lab.edit('A', 'tags', { kind: 'add', element: 'food' });
    lab.edit('A', 'notes', spliceOf('', 0, 0, 'Monday'));
    await lab.heal();
    lab.edit('A', 'tags', { kind: 'add', element: 'sea' });
    lab.edit('B', 'tags', { kind: 'remove', element: 'food' });
    lab.edit('A', 'notes', spliceOf('Monday', 0, 6, 'On\nFriday'));
    lab.edit('B', 'notes', spliceOf('Monday', 0, 6, ''));
    await lab.heal();
    const marks = itemsOf(lab, 'A', { shown: ['siblings'] }).map(({ parts }) => parts.flatMap((part) => (typeof part === 'string' ? [] : [part.mark])).sort());
    expect(marks.sort()).toEqual([['(empty)', 'On Friday'], ['(none)', 'food, sea']]);
  });
});

describe('a broken rule', () => {
  test('tells who took the last one, with the sum; this window can release its own where the number has it', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], { ...two, schema: oneSeat });
    lab.edit('A', 'seats', reserve);
    lab.edit('B', 'seats', reserve);
    await lab.heal();
    const rules = (viewer: string) => itemsOf(lab, viewer).filter(({ kind }) => kind === 'rule');
    expect(rules('B').map(said)).toEqual([
      'crdt sold one seat twice: you and A each took the last one. 1 − 1 − 1 = −1.',
      'last-writer-wins sold one seat twice: you and A each took the last one. The number shown is 0.',
    ]);
    expect(rules('B').map(({ release }) => release)).toEqual([{ kind: 'release', amount: 1 }, { kind: 'release', amount: 1 }]);
    expect(rules('A').map(({ release }) => release)).toEqual([{ kind: 'release', amount: 1 }, null]);
    lab.clock.advance(1);
    lab.at('B').replica.perform('seats', rules('B')[0]!.release!, { only: ['crdt'] });
    await lab.heal();
    expect(rules('B').map(({ strategies }) => strategies)).toEqual([['last-writer-wins']]);
  });

  test('counts as many as the scorecard does', async () => {
    const lab = await SimulatedLab.start(['A', 'B', 'C'], two);
    for (const name of ['A', 'B', 'C']) for (let each = 0; each < 2; each++) lab.edit(name, 'seats', reserve);
    await lab.heal();
    const oversold = lab.ledger('A').totals.map(({ strategy, oversold: count }) => [strategy, count]);
    const told = ['crdt', 'last-writer-wins'].map((strategy) => [strategy, itemsOf(lab, 'A').filter(({ kind, strategies }) => kind === 'rule' && strategies.includes(strategy as StrategyId)).length]);
    expect(told).toEqual(oversold);
    expect(oversold).toEqual([['crdt', 3], ['last-writer-wins', 3]]);
    expect(said(itemsOf(lab, 'A')[0]!)).toMatch(/^crdt.* sold 1 seat more than there were: you, B and C reserved without having seen each other\. 3 − 1 − 1 − 1 − 1 − 1 − 1 = −3\.$/);
  });

  test('what was released in time is none', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], { ...two, schema: oneSeat });
    lab.edit('A', 'seats', reserve);
    lab.edit('A', 'seats', { kind: 'release', amount: 1 });
    lab.edit('B', 'seats', reserve);
    await lab.heal();
    expect(itemsOf(lab, 'A').filter(({ kind }) => kind === 'rule')).toEqual([]);
  });
});

describe('the order', () => {
  const clock = (entries: Record<string, number>): VersionVector => VersionVector.of(Object.entries(entries));

  test('rejoins newest first, then what belongs to none; in each a broken rule, touching edits, most lost', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], { ...two, schema: oneSeat });
    lab.edit('A', 'votes', plusOne);
    lab.edit('B', 'votes', plusOne);
    await lab.heal();
    for (const name of ['A', 'B']) {
      lab.edit(name, 'title', set(`by ${name}`));
      lab.edit(name, 'tags', { kind: 'add', element: `one of ${name}` });
      for (const each of ['two', 'three']) lab.edit(name, 'tags', { kind: 'add', element: `${each} of ${name}` });
      lab.edit(name, 'notes', spliceOf('', 0, 0, `from ${name}`));
      lab.edit(name, 'seats', reserve);
    }
    await lab.heal();
    lab.edit('A', 'seats', { kind: 'reserve', amount: 9 });
    await lab.heal();
    const rejoins = [
      { beganMs: 1, endedMs: 2, met: ['B'], had: clock({ A: 1 }), others: clock({ B: 1 }) },
      { beganMs: 3, endedMs: 4, met: ['B'], had: clock({ A: 7, B: 1 }), others: clock({ A: 1, B: 7 }) },
    ];
    const order = itemsOf(lab, 'A', { rejoins }).map(({ rejoin, field }) => `${rejoin} ${field}`);
    expect([...new Set(order)]).toEqual(['1 seats', '1 notes', '1 tags', '1 title', '0 votes', 'null seats']);
    expect(order).toEqual([...order].sort((a, b) => [...new Set(order)].indexOf(a) - [...new Set(order)].indexOf(b)));
  });
});

describe('putting back', () => {
  test('what adds says so, what would replace a shown value does not; done under one strategy, it is not done under another', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], two);
    lab.edit('A', 'votes', plusOne);
    lab.edit('A', 'title', set('Rome'));
    lab.edit('B', 'votes', plusOne);
    lab.edit('B', 'title', set('Paris'));
    await lab.heal();
    const lost = (field: string) => itemsOf(lab, 'A').filter((item) => item.field === field && item.strategies.includes('last-writer-wins'));
    expect([lost('votes')[0]!.adds, lost('title')[0]!.adds]).toEqual([true, false]);
    const { intent, restores } = lost('votes')[0]!.putBack!.columns[0]!.edits[0]!;
    lab.clock.advance(1);
    lab.at('A').replica.perform('votes', intent, { only: ['last-writer-wins'], restores });
    await lab.heal();
    expect(lost('votes').map(({ isPutBack, putBack, adds }) => [isPutBack, putBack, adds])).toEqual([[true, null, false]]);
    expect(itemsOf(lab, 'B').find(({ field }) => field === 'votes')!.isPutBack).toBe(true);
  });
});
