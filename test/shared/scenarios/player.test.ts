/** Each verb and each event does what docs/scenarios.md says. */
import { describe, expect, test } from 'vitest';
import { isOutcome, isRead, strategyIds } from '../../../shared/history/record.ts';
import { networkEventKinds } from '../../../shared/history/room-event.ts';
import { actionShapes, eventShapes } from '../../../shared/scenarios/scenario-format.ts';
import { editsOf, played, shownAt } from '../../support/played-scenario.ts';

const startMs = 1_700_000_000_000;

describe('verbs', () => {
  const cases: readonly (readonly [step: string, field: string, shown: unknown])[] = [
    ['{ at: B, set: { title: Rome } }', 'title', 'Rome'],
    ['{ at: B, set: { title: true } }', 'title', true],
    ['{ at: B, set: { title: 2.5 } }', 'title', 2.5],
    ['{ at: B, type: { notes: "!" } }', 'notes', 'one two!'],
    ['{ at: B, type: { notes: { text: "!" } } }', 'notes', 'one two!'],
    ['{ at: B, type: { notes: { text: "!", at: start } } }', 'notes', '!one two'],
    ['{ at: B, type: { notes: { text: "!", at: end } } }', 'notes', 'one two!'],
    ['{ at: B, type: { notes: { text: "!", at: 3 } } }', 'notes', 'one! two'],
    ['{ at: B, type: { notes: { text: "!", at: 7 } } }', 'notes', 'one two!'],
    ['{ at: B, type: { notes: { text: "!", after: one } } }', 'notes', 'one! two'],
    ['{ at: B, type: { notes: { text: "!", before: two } } }', 'notes', 'one !two'],
    ['{ at: B, erase: { notes: "o" } }', 'notes', 'ne two'],
    ['{ at: B, erase: { notes: { at: 3, count: 2 } } }', 'notes', 'onewo'],
    ['{ at: B, erase: { notes: { at: 3, count: 200 } } }', 'notes', 'one'],
    ['{ at: B, increment: votes }', 'votes', 6],
    ['{ at: B, increment: { votes: -7 } }', 'votes', -2],
    ['{ at: B, add: { tags: sun } }', 'tags', ['sea', 'sun']],
    ['{ at: B, remove: { tags: sea } }', 'tags', []],
    ['{ at: B, insert: { tasks: Map } }', 'tasks', ['Hotel', '✓ Tickets', 'Map']],
    ['{ at: B, insert: { tasks: { label: Map } } }', 'tasks', ['Hotel', '✓ Tickets', 'Map']],
    ['{ at: B, insert: { tasks: { label: Map, after: Hotel } } }', 'tasks', ['Hotel', 'Map', '✓ Tickets']],
    ['{ at: B, insert: { tasks: { label: Map, after: null } } }', 'tasks', ['Map', 'Hotel', '✓ Tickets']],
    ['{ at: B, relabel: { tasks: { item: Hotel, label: Flat } } }', 'tasks', ['Flat', '✓ Tickets']],
    ['{ at: B, tick: { tasks: Hotel } }', 'tasks', ['✓ Hotel', '✓ Tickets']],
    ['{ at: B, untick: { tasks: Tickets } }', 'tasks', ['Hotel', 'Tickets']],
    ['{ at: B, move: { tasks: { item: Hotel } } }', 'tasks', ['✓ Tickets', 'Hotel']],
    ['{ at: B, move: { tasks: { item: Tickets, after: null } } }', 'tasks', ['✓ Tickets', 'Hotel']],
    ['{ at: B, move: { tasks: { item: Hotel, after: Tickets } } }', 'tasks', ['✓ Tickets', 'Hotel']],
    ['{ at: B, remove: { tasks: Hotel } }', 'tasks', ['✓ Tickets']],
    ['{ at: B, reserve: seats }', 'seats', 2],
    ['{ at: B, reserve: { seats: 3 } }', 'seats', 0],
    ['{ at: B, release: seats }', 'seats', 4],
    ['{ at: B, release: { seats: 2 } }', 'seats', 5],
  ];

  test.each(cases)('%s: %s is %j at all replicas, under all strategies', async (step, field, shown) => {
    const { run, outcome } = await played([step], 'expect:\n  every: { converged: true, kept: 1, actions: 1 }\n');
    expect(outcome).toBe('holds');
    expect(editsOf(run).map(({ dot }) => dot)).toEqual([{ replica: 'B', counter: 1 }]);
    for (const replica of ['A', 'B', 'C']) for (const strategy of strategyIds) expect(shownAt(run, replica, field, strategy), `${replica}, ${strategy}`).toEqual(shown);
  });

  test('typing and erasing, however many times, is one action a step under every strategy; any other step is one each time', async () => {
    const steps = ['{ at: B, type: { notes: "one " }, times: 3 }', '{ at: B, type: { notes: two } }', '{ at: B, erase: { notes: e }, times: 2 }', '{ at: B, increment: votes, times: 2 }'];
    expect((await played(steps, 'expect:\n  every: { converged: true, actions: 5, kept: 5 }\n')).outcome).toBe('holds');
  });

  test('none is left out here; keep has its own tests', () => {
    const used = new Set(cases.map(([step]) => /at: B, (\w+)/.exec(step)![1]));
    expect(Object.keys(actionShapes).filter((verb) => !used.has(verb))).toEqual(['keep']);
  });

  const apart = ['offline: C', '{ at: A, set: { title: Rome } }', '{ at: C, set: { title: Paris } }', 'heal: true'];
  test.each([
    ['one of them', '{ at: B, keep: { title: Paris } }', 'Paris', 2],
    ['own words', '{ at: B, keep: { title: Both } }', 'Both', 1],
  ])('keep %s: the siblings are resolved for all, under siblings only', async (_, step, value, kept) => {
    const { run } = await played([...apart, step]);
    for (const replica of ['A', 'B', 'C']) expect(shownAt(run, replica, 'title', 'siblings')).toBe(value);
    expect(run.figures.find(({ strategy }) => strategy === 'siblings')).toMatchObject({ toResolve: 0, kept });
    expect(editsOf(run).at(-1)!.traces).not.toHaveProperty('crdt');
  });

  test('keep of a list: by its labels', async () => {
    const { run } = await played(['offline: C', '{ at: A, insert: { tasks: Map } }', '{ at: C, remove: { tasks: Hotel } }', 'heal: true', '{ at: A, keep: { tasks: [Hotel, Tickets, Map] } }']);
    expect(shownAt(run, 'C', 'tasks', 'siblings')).toEqual(['Hotel', '✓ Tickets', 'Map']);
  });
});

