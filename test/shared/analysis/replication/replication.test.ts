/** Lag, divergence and rejoins, from histories that one can follow by hand, and against brute force on runs. */
import { describe, expect, test } from 'vitest';
import { divergence, divergenceFigures } from '../../../../shared/analysis/replication/divergence.ts';
import { rejoins } from '../../../../shared/analysis/replication/rejoins.ts';
import { lagFigures, replicationLag } from '../../../../shared/analysis/replication/replication-lag.ts';
import { replicationOf } from '../../../../shared/analysis/replication/replication-figures.ts';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import { dotKey } from '../../../../shared/clocks/dot.ts';
import { inCausalOrder } from '../../../../shared/history/causal-order.ts';
import { type EditRecord, isEdit, strategyIds } from '../../../../shared/history/record.ts';
import type { ArrivedEvent, RoomEvent, ShownEdits } from '../../../../shared/history/room-event.ts';
import { played } from '../../../support/played-scenario.ts';

const has = (text: string): VersionVector => VersionVector.of(text.split(' ').filter(Boolean).map((each) => [each.split(':')[0]!, Number(each.split(':')[1])] as const));
const arrived = (replica: string, wallMs: number, clock: string, shows: ShownEdits = {}): ArrivedEvent => ({ kind: 'arrived', replica, wallMs, payload: { has: has(clock), shows } });
const reach = (replica: string, wallMs: number, before: string, after: string): RoomEvent => ({ kind: 'reach', replica, wallMs, payload: { before: before.split(''), after: after.split('') } });

type Played = Awaited<ReturnType<typeof played>>['run'];
const factsOf = ({ records, events, scenario: { schema } }: Played) => ({ schema, records: inCausalOrder(records), events });
const cut = ['offline: B', '{ at: A, increment: votes }', '{ at: B, increment: votes }', 'wait: 5 s', 'online: B'];

describe('replication lag', () => {
  test('an edit that crosses a cut takes as long as the cut; the others arrive soon', async () => {
    const { records, events } = factsOf((await played(['{ at: C, increment: votes }', ...cut])).run);
    const lag = replicationLag(records, events, ['crdt']);
    expect(lag.map(({ replica }) => replica)).toEqual(['A', 'B', 'C']);
    expect(lag.map(({ arrived: count, underWay }) => [count, underWay])).toEqual([[2, 0], [2, 0], [2, 0]]);
    for (const { worstMs } of lag) expect(worstMs).toBeGreaterThan(5_000);
    expect(lag.find(({ replica }) => replica === 'C')!.medianMs).toBeGreaterThan(2_000);
    expect(lagFigures(records, events, 'crdt').lagMs).toBeLessThan(10_000);
  });

  test('an edit that has not arrived is under way, and takes part in no figure', async () => {
    const { records, events } = factsOf((await played(['offline: B', '{ at: A, increment: votes }'])).run);
    expect(replicationLag(records, events, ['crdt']).map(({ replica, arrived: count, underWay }) => [replica, count, underWay])).toEqual([['A', 0, 0], ['B', 0, 1], ['C', 1, 0]]);
  });

  test('where copies ask each other, an edit has arrived when its value, or one above it, is shown; a refused one never does', async () => {
    const { records, events } = factsOf((await played(['{ at: A, set: { title: Rome } }', 'islands: [[A, B], [C]]', '{ at: A, set: { title: Oslo } }', '{ at: C, set: { title: Bern } }', 'heal: true'])).run);
    const rows = replicationLag(records, events, ['consensus']);
    expect(rows.find(({ replica }) => replica === 'B')).toMatchObject({ arrived: 2, underWay: 0 });
    expect(rows.find(({ replica }) => replica === 'A')).toMatchObject({ arrived: 0, underWay: 0 });
  });

  test('skewed clocks change nothing: times are true ones', async () => {
    const { records, events } = factsOf((await played(['skew: { A: 90 s }', '{ at: A, increment: votes }'])).run);
    expect(lagFigures(records, events, 'crdt').lagWorstMs).toBeLessThan(1_000);
  });

  test('nobody noted anything: nothing is said', () => {
    expect(lagFigures([], [], 'crdt')).toEqual({ lagMs: null, lagWorstMs: null });
  });

  test('brute force: each edit and replica by itself', async () => {
    const { records, events } = factsOf((await played([...cut, 'crash: C', '{ at: A, add: { tags: x } }', 'restart: C'])).run);
    for (const strategy of ['crdt', 'last-writer-wins', 'siblings'] as const) {
      const edits = records.filter((record): record is EditRecord => isEdit(record) && record.traces[strategy]?.outcome === 'accepted');
      for (const { replica, arrived: count, worstMs } of replicationLag(records, events, [strategy])) {
        const took = edits.filter(({ dot }) => dot.replica !== replica).flatMap((edit) => {
          const first = events.find((event) => event.kind === 'arrived' && event.replica === replica && event.payload.has.includes(edit.dot));
          return first ? [first.wallMs - (edit.wallMs - (edit.skewMs ?? 0))] : [];
        });
        expect([count, worstMs]).toEqual([took.length, took.length === 0 ? null : Math.round(Math.max(...took))]);
      }
    }
  });
});

