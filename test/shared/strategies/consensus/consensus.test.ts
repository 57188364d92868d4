import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import type { FieldId } from '../../../../shared/document/schema.ts';
import { labSchema } from '../../../../shared/document/schema.ts';
import { Acceptor } from '../../../../shared/strategies/consensus/acceptor.ts';
import type { ReadAnswer } from '../../../../shared/strategies/coordinated-strategy.ts';
import { Consensus } from '../../../../shared/strategies/consensus/consensus.ts';
import { decodeConsensus, encodeConsensus } from '../../../../shared/strategies/consensus/messages.ts';
import { initialState } from '../../../../shared/strategies/consensus/register-state.ts';
import { randomIntent } from '../../../support/random-intent.ts';
import { CoordinatedRun, endOf } from '../../../simulation/coordinated-run.ts';
import { defaultConsensusSettings } from '../../../../shared/strategies/consensus/settings.ts';

const three = ['A', 'B', 'C'] as const;

function runOf(seed = 1, settings = defaultConsensusSettings, names: readonly string[] = three): CoordinatedRun<Consensus> {
  return new CoordinatedRun(seed, () => new Consensus(labSchema, settings), undefined, undefined, names);
}

async function read(run: CoordinatedRun<Consensus>, at: string, field: FieldId): Promise<ReadAnswer | undefined> {
  let answer: ReadAnswer | undefined;
  run.lines.at(at).read(field, (given) => (answer = given));
  await run.lines.runUntil(() => answer !== undefined, 10_000);
  return answer;
}

const plusOne = { kind: 'increment', by: 1 } as const;

