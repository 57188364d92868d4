import { describe, expect, test } from 'vitest';
import { dotKey } from '../../../../shared/clocks/dot.ts';
import { labSchema } from '../../../../shared/document/schema.ts';
import { decodeLeader, encodeLeader } from '../../../../shared/strategies/single-leader/messages.ts';
import type { MemberNetwork } from '../../../../shared/strategies/coordinated-strategy.ts';
import { defaultSingleLeaderSettings, type SingleLeaderSettings } from '../../../../shared/strategies/single-leader/settings.ts';
import type { Promotion } from '../../../../shared/strategies/single-leader/promotion.ts';
import { ReplicatedLog } from '../../../../shared/strategies/single-leader/replicated-log.ts';
import { SingleLeader } from '../../../../shared/strategies/single-leader/single-leader.ts';
import { noVersion } from '../../../../shared/strategies/version.ts';
import { randomIntent } from '../../../support/random-intent.ts';
import { CoordinatedRun, endOf } from '../../../simulation/coordinated-run.ts';

const three = ['A', 'B', 'C'] as const;

function runOf(settings: Partial<SingleLeaderSettings> = {}, wrap?: (network: MemberNetwork) => MemberNetwork, seed = 1): CoordinatedRun<SingleLeader> {
  return new CoordinatedRun(seed, () => new SingleLeader(labSchema, { ...defaultSingleLeaderSettings, ...settings }), undefined, wrap, three);
}

const plusOne = { kind: 'increment', by: 1 } as const;

