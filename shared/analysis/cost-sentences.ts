/**
 * What a strategy did to the edits of a room, in one plain sentence, in segments of one bar, and in the rules that it broke. Pure functions of its totals.
 *
 * Guarantees: says nothing that the totals do not hold; while edits are pending, no sum is called final.
 */
import type { StrategyId } from '../history/record.ts';
import { isCoordinated } from '../strategies/registry.ts';
import { capital, counted } from './phrases.ts';
import type { StrategyTotals } from './strategy-figures.ts';

export type BarKind = 'kept' | 'superseded' | 'turn' | 'lost' | 'resurrected' | 'refused' | 'unknown' | 'pending';

export interface BarSegment {
  readonly kind: BarKind;
  readonly count: number;
  /** "6 lost" */
  readonly words: string;
}

const segments: readonly { readonly kind: BarKind; readonly word: string; readonly of: (totals: StrategyTotals) => number }[] = [
  { kind: 'kept', word: 'kept', of: ({ kept }) => kept },
  { kind: 'superseded', word: 'superseded', of: ({ superseded }) => superseded },
  { kind: 'turn', word: 'to resolve', of: ({ toResolve }) => toResolve },
  { kind: 'lost', word: 'lost', of: ({ lost }) => lost },
  { kind: 'resurrected', word: 'came back', of: ({ resurrected }) => resurrected },
  { kind: 'refused', word: 'refused', of: ({ refused }) => refused },
  { kind: 'unknown', word: 'unknown', of: ({ unknown }) => unknown },
  { kind: 'pending', word: 'pending', of: ({ pending }) => pending },
];

/** These take the later write and tell neither writer. */
const silent: readonly StrategyId[] = ['crdt', 'last-writer-wins'];

/** What became of the actions, without what there is none of; the counts add up to all actions. */
export function barSegments(totals: StrategyTotals): BarSegment[] {
  return segments.map(({ kind, word, of }) => ({ kind, count: of(totals), words: `${of(totals)} ${word}` })).filter(({ count }) => count > 0);
}

/** "10 kept, 6 lost" */
export function barWords(totals: StrategyTotals): string {
  return barSegments(totals).map(({ words }) => words).join(', ') || 'no edits yet';
}

/** Rules that the outcome breaks: "oversold 1", "1 came back". */
export function brokenRuleTexts(totals: StrategyTotals): string[] {
  return rules(totals, `oversold ${totals.oversold}`);
}

/** The same as sentences of their own, beside a cost sentence: "Sold one too many." */
export function ruleSentences(totals: StrategyTotals): string[] {
  return rules(totals, `sold ${totals.oversold === 1 ? 'one' : totals.oversold} too many`).map((rule) => `${capital(rule)}.`);
}

function rules({ oversold, ruleBroken, resurrected }: StrategyTotals, oversoldWords: string): string[] {
  const stock = oversold > 0 ? [oversoldWords] : ruleBroken > 0 ? [`${counted(ruleBroken, 'stock')} below zero`] : [];
  return [...stock, ...(resurrected > 0 ? [`${resurrected} came back`] : [])];
}

/** "Lost 6 of 16, and told nobody." "Accepts on both sides; 16 not yet everywhere." */
export function costSentence(totals: StrategyTotals): string {
  const { actions, pending } = totals;
  if (actions === 0) return 'No edits yet.';
  const clauses = pending > 0 ? [...sumsSoFar(totals), `${pending} not yet everywhere`] : sums(totals);
  return `${capital(clauses.join('; '))}.`;
}

/** The same in a few words, for tiles and cards: "Lost 6 of 16 silently", "Refused 8, lost none". */
export function briefCost(totals: StrategyTotals): string {
  const { actions, strategy, lost, toResolve, refused, unknown, resurrected, pending } = totals;
  if (actions === 0) return 'No edits yet';
  const losses = [...(lost > 0 ? [`lost ${lost} of ${actions}${silent.includes(strategy) ? ' silently' : ''}`] : []), ...brokenRuleTexts(totals)];
  const others = [...(toResolve > 0 ? [`${toResolve} your turn`] : []), ...(refused > 0 ? [`refused ${refused}`] : []), ...(unknown > 0 ? [`unknown ${unknown}`] : [])];
  const isLossless = lost === 0 && unknown === 0 && resurrected === 0 && pending === 0;
  const kept = losses.length + others.length === 0 && pending === 0 ? [actions === 1 ? 'kept the one edit' : `lost none of ${actions}`] : others.length > 0 && isLossless ? ['lost none'] : [];
  return capital([...losses, ...others, ...kept, ...(pending > 0 ? [`${pending} not yet everywhere`] : [])].join(', '));
}

/** The worst first; that nothing was lost is said where something else happened, and only if nobody doubts it. */
function sums(totals: StrategyTotals): string[] {
  const { actions, superseded, lost, toResolve, resurrected, refused, unknown } = totals;
  const lossClauses = lost > 0 ? [lossClause(totals)] : [];
  const others = otherClauses(totals);
  const isLossless = lost === 0 && unknown === 0 && resurrected === 0;
  if (lossClauses.length + others.length > 0) return [...lossClauses, ...(isLossless && toResolve > 0 ? ['lost none'] : []), ...others, ...(isLossless && toResolve === 0 && refused > 0 ? ['lost none'] : [])];
  if (resurrected > 0) return [`kept ${totals.kept} of ${actions}`];
  if (superseded === 0) return [actions === 1 ? 'kept the one edit' : actions === 2 ? 'kept both' : `kept all ${actions}`];
  return ['lost none', `${superseded} ${superseded === 1 ? 'was' : 'were'} replaced by somebody who had seen ${superseded === 1 ? 'it' : 'them'}`];
}

function sumsSoFar(totals: StrategyTotals): string[] {
  const { lost, strategy, actions, pending } = totals;
  // Nobody is told before all have met: that they were told nothing would say too much.
  if (actions === pending) return isCoordinated(strategy) ? [] : ['accepts on both sides'];
  return [...(lost > 0 ? [`lost ${lost} of ${actions} so far`] : []), ...otherClauses(totals)];
}

function lossClause({ strategy, lost, actions }: StrategyTotals): string {
  return `lost ${lost} of ${actions}${silent.includes(strategy) ? ', and told nobody' : ''}`;
}

function otherClauses({ actions, toResolve, refused, unknown }: StrategyTotals): string[] {
  return [
    ...(toResolve > 0 ? [`${toResolve} ${toResolve === 1 ? 'waits' : 'wait'} for a person`] : []),
    ...(refused > 0 ? [refused === actions && actions > 1 ? `refused all ${refused}` : `refused ${refused} of ${actions}`] : []),
    ...(unknown > 0 ? [`about ${unknown} nobody can tell`] : []),
  ];
}
