/**
 * What a replica knows of its own edits' outcomes: those that some strategy has not answered yet (pending, until an outcome other than "unknown" stands in
 * the journal), and how the newest edit of each field ended.
 */
import { dotKey, type DotKey, type ReplicaId } from '../clocks/dot.ts';
import type { FieldId } from '../document/schema.ts';
import { Actions } from '../history/actions.ts';
import { type EditRecord, isEdit, isOutcome, type JournalRecord, type OutcomeRecord, type StrategyId } from '../history/record.ts';

/** How the newest own edit of a field stands under a strategy. */
export interface NewestEdit {
  readonly outcome: 'pending' | 'accepted' | 'refused' | 'unknown';
  /** Why, where it was refused or is unknown. */
  readonly reason: string | null;
}

export class OpenEdits {
  private newest = new Map<string, NewestEdit & { readonly key: DotKey }>();
  private readonly open = new Map<DotKey, { readonly record: EditRecord; readonly action: DotKey; readonly strategies: Set<StrategyId> }>();
  private readonly actions = new Actions();

  /** Edits, by strategy, of which it was said that nobody knows. */
  private readonly unknown = new Set<string>();

  constructor(private readonly self: ReplicaId) {}

  /** Takes note of a record of whoever; own edits come before their outcomes. */
  note(record: JournalRecord): void {
    if (isEdit(record)) {
      if (record.dot.replica === this.self) this.noteOwn(record);
    } else if (isOutcome(record)) this.noteOutcome(record);
  }

  private noteOutcome(record: OutcomeRecord): void {
    const { settlement, strategy } = record;
    if (settlement.outcome === 'rolled-back') return;
    const key = dotKey(record.settles);
    const edit = this.open.get(key);
    for (const [place, newest] of this.newest) {
      if (newest.key === key && place.startsWith(`${strategy}/`)) this.newest.set(place, { key, outcome: settlement.outcome, reason: settlement.outcome === 'accepted' ? null : settlement.reason });
    }
    if (settlement.outcome === 'unknown') return void this.unknown.add(`${strategy}/${key}`);
    this.unknown.delete(`${strategy}/${key}`);
    edit?.strategies.delete(strategy);
    if (edit?.strategies.size === 0) this.open.delete(key);
  }

  private noteOwn(record: EditRecord): void {
    const action = this.actions.startOf(record);
    this.noteNewest(record);
    const strategies = (Object.keys(record.traces) as StrategyId[]).filter((strategy) => record.traces[strategy]!.outcome === 'pending');
    if (strategies.length > 0) this.open.set(dotKey(record.dot), { record, action, strategies: new Set(strategies) });
  }

  private noteNewest({ dot, field, traces }: EditRecord): void {
    for (const [strategy, trace] of Object.entries(traces)) this.newest.set(`${strategy}/${field}`, { key: dotKey(dot), outcome: trace.outcome, reason: trace.outcome === 'refused' ? trace.reason : null });
  }

  /** How the newest own edit stands that was made since `beginAnew`; null if none was. */
  newestOf(strategy: StrategyId, field: FieldId): NewestEdit | null {
    return this.newest.get(`${strategy}/${field}`) ?? null;
  }

  /** A window was opened: what earlier ones did is history. */
  beginAnew(): void {
    this.newest = new Map();
  }

  /** How many actions wait for a first answer (one that says unknown is one), what was typed in these fields and has not gone out included. */
  unansweredUnder(strategy: StrategyId, typedIn: readonly FieldId[]): number {
    return this.actionsOf([...this.open].filter(([key, { strategies }]) => strategies.has(strategy) && !this.unknown.has(`${strategy}/${key}`)).map(([, { action }]) => action), typedIn);
  }

  /** How many actions in a field are not settled, what was typed there and has not gone out included. */
  openIn(strategy: StrategyId, field: FieldId, isTypedIn: boolean): number {
    const open = [...this.open.values()].filter(({ record, strategies }) => strategies.has(strategy) && record.field === field);
    return this.actionsOf(open.map(({ action }) => action), isTypedIn ? [field] : []);
  }

  private actionsOf(open: readonly DotKey[], typedIn: readonly FieldId[]): number {
    return new Set([...open, ...typedIn.map((field) => this.actions.newestRun(this.self, field) ?? field)]).size;
  }

  /** In the order in which they were made. */
  under(strategy: StrategyId): EditRecord[] {
    return [...this.open.values()].filter(({ strategies }) => strategies.has(strategy)).map(({ record }) => record);
  }
}
