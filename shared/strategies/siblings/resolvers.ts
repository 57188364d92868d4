/**
 * Making one value of several siblings without asking. Each is a pure function of the values, so that all replicas make the same.
 *
 * - ask: nobody decides; the deterministic winner (the first) is only shown.
 * - union: all elements of all siblings. Known to bring removed elements back: that is what it is here to show.
 * - maximum: the greatest number. Known to lose increments.
 * - sum: the steps of all branches, each once.
 */
import type { FieldType, FieldValue } from '../../document/schema.ts';

export type Resolver = 'ask' | 'union' | 'maximum' | 'sum';

/** Records name a resolver by its place here. */
export const resolvers: readonly Resolver[] = ['ask', 'union', 'maximum', 'sum'];

/** Whether a resolver can decide for a field of this type. */
export function decides(resolver: Resolver, type: FieldType): boolean {
  return (resolver === 'union' && type === 'set') || ((resolver === 'maximum' || resolver === 'sum') && (type === 'counter' || type === 'stock'));
}

/** The value made of one or more siblings, the deterministic winner first. `sum`: what all their steps make, as values do not tell which steps they share. */
export function resolved(type: FieldType, values: readonly FieldValue[], resolver: Resolver, sum: () => number): FieldValue {
  if (values.length > 1 && decides(resolver, type)) {
    if (resolver === 'sum') return sum();
    if (type === 'set') return [...new Set((values as readonly (readonly string[])[]).flat())].sort();
    return (values as readonly number[]).reduce((most, value) => Math.max(most, value));
  }
  return values[0]!;
}
