/** Back and Step between the moments of a scenario that was played. */
import { describe, expect, test } from 'vitest';
import { neighbourMoment, scenarioAt, scenarioMoments, stepsBegunAt, stepsDoneAt, toldOf } from '../../../renderer/controllers/scenario-moments.ts';

const step = (beganMs: number | null, endedMs: number | null, say: string | null = null) => ({ does: '', say, fields: [], beganMs, endedMs });
/** Three of four steps were done. */
const played = { beganMs: 100, steps: [step(101, 110), step(112, 120), step(125, 130), step(null, null)], done: 3 };

describe('a scenario that was played', () => {
  test('has a moment before the first step, and one after each', () => {
    expect(scenarioMoments(played)).toEqual([100, 110, 120, 130]);
    expect(scenarioMoments({ beganMs: null, steps: [step(null, null)], done: 0 })).toEqual([]);
  });

  test('goes back from now to before the last step, and on until now', () => {
    const back: (number | null)[] = [null];
    for (let at = neighbourMoment(played, null, -1); at !== undefined; at = neighbourMoment(played, at, -1)) back.push(at);
    expect(back).toEqual([null, 120, 110, 100]);
    const on: (number | null)[] = [];
    for (let at = neighbourMoment(played, 100, 1); at !== undefined; at = neighbourMoment(played, at, 1)) on.push(at);
    expect(on).toEqual([110, 120, null]);
  });

  test('between two moments the steps before are done', () => {
    expect([99, 100, 115, 130, null].map((atMs) => stepsDoneAt(played, atMs))).toEqual([0, 0, 1, 3, 3]);
  });

  test('tells a step from when it began until the next one begins', () => {
    expect([99, 100, 101, 110, 111, 112, 124, 125, 200, null].map((atMs) => stepsBegunAt(played, atMs))).toEqual([0, 0, 1, 1, 1, 2, 2, 3, 3, 3]);
    const scenario = { ...played, name: 'x', title: 'X', lookAt: '', replicas: [], begun: 3, state: 'over', trouble: null, judgements: [] } as const;
    // At an event of the second step that step is told, and it is not done.
    expect(scenarioAt(scenario, 115)).toMatchObject({ begun: 2, done: 1, state: 'paused' });
  });

  test('goes from within a step to before it, or to its end', () => {
    expect([neighbourMoment(played, 115, -1), neighbourMoment(played, 115, 1), neighbourMoment(played, 111, -1)]).toEqual([110, 120, 100]);
  });

  test('a step is told by its sentence, else by what it does, and never by the sentence of another', () => {
    const steps = [{ ...step(1, 2, 'The cable is cut.'), does: 'B: network off' }, { ...step(3, 4), does: 'B: Votes: +1' }];
    expect([0, 1, 2].map((begun) => toldOf({ steps, begun }))).toEqual(['', 'The cable is cut.', 'B: Votes: +1']);
  });

  test('there is nothing to go back to before the first step', () => {
    expect(neighbourMoment({ beganMs: null, steps: [step(null, null)], done: 0 }, null, -1)).toBeUndefined();
    expect(neighbourMoment({ ...played, done: 0 }, null, -1)).toBeUndefined();
  });
});