describe('divergence', () => {
  const titles = (ofB: string): string[] => ['offline: B', '{ at: A, set: { title: Rome } }', `{ at: B, set: { title: ${ofB} } }`, 'wait: 5 s', 'online: B'];

  test('from the first edit behind the cut until all has crossed; then nothing differs', async () => {
    const { schema, records, events } = factsOf((await played(titles('Oslo'))).run);
    for (const strategy of ['crdt', 'last-writer-wins', 'siblings'] as const) {
      const steps = divergence(schema, records, events, strategy);
      expect(steps.flatMap(({ fields }) => fields)).toContain('title');
      expect(steps.at(-1)!.fields).toEqual([]);
      expect(divergenceFigures(schema, records, events, strategy).divergedMs).toBeGreaterThan(5_000);
    }
  });

  test('both sides wrote the same: the field does not differ any more', async () => {
    const { schema, records, events } = factsOf((await played(titles('Rome'))).run);
    expect(divergenceFigures(schema, records, events, 'last-writer-wins').divergedMs).toBeLessThan(2_000);
  });

  test('+1 and +1 apart: each shows one more, and the sums do not differ', async () => {
    const { schema, records, events } = factsOf((await played(cut)).run);
    expect(divergenceFigures(schema, records, events, 'crdt').divergedMs).toBeLessThan(2_000);
  });

  test.each(strategyIds)('%s: when all has arrived everywhere, nothing differs, whatever met', async (strategy) => {
    const { schema, records, events } = factsOf((await played([...cut, 'offline: B', '{ at: A, set: { title: Rome } }', '{ at: B, set: { title: Rome } }', '{ at: B, add: { tags: x } }', '{ at: A, add: { tags: x } }', 'online: B', 'wait: 30 s'])).run);
    expect(divergence(schema, records, events, strategy).at(-1)?.fields ?? []).toEqual([]);
  });

  test('it ends as the digests of the replicas do', async () => {
    const run = (await played(['offline: B', '{ at: A, add: { tags: x } }'])).run;
    const { schema, records, events } = factsOf(run);
    for (const strategy of strategyIds) {
      const digests = new Set(run.room.replicas.map(({ replica }) => replica.strategy(strategy).digest()));
      expect([strategy, (divergence(schema, records, events, strategy).at(-1)?.fields ?? []).length > 0]).toEqual([strategy, digests.size > 1]);
    }
  });
});