describe('modifiers', () => {
  test('times: so many edits, 5 ms apart', async () => {
    const { run } = await played(['{ at: A, increment: votes, times: 3 }']);
    const walls = editsOf(run).map(({ wallMs }) => wallMs);
    expect([walls[1]! - walls[0]!, walls[2]! - walls[1]!]).toEqual([5, 5]);
    expect(shownAt(run, 'C', 'votes')).toBe(8);
  });

  test('times of what does not fit into one column: each from what the person sees then', async () => {
    const { run } = await played(['{ at: A, type: { notes: { text: x, after: one } }, times: 2 }']);
    expect(shownAt(run, 'B', 'notes')).toBe('onexx two');
  });

  test('in: words and items are looked for in that column', async () => {
    // Under last writer wins C's text took all; under the CRDT "home" is there.
    const steps = ['offline: C', '{ at: A, type: { notes: " home" } }', '{ at: C, type: { notes: " away" } }', 'heal: true'];
    const { run } = await played([...steps, '{ at: A, erase: { notes: "home" } }']);
    expect(shownAt(run, 'B', 'notes')).not.toContain('home');
    await expect(played([...steps, '{ at: A, in: last-writer-wins, erase: { notes: "home" } }'])).rejects.toThrow('steps[5]: the text has no "home"; it is "one two away"');
  });

  test('say alone does nothing, and takes no time', async () => {
    const [without, withWords] = [await played(['{ at: A, increment: votes }']), await played(['say: Look.', '{ at: A, increment: votes, say: And now. }'])];
    expect(withWords.run.records.map(({ wallMs }) => wallMs)).toEqual(without.run.records.map(({ wallMs }) => wallMs));
    expect(withWords.run.scenario.steps).toMatchObject([{ kind: 'say', say: 'Look.' }, { kind: 'edit', say: 'And now.' }]);
  });

  test('together: in the same millisecond, and neither has seen the other; else a step waits for what came before, and a second more', async () => {
    const both = '{ at: A, increment: votes }, { at: B, increment: votes }';
    const at = editsOf((await played([`together: [${both}]`])).run);
    expect(at[1]!.wallMs).toBe(at[0]!.wallMs);
    expect(at[1]!.context.includes(at[0]!.dot)).toBe(false);
    const after = editsOf((await played(['{ at: A, increment: votes }', '{ at: B, increment: votes }'])).run);
    expect(after[1]!.context.includes(after[0]!.dot)).toBe(true);
    expect(after[1]!.wallMs - after[0]!.wallMs).toBeGreaterThanOrEqual(1_000);
    expect(after[1]!.wallMs - after[0]!.wallMs).toBeLessThan(1_200);
  });

  test('together with a wait: what is under way arrives meanwhile', async () => {
    const edits = editsOf((await played(['together: [{ at: A, increment: votes }, { wait: 100 }, { at: B, increment: votes }]'])).run);
    expect(edits[1]!.wallMs - edits[0]!.wallMs).toBe(100);
    expect(edits[1]!.context.includes(edits[0]!.dot)).toBe(true);
  });

  test('several members of one step: edits in the order of the verbs, then events', async () => {
    const { run } = await played(['{ offline: A, increment: votes, set: { title: Rome }, at: A }']);
    expect(editsOf(run).map(({ field }) => field)).toEqual(['title', 'votes']);
    expect(run.room.events.map(({ kind }) => kind)).toContain('offline');
    expect(run.room.at('A').isOnline).toBe(false);
  });
});

