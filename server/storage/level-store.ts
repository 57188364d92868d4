/**
 * The Store port on LevelDB.
 *
 * Guarantees: a write is atomic, and on disk (fsync) when its promise resolves. Writes asked for while one is under way go out together
 * as one batch after it, so that many small writes cost few syncs; when that batch fails, all of them reject and nothing was changed.
 * Does not guarantee: use by two processes at once; the second one is refused.
 */
import { ClassicLevel } from 'classic-level';
import type { Store, StoreChange, StoreEntry } from '../../shared/ports/store.ts';
import { afterPrefix, keyFromBytes, keyToBytes } from './key-bytes.ts';
import type { RoomLister } from './stored-rooms.ts';

type Database = ClassicLevel<Uint8Array, Uint8Array>;

interface WaitingWrite {
  readonly changes: readonly StoreChange[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Opens, or creates, the store in this folder. Rejects with one line that a person can act on. */
export async function openLevelStore(folder: string): Promise<Store> {
  const database: Database = new ClassicLevel<Uint8Array, Uint8Array>(folder, { keyEncoding: 'view', valueEncoding: 'view' });
  try {
    await database.open();
  } catch (error) {
    throw new Error(whyNotOpened(folder, error));
  }
  return new LevelStore(database);
}

function whyNotOpened(folder: string, error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  if (cause?.code === 'LEVEL_LOCKED') return `the data folder ${folder} is in use by another Rejoin; end that one or choose another folder with --data`;
  const detail = cause?.message ?? (error instanceof Error ? error.message : String(error));
  return `the data folder ${folder} cannot be opened: ${detail.split('\n')[0]}`;
}

class LevelStore implements Store, RoomLister {
  private waiting: WaitingWrite[] = [];
  private flushing: Promise<void> | null = null;
  private closed = false;

  constructor(private readonly database: Database) {}

  async *read(prefix: string): AsyncIterable<StoreEntry> {
    this.mustBeOpen();
    for await (const [key, value] of this.database.iterator({ gte: keyToBytes(prefix), lt: afterPrefix(prefix) })) {
      yield { key: keyFromBytes(key), value };
    }
  }

  async roomKeys(after: string, max: number): Promise<string[]> {
    this.mustBeOpen();
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
    await this.database.close();
  }

  private async flush(): Promise<void> {
    // The writes of one turn of the event loop come together in the first batch too.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        const changes = group.flatMap((write) => write.changes);
        if (changes.length > 0) await this.database.batch(changes.map(operation), { sync: true });
        for (const write of group) write.resolve();
      } catch (error) {
        for (const write of group) write.reject(error);
      }
    }
    this.flushing = null;
  }

  private mustBeOpen(): void {
    if (this.closed) throw new Error('the store is closed');
  }
}

function operation({ key, value }: StoreChange): { type: 'put'; key: Uint8Array; value: Uint8Array } | { type: 'del'; key: Uint8Array } {
  return value ? { type: 'put', key: keyToBytes(key), value } : { type: 'del', key: keyToBytes(key) };
}
