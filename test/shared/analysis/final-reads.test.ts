/** The same history gives the same verdicts from a run and from a replay of its file. */
import { readdirSync, readFileSync } from 'node:fs';
import * as Y from 'yjs';
import { describe, expect, test } from 'vitest';
import { convergedInEnd, finalReads, shownInEnd } from '../../../shared/analysis/final-reads.ts';
import { judgeReplay } from '../../../shared/replay/judged-replay.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import { parseHistory } from '../../../shared/history/history-file.ts';
import { toHistoryLines } from '../../../shared/history/json-lines.ts';
import { strategyIds } from '../../../shared/history/record.ts';
import { replayHistory } from '../../../shared/replay/replay-history.ts';
import { readScenario } from '../../../shared/scenarios/read-scenario.ts';
import { runScenario, type ScenarioRun } from '../../../shared/scenarios/run-scenario.ts';
import { projectRoot } from '../../tidy/source-files.ts';

const folder = `${projectRoot}shared/scenarios/catalogue/`;
const names = readdirSync(folder).sort();

function replayed({ scenario: { schema, strategies }, records, events, document }: ScenarioRun) {
  const lines = [...toHistoryLines(schema, strategies, records, { events, document: Y.encodeStateAsUpdate(document) })];
  return judgeReplay(replayHistory(parseHistory(lines.map((line) => line.trimEnd())), { strategies: null }));
}

describe('a run and a replay of its file say the same', () => {
  test.each(names)('%s', async (name) => {
    const run = await runScenario(readScenario(readFileSync(folder + name, 'utf8'), name), { seed: 7 });
    const { verdicts, scorecard } = replayed(run);
    expect(verdicts).toEqual(run.verdicts);
    expect(Object.fromEntries(scorecard.map(({ strategy, converged }) => [strategy, converged ?? null]))).toEqual(Object.fromEntries(run.figures.map(({ strategy, converged }) => [strategy, converged])));
  });
});

describe('final reads', () => {
  const shower = (replica: string, votes: number) => ({ replica, digest: () => `digest of ${votes}`, value: (_: string, field: string) => (field === 'votes' ? votes : labSchema.find(({ id }) => id === field)!.initial) });

  test('copies that differ: what each shows is a read where copies answer by themselves, and none where they ask each other', () => {
    const events = finalReads(labSchema, ['crdt', 'quorum'], 5, [shower('A', 1), shower('B', 2)]);
    const now = shownInEnd(events);
    expect(Object.keys(now)).toEqual(['crdt']);
    expect(['A', 'B'].map((replica) => now.crdt!.value('votes', replica))).toEqual([1, 2]);
    expect(convergedInEnd(events)).toEqual({ crdt: false, quorum: false });
  });

  test('copies that agree: a read of any strategy would return just that', () => {
    const events = finalReads(labSchema, strategyIds, 5, [shower('A', 1), shower('B', 1)]);
    expect(Object.keys(shownInEnd(events)).sort()).toEqual([...strategyIds].sort());
    expect(new Set(Object.values(convergedInEnd(events)))).toEqual(new Set([true]));
  });

  test('one replica alone says nothing of the others', () => {
    expect(convergedInEnd(finalReads(labSchema, ['crdt'], 5, [shower('A', 1)]))).toEqual({});
  });
});
