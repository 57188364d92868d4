/** Back and Step between the moments of a scenario that was played. */
import { describe, expect, test } from 'vitest';
import { neighbourMoment, scenarioMoments, stepsDoneAt } from '../../renderer/controllers/scenario-moments.ts';

const step = (endedMs: number | null) => ({ does: '', say: null, fields: [], endedMs });
/** Three of four steps were done. */
const played = { beganMs: 100, steps: [step(110), step(120), step(130), step(null)], done: 3 };

describe('a scenario that was played', () => {
  test('has a moment before the first step, and one after each', () => {
    expect(scenarioMoments(played)).toEqual([100, 110, 120, 130]);
    expect(scenarioMoments({ beganMs: null, steps: [step(null)], done: 0 })).toEqual([]);
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

  test('there is nothing to go back to before the first step', () => {
    expect(neighbourMoment({ beganMs: null, steps: [step(null)], done: 0 }, null, -1)).toBeUndefined();
    expect(neighbourMoment({ ...played, done: 0 }, null, -1)).toBeUndefined();
  });
});
