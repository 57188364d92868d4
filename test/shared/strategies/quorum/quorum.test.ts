import { describe, expect, test } from 'vitest';
import { linearizable } from '../../../../shared/analysis/verdicts/linearizable.ts';
import type { Operation } from '../../../../shared/analysis/verdicts/operation.ts';
import { registerOf, type Specification } from '../../../../shared/analysis/verdicts/specification.ts';
import { labSchema } from '../../../../shared/document/schema.ts';
import { decodeQuorum, encodeQuorum, initialQuorumState } from '../../../../shared/strategies/quorum/messages.ts';
import type { ReadAnswer } from '../../../../shared/strategies/coordinated-strategy.ts';
import { Quorum } from '../../../../shared/strategies/quorum/quorum.ts';
import { defaultQuorumSettings, type QuorumSettings } from '../../../../shared/strategies/quorum/settings.ts';
import { randomIntent } from '../../../support/random-intent.ts';
import { CoordinatedRun, endOf } from '../../../simulation/coordinated-run.ts';

const three = ['A', 'B', 'C'] as const;
const five = ['A', 'B', 'C', 'D', 'E'] as const;

function runOf(settings: Partial<QuorumSettings> = {}, names: readonly string[] = three, seed = 1): CoordinatedRun<Quorum> {
  return new CoordinatedRun(seed, () => new Quorum(labSchema, { ...defaultQuorumSettings, antiEntropy: false, readRepair: false, ...settings }), undefined, undefined, names);
}

async function read(run: CoordinatedRun<Quorum>, at: string, field = 'votes'): Promise<ReadAnswer | undefined> {
  let answer: ReadAnswer | undefined;
  run.lines.at(at).read(field, (given) => (answer = given));
  await run.lines.runUntil(() => answer !== undefined, 10_000);
  return answer;
}

const plusOne = { kind: 'increment', by: 1 } as const;

