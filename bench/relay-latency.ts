/**
 * How long a person waits for the outcome of an edit over the real relay: a lab with its store on disk and five replicas, all in this process (on one core),
 * or each replica in a process of its own, as windows are.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLab } from '../server/control/lab.ts';
import { openLevelStore } from '../server/storage/level-store.ts';
import { SeededRandom } from '../shared/network/seeded-random.ts';
import { coordinatedIds, type CoordinatedId } from '../shared/strategies/registry.ts';
import { until } from '../test/support/until.ts';
import { type Figures, spread } from './figures.ts';
import { type LatencyReplica, openLatencyReplica, type TimedEdit } from './latency-replica.ts';
import { answerRequests, requestsTo } from './own-process.ts';

/** Accepted edits of each strategy. */
export const acceptedEdits = 300;
const warmUp = 50;
const names = ['A', 'B', 'C', 'D', 'E'];

/** How a replica is opened: here, or in a process of its own. */
type Opening = (name: string, server: string) => Promise<LatencyReplica>;

/** Milliseconds from perform to the record of the outcome in the journal of whoever made the edit, by strategy. */
export function latencyTogether(): Promise<Figures> {
  return relayLatency(openLatencyReplica);
}

export function latencyApart(): Promise<Figures> {
  return relayLatency(async (name, server) => {
    const { ask, end } = requestsTo(['replica', name, server]);
    return { members: () => ask<number>('members'), edit: (strategy, seed) => ask<TimedEdit>('edit', strategy, seed), close: end };
  });
}

/** What a process does that is one of the replicas: what it is asked, until nobody is there to ask. */
export async function serveReplica(name: string, server: string): Promise<void> {
  const replica = await openLatencyReplica(name, server);
  await answerRequests({ members: () => replica.members(), edit: (strategy, seed) => replica.edit(strategy as CoordinatedId, Number(seed)) });
  await replica.close();
}

async function relayLatency(openReplica: Opening): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-bench-'));
  const store = await openLevelStore(join(folder, 'rooms'));
  const lab = await createLab({ host: '127.0.0.1', port: 0, store });
  const replicas: LatencyReplica[] = [];
  const areMembers = async (): Promise<boolean> => (await Promise.all(replicas.map((each) => each.members()))).every((count) => count === replicas.length);
  try {
    for (const name of names) {
      replicas.push(await openReplica(name, lab.url.replace(/^http/, 'ws')));
      await until(areMembers, `${name} to become a member`, { withinMs: 20_000 });
    }
    return await outcomes(replicas);
  } finally {
    for (const each of replicas) await each.close();
    await lab.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Edits one after the other, each at a random replica, under one strategy after the other; those that end otherwise than accepted are counted, not measured. */
async function outcomes(replicas: readonly LatencyReplica[]): Promise<Figures> {
  const random = new SeededRandom(1);
  const times = new Map<CoordinatedId, number[]>(coordinatedIds.map((id) => [id, []]));
  const others = new Map<CoordinatedId, Record<'refused' | 'unknown', number>>(coordinatedIds.map((id) => [id, { refused: 0, unknown: 0 }]));
  const isDone = (): boolean => [...times.values()].every((each) => each.length >= warmUp + acceptedEdits);
  for (let made = 1; !isDone() && made < 3 * acceptedEdits; made++) {
    const replica = random.pick(replicas);
    for (const id of coordinatedIds) {
      const { ms, outcome } = await replica.edit(id, made);
      if (outcome === 'accepted') times.get(id)!.push(ms);
      else others.get(id)![outcome === 'refused' ? 'refused' : 'unknown']++;
    }
  }
  return Object.assign({}, ...coordinatedIds.map((id): Figures => {
    const { median, p95, max, count } = spread(times.get(id)!.slice(warmUp));
    const { refused, unknown } = others.get(id)!;
    return { [`${id}/medianMs`]: median, [`${id}/p95Ms`]: p95, [`${id}/maxMs`]: max, [`${id}/accepted`]: count, [`${id}/refused`]: refused, [`${id}/unknown`]: unknown };
  })) as Figures;
}
