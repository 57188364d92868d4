/** What a person edits in this window, how it stands, and why an edit could not be made or stored. */
import type { Intent } from '../../../shared/document/intent.ts';
import type { FieldId, FieldValue } from '../../../shared/document/schema.ts';
import { errorText } from '../../../shared/encoding/error-text.ts';
import type { EditOptions, EditRecord, StrategyId } from '../../../shared/history/record.ts';
import type { Replica } from '../../../shared/replica/replica.ts';
import type { StrategySet } from '../../../shared/strategies/strategy-set.ts';
import { draftValue } from '../draft-value.ts';
import type { EditStanding, WaitingSibling } from '../replica-model.ts';
import { ShownRefusals } from '../shown-refusals.ts';

export interface LiveEditsOptions {
  readonly replica: Pick<Replica, 'schema' | 'value' | 'perform' | 'openIntents' | 'openActions' | 'newestEdit'>;
  readonly siblings: Pick<StrategySet['siblings'], 'waiting' | 'addedUp'>;
  /** Called when there is another trouble to tell. */
  readonly changed: () => void;
}

export class LiveEdits {
  private readonly refusals = new ShownRefusals();
  private replicaTrouble: string | null = null;
  private windowTrouble: string | null = null;

  constructor(private readonly options: LiveEditsOptions) {}

  get trouble(): string | null {
    return this.replicaTrouble ?? this.windowTrouble;
  }

  /** Tells the person of something that went wrong here; it stays until an edit succeeds. */
  setTrouble(error: unknown): void {
    this.windowTrouble = errorText(error);
    this.options.changed();
  }

  /** The replica's own trouble stays until the replica takes it back with null. */
  setReplicaTrouble(trouble: string | null): void {
    this.replicaTrouble = trouble;
  }

  /** An edit that cannot be made is told to the person in its own words; null then. */
  make(field: FieldId, intent: Intent, options: EditOptions): EditRecord | null {
    try {
      const record = this.options.replica.perform(field, intent, options);
      this.windowTrouble = null;
      return record;
    } catch (error) {
      this.setTrouble(error);
      return null;
    }
  }

  value(strategy: StrategyId, field: FieldId): FieldValue {
    return this.options.replica.value(strategy, field);
  }

  draft(strategy: StrategyId, field: FieldId): FieldValue {
    return draftValue(this.options.replica, strategy, field);
  }

  standing(strategy: StrategyId, field: FieldId): EditStanding {
    const { replica } = this.options;
    const newest = this.refusals.current(`${strategy}/${field}`, replica.newestEdit(strategy, field), () => this.value(strategy, field));
    return { pending: replica.openActions(strategy, field), newest };
  }

  addedUp(field: FieldId): number {
    return this.options.siblings.addedUp(field);
  }

  siblings(field: FieldId): readonly WaitingSibling[] {
    return this.options.siblings.waiting(field).map(({ key, dot, value }) => ({ key, from: dot.replica, value }));
  }

  resolve(field: FieldId, value: FieldValue, keeps: readonly string[]): void {
    this.make(field, { kind: 'resolve', value, keeps }, { only: ['siblings'] });
  }
}
