/**
 * The outbox: stores what a replica did, then lets it go out.
 *
 * Guarantees: own records are handed on only when they are stored, in their order. If the store fails, the person is told, and the edits go out
 * all the same: the relay is then the only place that can keep them.
 */
import { VersionVector } from '../clocks/version-vector.ts';
import type { EditRecord } from '../history/record.ts';
import type { Store, StoreChange } from '../ports/store.ts';
import { recordChange } from './replica-store.ts';

export class Outbox {
  /** What the relay has confirmed as stored. */
  saved = VersionVector.empty;
  private queue: StoreChange[] = [];
  /** Changes that the store refused; they go first when it is tried again. */
  private refused: StoreChange[] = [];
  private unstored: EditRecord[] = [];
  private readonly unstoredDots = new Set<EditRecord['dot']>();
  private failing = false;
  private running: Promise<void> | null = null;

  constructor(
    private readonly target: Store,
    private readonly release: (records: readonly EditRecord[]) => void,
    private readonly report: (trouble: string | null) => void,
  ) {}

  /** Whether a record is stored here (a peer's record always counts as stored: it is safe at the relay). */
  isStored(record: EditRecord): boolean {
    return !this.unstoredDots.has(record.dot);
  }

  /** Stores an own record with what belongs to it, all or nothing, then releases it. */
  store(record: EditRecord, changes: readonly StoreChange[]): void {
    this.unstored.push(record);
    this.unstoredDots.add(record.dot);
    this.write([recordChange(record), ...changes]);
  }

  /** Stores other changes, in order with the rest. */
  write(changes: readonly StoreChange[]): void {
    this.queue.push(...changes);
    this.running ??= this.drain();
  }

  /** Resolves when nothing waits to be stored. */
  async settled(): Promise<void> {
    while (this.running) await this.running;
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      const changes = [...this.refused, ...this.queue];
      const records = this.unstored;
      this.refused = [];
      this.queue = [];
      this.unstored = [];
      try {
        await this.target.write(changes);
        if (this.failing) this.report(null);
        this.failing = false;
      } catch (error) {
        this.failing = true;
        this.refused = changes;
        this.report(`Edits are not saved on this device: ${error instanceof Error ? error.message : String(error)}`);
      }
      for (const record of records) this.unstoredDots.delete(record.dot);
      if (records.length > 0) this.release(records);
    }
    this.running = null;
  }
}