describe('events', () => {
  const lag = '{ at: A, increment: votes }';
  const kindsOf = (run: Awaited<ReturnType<typeof played>>['run']): string[] => run.room.events.filter(({ kind, wallMs }) => wallMs > startMs && (networkEventKinds as readonly string[]).includes(kind)).map(({ kind, replica }) => `${kind} ${replica ?? ''}`.trim()).filter((each) => !each.startsWith('online'));

  test('offline and online: one, or several', async () => {
    const { run } = await played(['offline: [B, C]', lag, 'online: B']);
    expect([shownAt(run, 'B', 'votes'), shownAt(run, 'C', 'votes')]).toEqual([6, 5]);
    expect(kindsOf(run)).toEqual(['offline B', 'offline C']);
  });

  test('islands: only members of a group reach each other, those in none are one more; the next ones replace them', async () => {
    const four = 'replicas: [A, B, C, D]\n';
    const { run } = await played(['islands: [[A, B]]', '{ at: A, increment: votes }', '{ at: C, increment: { votes: 10 } }'], four);
    expect(['A', 'B', 'C', 'D'].map((name) => shownAt(run, name, 'votes'))).toEqual([6, 6, 15, 15]);
    const next = await played(['islands: [[A, B]]', '{ at: A, increment: votes }', '{ at: C, increment: { votes: 10 } }', 'islands: [[A, C]]'], four);
    expect(['A', 'B', 'C', 'D'].map((name) => shownAt(next.run, name, 'votes'))).toEqual([16, 16, 16, 16]);
    const apart = await played(['islands: [[A, B]]', 'islands: [[A, C]]', '{ at: A, increment: votes }'], four);
    expect(['A', 'B', 'C', 'D'].map((name) => shownAt(apart.run, name, 'votes'))).toEqual([6, 5, 6, 5]);
  });

  test('link: each way by itself; {} mends it and brings what was lost', async () => {
    const deaf = await played(['link: { C: { downstream: { cut: true } } }', lag, '{ at: C, increment: { votes: 10 } }']);
    expect([shownAt(deaf.run, 'A', 'votes'), shownAt(deaf.run, 'C', 'votes')]).toEqual([16, 15]);
    const mute = await played(['link: { C: { upstream: { cut: true } } }', lag, '{ at: C, increment: { votes: 10 } }']);
    expect([shownAt(mute.run, 'A', 'votes'), shownAt(mute.run, 'C', 'votes')]).toEqual([6, 16]);
    const mended = await played(['link: { C: { upstream: { cut: true } } }', lag, '{ at: C, increment: { votes: 10 } }', 'link: { C: {} }']);
    expect([shownAt(mended.run, 'A', 'votes'), shownAt(mended.run, 'C', 'votes')]).toEqual([16, 16]);
    expect(kindsOf(mended.run)).toEqual(['fault C', 'fault C']);
  });

  test('crash and restart: what was on the disk is there again, and its switch is as it was', async () => {
    const { run } = await played(['offline: B', '{ at: B, increment: votes }', 'crash: B', lag, 'restart: B', 'online: B']);
    expect(['A', 'B', 'C'].map((name) => shownAt(run, name, 'votes'))).toEqual([7, 7, 7]);
    expect(kindsOf(run)).toEqual(['offline B', 'crash B', 'restart B']);
  });

  test('skew: timestamps are off by it, ahead and behind, until it is set anew', async () => {
    const { run } = await played(['skew: { A: 5 minutes, B: -1 h }', '{ at: A, set: { title: a } }', '{ at: B, set: { title: b } }', 'skew: { A: 0 s }', '{ at: A, set: { title: c } }']);
    const [a, b, c] = editsOf(run);
    expect([a!.skewMs, b!.skewMs, c!.skewMs]).toEqual([300_000, -3_600_000, undefined]);
    expect(shownAt(run, 'C', 'title', 'last-writer-wins')).toBe('a');
  });

  test.each([
    ['the first of the replicas', '', 'A'],
    ['the first of the replicas, whatever the order of the names', 'replicas: [C, A, B]\n', 'C'],
    ['the one that is named', 'leader: B\n', 'B'],
  ])('[LEAD11] who leads at first: %s', async (_, more, leader) => {
    const steps = ['{ at: A, reserve: seats }', `offline: ${leader}`, `{ at: ${leader === 'A' ? 'B' : 'A'}, reserve: seats }`];
    const expected = `${more}expect:\n  single-leader: { kept: 1, refused: 1 }\n`;
    const { run, outcome } = await played(steps, expected);
    expect(outcome).toBe('holds');
    expect(run.records.filter(isOutcome).flatMap(({ strategy, settlement }) => (strategy === 'single-leader' ? [settlement] : []))).toEqual([{ outcome: 'accepted', details: [1, leader, 1, ''] }]);
    expect(run.room.replicas.map(({ strategies }) => strategies.singleLeader.leader)).toEqual([leader, leader, leader]);
    expect(run.room.troubles).toEqual([]);
  });

  test('promote: the new one leads', async () => {
    const { run } = await played(['promote: C', 'offline: A', '{ at: C, reserve: seats }']);
    expect(run.figures.find(({ strategy }) => strategy === 'single-leader')).toMatchObject({ kept: 1, pending: 0, refused: 0 });
    expect(shownAt(run, 'B', 'seats', 'single-leader')).toBe(2);
    const without = await played(['offline: A', '{ at: C, reserve: seats }']);
    expect(without.run.figures.find(({ strategy }) => strategy === 'single-leader')).toMatchObject({ refused: 1 });
  });

  test('read: at tells who, read tells where, and the history has what was read', async () => {
    const { run } = await played(['{ at: B, read: C }']);
    const reads = run.records.filter(isRead);
    expect(reads.map(({ dot }) => dot.replica)).toEqual(['B']);
  });

  test('heal: one island, good links, everybody up and online', async () => {
    const { run } = await played(['islands: [[A], [B, C]]', 'link: { B: { upstream: { cut: true } } }', 'offline: C', 'crash: A', 'heal: true', lag]);
    expect(run.room.isUndisturbed && run.room.isAtRest).toBe(true);
    expect(['A', 'B', 'C'].map((name) => shownAt(run, name, 'votes'))).toEqual([6, 6, 6]);
  });

  test('wait: so much time passes, and a second more as after each step', async () => {
    const [first, second] = editsOf((await played([lag, 'wait: 1 week', lag])).run);
    const ms = second!.wallMs - first!.wallMs;
    expect(ms).toBeGreaterThanOrEqual(7 * 86_400_000 + 2_000);
    expect(ms).toBeLessThan(7 * 86_400_000 + 2_200);
  });

  test('none is left out here', () => {
    expect(Object.keys(eventShapes).sort()).toEqual(['crash', 'heal', 'islands', 'link', 'offline', 'online', 'promote', 'read', 'restart', 'skew', 'wait']);
  });
});