describe('outcomes', () => {
  test('accepted, with its version and the edit that it was applied to', async () => {
    const run = runOf();
    const edits = [run.edit('A', 'votes', plusOne), run.edit('A', 'votes', plusOne)];
    await run.lines.run(500);
    expect(edits.map((edit) => edit.told[0]?.settlement)).toEqual([{ outcome: 'accepted', details: [1, 'A', ''] }, { outcome: 'accepted', details: [2, 'A', 'A:1'] }]);
  });

  test('all six field types work', async () => {
    const run = runOf({ antiEntropy: true });
    for (let i = 0; i < 30; i++) {
      const field = run.random.pick(labSchema);
      run.edit(run.random.pick(three), field.id, randomIntent(run.random, field, run.lines.at('A').value(field.id)));
      await run.lines.run(120);
    }
    await run.lines.run(3000);
    expect(run.edits.every((edit) => ['accepted', 'refused'].includes(endOf(edit)))).toBe(true);
    expect(new Set(three.map((name) => run.lines.at(name).digest())).size).toBe(1);
  });

  test('[QUO4] one replica is cut off (N=3 R=2 W=2): refused at once, in these words', async () => {
    const run = runOf();
    run.lines.islands(['A'], ['B', 'C']);
    await run.lines.run(200);
    expect(run.edit('A', 'votes', plusOne).trace).toEqual({ outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' });
    expect(await read(run, 'A')).toEqual({ outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' });
  });

  test('[QUO3] too few answers to the question for versions (N=3 R=2 W=2, one-way cuts): refused, and nothing is written', async () => {
    const run = runOf();
    for (const from of ['B', 'C']) run.lines.cutOneWay(from, 'A');
    const edit = run.edit('A', 'votes', plusOne);
    await run.lines.run(5000);
    expect(edit.told.map(({ settlement }) => settlement)).toEqual([{ outcome: 'refused', reason: '1 of 3 replicas answered, 2 needed' }]);
    expect(three.map((name) => run.lines.at(name).value('votes'))).toEqual([0, 0, 0]);
  });

  test('[QUO5] acknowledgements missing after versions were told (N=3 R=1 W=3): unknown, shown here, and accepted after rejoining', async () => {
    const run = runOf({ r: 1, w: 3 });
    run.lines.cutOneWay('A', 'C');
    const edit = run.edit('A', 'votes', plusOne);
    await run.lines.run(5000);
    expect(edit.told.map(({ settlement }) => settlement)).toEqual([{ outcome: 'unknown', reason: '2 of 3 replicas are known to hold it, 3 needed', details: [1, 'A', ''] }]);
    expect(run.lines.at('B').value('votes')).toBe(1);
    run.lines.heal();
    await run.lines.run(3000);
    expect(edit.told.at(-1)?.settlement).toEqual({ outcome: 'accepted', details: [1, 'A', ''] });
  });
});

describe('stale reads', () => {
  test('[QUO7] stale read after one replica is cut (N=3 R=1 W=1)', async () => {
    const run = runOf({ r: 1, w: 1 });
    run.lines.islands(['A', 'B'], ['C']);
    const edit = run.edit('A', 'votes', plusOne);
    await run.lines.run(200);
    expect(endOf(edit)).toBe('accepted');
    expect(await read(run, 'C')).toMatchObject({ outcome: 'read', value: 0 });
  });

  test('[QUO7] [QUO6] without write-back not linearizable, though R + W > N: one reads the new value and then another the old one (N=3 R=1 W=3)', async () => {
    const initial = labSchema.find(({ id }) => id === 'title')!.initial as string;
    for (const writeBack of [false, true]) {
      const run = runOf({ r: 1, w: 3, writeBack });
      run.lines.cutOneWay('A', 'B');
      run.lines.cutOneWay('A', 'C');
      const edit = run.edit('A', 'title', { kind: 'set', value: 'new' });
      await run.lines.run(100);
      const reads: Operation[] = [];
      for (const at of ['A', 'B']) {
        const invokedAt = run.lines.clock.nowMs();
        const answer = await read(run, at, 'title');
        if (answer?.outcome === 'read') reads.push({ kind: 'read', id: `read at ${at}`, session: at, replica: at, field: 'title', value: answer.value as string, invokedAt, returnedAt: run.lines.clock.nowMs() });
        await run.lines.run(5);
      }
      const write: Operation = { kind: 'write', id: 'A:1', session: 'A', replica: 'A', field: 'title', value: 'new', invokedAt: edit.madeMs, returnedAt: null };
      const verdict = linearizable({ operations: [write, ...reads], specifications: new Map([['title', registerOf(initial) as Specification]]) });
      // With it, whoever read the new value would first have to make sure that W copies hold it.
      if (writeBack) expect([reads.map(({ id }) => id), verdict.verdict]).toEqual([['read at B'], 'holds']);
      else expect(verdict).toMatchObject({ verdict: 'broken', witness: { operations: ['A:1', 'read at A', 'read at B'] } });
      if (verdict.verdict === 'broken') expect(verdict.witness.sentence).toMatch(/“?new”?.*“?Weekend trip/);
    }
  });

  test('[QUO10] read repair brings a stale copy up to date; without it, it stays stale (N=3 R=3 W=2)', async () => {
    for (const readRepair of [true, false]) {
      const run = runOf({ r: 1, w: 2, readRepair });
      run.lines.islands(['A', 'B'], ['C']);
      run.edit('A', 'votes', plusOne);
      await run.lines.run(300);
      run.lines.islands(three);
      for (const name of three) run.lines.at(name).configure({ ...defaultQuorumSettings, antiEntropy: false, r: 3, w: 2, readRepair });
      await run.lines.run(200);
      expect(await read(run, 'A')).toMatchObject({ value: 1 });
      await run.lines.run(100);
      expect(run.lines.at('C').value('votes')).toBe(readRepair ? 1 : 0);
    }
  });
});

describe('sloppy quorum', () => {
  test('[QUO8] two of five are cut off (N=5 R=2 W=4): a stand-in counts for them, and hands over what it kept, across a crash', async () => {
    const run = runOf({ r: 2, w: 4, sloppy: true }, five);
    run.lines.islands(['A', 'B', 'C'], ['D', 'E']);
    await run.lines.run(200);
    const edit = run.edit('A', 'votes', plusOne);
    await run.lines.run(300);
    expect(endOf(edit)).toBe('accepted');
    expect(await read(run, 'D')).toMatchObject({ value: 0 });
    // E's stand-in is B, D's too: the next reachable ones but the writer.
    expect(run.lines.at('B').hintCount).toBe(2);
    run.lines.crash('B');
    run.lines.heal();
    await run.lines.run(3000);
    expect(five.map((name) => run.lines.at(name).value('votes'))).toEqual([1, 1, 1, 1, 1]);
    expect(run.lines.at('B').hintCount).toBe(0);
  });

  test('[QUO8] one of three is alone (N=3 R=2 W=3): it stands in for both others, for writes and reads, and hands over what it kept, across a crash', async () => {
    const run = runOf({ w: 3, sloppy: true });
    run.lines.islands(['A'], ['B', 'C']);
    await run.lines.run(200);
    const edits = [run.edit('A', 'votes', plusOne), run.edit('A', 'votes', plusOne)];
    await run.lines.run(300);
    expect(edits.map(endOf)).toEqual(['accepted', 'accepted']);
    expect([await read(run, 'A'), await read(run, 'B')]).toMatchObject([{ outcome: 'read', value: 2 }, { outcome: 'read', value: 0 }]);
    expect(run.lines.at('A').hintCount).toBe(2);
    run.lines.crash('A');
    run.lines.heal();
    await run.lines.run(3000);
    expect(three.map((name) => run.lines.at(name).value('votes'))).toEqual([2, 2, 2]);
    expect(run.lines.at('A').hintCount).toBe(0);
  });

  test('[QUO8] three of five are cut off (N=5 R=4 W=2): the two that are left answer reads for them, with what they have', async () => {
    const run = runOf({ r: 4, sloppy: true }, five);
    run.lines.islands(['A', 'B'], ['C', 'D', 'E']);
    await run.lines.run(200);
    const edit = run.edit('C', 'votes', plusOne);
    await run.lines.run(300);
    expect(endOf(edit)).toBe('accepted');
    expect([await read(run, 'A'), await read(run, 'E')]).toMatchObject([{ outcome: 'read', value: 0 }, { outcome: 'read', value: 1 }]);
  });

  test('[QUO8] who seems to be in reach and does not answer is stood in for as soon as that is known', async () => {
    const run = runOf({ sloppy: true });
    run.lines.islands(['A'], ['B', 'C']);
    const edit = run.edit('A', 'votes', plusOne);
    await run.lines.run(1_500);
    expect(endOf(edit)).toBe('accepted');
  });

  test('[QUO8] the same without stand-ins: refused', async () => {
    const run = runOf({ r: 2, w: 4 }, five);
    run.lines.islands(['A', 'B', 'C'], ['D', 'E']);
    await run.lines.run(200);
    expect(run.edit('A', 'votes', plusOne).trace).toEqual({ outcome: 'refused', reason: '3 of 5 replicas reachable, 4 needed' });
  });
});

describe('bad input', () => {
  test.each([
    [{ w: 0 }, 'W is 0: at least 1 copy must hold a write'],
    [{ r: 1.5 }, 'R is 1.5: at least 1 copy must answer a read'],
    [{ r: -1 }, 'R is -1'],
    [{ everyMs: 0 }, 'everyMs is 0: it must be more than 0 milliseconds'],
  ])('[QUO9] %j cannot be', (settings, message) => {
    expect(() => new Quorum(labSchema, { ...defaultQuorumSettings, ...settings })).toThrow(message);
  });

  test('[QUO9] [QUO4] more than there are members: edits are refused and say so', () => {
    const run = runOf({ w: 4 });
    expect(run.edit('A', 'votes').trace).toEqual({ outcome: 'refused', reason: '3 of 3 replicas reachable, 4 needed' });
    expect(() => run.lines.at('A').configure({ ...defaultQuorumSettings, w: 0 })).toThrow('W is 0');
  });

  test('[QUO11] malformed, of strangers, from the future, repeated: nothing changes', async () => {
    const run = runOf({ antiEntropy: true });
    const field = labSchema[2]!;
    const state = { version: { counter: 1, replica: 'B' }, value: 5, last: 'B:1', replaces: '' };
    const hear = (from: string, bytes: Uint8Array) => () => run.lines.at('A').receiveFrom(from, bytes);
    const store = encodeQuorum({ kind: 'store', field: field.id, state, hintFor: null });
    expect(hear('Z', store)).toThrow('Z is not another member');
    for (const version of [{ counter: 2 ** 40, replica: 'B' }]) {
      expect(hear('B', encodeQuorum({ kind: 'store', field: field.id, state: { ...state, version }, hintFor: null }))).toThrow('from the future');
      expect(hear('B', encodeQuorum({ kind: 'held', field: field.id, version, on: 'B' }))).toThrow('from the future');
      expect(hear('B', encodeQuorum({ kind: 'answer', field: field.id, life: 1, number: 1, state: { ...state, version } }))).toThrow('from the future');
    }
    expect(hear('B', encodeQuorum({ kind: 'store', field: field.id, state, hintFor: 'Z' }))).toThrow('Z is not a member');
    for (let length = 0; length < store.length; length++) expect(hear('B', store.slice(0, length))).toThrow(RangeError);
    for (let i = 0; i < 2000; i++) {
      const bytes = store.slice();
      bytes[run.random.below(bytes.length)] = run.random.below(256);
      try {
        decodeQuorum(bytes, labSchema);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
    hear('B', encodeQuorum({ kind: 'answer', field: field.id, life: 1, number: 1, state }))();
    hear('B', encodeQuorum({ kind: 'held', field: field.id, version: state.version, on: 'B' }))();
    await run.lines.run(300);
    expect(run.lines.at('A').value(field.id)).toBe(0);
    for (let i = 0; i < 2; i++) hear('B', store)();
    await run.lines.run(300);
    hear('B', encodeQuorum({ kind: 'store', field: field.id, state: initialQuorumState(field), hintFor: null }))();
    await run.lines.run(300);
    expect(run.lines.at('A').value(field.id)).toBe(5);
  });

  test('[QUO11] deltas bring newer values, in any order, once or often', async () => {
    const run = runOf();
    run.lines.islands(['A', 'B'], ['C']);
    for (let i = 0; i < 3; i++) run.edit('A', 'votes', plusOne);
    await run.lines.run(900);
    const [a, c] = [run.lines.at('A'), run.lines.at('C')];
    const delta = a.delta(c.summary());
    expect(() => c.receive(delta.slice(0, 4))).toThrow(RangeError);
    for (let i = 0; i < 2; i++) c.receive(delta);
    await run.lines.run(100);
    expect(c.digest()).toBe(a.digest());
  });
});
