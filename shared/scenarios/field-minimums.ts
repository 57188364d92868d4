import type { FieldId, Schema } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';

/** The least that fields showed at any replica that is up, in any column, so far. */
export class FieldMinimums {
  private readonly least = new Map<string, number>();

  constructor(private readonly schema: Schema, private readonly strategies: readonly StrategyId[]) {}

  note(value: (strategy: StrategyId, field: FieldId) => number): void {
    for (const { id, type } of this.schema) {
      if (type !== 'counter' && type !== 'stock') continue;
      for (const strategy of this.strategies) {
        const key = `${strategy}/${id}`;
        this.least.set(key, Math.min(this.least.get(key) ?? Infinity, value(strategy, id)));
      }
    }
  }

  of(strategy: StrategyId, field: FieldId): number | null {
    return this.least.get(`${strategy}/${field}`) ?? null;
  }
}
