/**
 * Making one value of several siblings without asking. Each is a pure function of the values, so that all replicas make the same.
 *
 * - ask: nobody decides; the deterministic winner (the first) is only shown.
 * - union: all elements of all siblings. Known to bring removed elements back: that is what it is here to show.
 * - maximum: the greatest number. Known to lose increments.
 */
import type { FieldType, FieldValue } from '../../document/schema.ts';

export type Resolver = 'ask' | 'union' | 'maximum';

export const resolvers: readonly Resolver[] = ['ask', 'union', 'maximum'];

/** Whether a resolver can decide for a field of this type. */
export function decides(resolver: Resolver, type: FieldType): boolean {
  return (resolver === 'union' && type === 'set') || (resolver === 'maximum' && (type === 'counter' || type === 'stock'));
}

/** The value made of one or more siblings, the deterministic winner first. */
export function resolved(type: FieldType, values: readonly FieldValue[], resolver: Resolver): FieldValue {
  if (values.length > 1 && decides(resolver, type)) {
    if (type === 'set') return [...new Set((values as readonly (readonly string[])[]).flat())].sort();
    return (values as readonly number[]).reduce((most, value) => Math.max(most, value));
  }
  return values[0]!;
}
