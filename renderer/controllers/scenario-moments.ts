/** The moments between the steps of a scenario that was played: where *Back* and *Step* go in the past, and what is told then. Pure functions. */
import type { ScenarioView } from '../../shared/control/scenario-view.ts';

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

/** How many steps had begun at a moment: the last of them is told until the next one begins. null is now. */
export function stepsBegunAt({ steps, done }: Played, momentMs: number | null): number {
  return momentMs === null ? done : steps.filter(({ beganMs }) => beganMs !== null && beganMs <= momentMs).length;
}

/** What people are told of the step that began last: its sentence, else what it does; empty before the first one. */
export function toldOf({ steps, begun }: Pick<ScenarioView, 'steps' | 'begun'>): string {
  const step = steps[begun - 1];
  return step ? (step.say ?? step.does) : '';
}

/** As it stood at a moment; null is now. */
export function scenarioAt(scenario: ScenarioView, momentMs: number | null): ScenarioView {
  if (momentMs === null) return scenario;
  return { ...scenario, begun: stepsBegunAt(scenario, momentMs), done: stepsDoneAt(scenario, momentMs), state: 'paused', trouble: null, judgements: [] };
}

/** To before the step that is told (−1), or to after the next end of a step (1); null is now. Undefined: there is none. */
export function neighbourMoment(scenario: Played, momentMs: number | null, step: 1 | -1): number | null | undefined {
  const moments = scenarioMoments(scenario);
  if (step === -1) return moments[stepsBegunAt(scenario, momentMs) - 1];
  if (momentMs === null) return undefined;
  const at = stepsDoneAt(scenario, momentMs) + 1;
  return at >= moments.length - 1 ? null : moments[at];
}
