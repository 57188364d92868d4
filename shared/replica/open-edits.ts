/** A replica's own edits that some strategy has not answered yet: those that were pending, until an outcome other than "unknown" stands in the journal. */
import { dotKey, type DotKey, type ReplicaId } from '../clocks/dot.ts';
import { type EditRecord, isEdit, isSettlement, type JournalRecord, type StrategyId } from '../history/record.ts';

export class OpenEdits {
  private readonly open = new Map<DotKey, { readonly record: EditRecord; readonly strategies: Set<StrategyId> }>();

  constructor(private readonly self: ReplicaId) {}

  /** Takes note of a record of whoever; own edits come before their outcomes. */
  note(record: JournalRecord): void {
    if (isEdit(record)) {
      const strategies = (Object.keys(record.traces) as StrategyId[]).filter((strategy) => record.traces[strategy]!.outcome === 'pending');
      if (record.dot.replica === this.self && strategies.length > 0) this.open.set(dotKey(record.dot), { record, strategies: new Set(strategies) });
    } else if (isSettlement(record) && (record.settlement.outcome === 'accepted' || record.settlement.outcome === 'refused')) {
      const key = dotKey(record.settles);
      const edit = this.open.get(key);
      edit?.strategies.delete(record.strategy);
      if (edit?.strategies.size === 0) this.open.delete(key);
    }
  }

  /** In the order in which they were made. */
  under(strategy: StrategyId): EditRecord[] {
    return [...this.open.values()].filter(({ strategies }) => strategies.has(strategy)).map(({ record }) => record);
  }
}