describe('single leader (N=3)', () => {
  test('edits of the leader and of followers are accepted in one order, and seen everywhere', async () => {
    const run = runOf();
    const first = run.edit('A', 'votes', plusOne);
    await run.lines.run(200);
    const second = run.edit('C', 'votes', plusOne);
    await run.lines.run(1500);
    expect([first, second].map((edit) => edit.told[0]?.settlement)).toEqual([{ outcome: 'accepted', details: [1, 'A', 1, ''] }, { outcome: 'accepted', details: [1, 'A', 2, 'A:1'] }]);
    expect(three.map((name) => run.lines.at(name).value('votes'))).toEqual([2, 2, 2]);
  });

  test('all six field types work', async () => {
    const run = runOf();
    for (let i = 0; i < 30; i++) {
      const field = run.random.pick(labSchema);
      run.edit(run.random.pick(three), field.id, randomIntent(run.random, field, run.lines.at('A').value(field.id)));
      await run.lines.run(120);
    }
    await run.lines.run(3000);
    expect(run.edits.every((edit) => ['accepted', 'refused'].includes(endOf(edit)))).toBe(true);
    expect(new Set(three.map((name) => run.lines.at(name).digest())).size).toBe(1);
  });

  test('[LEAD2] the leader is cut off: followers refuse at once, in these words; so does the leader, which needs a majority', async () => {
    const run = runOf();
    run.lines.islands(['A'], ['B', 'C']);
    await run.lines.run(200);
    expect(run.edit('B', 'votes', plusOne).trace).toEqual({ outcome: 'refused', reason: 'the leader A cannot be reached' });
    expect(run.edit('A', 'votes', plusOne).trace).toEqual({ outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' });
  });

  test('synchronous to all: one follower is cut off, and the leader refuses', async () => {
    const run = runOf({ replication: 'all' });
    run.lines.islands(['A', 'B'], ['C']);
    await run.lines.run(200);
    expect(run.edit('A', 'votes', plusOne).trace).toEqual({ outcome: 'refused', reason: '2 of 3 replicas reachable, 3 needed' });
  });

  test('[LEAD4] [LEAD5] [LEAD6] asynchronous, B is promoted while A is cut off: both go on; after rejoining A steps down and lists what is gone', async () => {
    const run = runOf({ replication: 'asynchronous' });
    const before = run.edit('A', 'votes', plusOne);
    await run.lines.run(1000);
    run.lines.islands(['A'], ['B'], ['C']);
    await run.lines.run(200);
    let how: Promotion | undefined;
    run.lines.at('B').promote((given) => (how = given));
    const lost = run.edit('A', 'votes', { kind: 'increment', by: 10 });
    await run.lines.run(200);
    const kept = run.edit('B', 'votes', plusOne);
    await run.lines.run(200);
    expect(how).toBe('alone');
    expect([before, lost, kept].map(endOf)).toEqual(['accepted', 'accepted', 'accepted']);
    const heard: string[] = [];
    run.lines.at('A').onRollBack((dots) => heard.push(...dots.map(dotKey)));
    run.lines.heal();
    await run.lines.run(3000);
    expect(three.map((name) => run.lines.at(name).leader)).toEqual(['B', 'B', 'B']);
    expect(three.map((name) => run.lines.at(name).value('votes'))).toEqual([2, 2, 2]);
    expect(run.lines.at('A').rolledBack()).toEqual([lost.dot]);
    expect(heard).toEqual(['A:2']);
  });

  test('[LEAD7] promoted with a majority, a copy that lacks entries takes them over first', async () => {
    const run = runOf();
    run.lines.islands(['A', 'B'], ['C']);
    const edit = run.edit('A', 'votes', plusOne);
    await run.lines.run(300);
    expect(endOf(edit)).toBe('accepted');
    run.lines.islands(['A'], ['B', 'C']);
    await run.lines.run(200);
    let how: Promotion | undefined;
    run.lines.at('C').promote((given) => (how = given));
    await run.lines.run(1000);
    expect(how).toBe('with a majority');
    expect(run.lines.at('C').value('votes')).toBe(1);
    expect(run.lines.at('A').rolledBack()).toEqual([]);
  });

  test('[LEAD3] a leader that crashes in any millisecond after it was promoted once more commits what it held', async () => {
    for (let crash = 0; crash < 200; crash++) {
      const [seed, crashMs] = [crash, crash % 25];
      const run = runOf({ replication: 'all' }, undefined, seed);
      run.edit('A', 'votes', plusOne);
      await run.lines.run(200);
      const edit = run.edit('A', 'votes', plusOne);
      await run.lines.run(3);
      run.lines.at('A').promote();
      await run.lines.run(crashMs);
      run.lines.crash('A');
      run.lines.restart('A');
      await run.lines.run(5000);
      expect(endOf(edit), `seed ${seed}, crashed after ${crashMs} ms`).toBe('accepted');
      expect(three.map((name) => run.lines.at(name).value('votes')), `seed ${seed}, crashed after ${crashMs} ms`).toEqual([2, 2, 2]);
    }
  });

  test('[LEAD3] a term is told to nobody before it is kept: a crash would forget it', async () => {
    let keeps = true;
    const slow = (network: MemberNetwork): MemberNetwork => Object.assign(Object.create(network) as MemberNetwork, { persist: (name: string, bytes: Uint8Array) => (keeps || name !== 'term' ? network.persist(name, bytes) : new Promise(() => undefined)) });
    const run = runOf({}, slow);
    run.edit('A', 'votes', plusOne);
    await run.lines.run(3);
    keeps = false;
    run.lines.at('A').promote();
    await run.lines.run(3000);
    expect(three.slice(1).map((name) => run.lines.at(name).summary())).toEqual(three.slice(1).map(() => run.lines.at('B').summary()));
    expect(run.lines.at('B').summary(), 'the term that A has kept').not.toEqual(run.lines.at('A').summary());
    run.lines.crash('A');
    keeps = true;
    run.lines.restart('A');
    const edit = run.edit('B', 'votes', plusOne);
    await run.lines.run(3000);
    expect(endOf(edit)).toBe('accepted');
  });

  test('a leader whose disk lost its term hears of it from the others, and leads a later one', async () => {
    const run = runOf();
    run.lines.at('C').receiveFrom('A', encodeLeader({ kind: 'inquire', term: { counter: 7, replica: 'A' } }));
    await run.lines.run(5000);
    const edit = run.edit('C', 'votes', plusOne);
    await run.lines.run(2000);
    expect(endOf(edit)).toBe('accepted');
    expect(three.map((name) => run.lines.at(name).leader)).toEqual(['A', 'A', 'A']);
  });

  test('[LEAD6] an edit that was taken off the log, and that the surviving leader had refused, is listed as rolled back', async () => {
    const log = new ReplicatedLog(labSchema, { persist: () => Promise.resolve() } as unknown as MemberNetwork, new Map());
    const edit = { dot: { replica: 'B', counter: 1 }, field: 'votes', intent: plusOne, replaces: '', refusal: null } as const;
    await log.append([{ term: { counter: 1, replica: 'A' }, edit }]);
    log.cutTo(0);
    expect(log.rolledBack()).toEqual([edit.dot]);
    await log.append([{ term: { counter: 2, replica: 'C' }, edit: { ...edit, refusal: '0 left, 1 wanted' } }]);
    expect(log.rolledBack()).toEqual([edit.dot]);
    await log.append([{ term: { counter: 3, replica: 'C' }, edit: { ...edit, dot: { replica: 'B', counter: 2 } } }]);
    log.cutTo(1);
    await log.append([{ term: { counter: 4, replica: 'C' }, edit: { ...edit, dot: { replica: 'B', counter: 2 } } }]);
    expect(log.rolledBack(), 'B:2 stands again').toEqual([edit.dot]);
  });

  test('what the store refuses of an edit or of a promotion is kept later, without another edit', async () => {
    for (const key of ['entry/2', 'entry/3', 'length', 'term']) {
      let refusing = false;
      const refuses = (network: MemberNetwork): MemberNetwork => Object.assign(Object.create(network) as MemberNetwork, { persist: (name: string, bytes: Uint8Array) => (refusing && name === key ? Promise.reject(new Error('the disk is full')) : network.persist(name, bytes)) });
      const run = runOf({}, refuses);
      run.edit('A', 'votes', plusOne);
      await run.lines.run(200);
      refusing = true;
      const edit = run.edit('A', 'votes', plusOne);
      await run.lines.run(8);
      run.lines.at('A').promote();
      await run.lines.run(100);
      refusing = false;
      await run.lines.run(5000);
      expect(endOf(edit), key).toBe('accepted');
      expect(three.map((name) => run.lines.at(name).value('votes')), key).toEqual([2, 2, 2]);
    }
  });

  test('[LEAD8] malformed, of strangers, of others than the leader, from the future, repeated: nothing changes', async () => {
    const run = runOf();
    const term = { counter: 1, replica: 'A' };
    const hear = (from: string, bytes: Uint8Array) => () => run.lines.at('C').receiveFrom(from, bytes);
    const edit = { dot: { replica: 'B', counter: 1 }, field: 'votes', intent: plusOne, replaces: '', refusal: null };
    const append = { kind: 'append', term, begun: 0, after: 0, afterTerm: noVersion, committed: 1, entries: [{ term, edit }] } as const;
    const bytes = encodeLeader(append);
    expect(hear('Z', bytes)).toThrow('Z is not another member');
    expect(hear('B', bytes)).toThrow('B does not lead term 1 of A');
    expect(hear('B', encodeLeader({ kind: 'outdated', term: { counter: 2 ** 40, replica: 'B' } }))).toThrow('from the future');
    expect(hear('A', encodeLeader({ kind: 'forward', term, ...edit }))).toThrow('B:1 was not made at A');
    for (let length = 0; length < bytes.length; length++) expect(hear('A', bytes.slice(0, length))).toThrow(RangeError);
    for (let i = 0; i < 2000; i++) {
      const changed = bytes.slice();
      changed[run.random.below(changed.length)] = run.random.below(256);
      try {
        decodeLeader(changed, labSchema);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
    hear('A', encodeLeader({ ...append, after: 5, afterTerm: term }))();
    await run.lines.run(100);
    expect(run.lines.at('C').value('votes')).toBe(0);
    for (let i = 0; i < 2; i++) hear('A', bytes)();
    expect(run.lines.at('C').value('votes')).toBe(1);
  });

  test('[LEAD10] a promotion takes a majority, and C reaches only itself: it is refused in these words, and nothing changes; with B it leads', async () => {
    const run = runOf({ promotion: 'majority' });
    run.lines.islands(['A', 'B'], ['C']);
    const kept = run.edit('A', 'votes', plusOne);
    await run.lines.run(300);
    const ended: Promotion[] = [];
    const summary = run.lines.at('C').summary();
    run.lines.at('C').promote((how) => ended.push(how));
    await run.lines.run(1000);
    expect(ended).toEqual([{ refused: '1 of 3 replicas reachable, 2 needed to become the leader' }]);
    expect([run.lines.at('C').leader, run.lines.at('C').summary()]).toEqual(['A', summary]);
    run.lines.islands(['A'], ['B', 'C']);
    await run.lines.run(200);
    run.lines.at('C').promote((how) => ended.push(how));
    await run.lines.run(1000);
    expect(ended.slice(1)).toEqual(['with a majority']);
    run.lines.heal();
    await run.lines.run(3000);
    expect(endOf(kept)).toBe('accepted');
    expect(three.map((name) => run.lines.at(name).value('votes'))).toEqual([1, 1, 1]);
  });

  test('[LEAD10] a majority could be reached when the promotion began, and is gone before it answers: C waits for it, and never leads alone', async () => {
    const run = runOf({ promotion: 'majority' });
    await run.lines.run(200);
    run.lines.at('C').promote();
    run.lines.islands(['A', 'B'], ['C']);
    await run.lines.run(500);
    const edits = [run.edit('C', 'votes', plusOne), run.edit('A', 'votes', plusOne)];
    await run.lines.run(5000);
    expect(edits.map(endOf)).toEqual(['refused', 'accepted']);
    run.lines.heal();
    await run.lines.run(5000);
    expect(three.map((name) => run.lines.at(name).leader)).toEqual(['C', 'C', 'C']);
    expect(three.map((name) => run.lines.at(name).value('votes'))).toEqual([1, 1, 1]);
  });

  test('[LEAD11] the first member leads at first, whatever the order of the names', async () => {
    const run = new CoordinatedRun(1, () => new SingleLeader(labSchema, defaultSingleLeaderSettings), undefined, undefined, ['C', 'A', 'B']);
    await run.lines.run(200);
    expect(['C', 'A', 'B'].map((name) => run.lines.at(name).leader)).toEqual(['C', 'C', 'C']);
  });
});
