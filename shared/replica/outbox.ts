/**
 * The outbox: stores what a replica did, then lets it go out.
 *
 * Guarantees: own records are handed on only when they are stored, in their order. If the store fails, the person is told, and the edits go out
 * all the same: the relay is then the only place that can keep them.
 */
import { VersionVector } from '../clocks/version-vector.ts';
import { errorText } from '../encoding/error-text.ts';
import type { JournalRecord } from '../history/record.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store, StoreChange } from '../ports/store.ts';
import { recordChange } from './replica-store.ts';

/** How long changes that nobody waits for may wait for company, in milliseconds. */
const laterMs = 200;
/** So many of these are stored at a time while nobody waits: some 15 ms of a page's time. */
const laterInPart = 256;

export class Outbox {
  /** What the relay has confirmed as stored. */
  saved = VersionVector.empty;
  private queue: StoreChange[] = [];
  private readonly unhurried: StoreChange[] = [];
  /** How many of them are to be stored now. */
  private due = 0;
  /** Changes that the store refused; they go first when it is tried again. */
  private refused: StoreChange[] = [];
  private unstored: JournalRecord[] = [];
  private readonly unstoredDots = new Set<JournalRecord['dot']>();
  private failing = false;
  private running: Promise<void> | null = null;

  private cancelLater: (() => void) | null = null;
  private readonly kept: { readonly change: StoreChange; readonly done: () => void; readonly failed: (error: unknown) => void }[] = [];

  constructor(
    private readonly target: Store,
    private readonly clock: Clock,
    private readonly release: (records: readonly JournalRecord[]) => void,
    private readonly report: (trouble: string | null) => void,
  ) {}

  /** Whether a record is stored here (a peer's record always counts as stored: it is safe at the relay). */
  isStored(record: JournalRecord): boolean {
    return !this.unstoredDots.has(record.dot);
  }

  /** Stores an own record with what belongs to it, all or nothing, then releases it. */
  store(record: JournalRecord, changes: readonly StoreChange[]): void {
    this.unstored.push(record);
    this.unstoredDots.add(record.dot);
    this.queue.push(recordChange(record));
    for (const change of changes) this.queue.push(change);
    this.start();
  }

  /** Stores a change that somebody waits for, in its turn; rejects, with nothing changed, when the store refuses it. */
  keep(change: StoreChange): Promise<void> {
    return new Promise((done, failed) => {
      this.kept.push({ change, done, failed });
      // Not at once: what a strategy keeps of an edit goes with the edit's record, which comes right after, all or nothing.
      void Promise.resolve().then(() => this.start());
    });
  }

  /**
   * Stores what can be had again from the relay: with the next own record, or a little later. An own record then never waits behind a
   * transaction that nobody waits for.
   */
  writeLater(changes: readonly StoreChange[]): void {
    if (changes.length === 0) return;
    for (const change of changes) this.unhurried.push(change);
    this.cancelLater ??= this.clock.after(laterMs, () => this.start());
  }

  /** Resolves when nothing waits to be stored. */
  async settled(): Promise<void> {
    if (this.unhurried.length > 0) this.start();
    while (this.running) await this.running;
  }

  private start(): void {
    this.cancelLater?.();
    this.cancelLater = null;
    this.due = this.unhurried.length;
    this.running ??= this.drain();
  }

  private async drain(): Promise<void> {
    while (this.queue.length + this.kept.length + this.due > 0) {
      // An own record goes with all that it may have seen; while there is none, others have their turn between two parts.
      const isWaitedFor = this.queue.length + this.kept.length > 0;
      const unhurried = this.unhurried.splice(0, isWaitedFor ? this.due : Math.min(this.due, laterInPart));
      this.due -= unhurried.length;
      const changes = [...this.refused, ...this.queue, ...unhurried];
      const records = this.unstored;
      this.refused = [];
      this.queue = [];
      this.unstored = [];
      const kept = this.kept.splice(0);
      try {
        await this.target.write([...changes, ...kept.map(({ change }) => change)]);
        for (const { done } of kept) done();
        if (this.failing) this.report(null);
        this.failing = false;
      } catch (error) {
        this.failing = true;
        this.refused = changes;
        for (const { failed } of kept) failed(error);
        this.report(`Edits are not saved on this device: ${errorText(error)}`);
      }
      for (const record of records) this.unstoredDots.delete(record.dot);
      if (records.length > 0) this.release(records);
    }
    this.running = null;
  }
}
