/** Random runs: from a seed, checked, and made small. */
import { describe, expect, test } from 'vitest';
import { reusableExpectationsOf } from '../../../shared/scenarios/reusable-expectations.ts';
import { checkScenario } from '../../../shared/scenarios/check-scenario.ts';
import { RandomRuns, wrongOf } from '../../../shared/scenarios/random-runs.ts';
import { type RunTemplate, randomSteps } from '../../../shared/scenarios/random-scenario.ts';
import { parseScenario } from '../../../shared/scenarios/parse-scenario.ts';
import { actionShapes, eventShapes, scenarioShape } from '../../../shared/scenarios/scenario-format.ts';
import { isOutcome } from '../../../shared/history/record.ts';
import { labSchema } from '../../../shared/document/schema.ts';

const votes: RunTemplate = {
  title: 'Votes', lookAt: '', replicas: ['A', 'B', 'C'], strategies: ['crdt', 'last-writer-wins'],
  fields: { votes: { type: 'counter', initial: 0 }, notes: { type: 'text', initial: '' } }, expect: { 'last-writer-wins': { lost: 0 } },
};
const some = { edits: 40, faults: 6, verdicts: false };

describe('a run that fails is made small', () => {
  test.each([1, 2, 3])('"no edit is ever lost" under last writer wins, seed %i: to two edits at two replicas', async (seed) => {
    const runs = new RandomRuns(votes, some);
    expect(wrongOf(await runs.run(seed)).some((sentence) => sentence.startsWith('Last writer wins: lost is '))).toBe(true);
    const small = await runs.small(seed);
    expect(small.wrong).toContain('Last writer wins: lost is 1; 0 was expected');
    const steps = small.scenario.steps[0]!.together!;
    const edits = steps.filter(({ at }) => at !== undefined);
    expect(edits).toHaveLength(2);
    expect(new Set(edits.map(({ at }) => at)).size).toBe(2);
    expect(small.steps).toBe(steps.length);
    expect(small.stepsBefore).toBeGreaterThan(40);
    // By itself, as a file would say it.
    const again = await checkScenario(parseScenario(scenarioShape.parse(JSON.parse(JSON.stringify(small.scenario)))), { seed });
    expect(again.outcome).toBe('broken');
    expect(wrongOf(again)).toEqual(small.wrong);
  });

  test('for what was wrong first, though less would be wrong for another reason', async () => {
    const runs = new RandomRuns({ ...votes, expect: { crdt: { actions: 'at most 10' }, 'last-writer-wins': { kept: 'at least 1' } } }, some);
    expect(wrongOf(await runs.run(1))).toEqual([expect.stringMatching(/^CRDT \(Yjs\): actions is \d+; at most 10 was expected$/)]);
    const small = await runs.small(1);
    expect(small.wrong).toEqual(['CRDT (Yjs): actions is 11; at most 10 was expected']);
  });

  test('what random steps leave to a guess is exact in what is printed: places in texts, items of one label', async () => {
    const lists: RunTemplate = { ...votes, fields: { notes: { type: 'text', initial: '' }, tasks: { type: 'list', initial: ['bread', 'bread', 'bread'] } }, expect: { crdt: { actions: 'at most 12' } } };
    let guesses = 0;
    for (const seed of [1, 2, 3]) {
      const runs = new RandomRuns(lists, { edits: 30, faults: 0, verdicts: false });
      const small = await runs.small(seed);
      const text = JSON.stringify(small.scenario);
      guesses += text.split('"nth":').length - 1;
      const again = await checkScenario(parseScenario(scenarioShape.parse(JSON.parse(text))), { seed, verdicts: false });
      expect(wrongOf(again)).toEqual(small.wrong);
      expect(small.wrong).toEqual(['CRDT (Yjs): actions is 13; at most 12 was expected']);
    }
    expect(guesses).toBeGreaterThan(0);
  });

  test('[LEAD11] the small one has the same first leader', async () => {
    const seats: RunTemplate = { ...votes, leader: 'B', strategies: ['single-leader'], expect: { 'single-leader': { kept: 'at most 3' } } };
    const small = await new RandomRuns(seats, some).small(1);
    expect(small.scenario.leader).toBe('B');
    const again = await checkScenario(parseScenario(scenarioShape.parse(JSON.parse(JSON.stringify(small.scenario)))), { seed: 1 });
    expect(wrongOf(again)).toEqual(small.wrong);
    const leaders = again.run.records.filter(isOutcome).flatMap(({ settlement }) => (settlement.outcome === 'accepted' ? [(settlement.details as readonly unknown[])[1]] : []));
    expect(new Set(leaders)).toEqual(new Set(['B']));
  });

  test('the tries can be bounded', async () => {
    const small = await new RandomRuns(votes, some).small(2, 3);
    expect(small.steps).toBeGreaterThan(2);
    expect(small.wrong.join()).toContain('Last writer wins: lost is ');
  });
});