describe('rejoins', () => {
  test('what met: here and there, until all has arrived', async () => {
    const { records, events } = factsOf((await played(cut)).run);
    const found = rejoins(records, events);
    const ofB = found.find(({ replica }) => replica === 'B')!;
    expect([ofB.met, ofB.here.map(({ dot }) => dotKey(dot)), ofB.there.map(({ dot }) => dotKey(dot))]).toEqual([['A', 'C'], ['B:1'], ['A:1']]);
    expect(ofB.endedMs).toBeGreaterThanOrEqual(ofB.beganMs);
    expect(found.map(({ replica }) => replica).sort()).toEqual(['A', 'B', 'C']);
  });

  test('only one side had edits: nothing met', async () => {
    const { records, events } = factsOf((await played(['offline: B', '{ at: A, increment: votes }', 'online: B'])).run);
    expect(rejoins(records, events)).toEqual([]);
  });

  test('one that begins within two seconds of the last one belongs to it; a later one does not', async () => {
    const { records } = factsOf((await played(cut)).run);
    const notes = (secondMs: number): RoomEvent[] => [
      arrived('A', 0, 'A:1'), arrived('B', 0, 'B:1'), reach('A', 1_000, 'A', 'AB'), arrived('A', 1_100, 'A:1 B:1'),
      reach('A', 1_200, 'AB', 'A'), reach('A', secondMs, 'A', 'AB'),
    ];
    expect(rejoins(records, notes(3_100)).map(({ beganMs, endedMs }) => [beganMs, endedMs])).toEqual([[1_000, 3_100]]);
    // Nothing new is there, so the second one is left out.
    expect(rejoins(records, notes(3_101)).map(({ beganMs, endedMs }) => [beganMs, endedMs])).toEqual([[1_000, 1_100]]);
  });

  test('a room that begins is no rejoin, so that a cut soon after it has one of its own', async () => {
    const { records } = factsOf((await played(cut)).run);
    const notes = [arrived('A', 0, ''), arrived('B', 0, ''), reach('A', 10, 'A', 'AB'), reach('B', 11, 'B', 'AB'), reach('A', 100, 'AB', 'A'), reach('B', 100, 'AB', 'B'), arrived('A', 200, 'A:1'), arrived('B', 200, 'B:1'), reach('A', 900, 'A', 'AB'), arrived('A', 901, 'A:1 B:1')];
    expect(rejoins(records, notes)).toMatchObject([{ replica: 'A', beganMs: 900, endedMs: 901 }]);
  });

  test('edits that come just before it is known who is there belong to it', async () => {
    const { records } = factsOf((await played(cut)).run);
    const notes = [arrived('A', 0, 'A:1'), arrived('B', 0, 'B:1'), arrived('B', 990, 'A:1 B:1'), reach('B', 1_000, 'B', 'AB'), arrived('A', 1_002, 'A:1 B:1')];
    // Which of the two notices first changes nothing.
    for (const noticedMs of [995, 1_001]) {
      const all = [...notes, reach('A', noticedMs, 'A', 'AB')].sort((a, b) => a.wallMs - b.wallMs);
      expect(rejoins(records, all)).toMatchObject([{ replica: 'B', beganMs: 990, endedMs: 1_000, here: [{ field: 'votes' }], there: [{ field: 'votes' }] }, { replica: 'A', beganMs: noticedMs, endedMs: 1_002, here: [{ field: 'votes' }] }]);
    }
  });

  test('what has not arrived keeps it open', async () => {
    const { records } = factsOf((await played(cut)).run);
    expect(rejoins(records, [arrived('A', 0, 'A:1'), arrived('B', 0, 'B:1'), reach('A', 1_000, 'A', 'AB')])).toMatchObject([{ replica: 'A', endedMs: null, met: ['B'] }]);
  });
});

test('all of it, as the control API gives it', async () => {
  const { schema, records, events } = factsOf((await played(cut)).run);
  const { lag, divergence: diverged, rejoins: met } = replicationOf(schema, records, events, ['crdt']);
  expect(lag).toHaveLength(3);
  expect(diverged).toEqual([{ strategy: 'crdt', fields: [], divergedMs: expect.any(Number) as number }]);
  expect(met.find(({ replica }) => replica === 'B')).toMatchObject({ met: ['A', 'C'], here: 1, there: 1 });
});
