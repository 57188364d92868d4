/** Random runs of whole replicas under random faults. A failing seed is printed with the command that repeats it. */
import { describe, expect, it } from 'vitest';
import { dotKey } from '../../shared/clocks/dot.ts';
import { isEdit } from '../../shared/history/record.ts';
import { SeededRandom } from '../../shared/simulation/seeded-random.ts';
import type { LastWriterWinsSettings } from '../../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { SimulatedLab } from '../support/simulated-lab.ts';

const runs = Number(process.env['REJOIN_RUNS'] ?? 120);
const onlySeed = process.env['REJOIN_SEED'];
const seeds = onlySeed === undefined ? Array.from({ length: runs }, (_, i) => i + 1) : [Number(onlySeed)];

const settings: LastWriterWinsSettings[] = [
  { granularity: 'field', clock: 'wall' },
  { granularity: 'field', clock: 'hybrid' },
  { granularity: 'document', clock: 'wall' },
  { granularity: 'document', clock: 'hybrid' },
];

async function randomRun(seed: number): Promise<SimulatedLab> {
  const random = new SeededRandom(seed);
  const lab = await SimulatedLab.start(['A', 'B', 'C', 'D', 'E'], { settings: settings[seed % settings.length]!, siblings: { sets: seed % 3 === 0 ? 'union' : 'ask', numbers: seed % 5 === 0 ? 'maximum' : 'ask' } });
  for (const { name } of lab.replicas) if (random.chance(0.7)) lab.online(name);
  for (let step = 0; step < 200; step++) await lab.randomStep(random);
  await lab.heal();
  return lab;
}

/** [SIB1] The oracle keeps full causal histories: a write is current iff no accepted write of its field had it in its past. */
function expectSiblingsAsTheOracle(lab: SimulatedLab, again: string): void {
  const { replica, siblings } = lab.at('A');
  for (const { id } of lab.schema) {
    const writes = replica.records.filter(isEdit).filter((record) => record.field === id && record.traces.siblings?.outcome === 'accepted');
    const current = writes.filter((write) => !writes.some((other) => other.context.includes(write.dot)));
    expect([...siblings.graph(id).heads].sort(), `siblings of ${id}: ${again}`).toEqual(current.map((write) => dotKey(write.dot)).sort());
    // [SIB2]
    expect(new Set(current.map((write) => write.dot.replica)).size, again).toBe(current.length);
  }
}

describe('random runs: 5 replicas, 200 steps, cuts, crashes and skewed clocks', () => {
  it('[ALL4] converge, and the ledger of every replica adds up [ALL7]', { timeout: 120_000 }, async () => {
    let lost = 0;
    let skewed = 0;
    for (const seed of seeds) {
      const again = `repeat with: REJOIN_SEED=${seed} npx vitest run --project unit test/simulation/random-runs.test.ts`;
      const lab = await randomRun(seed);
      const [first, ...others] = lab.replicas;
      for (const other of others) {
        expect(other.replica.clock.toString(), again).toBe(first!.replica.clock.toString());
        for (const strategy of ['crdt', 'last-writer-wins', 'siblings'] as const) {
          expect(other.replica.strategy(strategy).digest(), `${strategy} of ${other.name}: ${again}`).toBe(first!.replica.strategy(strategy).digest());
        }
        expect(lab.ledger(other.name).totals, again).toEqual(lab.ledger('A').totals);
      }
      expect(lab.relay.repeatedCount, `nothing is sent twice: ${again}`).toBe(0);
      expectSiblingsAsTheOracle(lab, again);
      const ledger = lab.ledger('A');
      for (const totals of ledger.totals) {
        const { kept, superseded, lost: gone, toResolve, resurrected, refused, unknown, pending, intents } = totals;
        expect(kept + superseded + gone + toResolve + resurrected + refused + unknown + pending, again).toBe(intents);
        expect(pending, again).toBe(0);
        const meant = first!.replica.records.filter(isEdit).filter((record) => record.traces[totals.strategy]).length;
        expect(intents, again).toBe(meant);
      }
      for (const { record, fates } of ledger.rows) {
        const type = lab.schema.find((field) => field.id === record.field)!.type;
        // [YJS1] [YJS2] [YJS3]
        if (type === 'text' || type === 'counter' || type === 'set') expect(fates.crdt?.disposition, `${record.dot.replica}:${record.dot.counter} ${again}`).not.toBe('lost');
        if (fates['last-writer-wins']?.disposition === 'lost') lost++;
        if (fates['last-writer-wins']?.reason === 'skew') skewed++;
      }
    }
    // The runs must have done something, or they prove nothing.
    if (onlySeed === undefined) {
      expect(lost).toBeGreaterThan(runs * 5);
      expect(skewed).toBeGreaterThan(runs);
    }
  });

  it('[LWW5] with a hybrid logical clock no edit is lost to an older one, however wrong the clocks', { timeout: 60_000 }, async () => {
    for (const seed of seeds.filter((each) => settings[each % settings.length]!.clock === 'hybrid')) {
      const lab = await randomRun(seed);
      expect(lab.ledger('A').rows.filter((row) => row.fates['last-writer-wins']?.reason === 'skew'), `seed ${seed}`).toEqual([]);
    }
  });
});