describe('random steps', () => {
  const schema = labSchema;
  const steps = Array.from({ length: 30 }, (_, seed) => randomSteps({ schema, replicas: ['A', 'B', 'C'], strategies: ['crdt', 'siblings', 'single-leader'] }, seed));

  test('the same seed, the same steps; another seed, others', () => {
    expect(randomSteps({ schema, replicas: ['A', 'B', 'C'], strategies: ['crdt', 'siblings', 'single-leader'] }, 3)).toEqual(steps[3]);
    expect(new Set(steps.map((each) => JSON.stringify(each))).size).toBe(30);
  });

  test('every verb and every fault has its turn; as many as were asked for', () => {
    const used = new Set(steps.flat().flatMap((step) => Object.keys(step)));
    expect([...Object.keys(actionShapes), ...Object.keys(eventShapes)].filter((name) => !used.has(name))).toEqual(['heal']);
    for (const each of steps) {
      expect(each.filter(({ at, promote }) => at !== undefined || promote !== undefined)).toHaveLength(200);
      expect(each.filter((step) => 'offline' in step || 'online' in step || 'islands' in step || 'crash' in step || 'restart' in step || 'skew' in step || 'link' in step).length).toBeGreaterThanOrEqual(15);
    }
  });

  test('one replica, one field, no faults: edits all the same', () => {
    const alone = randomSteps({ schema: [labSchema[0]!], replicas: ['A'], strategies: ['crdt'] }, 1, { edits: 10, faults: 0 });
    expect(alone.filter(({ wait }) => wait === undefined)).toHaveLength(10);
  });
});

test('of expectations only those are asked that forbid something', () => {
  expect(reusableExpectationsOf({
    every: { converged: true },
    crdt: { lost: 0, kept: 3, toResolve: 'at least 1', refused: 'at most 2', actions: '1 to 3', value: { votes: 3 }, breaks: 'linearizable', strongest: 'causal', holds: ['causal'], neverBelow: { votes: 0 } },
    siblings: { converged: false },
  })).toEqual({
    expect: { every: { converged: true }, crdt: { lost: 0, refused: 'at most 2', holds: ['causal'], neverBelow: { votes: 0 } } },
    leftOut: ['expect.crdt.kept', 'expect.crdt.toResolve', 'expect.crdt.actions', 'expect.crdt.value', 'expect.crdt.breaks', 'expect.crdt.strongest', 'expect.siblings.converged'],
  });
});

test('reads that do not wait for each other find a quorum without write-back not linearizable, where so many steps read that it shows', async () => {
  const quorum = { r: 2, w: 2, writeBack: false, readRepair: false, antiEntropy: false };
  const template: RunTemplate = { ...votes, fields: { title: { type: 'register', initial: '' } }, strategies: ['quorum'], settings: { quorum }, expect: { quorum: { holds: 'linearizable' } } };
  const broken = async (reads: number): Promise<number> => {
    let found = 0;
    for (let seed = 66; seed <= 75; seed++) found += wrongOf(await new RandomRuns(template, { edits: 200, faults: 15, reads }).run(seed)).length > 0 ? 1 : 0;
    return found;
  };
  expect([await broken(0), await broken(0.5)]).toEqual([0, 1]);
});
