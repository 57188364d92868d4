import { describe, expect, test } from 'vitest';
import { answeredCount, answeredHeading, answeredWords, consistencyLine } from '../../../../renderer/elements/control-room/consistency-view.ts';
import { type Level, levels } from '../../../../shared/analysis/verdicts/levels.ts';
import type { Verdict } from '../../../../shared/analysis/verdicts/verdict.ts';
import type { Verdicts } from '../../../../shared/analysis/verdicts/verdicts.ts';

const broken = (sentence: string): Verdict => ({ verdict: 'broken', witness: { sentence, operations: [] } });
const unknown = (reason: string): Verdict => ({ verdict: 'unknown', reason });

function verdicts(found: Partial<Record<Level, Verdict>>): Verdicts {
  const all = Object.fromEntries(levels.map((level) => [level, found[level] ?? { verdict: 'holds' }])) as Verdicts['levels'];
  return { levels: all, strongest: levels.find((level) => all[level].verdict === 'holds') ?? null };
}

describe('consistencyLine', () => {
  test('has its dot at the strongest promise that held, and no cross where all held', () => {
    const line = consistencyLine(verdicts({}));
    expect([line.strongest, line.broken, line.sentence]).toEqual(['linearizable', null, 'All of it held in this run.']);
    expect(line.words).toBe('linearizable holds, sequential holds, causal holds, session guarantees hold, eventual holds');
  });

  test('has its cross at the weakest promise that broke, with that witness', () => {
    const line = consistencyLine(verdicts({ linearizable: broken('Too strong.'), sequential: broken('No single order explains both.') }));
    expect([line.strongest, line.broken, line.sentence, line.others]).toEqual(['causal', 'sequential', 'Not sequential: No single order explains both.', [{ promise: 'linearizable', sentence: 'Not linearizable: Too strong.' }]]);
    const same = consistencyLine(verdicts({ linearizable: broken('One.'), sequential: broken('One.') }));
    expect(same.others).toEqual([]);
  });

  test('takes the four session guarantees as one, and names those that broke', () => {
    const all = { linearizable: broken('1'), sequential: broken('2'), causal: broken('3') };
    const line = consistencyLine(verdicts({ ...all, 'read-your-writes': broken('A missed its own.'), 'monotonic-reads': broken('4') }));
    expect([line.strongest, line.broken, line.sentence]).toEqual([null, 'session', 'Read your writes and monotonic reads are broken: A missed its own.']);
    expect(line.words).toBe('linearizable is broken, sequential is broken, causal is broken, read your writes and monotonic reads are broken, eventual holds');
  });

  test('says where nobody can tell, and why; eventual stands by itself', () => {
    const line = consistencyLine(verdicts({ linearizable: unknown('Too long to search.'), eventual: unknown('C is cut off.') }));
    expect([line.strongest, line.broken, line.eventual]).toEqual(['sequential', null, 'unknown']);
    expect(line.steps.map(({ state }) => state)).toEqual(['holds', 'holds', 'holds', 'unknown']);
    expect(line.sentence).toBe('Nobody can tell whether linearizable holds: Too long to search.');
    expect(consistencyLine(verdicts({ eventual: broken('A and B differ.') })).sentence).toBe('Not eventual: A and B differ.');
  });

  test('has the witness of the weakest promise on demand where eventual is told first', () => {
    const line = consistencyLine(verdicts({ eventual: broken('A and B differ.'), 'read-your-writes': broken('A missed its own.'), causal: broken('A missed its own.'), linearizable: broken('A and B differ.') }));
    expect([line.sentence, line.others]).toEqual(['Not eventual: A and B differ.', [{ promise: 'the session guarantees', sentence: 'Read your writes is broken: A missed its own.' }]]);
  });
});

describe('what was answered while cut', () => {
  const whileCut = (replicas: readonly string[], actions: number, answered: number) => ({ whileCut: { replicas, actions, answered } });

  test('names the one replica that was cut off, and counts all of several', () => {
    expect(answeredHeading([whileCut(['C'], 8, 8), { whileCut: null }])).toBe('answered at C');
    expect(answeredHeading([whileCut(['C'], 8, 8), whileCut(['B', 'C'], 9, 0)])).toBe('answered while cut');
    expect(answeredHeading([{ whileCut: null }])).toBeNull();
  });

  test('says how many of how many', () => {
    expect(answeredCount(whileCut(['C'], 8, 0).whileCut)).toBe('0 of 8');
    expect(answeredWords(whileCut(['C'], 8, 0).whileCut)).toBe(' edits answered at C while it was cut off');
    expect(answeredWords(whileCut(['B', 'C'], 1, 1).whileCut)).toBe(' edit answered at B and C while they were cut off');
  });
});
