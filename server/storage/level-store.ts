/**
 * The Store port on LevelDB.
 *
 * Guarantees: a write is atomic, and on disk (fsync) when its promise resolves. Writes asked for while one is under way go out
 * together as one batch after it, so that many small writes cost few syncs; when that batch fails, all of them reject.
 * After a failed write LevelDB is closed and opened again before anything else is written or read: a failed append may leave a
 * torn record in LevelDB's log, and recovery drops what is written behind it, though each of those writes was reported as done;
 * other failures (a full disk while a table is written, a failed sync) LevelDB refuses to forget until it is opened anew.
 * Does not guarantee: that a write that was rejected has changed nothing; it may be found whole later. Use by two processes at
 * once: the second one is refused.
 */
import { errorText } from '../../shared/encoding/error-text.ts';
import type { Store, StoreChange, StoreEntry } from '../../shared/ports/store.ts';
import { afterPrefix, keyFromBytes, keyToBytes } from '../../shared/relay/storage/key-bytes.ts';
import { keepDamagedLogs, mustHaveCurrent, repairAdvice } from './level-folder.ts';
import { loadClassicLevel } from './load-classic-level.ts';
import type { RoomLister } from '../../shared/relay/storage/stored-rooms.ts';

/** What the store needs of LevelDB; a test puts a disk that tears its log in its place. */
export interface LevelDatabase {
  /** May be called again after `close`, and after it has failed. */
  open(): Promise<void>;
  close(): Promise<void>;
  batch(operations: readonly LevelOperation[], options: { readonly sync: true }): Promise<void>;
  iterator(range: LevelRange): AsyncIterable<[Uint8Array, Uint8Array]>;
  keys(range: LevelRange & { readonly limit: number }): { all(): Promise<Uint8Array[]> };
}

export type LevelOperation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

export interface LevelRange {
  readonly gte: Uint8Array;
  readonly lt: Uint8Array;
}

export interface LevelStoreOptions {
  /** Gets one line for damage that is found when the folder is opened; default: nothing is said. */
  readonly report?: (line: string) => void;
  /** Makes the database of a folder; default: classic-level. */
  readonly database?: (folder: string) => LevelDatabase;
}

interface WaitingWrite {
  readonly changes: readonly StoreChange[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Opens, or creates, the store in this folder. Rejects with one line that a person can act on. */
export async function openLevelStore(folder: string, options: LevelStoreOptions = {}): Promise<Store> {
  const { report = () => {}, database = await classicLevel() } = options;
  await mustHaveCurrent(folder);
  for (const line of await keepDamagedLogs(folder)) report(line);
  const opened = database(folder);
  try {
    await opened.open();
  } catch (error) {
    throw new Error(whyNotOpened(folder, error));
  }
  return new LevelStore(folder, opened);
}

async function classicLevel(): Promise<(folder: string) => LevelDatabase> {
  const ClassicLevel = await loadClassicLevel();
  const encodings = { keyEncoding: 'view', valueEncoding: 'view' } as const;
  return (folder) => new ClassicLevel<Uint8Array, Uint8Array>(folder, encodings) as LevelDatabase;
}

function whyNotOpened(folder: string, error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  if (cause?.code === 'LEVEL_LOCKED') return `the data folder ${folder} is in use by another Rejoin; end that one or choose another folder with --data`;
  const detail = (cause?.message ?? errorText(error)).split('\n')[0];
  const advice = cause?.code === 'LEVEL_CORRUPTION' ? `; ${repairAdvice}` : '';
  return `the data folder ${folder} cannot be opened: ${detail}${advice}`;
}

class LevelStore implements Store, RoomLister {
  private waiting: WaitingWrite[] = [];
  private flushing: Promise<void> | null = null;
  private closed = false;
  /** False from a failed write until LevelDB has been opened again. */
  private isTrusted = true;
  private reopening: Promise<void> | null = null;
  private reads = 0;
  private readsEnded: (() => void) | null = null;

  constructor(
    private readonly folder: string,
    private readonly database: LevelDatabase,
  ) {}

  async *read(prefix: string): AsyncIterable<StoreEntry> {
    this.mustBeOpen();
    // No turn of the event loop lies between this and the count: a reopening that begins then waits for this read.
    while (!this.isTrusted) await this.reopened();
    this.mustBeOpen();
    this.reads++;
    try {
      const range = { gte: keyToBytes(prefix), lt: afterPrefix(prefix) };
      for await (const [key, value] of this.database.iterator(range)) yield { key: keyFromBytes(key), value };
    } finally {
      this.reads--;
      if (this.reads === 0) this.readsEnded?.();
    }
  }

  async roomKeys(after: string, max: number): Promise<string[]> {
    this.mustBeOpen();
    while (!this.isTrusted) await this.reopened();
    const keys: string[] = [];
    for (let last = after; keys.length < max; ) {
      // "0" comes after "/": a look at one key of each room.
      const gte = keyToBytes(last === '' ? 'room/' : `room/${last}0`);
      const [found] = await this.database.keys({ gte, lt: afterPrefix('room/'), limit: 1 }).all();
      if (!found) break;
      last = keyFromBytes(found).split('/')[1]!;
      keys.push(last);
    }
    return keys;
  }

  async write(changes: readonly StoreChange[]): Promise<void> {
    this.mustBeOpen();
    return new Promise((resolve, reject) => {
      this.waiting.push({ changes, resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.flushing;
    await this.reopening?.catch(() => {});
    await this.database.close();
  }

  private async flush(): Promise<void> {
    // The writes of one turn of the event loop come together in the first batch too.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        await this.writeGroup(group);
        for (const write of group) write.resolve();
      } catch (error) {
        for (const write of group) write.reject(error);
      }
    }
    this.flushing = null;
  }

  private async writeGroup(group: readonly WaitingWrite[]): Promise<void> {
    while (!this.isTrusted) await this.reopened();
    const changes = group.flatMap((write) => write.changes);
    if (changes.length === 0) return;
    try {
      await this.database.batch(changes.map(operation), { sync: true });
    } catch (error) {
      this.isTrusted = false;
      throw error;
    }
  }

  /** Resolves when LevelDB was opened again; rejects where it cannot be. */
  private reopened(): Promise<void> {
    this.reopening ??= this.reopen().finally(() => (this.reopening = null));
    return this.reopening;
  }

  private async reopen(): Promise<void> {
    if (this.reads > 0) await new Promise<void>((resolve) => (this.readsEnded = resolve));
    this.readsEnded = null;
    await this.database.close();
    try {
      await this.database.open();
    } catch (error) {
      throw new Error(whyNotOpened(this.folder, error));
    }
    this.isTrusted = true;
  }

  private mustBeOpen(): void {
    if (this.closed) throw new Error('the store is closed');
  }
}

function operation({ key, value }: StoreChange): LevelOperation {
  return value ? { type: 'put', key: keyToBytes(key), value } : { type: 'del', key: keyToBytes(key) };
}
