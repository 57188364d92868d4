/**
 * Loading a room anew that other relays have too, for as long as it takes.
 *
 * Guarantees: what the room had before is kept until it has been brought back into the loaded one;
 * until then the room must stay in memory.
 */
import { VersionVector } from '../../clocks/version-vector.ts';
import { errorText } from '../../encoding/error-text.ts';
import { isDiscarded, withDiscarded } from '../../protocol/room-life.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RoomDocument } from '../document/room-document.ts';
import {
  bringDecisionsBack,
  bringEditsBack,
  type FormerRoom,
  type LoadedParts,
} from './former-room.ts';

/** What of a room is neither document nor records. */
export interface RoomLife {
  /** Names this life of the room. */
  epoch: string;
  /** The lives that people have thrown away. */
  discarded: readonly string[];
  /** The JSON of the room's settings; null if none were stored. */
  settings: unknown;
}

export interface RoomReloadOptions extends LoadedParts {
  readonly clock: Clock;
  readonly document: RoomDocument;
  /** Loads the room in place of what it has; rejects when the store cannot be reached. */
  readonly load: () => Promise<void>;
}

/** Milliseconds until a room that could not be loaded is loaded again. */
const retryMs = 1_000;

export class RoomReload {
  private former: FormerRoom | null = null;
  private cancelRetry: (() => void) | null = null;
  private waiting: (() => void)[] = [];
  private isClosed = false;

  constructor(
    private readonly room: RoomLife,
    private readonly options: RoomReloadOptions,
  ) {}

  /** Whether something is left to bring back. */
  get isPending(): boolean {
    return this.former !== null;
  }

  /** Notes what the room has, before it is cleared. */
  begin(): void {
    this.former ??= this.whatItHas();
  }

  /** Loads the room. When that fails it rejects, and `again` is called a little later. */
  async attempt(again: () => void): Promise<void> {
    this.cancelRetry?.();
    this.cancelRetry = null;
    this.begin();
    try {
      await this.options.load();
    } catch (error) {
      this.options.report(`it cannot be loaded: ${errorText(error)}`);
      if (!this.isClosed) this.cancelRetry = this.options.clock.after(retryMs, again);
      throw error;
    }
    this.bringBack(this.former!);
    this.former = null;
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Notes lives that people have thrown away. Returns whether some are new. */
  learnDiscarded(epochs: readonly string[]): boolean {
    const added = epochs.filter((epoch) => !this.room.discarded.includes(epoch));
    this.room.discarded = added.reduce(withDiscarded, [...this.room.discarded]);
    return added.length > 0;
  }

  /** Resolves when nothing is left to bring back. */
  async idle(): Promise<void> {
    while (this.former !== null) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Tries no more. */
  close(): void {
    this.isClosed = true;
    this.cancelRetry?.();
    this.cancelRetry = null;
  }

  private whatItHas(): FormerRoom {
    const { epoch, discarded, settings } = this.room;
    const { document, journal, names, members, cluster } = this.options;
    return {
      epoch,
      discarded,
      settings,
      snapshot: document.snapshot(),
      records: journal.missing(VersionVector.empty),
      unwritten: cluster.takeUnwritten(),
      instances: names.all,
      members: members.list,
    };
  }

  private bringBack(former: FormerRoom): void {
    const { room, options } = this;
    // People have emptied it: nothing of that life comes back.
    if (isDiscarded(former.epoch, room.epoch, room.discarded)) return;
    if (this.learnDiscarded(former.discarded)) {
      options.write([options.storage.setDiscarded(room.discarded)]);
    }
    bringDecisionsBack(former, options, room.settings !== null);
    room.settings ??= former.settings;
    bringEditsBack(former, options);
  }
}
