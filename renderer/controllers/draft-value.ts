/** What a column shows while a person types: its own value with what the strategy has not answered yet. */
import { applyIntent } from '../../shared/document/apply-intent.ts';
import { fieldOf, type FieldId, type FieldValue } from '../../shared/document/schema.ts';
import type { StrategyId } from '../../shared/history/record.ts';
import type { Replica } from '../../shared/replica/replica.ts';

/** Other fields than texts and registers have no draft. */
export function draftValue(replica: Pick<Replica, 'schema' | 'value' | 'openIntents'>, strategy: StrategyId, field: FieldId): FieldValue {
  const { type } = fieldOf(replica.schema, field);
  const value = replica.value(strategy, field);
  if (type !== 'text' && type !== 'register') return value;
  return replica.openIntents(strategy, field).reduce((draft, intent) => {
    const applied = applyIntent(type, draft, intent, 'draft');
    return applied.ok ? applied.value : draft;
  }, value);
}
