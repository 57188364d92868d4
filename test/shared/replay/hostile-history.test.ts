/** Histories that somebody has tampered with: whatever stands where, the answer is a scorecard or one clear refusal. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { judgeReplay } from '../../../shared/replay/judged-replay.ts';
import { parseHistory } from '../../../shared/history/history-file.ts';
import { toJsonLines } from '../../../shared/history/json-lines.ts';
import { strategyIds } from '../../../shared/history/record.ts';
import { UnreadableInput } from '../../../shared/encoding/unreadable-input.ts';
import { replayHistory } from '../../../shared/replay/replay-history.ts';
import { SeededRandom } from '../../../shared/network/seeded-random.ts';
import { RandomRuns } from '../../../shared/scenarios/random-runs.ts';
import { labRunTemplate } from '../../../shared/scenarios/run-template.ts';
import { seedsOf } from '../../support/run-counts.ts';

const values: readonly unknown[] = [null, true, 0, 1, -1, 0.5, 1e15, 2 ** 31, '', 'A:1', 'B:2', 'A', 'title', 'notes', 'tasks', 'accepted', 'pending', 'crdt', 'siblings', 'set', 'resolve', 'splice', [], [[]], [0], [1, 2, 3], [7, 0, 3, 7, 0, 3], {}, { kind: 'resolve', value: 'x', keeps: ['A:1'] }, { outcome: 'accepted' }, { outcome: 'accepted', details: [0, { title: 'A:1', notes: '' }] }];

/** Changes one value, or takes one from another place. */
function tampered(random: SeededRandom, root: unknown): void {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      places.push([value as Record<string, unknown>, key]);
      visit(part);
    }
  };
  visit(root);
  const [object, key] = random.pick(places);
  const number = object[key];
  if (typeof number === 'number' && random.chance(0.4)) object[key] = number + random.pick([-1, 1]);
  else if (random.chance(0.1)) delete object[key];
  else object[key] = random.chance(0.7) ? random.pick(values) : structuredClone(random.pick(places)[0]);
}

async function historyOf(seed: number): Promise<string[]> {
  const template = { ...labRunTemplate(['A', 'B']), settings: { quorum: { r: 1, w: 1 } } };
  const runs = new RandomRuns(template, { edits: 45, faults: 6, verdicts: false });
  const { run: { scenario, room } } = await runs.run(seed);
  const { replica, strategies } = room.at('A');
  const document = Y.encodeStateAsUpdate(strategies.crdt.doc);
  return toJsonLines(scenario.schema, strategyIds, replica.records, { document }).trimEnd().split('\n');
}

test('any one to three values changed: a scorecard or a refusal, and the sums still hold', { timeout: 600_000, tags: ['runs'] }, async () => {
  const [refused, judged] = [new Set<number>(), new Set<number>()];
  const seeds = seedsOf('damaged-histories');
  for (const seed of seeds) {
    const lines = await historyOf(seed);
    for (let round = 1; round <= 250; round++) {
      const run = seed * 1_000 + round;
      const random = new SeededRandom(run);
      const changed = [...lines];
      if (random.chance(0.3)) changed.pop();
      for (let left = 1 + random.below(3); left > 0; left--) {
        const at = random.below(changed.length);
        const value: unknown = JSON.parse(changed[at]!);
        tampered(random, value);
        changed[at] = JSON.stringify(value);
      }
      try {
        const { scorecard } = judgeReplay(replayHistory(parseHistory(changed), { strategies: null }), { stepsMax: 1_000 });
        for (const row of scorecard) expect(row.kept + row.superseded + row.lost + row.toResolve + row.resurrected + row.refused + row.unknown + row.pending).toBe(row.actions);
        judged.add(run);
      } catch (error) {
        if (!(error instanceof UnreadableInput)) throw new Error(`run ${run}: ${String(error)}`, { cause: error });
        refused.add(run);
      }
    }
  }
  // It did try both.
  expect(refused.size).toBeGreaterThan(seeds.length * 50);
  expect(judged.size).toBeGreaterThan(seeds.length * 8);
});
