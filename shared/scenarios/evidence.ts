/** Which sentences of the review tell why an expectation of a run did not come true. Pure functions. */
import type { Disposition } from '../analysis/fates/fate.ts';
import type { ReviewEntry } from '../analysis/review.ts';
import { type FieldId, fieldOf, type Schema } from '../document/schema.ts';
import type { Judgement } from './judgement.ts';
import type { Expectation, Figure } from './scenario.ts';

const lost: readonly Disposition[] = ['lost'];

/** What the edits that a figure counts became. Of the others no sentence tells. */
const countedBy: Readonly<Partial<Record<Figure, readonly Disposition[]>>> = {
  lost, charactersLost: lost, kept: ['lost', 'refused'], toResolve: ['sibling'], resurrected: ['resurrected'], refused: ['refused'], unknown: ['unknown'],
  // Of stocks alone: what was accepted and is lost was sold all the same.
  oversold: lost, ruleBroken: lost,
};

const anyEnd: readonly Disposition[] = ['lost', 'sibling', 'resurrected', 'refused', 'unknown'];

/** Whether an entry tells of edits that an expectation is about. */
export function isAbout(expectation: Expectation, schema: Schema, { field, fates }: Pick<ReviewEntry, 'field' | 'fates'>): boolean {
  const endedAs = (dispositions: readonly Disposition[]): boolean => fates.some(({ strategy, disposition }) => strategy === expectation.strategy && dispositions.includes(disposition));
  switch (expectation.kind) {
    case 'figure': {
      const isOfStocks = expectation.figure === 'oversold' || expectation.figure === 'ruleBroken';
      return endedAs(countedBy[expectation.figure] ?? []) && (!isOfStocks || typeOf(schema, field) === 'stock');
    }
    case 'value':
    case 'never-below': return field === expectation.field && endedAs(anyEnd);
    default: return false;
  }
}

/** The same entries: first one for each expectation that did not come true, then a second one for each, and in the end those that none of them is about. */
export function unmetFirst(entries: readonly ReviewEntry[], judgements: readonly Judgement[], schema: Schema): ReviewEntry[] {
  const places = new Map<ReviewEntry, number>();
  for (const { expectation } of judgements.filter(({ outcome }) => outcome !== 'holds')) {
    const about = entries.filter((entry) => isAbout(expectation, schema, entry));
    for (const [place, entry] of about.entries()) places.set(entry, Math.min(place, places.get(entry) ?? Infinity));
  }
  const placeOf = (entry: ReviewEntry): number => places.get(entry) ?? entries.length;
  return [...entries].sort((a, b) => placeOf(a) - placeOf(b));
}

function typeOf(schema: Schema, field: FieldId): string {
  return fieldOf(schema, field).type;
}