test('neverBelow looks at every replica that is up, after every step, at counters and stocks of each column', async () => {
  const steps = ['offline: C', '{ at: A, increment: { votes: -9 } }', '{ at: A, increment: { votes: 20 } }', '{ at: A, reserve: { seats: 3 } }', '{ at: C, reserve: seats }', 'heal: true', '{ at: B, release: { seats: 5 } }'];
  const { run } = await played(steps, 'expect:\n  crdt: { neverBelow: { votes: -4, seats: 0 } }\n  consensus: { neverBelow: { votes: -3, seats: 0 } }\n');
  expect(run.judgements.map(({ sentence }) => sentence)).toEqual([
    'CRDT (Yjs): votes was -4 at its lowest', 'CRDT (Yjs): seats was -1 at its lowest; never below 0 was expected',
    'Consensus: votes was -4 at its lowest; never below -3 was expected', 'Consensus: seats was 0 at its lowest',
  ]);
});

const second = '{ at: A, insert: { tasks: Hotel } }';
const two = 'there are 2 items "Hotel", at places 1 and 3 of the list; say which one: { label: "Hotel", nth: 1 } to nth: 2';

describe('of several items with one label, nth says which one is meant', () => {
  test.each([
    ['tick: { tasks: { label: Hotel, nth: 2 } }', ['Hotel', '✓ Tickets', '✓ Hotel']],
    ['tick: { tasks: { label: Hotel, nth: 1 } }', ['✓ Hotel', '✓ Tickets', 'Hotel']],
    ['relabel: { tasks: { item: { label: Hotel, nth: 2 }, label: Flat } }', ['Hotel', '✓ Tickets', 'Flat']],
    ['move: { tasks: { item: { label: Hotel, nth: 2 }, after: { label: Hotel, nth: 1 } } }', ['Hotel', 'Hotel', '✓ Tickets']],
    ['remove: { tasks: { label: Hotel, nth: 1 } }', ['✓ Tickets', 'Hotel']],
    ['insert: { tasks: { label: Map, after: { label: Hotel, nth: 1 } } }', ['Hotel', 'Map', '✓ Tickets', 'Hotel']],
  ])('%s', async (verb, shown) => {
    const { run } = await played([second, `{ at: A, ${verb} }`]);
    expect(shownAt(run, 'C', 'tasks')).toEqual(shown);
  });
});

