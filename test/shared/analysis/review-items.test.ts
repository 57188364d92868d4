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
import { ApartRoom } from '../../support/simulated-room.ts';
import { plusOne, ToldHistory } from '../../support/told-history.ts';

interface Asked {
  readonly shown?: readonly StrategyId[];
  readonly rejoins?: readonly KnownRejoin[];
}

function itemsOf(room: ApartRoom, viewer: string, { shown = strategyIds, rejoins = [] }: Asked = {}): ReviewItem[] {
  const ledger = room.ledger(viewer);
  const names = runWhole(historyNames(room.schema, ledger.rows));
  const told = runWhole(toldRuns(ledger, { schema: room.schema, viewer, strategies: shown, names, rejoinOf: rejoinFinder(rejoins) }));
  return runWhole(reviewItems(ledger, told, shown, room.at(viewer).strategies.siblings));
}

function itemsTold(told: ToldHistory, viewer: string): ReviewItem[] {
  const ledger = told.ledger();
  return runWhole(reviewItems(ledger, runWhole(toldRuns(ledger, { schema: labSchema, viewer, strategies: strategyIds })), strategyIds, null));
}

/** "crdt, quorum lost your [A +1]: …" */
function said({ strategies, parts }: ReviewItem): string {
  return strategies.join(', ') + parts.map((part) => (typeof part === 'string' ? part : `[${part.author} ${part.mark}]`)).join('');
}

const two = { strategies: ['crdt', 'last-writer-wins'] } as const;
const set = (value: string) => ({ kind: 'set', value }) as const;
const reserve = { kind: 'reserve', amount: 1 } as const;
const oneSeat: Schema = labSchema.map((field) => (field.id === 'seats' ? { ...field, initial: 1 } : field));

