/**
 * The order in which the review is read: rejoins, newest first, then what belongs to none; in each, fields with a broken rule first, then those where words
 * or values wait for a person, then those that lost most; in a field, column by column, newest first.
 */
import type { Schema } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';
import { getOrMake } from './concurrency.ts';
import type { ReviewItem } from './review-item.ts';
import { eachOf, type Sliced, sorted } from './slices.ts';

interface FieldWeight {
  hasRule: boolean;
  hasTouching: boolean;
  lost: number;
}

export function* inReadingOrder(items: readonly ReviewItem[], schema: Schema, strategies: readonly StrategyId[]): Sliced<ReviewItem[]> {
  const weights = new Map<string, FieldWeight>();
  const none = (): FieldWeight => ({ hasRule: false, hasTouching: false, lost: 0 });
  const weightOf = ({ rejoin, field }: ReviewItem): FieldWeight => getOrMake(weights, `${rejoin} ${field}`, none);
  yield* eachOf(items, (item) => {
    const weight = weightOf(item);
    if (item.kind === 'rule' || item.kind === 'came back') weight.hasRule = true;
    if (item.kind === 'touching') weight.hasTouching = true;
    if (item.kind === 'lost') weight.lost++;
  });
  const places = new Map(schema.map(({ id }, at) => [id, at]));
  const columns = new Map(strategies.map((strategy, at) => [strategy, at]));
  return yield* sorted(items, (a, b) => {
    if (a.rejoin !== b.rejoin) return (b.rejoin ?? -1) - (a.rejoin ?? -1);
    if (a.field !== b.field) return compareWeights(weightOf(a), weightOf(b)) || places.get(a.field)! - places.get(b.field)!;
    return columns.get(a.strategies[0]!)! - columns.get(b.strategies[0]!)! || rankOf(a) - rankOf(b) || b.order - a.order;
  });
}

function compareWeights(a: FieldWeight, b: FieldWeight): number {
  return Number(b.hasRule) - Number(a.hasRule) || Number(b.hasTouching) - Number(a.hasTouching) || b.lost - a.lost;
}

function rankOf({ kind }: ReviewItem): number {
  return kind === 'rule' ? 0 : kind === 'touching' ? 1 : 2;
}
