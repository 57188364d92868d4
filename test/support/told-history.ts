/** Hand-made histories of edits that are answered later, and short ways to ask the ledger about them. */
import { type Fate, type Ledger, type LedgerInput, ledgerOf } from '../../shared/analysis/ledger.ts';
import { dotKey, type DotKey, parseDot, type ReplicaId } from '../../shared/clocks/dot.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { Intent } from '../../shared/document/intent.ts';
import { type FieldId, labSchema } from '../../shared/document/schema.ts';
import { type EditRecord, isEdit, type JournalRecord, type Settlement, type StrategyId, type Trace } from '../../shared/history/record.ts';

export const plusOne: Intent = { kind: 'increment', by: 1 };
export const typed = (inserted: string, index = 0): Intent => ({ kind: 'splice', index, removed: '', inserted });
export const title = (value: string): Intent => ({ kind: 'set', value });

/** A history under one strategy. Each replica has seen all that came before; every record comes 10 ms after the one before it. */
export class ToldHistory {
  readonly records: JournalRecord[] = [];
  private clock = VersionVector.empty;

  constructor(readonly strategy: StrategyId) {}

  /** All that was made so far. */
  get seen(): VersionVector {
    return this.clock;
  }

  /** `context`: what the maker had seen, if not all that came before. */
  edit(at: ReplicaId, field: FieldId, intent: Intent, trace: Trace = { outcome: 'pending' }, context?: VersionVector): DotKey {
    const next = this.next(at);
    const record: EditRecord = { ...next, context: context ?? next.context, field, intent, traces: { [this.strategy]: trace } };
    this.records.push(record);
    return dotKey(record.dot);
  }

  /** Says how an edit ended; its maker does where nobody else is named. */
  say(key: DotKey, settlement: Settlement, at: ReplicaId = parseDot(key).replica, wallMs?: number): void {
    const next = this.next(at);
    this.records.push({ ...next, wallMs: wallMs ?? next.wallMs, settles: parseDot(key), strategy: this.strategy, settlement });
  }

  accept(key: DotKey, ...details: unknown[]): void {
    this.say(key, { outcome: 'accepted', details });
  }

  /** An edit that was accepted with these details. */
  accepted(at: ReplicaId, field: FieldId, intent: Intent, ...details: unknown[]): DotKey {
    const key = this.edit(at, field, intent);
    this.accept(key, ...details);
    return key;
  }

  rollBack(key: DotKey, at: ReplicaId, ...details: unknown[]): void {
    this.say(key, { outcome: 'rolled-back', reason: 'C leads now and does not have it', details }, at);
  }

  ledger(input: Partial<LedgerInput> = {}): Ledger {
    return ledgerOf({ schema: labSchema, records: this.records, everywhere: this.clock, ...input });
  }

  fate(key: DotKey, input: Partial<LedgerInput> = {}): Fate | undefined {
    return this.ledger(input).rows.find(({ record }) => dotKey(record.dot) === key)?.fates[this.strategy];
  }

  get edits(): EditRecord[] {
    return this.records.filter(isEdit);
  }

  private next(at: ReplicaId): Pick<EditRecord, 'dot' | 'context' | 'wallMs' | 'hybrid'> {
    const dot = { replica: at, counter: this.clock.get(at) + 1 };
    const context = this.clock;
    this.clock = context.with(dot);
    const ms = 1_000 + 10 * this.records.length;
    return { dot, context, wallMs: ms, hybrid: { ms, counter: 0 } };
  }
}