describe('a sentence', () => {
  test('says what the strategy did, whose edit it was, and why', async () => {
    const room = await ApartRoom.open(['A', 'B'], two);
    room.edit('A', 'title', set('Paris'));
    room.clock.advance(3_999);
    room.edit('B', 'title', set('Rome'));
    room.edit('A', 'notes', spliceOf('', 0, 0, 'Tuesday'));
    room.edit('B', 'notes', spliceOf('', 0, 0, 'Friday'));
    room.edit('B', 'votes', plusOne);
    room.edit('A', 'votes', plusOne);
    await room.meet();
    expect(itemsOf(room, 'A').map(said).filter((each) => !each.includes('side by side'))).toEqual([
      'last-writer-wins lost your [A Tuesday]: B wrote the whole field 1 ms later.',
      'crdt lost your [A Paris]: both set one key, and the higher client id stays.',
      'last-writer-wins lost your [A Paris]: B wrote 4 s later.',
      "last-writer-wins lost B's [B +1]: you wrote 1 without having seen it.",
    ]);
    expect(itemsOf(room, 'A').flatMap(({ reasons }) => reasons)).toEqual([
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
    const room = await ApartRoom.open(['A', 'B'], two);
    room.at('A').replica.skewMs = 300_000;
    room.edit('A', 'title', set('future'));
    room.edit('B', 'title', set('apart'));
    await room.meet();
    expect(itemsOf(room, 'B', { shown: ['last-writer-wins'] }).map(said)).toEqual(["last-writer-wins lost your [B apart]: it was made later, but A's clock is 5 min fast."]);
    room.edit('B', 'title', set('later'));
    await room.meet();
    expect(itemsOf(room, 'B', { shown: ['last-writer-wins'] }).map(said)).toContain("last-writer-wins lost your [B later]: you wrote later and had seen A's edit, but A's clock was ahead by 5 min.");
  });

  test('names the edit of another field that carried the whole document', async () => {
    const room = await ApartRoom.open(['A', 'B'], { ...two, settings: { lastWriterWins: { granularity: 'document', clock: 'wall' } } });
    room.edit('A', 'votes', plusOne);
    room.edit('B', 'title', set('Rome'));
    await room.meet();
    expect(itemsOf(room, 'A').map(said)).toEqual(["last-writer-wins lost your [A +1]: B's “Rome” in Title carried the whole document."]);
  });

  test('tells what came back, and that nobody who had it had seen that it was removed', async () => {
    const room = await ApartRoom.open(['A', 'B'], { settings: { siblings: { sets: 'union', numbers: 'ask' } } });
    room.edit('A', 'tags', { kind: 'add', element: 'food' });
    await room.meet();
    room.edit('A', 'tags', { kind: 'remove', element: 'food' });
    room.edit('B', 'tags', { kind: 'add', element: 'sea' });
    await room.meet();
    const [item] = itemsOf(room, 'A', { shown: ['siblings'] });
    expect(item).toMatchObject({ kind: 'came back', adds: false, putBack: { columns: [{ strategy: 'siblings' }] } });
    expect(said(item!)).toBe('siblings brought back “food”: you removed it, and B had not seen that.');
  });

  test('one for a refusal of both columns', async () => {
    const room = await ApartRoom.open(['A', 'B'], two);
    room.edit('A', 'seats', { kind: 'reserve', amount: 4 });
    await room.meet();
    const [item, ...rest] = itemsOf(room, 'A');
    expect(rest).toEqual([]);
    expect(item).toMatchObject({ kind: 'refused', strategies: ['crdt', 'last-writer-wins'], putBack: null, rejoin: null });
    expect(said(item!)).toBe('crdt, last-writer-wins refused your [A −4]: 3 left, 4 wanted.');
  });
});

describe('what waits for a person', () => {
  test('touching edits are one item with the words of each; one side can be kept where both replaced the same', async () => {
    const room = await ApartRoom.open(['A', 'B'], two);
    room.edit('A', 'notes', spliceOf('', 0, 0, 'On Monday.'));
    await room.meet();
    room.edit('A', 'notes', spliceOf('On Monday.', 3, 6, 'Friday'));
    room.edit('B', 'notes', spliceOf('On Monday.', 3, 6, 'Tuesday'));
    await room.meet();
    const text = room.at('A').strategies.crdt.value('notes') as string;
    const [touching] = itemsOf(room, 'A').filter(({ kind }) => kind === 'touching');
    const whole = text.slice(3, -1);
    expect(touching).toMatchObject({ strategies: ['crdt'], turn: { kind: 'touching', index: 3, text: whole, canChoose: true } });
    expect(said(touching!)).toMatch(new RegExp(`^crdt kept both, side by side: “${whole}”\\. You and B each replaced “Monday”\\.$`));
  });

  test('a side cannot be kept by itself where the other one removed more', async () => {
    const room = await ApartRoom.open(['A', 'B'], two);
    room.edit('A', 'notes', spliceOf('', 0, 0, 'On Monday.'));
    await room.meet();
    room.edit('A', 'notes', spliceOf('On Monday.', 6, 0, '-'));
    room.edit('B', 'notes', spliceOf('On Monday.', 3, 6, 'Tuesday'));
    await room.meet();
    const [touching] = itemsOf(room, 'B').filter(({ kind }) => kind === 'touching');
    expect(touching!.turn).toMatchObject({ canChoose: false });
  });

  test('siblings of a field are one item, however many edits led to them', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    for (let each = 0; each < 3; each++) room.edit('A', 'votes', plusOne);
    room.edit('B', 'votes', plusOne);
    await room.meet();
    const waiting = itemsOf(room, 'A', { shown: ['siblings'] });
    expect(waiting.map(({ kind, turn }) => [kind, turn?.kind])).toEqual([['sibling', 'siblings']]);
    expect([said(waiting[0]!)].map((each) => each.replace(/\[A 3\] \(you\), \[B 1\] \(B\)|\[B 1\] \(B\), \[A 3\] \(you\)/, 'both'))).toEqual(['siblings holds two: both.']);
    expect(itemsOf(room, 'A', { shown: ['crdt'] })).toEqual([]);
  });

  test('a sibling with nothing in it is named as in its field: (none) of a set, (empty) of a text', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    room.edit('A', 'tags', { kind: 'add', element: 'food' });
    room.edit('A', 'notes', spliceOf('', 0, 0, 'Monday'));
    await room.meet();
    room.edit('A', 'tags', { kind: 'add', element: 'sea' });
    room.edit('B', 'tags', { kind: 'remove', element: 'food' });
    room.edit('A', 'notes', spliceOf('Monday', 0, 6, 'On\nFriday'));
    room.edit('B', 'notes', spliceOf('Monday', 0, 6, ''));
    await room.meet();
    const marks = itemsOf(room, 'A', { shown: ['siblings'] }).map(({ parts }) => parts.flatMap((part) => (typeof part === 'string' ? [] : [part.mark])).sort());
    expect(marks.sort()).toEqual([['(empty)', 'On Friday'], ['(none)', 'food, sea']]);
  });
});

