/** The moments between the steps of a scenario that was played: where *Back* and *Step* go in the past. Pure functions. */
import type { ScenarioView } from '../../shared/protocol/control.ts';

type Played = Pick<ScenarioView, 'beganMs' | 'steps' | 'done'>;

/** When nothing was done yet, and when each step was done with all that it caused; empty before the first step. */
export function scenarioMoments({ beganMs, steps, done }: Played): number[] {
  const ended = steps.slice(0, done).flatMap(({ endedMs }) => (endedMs === null ? [] : [endedMs]));
  return beganMs === null ? [] : [beganMs, ...ended];
}

/** How many steps were done at a moment; null is now. */
export function stepsDoneAt(scenario: Played, momentMs: number | null): number {
  if (momentMs === null) return scenario.done;
  return Math.max(0, scenarioMoments(scenario).filter((ms) => ms <= momentMs).length - 1);
}

/** As it stood at a moment; null is now. */
export function scenarioAt(scenario: ScenarioView, momentMs: number | null): ScenarioView {
  if (momentMs === null) return scenario;
  const done = stepsDoneAt(scenario, momentMs);
  return { ...scenario, begun: done, done, state: 'paused', trouble: null, judgements: [] };
}

/** One step back (−1) or on (1) from a moment; null is now. Undefined: there is none. */
export function neighbourMoment(scenario: Played, momentMs: number | null, step: 1 | -1): number | null | undefined {
  const moments = scenarioMoments(scenario);
  const at = stepsDoneAt(scenario, momentMs) + step;
  if (step === 1 && momentMs === null) return undefined;
  return at >= moments.length - 1 && step === 1 ? null : moments[at];
}
