/** Compares checkers with the oracle on thousands of small random histories, the same ones each time. */
import type { causal } from '../../../../shared/analysis/verdicts/causal.ts';
import type { linearizable } from '../../../../shared/analysis/verdicts/linearizable.ts';
import type { ObservedHistory } from '../../../../shared/analysis/verdicts/observed-history.ts';
import type { sequential } from '../../../../shared/analysis/verdicts/sequential.ts';
import type * as sessionGuarantees from '../../../../shared/analysis/verdicts/session-guarantees.ts';
import type { Specification } from '../../../../shared/analysis/verdicts/specification.ts';
import { brokenGuarantees, isCausal, isLinearizable, isSequential } from './brute-force.ts';
import { anyCounts, anyHistory } from './random-history.ts';
import { rareStories } from './story.ts';

/** The functions under test: the real ones, or a broken variant's. */
export interface Checkers {
  readonly linearizable: typeof linearizable;
  readonly sequential: typeof sequential;
  readonly causal: typeof causal;
  readonly sessionGuarantees: typeof sessionGuarantees;
  readonly counterOf: (initial?: number) => Specification<number>;
  readonly stockOf: (initial: number) => Specification<number>;
}

interface Case {
  readonly name: string;
  readonly history: ObservedHistory;
  readonly expected: string;
}

export interface Comparison {
  readonly what: 'linearizable' | 'sequential' | 'causal' | 'session guarantees';
  readonly cases: readonly Case[];
}

/** Registers of all shapes, and counters with stocks. */
function mixed(seed: number): ObservedHistory {
  if (seed % 4 === 0) return anyCounts(seed, 3 + (seed % 3));
  if (seed % 4 === 1) return anyHistory(seed, { operations: 4 + (seed % 3), sessions: 2, fields: 2, unique: seed % 3 === 0, openPart: 0, pace: 'instant' });
  if (seed % 4 === 2) return anyHistory(seed, { operations: 5 + (seed % 3), sessions: 3, fields: 1, unique: false, openPart: 0.15, namesWrites: seed % 3 === 0, pace: 'long' });
  return anyHistory(seed, { operations: 3 + (seed % 5), sessions: 2 + (seed % 2), fields: 1 + (seed % 2), unique: seed % 3 === 0, openPart: 0.15, namesWrites: seed % 5 === 0 });
}

function unique(seed: number): ObservedHistory {
  return anyHistory(seed, { operations: 3 + (seed % 8 === 0 ? 2 : seed % 2), sessions: 2 + (seed % 2), fields: 1 + (seed % 2), unique: true, openPart: 0.12 });
}

function longer(seed: number): ObservedHistory {
  return anyHistory(seed, { operations: 5 + (seed % 6), sessions: 2 + (seed % 2), fields: 1 + (seed % 2), unique: true, openPart: 0.1 });
}

function cases(count: number, make: (seed: number) => ObservedHistory, judge: (history: ObservedHistory) => string): Case[] {
  return Array.from({ length: count }, (_, index) => {
    const history = make(index + 1);
    return { name: `seed ${index + 1}`, history, expected: judge(history) };
  });
}

function rare(judge: (history: ObservedHistory) => string): Case[] {
  return Object.entries(rareStories).map(([name, history]) => ({ name, history, expected: judge(history) }));
}

const holdsIf = (is: (history: ObservedHistory) => boolean) => (history: ObservedHistory): string => (is(history) ? 'holds' : 'broken');

/** Made once; the oracle is slow. */
export function comparisons(): Comparison[] {
  return [
    { what: 'linearizable', cases: [...cases(6_000, mixed, holdsIf(isLinearizable)), ...rare(holdsIf(isLinearizable))] },
    { what: 'sequential', cases: [...cases(6_000, mixed, holdsIf(isSequential)), ...rare(holdsIf(isSequential))] },
    { what: 'causal', cases: cases(3_000, unique, holdsIf(isCausal)) },
    { what: 'session guarantees', cases: cases(4_000, longer, (history) => brokenGuarantees(history).join()) },
  ];
}

/** The first history on which the checkers and the oracle differ, as a sentence; null if they never do. */
export function firstDifference(checkers: Checkers, { what, cases: all }: Comparison): string | null {
  for (const { name, history, expected } of all) {
    const answer = answerOf(checkers, what, withTheirSpecifications(checkers, history));
    if (answer !== expected) return `${what}, ${name}: ${answer || 'all hold'}, the oracle says ${expected || 'all hold'}: ${JSON.stringify(history.operations)}`;
  }
  return null;
}

function answerOf(checkers: Checkers, what: Comparison['what'], history: ObservedHistory): string {
  if (what !== 'session guarantees') return checkers[what](history).verdict;
  const { monotonicReads, monotonicWrites, readYourWrites, writesFollowReads } = checkers.sessionGuarantees;
  const verdicts = { 'monotonic-reads': monotonicReads, 'monotonic-writes': monotonicWrites, 'read-your-writes': readYourWrites, 'writes-follow-reads': writesFollowReads };
  return Object.entries(verdicts).filter(([, check]) => check(history).verdict === 'broken').map(([name]) => name).join();
}

function withTheirSpecifications({ counterOf, stockOf }: Checkers, history: ObservedHistory): ObservedHistory {
  if (history.specifications === undefined) return history;
  return { ...history, specifications: new Map([['x', counterOf() as Specification], ['y', stockOf(2) as Specification]]) };
}