describe('consensus (N=3)', () => {
  test('an edit is pending, then accepted with its place in the chain, and seen everywhere', async () => {
    const run = runOf();
    const [first, second] = [run.edit('A', 'votes', plusOne), run.edit('A', 'votes', plusOne)];
    expect(first.trace).toEqual({ outcome: 'pending' });
    await run.lines.run(300);
    expect(first.told.map(({ settlement }) => settlement)).toEqual([{ outcome: 'accepted', details: [1, ''] }]);
    expect(second.told.map(({ settlement }) => settlement)).toEqual([{ outcome: 'accepted', details: [2, 'A:1'] }]);
    expect(three.map((name) => run.lines.at(name).value('votes'))).toEqual([2, 2, 2]);
  });

  test('all six field types work', async () => {
    const run = runOf();
    for (let i = 0; i < 30; i++) {
      const field = run.random.pick(labSchema);
      run.edit(run.random.pick(three), field.id, randomIntent(run.random, field, run.lines.at('A').value(field.id)));
      await run.lines.run(150);
    }
    await run.lines.run(3000);
    expect(run.edits.every((edit) => ['accepted', 'refused'].includes(endOf(edit)))).toBe(true);
    expect(new Set(three.map((name) => run.lines.at(name).digest())).size).toBe(1);
  });

  test('[CAS7] one replica of three is cut off: it refuses at once, in these words, and goes on after rejoining', async () => {
    const run = runOf();
    run.lines.islands(['A'], ['B', 'C']);
    await run.lines.run(200);
    expect(run.edit('A', 'seats', { kind: 'reserve', amount: 1 }).trace).toEqual({ outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' });
    const other = run.edit('B', 'seats', { kind: 'reserve', amount: 3 });
    await run.lines.run(300);
    expect(endOf(other)).toBe('accepted');
    run.lines.heal();
    await run.lines.run(300);
    const late = run.edit('A', 'seats', { kind: 'reserve', amount: 1 });
    await run.lines.run(3000);
    expect(late.told[0]?.settlement).toEqual({ outcome: 'refused', reason: '0 left, 1 wanted' });
    expect(three.map((name) => run.lines.at(name).value('seats'))).toEqual([0, 0, 0]);
  });

  test('[CAS7] cut off before anybody knows: refused with the number that answered, as nothing was sent to be accepted', async () => {
    const run = runOf();
    run.lines.islands(['A'], ['B', 'C']);
    const edit = run.edit('A', 'votes', plusOne);
    await run.lines.run(10_000);
    expect(edit.told[0]?.settlement).toEqual({ outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' });
  });

  test('[CAS6] cut off between prepare and accept: unknown, and settled after rejoining', async () => {
    let settled = 0;
    for (let delay = 1; delay < 40; delay++) {
      const run = runOf(delay);
      const edit = run.edit('A', 'votes', plusOne);
      await run.lines.run(delay);
      run.lines.islands(['A'], ['B', 'C']);
      await run.lines.run(8000);
      const unknown = endOf(edit) === 'unknown';
      await run.heal(10_000);
      expect(run.wrong).toEqual([]);
      if (unknown) expect(edit.told.map(({ settlement }) => settlement.outcome)).toEqual(['unknown', edit.told[1]!.settlement.outcome]);
      if (unknown) settled++;
      expect(run.lines.at('C').value('votes')).toBe(endOf(edit) === 'accepted' ? 1 : 0);
    }
    expect(settled).toBeGreaterThan(3);
  });

  test('[CAS6] crash of the proposer between accept and answer: unknown in its next life, then settled', async () => {
    let settled = 0;
    for (let delay = 1; delay < 40; delay++) {
      const run = runOf(delay);
      const edit = run.edit('A', 'votes', plusOne);
      await run.lines.run(delay);
      run.lines.crash('A');
      await run.lines.run(100);
      run.lines.restart('A');
      await run.heal(10_000);
      expect(run.wrong).toEqual([]);
      if (edit.told[0]?.settlement.outcome === 'unknown') settled++;
      expect(run.lines.at('C').value('votes')).toBe(endOf(edit) === 'accepted' ? 1 : 0);
    }
    expect(settled).toBeGreaterThan(3);
  });

  test('[CAS8] a read on a majority sees what was accepted; a local read on a replica that was cut off is stale', async () => {
    for (const localReads of [false, true]) {
      const run = runOf(1, { ...defaultConsensusSettings, localReads });
      run.lines.islands(['A', 'B'], ['C']);
      const edit = run.edit('A', 'votes', plusOne);
      await run.lines.run(300);
      expect(endOf(edit)).toBe('accepted');
      expect(await read(run, 'C', 'votes')).toMatchObject(localReads ? { outcome: 'read', value: 0 } : { outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' });
      run.lines.islands(['A'], ['B', 'C']);
      await run.lines.run(160);
      expect(await read(run, 'C', 'votes')).toMatchObject({ outcome: 'read', value: localReads ? run.lines.at('C').value('votes') : 1 });
    }
  });
});

describe('messages of consensus', () => {
  const ballot = { counter: 4, replica: 'B' };
  const state = initialState(labSchema[2]!);
  const values = (run: CoordinatedRun<Consensus>): string => run.lines.at('A').digest();

  test('[CAS9] malformed, of strangers, from the future, repeated, out of order: nothing changes', async () => {
    const run = runOf();
    const before = values(run);
    const hear = (from: string, bytes: Uint8Array) => () => run.lines.at('A').receiveFrom(from, bytes);
    const prepare = encodeConsensus({ kind: 'prepare', field: 'votes', ballot });
    expect(hear('Z', prepare)).toThrow('Z is not another member');
    expect(hear('A', prepare)).toThrow('A is not another member');
    expect(hear('C', prepare)).toThrow('C used a ballot of B');
    expect(hear('B', encodeConsensus({ kind: 'prepare', field: 'votes', ballot: { counter: 2 ** 40, replica: 'B' } }))).toThrow('from the future');
    expect(hear('B', encodeConsensus({ kind: 'conflict', field: 'votes', ballot, promised: { counter: 2 ** 40, replica: 'B' } }))).toThrow('from the future');
    expect(hear('B', encodeConsensus({ kind: 'chosen', field: 'votes', ballot: { counter: 2 ** 40, replica: 'B' }, state: { ...state, value: 7 } }))).toThrow('from the future');
    for (let length = 0; length < prepare.length; length++) expect(hear('B', prepare.slice(0, length))).toThrow(RangeError);
    expect(hear('B', encoding.encode((encoder) => encoding.writeVarUint(encoder, 99)))).toThrow('there is no kind 99');
    for (const kind of ['accepted', 'promise'] as const) hear('B', encodeConsensus({ kind, field: 'votes', ballot, accepted: null }))();
    await run.lines.run(500);
    expect(values(run)).toBe(before);
  });

  test('[CAS9] bytes changed at random never do more than throw a RangeError', () => {
    const run = runOf();
    const whole = encodeConsensus({ kind: 'promise', field: 'votes', ballot, accepted: { ballot, state: { value: 3, version: 1, last: 'B:1', applied: new Map([['B', [{ counter: 1, version: 1, replaces: '' }]]]) } } });
    expect(decodeConsensus(whole, labSchema)).toMatchObject({ kind: 'promise', accepted: { state: { value: 3 } } });
    for (let i = 0; i < 3000; i++) {
      const bytes = whole.slice();
      bytes[run.random.below(bytes.length)] = run.random.below(256);
      try {
        decodeConsensus(bytes, labSchema);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });

  test('[CAS2] a promise outlives a crash; a lower or equal ballot gets none', async () => {
    const kept = new Map<string, Uint8Array>();
    const network = { persist: async (key: string, bytes: Uint8Array) => void kept.set(key, bytes) } as never;
    const first = new Acceptor(labSchema[2]!, network, labSchema, kept);
    expect(await first.promise(ballot)).toBeNull();
    const second = new Acceptor(labSchema[2]!, network, labSchema, kept);
    expect(second.promise(ballot)).toBeNull();
    expect(second.promise({ counter: 4, replica: 'A' })).toBeNull();
    expect(second.accept({ counter: 3, replica: 'C' }, state)).toBeNull();
    await second.accept(ballot, { ...state, value: 5, version: 1, last: 'B:1' });
    const third = new Acceptor(labSchema[2]!, network, labSchema, kept);
    expect(await third.promise({ counter: 5, replica: 'A' })).toMatchObject({ ballot, state: { value: 5 } });
  });

  test('[CAS9] an edit of another replica, an older one, or a malformed one is refused by an error', () => {
    const run = runOf();
    run.edit('A', 'votes', plusOne);
    const edit = { context: undefined as never, field: 'seats', wallMs: 0, hybrid: { ms: 0, counter: 0 }, intent: { kind: 'reserve', amount: -1 } as const };
    expect(() => run.lines.at('A').perform({ ...edit, dot: { replica: 'B', counter: 1 } })).toThrow('B:1 was not made at A');
    expect(() => run.lines.at('A').perform({ ...edit, dot: { replica: 'A', counter: 1 } })).toThrow('A:1 comes after A:1');
    expect(() => run.lines.at('A').perform({ ...edit, dot: { replica: 'A', counter: 2 } })).toThrow('amount is a whole number from');
  });

  test('deltas bring what was chosen, in any order, once or often', async () => {
    const run = runOf();
    for (const field of ['votes', 'votes', 'votes']) run.edit('A', field, plusOne);
    run.lines.islands(['A', 'B'], ['C']);
    await run.lines.run(900);
    const [a, c] = [run.lines.at('A'), run.lines.at('C')];
    const delta = a.delta(c.summary());
    for (let i = 0; i < 2; i++) c.receive(delta);
    expect(c.digest()).toBe(a.digest());
    expect(() => c.receive(delta.slice(0, 4))).toThrow(RangeError);
    expect(c.digest()).toBe(a.digest());
  });
});
