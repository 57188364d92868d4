/** Updates of a room for its next write: all that come until then go together, and their senders hear together that they are stored. */
import type { Clock } from '../../ports/clock.ts';
import type { StoreChange } from '../../ports/store.ts';
import type { RoomStorage } from '../storage/room-storage.ts';
import type { Times } from '../relay-meter.ts';
import type { RoomDocument } from '../document/room-document.ts';
import type { Session } from '../session/session.ts';

export interface UpdateBatchOptions {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly document: RoomDocument;
  readonly storage: RoomStorage;
  /** Has these written, which are made when their turn comes; calls back when they are stored. */
  readonly write: (changes: () => StoreChange[], stored: () => void) => void;
  /** Called for each session of which an update is stored. */
  readonly stored: (session: Session) => void;
  /** Counts how long it takes. */
  readonly saving: Times;
}

interface PendingUpdates {
  readonly updates: Uint8Array[];
  readonly from: { readonly session: Session; readonly receipt: number | null; readonly isStepTwo: boolean }[];
}

/**
 * From how many stored updates on they are merged into one, for a document of so many bytes. Merging goes through the whole document, while everybody waits: it is
 * to be rare, and rarer where it is large. Reading a few thousand values more costs some milliseconds, once.
 */
export function updatesMax(bytes: number): number {
  return Math.max(2_000, bytes / 100);
}

export class UpdateBatch {
  private pending: PendingUpdates | null = null;

  constructor(private readonly options: UpdateBatchOptions) {}

  /** Takes what of a session's update has to be stored; null if nothing. `receipt`: null where its frame is not counted. */
  add(session: Session, receipt: number | null, isStepTwo: boolean, kept: Uint8Array | null): void {
    const batch = (this.pending ??= this.begin());
    if (kept) batch.updates.push(kept);
    batch.from.push({ session, receipt, isStepTwo });
  }

  /** What is in it is not to be written. */
  forget(): void {
    this.pending = null;
  }

  private begin(): PendingUpdates {
    const batch: PendingUpdates = { updates: [], from: [] };
    const { clock } = this.options;
    const sinceMs = clock.nowMs();
    const changes = (): StoreChange[] => {
      this.pending = null;
      return this.changesOf(batch.updates);
    };
    this.options.write(changes, () => {
      this.options.saving.add(clock.nowMs() - sinceMs, batch.from.length);
      for (const { session, receipt, isStepTwo } of batch.from) {
        if (receipt !== null) session.receipts.stored(receipt, isStepTwo);
        this.options.stored(session);
      }
    });
    return batch;
  }

  private changesOf(updates: readonly Uint8Array[]): StoreChange[] {
    const { document, storage } = this.options;
    if (updates.length === 0) return [];
    if (storage.updateCount < updatesMax(document.bytesAtMost) && !document.wantsCompaction) return storage.addUpdates(updates);
    return storage.replaceUpdates(document.compact(), updates);
  }
}
