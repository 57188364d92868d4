/** Every scenario of the catalogue, without windows and in real windows at the real relay: the same expectations hold, and the same verdicts come out. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { StrategyId } from '../../shared/history/record.ts';
import type { ScenarioView } from '../../shared/protocol/control.ts';
import { levels, type Verdicts } from '../../shared/protocol/verdicts.ts';
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

describe('the catalogue, both ways', () => {
  it.each(someOf('played-scenarios', catalogue))('%s', { tags: ['runs'] }, async (name) => {
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
  });
});
