/** Each kind of expectation: when it holds, when it is broken, when nobody can tell, and its sentence. */
import { describe, expect, test } from 'vitest';
import type { StrategyFigures } from '../../../shared/analysis/strategy-figures.ts';
import { type Level, levels } from '../../../shared/analysis/verdicts/levels.ts';
import type { Verdict } from '../../../shared/analysis/verdicts/verdict.ts';
import { judge, type Outcome, overall, type RunEnding } from '../../../shared/scenarios/judgement.ts';
import { readScenario } from '../../../shared/scenarios/read-scenario.ts';
import type { FieldValue } from '../../../shared/document/schema.ts';

const holds: Verdict = { verdict: 'holds' };
const broken: Verdict = { verdict: 'broken', witness: { sentence: 'A read 1 after B had written 2.', operations: [] } };
const unknown: Verdict = { verdict: 'unknown', reason: 'nobody read.' };

interface Known {
  readonly figures?: Partial<StrategyFigures>;
  readonly levels?: Partial<Record<Level, Verdict>>;
  readonly value?: FieldValue | null;
  readonly low?: number | null;
}

function judged(members: string, known: Known): { readonly outcome: Outcome; readonly sentence: string } {
  const text = `title: x\nfields:\n  title: { type: register }\n  seats: { type: stock }\n  tasks: { type: list }\n  tags: { type: set }\nsteps: [{ heal: true }]\nexpect:\n  crdt: { ${members} }\n`;
  const { schema, expectations } = readScenario(text, 'x');
  expect(expectations).toHaveLength(1);
  const all = Object.fromEntries(levels.map((level) => [level, known.levels?.[level] ?? holds])) as Record<Level, Verdict>;
  const ending: RunEnding = {
    schema,
    figures: known.figures ? [{ strategy: 'crdt', ...known.figures } as StrategyFigures] : [],
    verdicts: known.levels ? { crdt: { levels: all, strongest: levels.find((level) => all[level].verdict === 'holds') ?? null } } : {},
    value: () => known.value ?? null,
    minimums: { of: () => known.low ?? null },
  };
  const { outcome, sentence } = judge(expectations[0]!, ending);
  return { outcome, sentence };
}

const items = [{ id: 'a', label: 'Hotel', done: false }, { id: 'b', label: 'Map', done: true }];
const weak = { linearizable: broken, sequential: broken };

