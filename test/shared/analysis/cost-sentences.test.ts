import { describe, expect, test } from 'vitest';
import { barSegments, barWords, brokenRuleTexts, costSentence, ruleSentences } from '../../../shared/analysis/cost-sentences.ts';
import type { StrategyTotals } from '../../../shared/analysis/strategy-figures.ts';

const none: StrategyTotals = {
  strategy: 'crdt', actions: 0, edits: 0, kept: 0, superseded: 0, lost: 0, toResolve: 0, resurrected: 0, refused: 0, unknown: 0, pending: 0, wasUnknown: 0, putBack: 0, touching: 0,
  choices: 0, charactersTyped: 0, charactersLost: 0, ruleBroken: 0, oversold: 0, staleReads: 0, latencyMs: null, latencyP95Ms: null, reads: 0, readsRefused: 0, readLatencyMs: null, readLatencyP95Ms: null,
};

/** Totals whose counts add up. */
function totals(strategy: StrategyTotals['strategy'], counts: Partial<StrategyTotals>): StrategyTotals {
  const all = { ...none, ...counts, strategy };
  return { ...all, actions: all.kept + all.superseded + all.lost + all.toResolve + all.resurrected + all.refused + all.unknown + all.pending };
}

describe('costSentence', () => {
  test.each([
    ['crdt', {}, 'No edits yet.'],
    ['crdt', { kept: 16 }, 'Kept all 16.'],
    ['crdt', { kept: 2 }, 'Kept both.'],
    ['crdt', { kept: 1 }, 'Kept the one edit.'],
    ['crdt', { kept: 3, superseded: 2 }, 'Lost none; 2 were replaced by somebody who had seen them.'],
    ['crdt', { kept: 15, lost: 1 }, 'Lost 1 of 16, and told nobody.'],
    ['last-writer-wins', { kept: 10, lost: 6 }, 'Lost 6 of 16, and told nobody.'],
    ['siblings', { kept: 3, toResolve: 13 }, 'Lost none; 13 wait for a person.'],
    ['siblings', { kept: 15, resurrected: 1 }, 'Kept 15 of 16.'],
    ['quorum', { kept: 8, refused: 7, unknown: 1 }, 'Refused 7 of 16; about 1 nobody can tell.'],
    ['consensus', { kept: 8, refused: 8 }, 'Refused 8 of 16; lost none.'],
    ['consensus', { refused: 4 }, 'Refused all 4; lost none.'],
    // Who was rolled back had been told that it was accepted; whether anybody told them later the totals do not say.
    ['single-leader', { kept: 8, lost: 2 }, 'Lost 2 of 10.'],
  ] as const)('%s %o: %s', (strategy, counts, sentence) => {
    expect(costSentence(totals(strategy, counts))).toBe(sentence);
  });

  test.each([
    ['crdt', { pending: 16 }, 'Accepts on both sides; 16 not yet everywhere.'],
    ['crdt', { pending: 1 }, 'Accepts on both sides; 1 not yet everywhere.'],
    ['quorum', { pending: 2 }, '2 not yet everywhere.'],
    ['last-writer-wins', { kept: 4, lost: 3, pending: 2 }, 'Lost 3 of 9 so far; 2 not yet everywhere.'],
    ['consensus', { kept: 8, refused: 3, pending: 1 }, 'Refused 3 of 12; 1 not yet everywhere.'],
  ] as const)('while edits wait, %s %o: %s, never that none was lost', (strategy, counts, sentence) => {
    expect(costSentence(totals(strategy, counts))).toBe(sentence);
  });
});

describe('a bar', () => {
  test('has a segment for each thing that happened, and they add up to the actions', () => {
    const all = totals('siblings', { kept: 2, superseded: 1, toResolve: 3, lost: 4, resurrected: 1, refused: 1, unknown: 2, pending: 5 });
    expect(barSegments(all).map(({ kind }) => kind)).toEqual(['kept', 'superseded', 'turn', 'lost', 'resurrected', 'refused', 'unknown', 'pending']);
    expect(barSegments(all).reduce((sum, { count }) => sum + count, 0)).toBe(all.actions);
  });

  test('is spoken without what there is none of', () => {
    expect(barWords(totals('last-writer-wins', { kept: 10, lost: 6 }))).toBe('10 kept, 6 lost');
    expect(barWords(none)).toBe('no edits yet');
  });
});

describe('brokenRules', () => {
  test('names what was promised twice and what came back', () => {
    expect(brokenRuleTexts(totals('crdt', { kept: 1, oversold: 1, ruleBroken: 1 }))).toEqual(['oversold 1']);
    expect(brokenRuleTexts(totals('crdt', { kept: 1, ruleBroken: 1 }))).toEqual(['1 stock below zero']);
    expect(brokenRuleTexts(totals('siblings', { resurrected: 2 }))).toEqual(['2 came back']);
    expect(brokenRuleTexts(none)).toEqual([]);
  });

  test('are sentences of their own in the head of a column', () => {
    expect(ruleSentences(totals('crdt', { kept: 1, oversold: 1, ruleBroken: 1 }))).toEqual(['Sold one too many.']);
    expect(ruleSentences(totals('crdt', { kept: 1, oversold: 3, ruleBroken: 1, resurrected: 1 }))).toEqual(['Sold 3 too many.', '1 came back.']);
    expect(ruleSentences(totals('crdt', { kept: 1, ruleBroken: 2 }))).toEqual(['2 stocks below zero.']);
    expect(ruleSentences(none)).toEqual([]);
  });
});
