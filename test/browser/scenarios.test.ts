/** Every scenario of the catalogue, without windows and in real windows at the real relay: the same expectations hold, and the same verdicts come out. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { levels } from '../../shared/analysis/verdicts/levels.ts';
import type { Verdicts } from '../../shared/analysis/verdicts/verdicts.ts';
import { dotKey } from '../../shared/clocks/dot.ts';
import type { ScenarioView } from '../../shared/control/scenario-view.ts';
import { parseHistory } from '../../shared/history/history-file.ts';
import { isOutcome, type JournalRecord, type StrategyId } from '../../shared/history/record.ts';
import { checkScenario } from '../../shared/scenarios/check-scenario.ts';
import { readScenario } from '../../shared/scenarios/read-scenario.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import { noteRuns, someOf } from '../support/run-counts.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();
const folder = fileURLToPath(new URL('../../shared/scenarios/catalogue', import.meta.url));
const catalogue = readdirSync(folder).map((file) => file.replace('.yaml', '')).sort();

async function api(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${here.lab.url}/-/api/rooms/lab${path}`, { method, ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** The words of each level: what windows and simulation must agree on. */
function verdictsOf(verdicts: Partial<Record<StrategyId, Verdicts>>): Record<string, string> {
  return Object.fromEntries(Object.entries(verdicts).map(([strategy, each]) => [strategy, levels.map((level) => `${level} ${each.levels[level].verdict}`).join(', ')]));
}

/** How an edit ended under single leader: the term, its leader, the place in its log. */
function endsOf(records: readonly JournalRecord[]): unknown[] {
  return records.filter(isOutcome).filter(({ strategy }) => strategy === 'single-leader').map(({ settles, settlement }) => [dotKey(settles), settlement]);
}

test('[LEAD11] the replica that the file names leads, both ways, whichever window is opened first', async () => {
  const text = 'title: Who leads\nfields: { seats: { type: stock, initial: 3 } }\nleader: C\nsteps:\n  - { at: A, reserve: seats }\n  - { at: C, reserve: seats }\n';
  const simulated = endsOf((await checkScenario(readScenario(text, 'leader'))).run.records);
  expect(simulated).toEqual([['A:1', { outcome: 'accepted', details: [1, 'C', 1, ''] }], ['C:1', { outcome: 'accepted', details: [1, 'C', 2, 'A:1'] }]]);
  await api('PUT', '/scenario', { text });
  for (const replica of ['A', 'B', 'C']) await here.open(replica);
  await api('POST', '/scenario/play?paceMs=5');
  await until(async () => ((await api('GET', '/scenario')) as ScenarioView).state === 'over', 'the scenario to be over', { withinMs: 45_000 });
  const history = await (await fetch(`${here.lab.url}/-/api/rooms/lab/history`)).text();
  expect(endsOf(parseHistory(history.trimEnd().split('\n')).records)).toEqual(simulated);
});

describe('the catalogue, both ways', () => {
  test.each(someOf('played-scenarios', catalogue))('%s', { tags: ['runs'] }, async (name) => {
    noteRuns('played-scenarios', 1);
    const scenario = readScenario(readFileSync(`${folder}/${name}.yaml`, 'utf8'), name);
    const simulated = await checkScenario(scenario);
    expect(simulated.outcome).toBe('holds');

    await api('PUT', '/scenario', { name });
    for (const replica of scenario.replicas) await here.open(replica);
    await api('POST', '/scenario/play?paceMs=5');
    let now: ScenarioView | null = null;
    const view = await until(async () => {
      now = (await api('GET', '/scenario')) as ScenarioView;
      return now.state === 'over' ? now : null;
    }, `${name} to be over`, { withinMs: 45_000 }).catch((error: unknown) => {
      throw new Error(`${name} is ${now?.state} after ${now?.done} steps: ${now?.trouble}`, { cause: error });
    });
    expect(view.trouble).toBeNull();
    expect(view.judgements.filter(({ outcome }) => outcome !== 'holds')).toEqual([]);
    expect(view.judgements).toHaveLength(scenario.expectations.length);
    expect(verdictsOf((await api('GET', '/verdicts')) as Partial<Record<StrategyId, Verdicts>>)).toEqual(verdictsOf(simulated.run.verdicts));
    const report = await (await fetch(`${here.lab.url}/-/api/rooms/lab/report`)).text();
    expect(report).toContain(`npx rejoin run ${name}`);
    if (view.judgements.length > 0) expect(report).toContain(`holds: ${view.judgements.length} expectation`);
  });
});