describe.each<[kind: string, cases: readonly (readonly [members: string, known: Known, outcome: Outcome, said: string])[]]>([
  ['a figure', [
    ['lost: 2', { figures: { lost: 2 } }, 'holds', 'lost is 2'],
    ['lost: 0', { figures: { lost: 2 } }, 'broken', 'lost is 2; 0 was expected'],
    ['lost: at least 2', { figures: { lost: 2 } }, 'holds', 'lost is 2'],
    ['lost: at least 3', { figures: { lost: 2 } }, 'broken', 'lost is 2; at least 3 was expected'],
    ['lost: at most 2', { figures: { lost: 2 } }, 'holds', 'lost is 2'],
    ['lost: at most 1', { figures: { lost: 2 } }, 'broken', 'lost is 2; at most 1 was expected'],
    ['lost: 1 to 2', { figures: { lost: 2 } }, 'holds', 'lost is 2'],
    ['lost: 3 to 9', { figures: { lost: 2 } }, 'broken', 'lost is 2; 3 to 9 was expected'],
    ['latencyMs: at most 20', { figures: { latencyMs: null } }, 'unknown', 'latencyMs cannot be told'],
    ['lost: 0', {}, 'unknown', 'lost cannot be told'],
  ]],
  ['converged', [
    ['converged: true', { figures: { converged: true } }, 'holds', 'all replicas show the same'],
    ['converged: true', { figures: { converged: false } }, 'broken', 'replicas show different things; the same was expected'],
    ['converged: false', { figures: { converged: false } }, 'holds', 'replicas show different things'],
    ['converged: false', { figures: { converged: true } }, 'broken', 'all replicas show the same; different things was expected'],
    ['converged: true', { figures: { converged: null } }, 'broken', 'not all replicas were connected and had everything in the end, so they cannot have converged'],
    ['converged: false', { figures: { converged: null } }, 'holds', 'not all replicas were connected in the end'],
  ]],
  ['a level', [
    ['holds: causal', { levels: {} }, 'holds', 'it is causal'],
    ['holds: causal', { levels: { causal: broken } }, 'broken', 'it is not causal: A read 1 after B had written 2; that it is causal was expected'],
    ['holds: [causal]', { levels: { causal: unknown } }, 'unknown', 'whether it is causal nobody can tell: nobody read.'],
    ['holds: causal', {}, 'unknown', 'causal was not judged'],
    ['breaks: causal', { levels: { causal: broken } }, 'holds', 'it is not causal: A read 1 after B had written 2'],
    ['breaks: causal', { levels: {} }, 'broken', 'it is causal; that it is not causal was expected'],
    ['breaks: causal', { levels: { causal: unknown } }, 'unknown', 'whether it is causal nobody can tell: nobody read.'],
  ]],
  ['the strongest level', [
    ['strongest: causal', { levels: weak }, 'holds', 'the strongest level that holds is causal'],
    ['strongest: causal', { levels: { linearizable: broken } }, 'broken', 'it is sequential; causal and nothing stronger was expected'],
    ['strongest: linearizable', { levels: weak }, 'broken', 'it is not linearizable: A read 1 after B had written 2; that it is linearizable was expected'],
    ['strongest: causal', { levels: { ...weak, causal: unknown } }, 'unknown', 'whether it is causal nobody can tell: nobody read.'],
    ['strongest: causal', { levels: { ...weak, sequential: unknown } }, 'unknown', 'whether it is sequential nobody can tell: nobody read.'],
    ['strongest: linearizable', {}, 'unknown', 'how consistent it is was not judged'],
  ]],
  ['a value', [
    ['value: { title: Rome }', { value: 'Rome' }, 'holds', 'title is "Rome"'],
    ['value: { title: Rome }', { value: 'Paris' }, 'broken', 'title is "Paris"; "Rome" was expected'],
    ['value: { title: Rome }', { value: null }, 'broken', 'replicas show different values of title; "Rome" was expected'],
    ['value: { title: "1" }', { value: 1 }, 'broken', 'title is 1; "1" was expected'],
    ['value: { tasks: [Hotel, Map] }', { value: items }, 'holds', 'tasks is ["Hotel","Map"]'],
    ['value: { tasks: [Map, Hotel] }', { value: items }, 'broken', 'tasks is ["Hotel","Map"]; ["Map","Hotel"] was expected'],
    ['value: { tags: [b, a, b] }', { value: ['a', 'b'] }, 'holds', 'tags is ["a","b"]'],
  ]],
  ['never below', [
    ['neverBelow: { seats: 0 }', { low: 0 }, 'holds', 'seats was 0 at its lowest'],
    ['neverBelow: { seats: 0 }', { low: -1 }, 'broken', 'seats was -1 at its lowest; never below 0 was expected'],
    ['neverBelow: { seats: 0 }', { low: null }, 'unknown', 'nobody looked at seats'],
  ]],
])('%s', (_kind, cases) => {
  test.each(cases)('%s, with %j, %s: %s', (members, known, outcome, said) => {
    expect(judged(members, known)).toEqual({ outcome, sentence: `CRDT (Yjs): ${said}` });
  });
});

test('several together: broken if anything is, else unknown if anything is', () => {
  const all = (...outcomes: Outcome[]): Outcome => overall(outcomes.map((outcome) => ({ outcome, sentence: '', expectation: { strategy: 'crdt', path: '', kind: 'converged', converged: true } })));
  expect([all(), all('holds'), all('holds', 'unknown'), all('unknown', 'broken', 'holds')]).toEqual(['holds', 'holds', 'unknown', 'broken']);
});