describe('a broken rule', () => {
  test('tells who took the last one, with the sum; this window can release its own where the number has it', async () => {
    const room = await ApartRoom.open(['A', 'B'], { ...two, schema: oneSeat });
    room.edit('A', 'seats', reserve);
    room.edit('B', 'seats', reserve);
    await room.meet();
    const rules = (viewer: string) => itemsOf(room, viewer).filter(({ kind }) => kind === 'rule');
    expect(rules('B').map(said)).toEqual([
      'crdt sold one seat twice: you and A each took the last one. 1 − 1 − 1 = −1.',
      'last-writer-wins sold one seat twice: you and A each took the last one. The number shown is 0.',
    ]);
    expect(rules('B').map(({ release }) => release)).toEqual([{ kind: 'release', amount: 1 }, { kind: 'release', amount: 1 }]);
    expect(rules('A').map(({ release }) => release)).toEqual([{ kind: 'release', amount: 1 }, null]);
    room.clock.advance(1);
    room.at('B').replica.perform('seats', rules('B')[0]!.release!, { only: ['crdt'] });
    await room.meet();
    expect(rules('B').map(({ strategies }) => strategies)).toEqual([['last-writer-wins']]);
  });

  test('counts as many as the scorecard does', async () => {
    const room = await ApartRoom.open(['A', 'B', 'C'], two);
    for (const name of ['A', 'B', 'C']) for (let each = 0; each < 2; each++) room.edit(name, 'seats', reserve);
    await room.meet();
    const oversold = room.ledger('A').totals.map(({ strategy, oversold: count }) => [strategy, count]);
    const told = ['crdt', 'last-writer-wins'].map((strategy) => [strategy, itemsOf(room, 'A').filter(({ kind, strategies }) => kind === 'rule' && strategies.includes(strategy as StrategyId)).length]);
    expect(told).toEqual(oversold);
    expect(oversold).toEqual([['crdt', 3], ['last-writer-wins', 3]]);
    expect(said(itemsOf(room, 'A')[0]!)).toMatch(/^crdt.* sold 1 seat more than there were: you, B and C reserved without having seen each other\. 3 − 1 − 1 − 1 − 1 − 1 − 1 = −3\.$/);
  });

  test('what was released in time is none', async () => {
    const room = await ApartRoom.open(['A', 'B'], { ...two, schema: oneSeat });
    room.edit('A', 'seats', reserve);
    room.edit('A', 'seats', { kind: 'release', amount: 1 });
    room.edit('B', 'seats', reserve);
    await room.meet();
    expect(itemsOf(room, 'A').filter(({ kind }) => kind === 'rule')).toEqual([]);
  });
});

describe('the order', () => {
  const clock = (entries: Record<string, number>): VersionVector => VersionVector.of(Object.entries(entries));

  test('rejoins newest first, then what belongs to none; in each a broken rule, touching edits, most lost', async () => {
    const room = await ApartRoom.open(['A', 'B'], { ...two, schema: oneSeat });
    room.edit('A', 'votes', plusOne);
    room.edit('B', 'votes', plusOne);
    await room.meet();
    for (const name of ['A', 'B']) {
      room.edit(name, 'title', set(`by ${name}`));
      room.edit(name, 'tags', { kind: 'add', element: `one of ${name}` });
      for (const each of ['two', 'three']) room.edit(name, 'tags', { kind: 'add', element: `${each} of ${name}` });
      room.edit(name, 'notes', spliceOf('', 0, 0, `from ${name}`));
      room.edit(name, 'seats', reserve);
    }
    await room.meet();
    room.edit('A', 'seats', { kind: 'reserve', amount: 9 });
    await room.meet();
    const rejoins = [
      { beganMs: 1, endedMs: 2, met: ['B'], had: clock({ A: 1 }), others: clock({ B: 1 }) },
      { beganMs: 3, endedMs: 4, met: ['B'], had: clock({ A: 7, B: 1 }), others: clock({ A: 1, B: 7 }) },
    ];
    const order = itemsOf(room, 'A', { rejoins }).map(({ rejoin, field }) => `${rejoin} ${field}`);
    expect([...new Set(order)]).toEqual(['1 seats', '1 notes', '1 tags', '1 title', '0 votes', 'null seats']);
    expect(order).toEqual([...order].sort((a, b) => [...new Set(order)].indexOf(a) - [...new Set(order)].indexOf(b)));
  });
});

describe('putting back', () => {
  test('what adds says so, what would replace a shown value does not; done under one strategy, it is not done under another', async () => {
    const room = await ApartRoom.open(['A', 'B'], two);
    room.edit('A', 'votes', plusOne);
    room.edit('A', 'title', set('Rome'));
    room.edit('B', 'votes', plusOne);
    room.edit('B', 'title', set('Paris'));
    await room.meet();
    const lost = (field: string) => itemsOf(room, 'A').filter((item) => item.field === field && item.strategies.includes('last-writer-wins'));
    expect([lost('votes')[0]!.adds, lost('title')[0]!.adds]).toEqual([true, false]);
    const { intent, restores } = lost('votes')[0]!.putBack!.columns[0]!.edits[0]!;
    room.clock.advance(1);
    room.at('A').replica.perform('votes', intent, { only: ['last-writer-wins'], restores });
    await room.meet();
    expect(lost('votes').map(({ isPutBack, putBack, adds }) => [isPutBack, putBack, adds])).toEqual([[true, null, false]]);
    expect(itemsOf(room, 'B').find(({ field }) => field === 'votes')!.isPutBack).toBe(true);
  });
});