describe('what cannot be done ends the run with one line that names the step', () => {
  test.each([
    ['an edit where nobody is up', ['crash: B', '{ at: B, increment: votes }'], 'steps[2]: replica B is down'],
    ['a read there', ['crash: B', '{ at: A, read: B }', '{ at: B, read: A }'], 'steps[3]: replica B is down'],
    ['a second crash', ['crash: B', 'crash: [A, B]'], 'steps[2]: replica B is down'],
    ['a promotion of nobody', ['crash: B', 'promote: B'], 'steps[2]: replica B is down'],
    ['a word that is not there', ['{ at: A, erase: { notes: three } }'], 'steps[1]: the text has no "three"; it is "one two"'],
    ['a place that is not there', ['{ at: A, type: { notes: { text: x, after: three } } }'], 'steps[1]: the text has no "three"; it is "one two"'],
    ['nothing to erase', ['{ at: A, erase: { notes: { at: 7, count: 1 } } }'], 'steps[1]: there is nothing to erase there'],
    ['an item that is not there', ['{ at: A, tick: { tasks: Map } }'], 'steps[1]: there is no item "Map"; there are "Hotel", "Tickets"'],
    ['an item after one that is not there', ['{ at: A, insert: { tasks: { label: x, after: Map } } }'], 'steps[1]: there is no item "Map"; there are "Hotel", "Tickets"'],
    ['a place beyond the text', ['{ at: A, type: { notes: { text: x, at: 40 } } }'], 'steps[1]: the text has 7 characters; 40 is beyond its end'],
    ['a place beyond a text of one', ['{ at: A, erase: { notes: { at: 1, count: 6 } } }', '{ at: A, type: { notes: { text: x, at: 2 } } }'], 'steps[2]: the text has 1 character; 2 is beyond its end'],
    ['nothing to erase beyond the text', ['{ at: A, erase: { notes: { at: 8, count: 1 } } }'], 'steps[1]: the text has 7 characters; 8 is beyond its end'],
    ['a label that two items have', [second, '{ at: A, tick: { tasks: Hotel } }'], `steps[2]: ${two}`],
    ['one to move', [second, '{ at: A, move: { tasks: { item: Hotel, after: Tickets } } }'], `steps[2]: ${two}`],
    ['one to move after', [second, '{ at: A, move: { tasks: { item: Tickets, after: Hotel } } }'], `steps[2]: ${two}`],
    ['one to insert after', [second, '{ at: A, insert: { tasks: { label: Map, after: Hotel } } }'], `steps[2]: ${two}`],
    ['one to rename', [second, '{ at: A, relabel: { tasks: { item: Hotel, label: Flat } } }'], `steps[2]: ${two}`],
    ['one to remove', [second, '{ at: A, remove: { tasks: Hotel } }'], `steps[2]: ${two}`],
    ['more than there are of a label', [second, '{ at: A, tick: { tasks: { label: Hotel, nth: 3 } } }'], 'steps[2]: there are 2 items "Hotel"; nth: 3 is beyond the last'],
    ['an item after itself', ['{ at: A, move: { tasks: { item: Hotel, after: Hotel } } }'], 'steps[1]: "Hotel" cannot be moved after itself'],
    ['a choice of nothing', ['{ at: A, keep: { title: x } }'], 'steps[1]: there are no siblings to choose from'],
    ['in together', ['heal: true', 'together: [{ at: A, increment: votes }, { at: A, tick: { tasks: Map } }]'], 'steps[2].together[2]: there is no item "Map"; there are "Hotel", "Tickets"'],
  ])('%s', async (_, steps, message) => {
    await expect(played(steps)).rejects.toThrow(message);
  });

  test('or is passed over and told, where the caller wants it', async () => {
    const passed: string[] = [];
    const { run } = await played(['{ at: A, tick: { tasks: Map } }', '{ at: A, increment: votes }'], '', { impossible: 'pass-over', onPassedOver: ({ path }) => passed.push(path) });
    expect(passed).toEqual(['steps[1]']);
    expect(shownAt(run, 'C', 'votes')).toBe(6);
  });

  test('or where it is unclear, the nearest is done and told', async () => {
    const nearest: unknown[] = [];
    const steps = [second, '{ at: A, type: { notes: { text: "!", at: 40 } } }', '{ at: A, move: { tasks: { item: Hotel, after: Tickets } } }', '{ at: A, increment: votes }'];
    const { run } = await played(steps, '', { impossible: 'pass-over', onNearest: ({ path }, action) => nearest.push([path, action]) });
    expect(nearest).toEqual([
      ['steps[2]', { kind: 'type', text: '!', at: 7 }],
      ['steps[3]', { kind: 'move', item: { label: 'Hotel', nth: 1 }, after: 'Tickets' }],
    ]);
    expect(shownAt(run, 'C', 'notes')).toBe('one two!');
    expect(shownAt(run, 'C', 'tasks')).toEqual(['✓ Tickets', 'Hotel', 'Hotel']);
  });
});

test('what is erased in one column goes from others at its own place there, and is refused by those that have another text', async () => {
  const apart = ['offline: C', '{ at: A, type: { notes: " or three" } }', '{ at: C, type: { notes: { text: "Buy ", at: start } } }', 'heal: true'];
  const erased = ['{ at: B, erase: { notes: "Buy " } }', '{ at: B, erase: { notes: "two" } }'];
  const { run } = await played([...apart, ...erased], 'expect:\n  every: { converged: true }\n');
  const shown = Object.fromEntries(strategyIds.map((strategy) => [strategy, shownAt(run, 'B', 'notes', strategy)]));
  const both = 'one  or three';
  expect(shown).toEqual({ crdt: both, 'last-writer-wins': 'one ', siblings: 'Buy one two', quorum: both, consensus: both, 'single-leader': both });
  for (const strategy of ['quorum', 'consensus', 'single-leader'] as const) {
    const answers = run.records.flatMap((record) => (isOutcome(record) && record.strategy === strategy ? [record.settlement] : []));
    const refusals = answers.flatMap((answer) => (answer.outcome === 'refused' ? [answer.reason] : []));
    expect(refusals, strategy).toEqual(['this column has another text here']);
  }
});
