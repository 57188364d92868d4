/**
 * LevelDB as far as its log goes, on a disk that can be told to fail: an append that fails leaves a torn record, later appends
 * go on behind it, and opening reads no further than the torn record. Runs everywhere, where a real full disk needs Linux.
 */
import type { LevelDatabase, LevelOperation, LevelRange } from '../../server/storage/level-store.ts';

type LogEntry = readonly LevelOperation[] | 'torn';

/** What is on the disk; outlives a database that is not closed, as after a kill. */
export interface TornLogDisk {
  log: LogEntry[];
  /** "append": it leaves a torn record. "sync": all is there, but nobody knows. Both are forgotten only by opening anew. */
  failing: 'append' | 'sync' | 'open' | null;
}

export class TornLogDatabase implements LevelDatabase {
  private entries = new Map<string, Uint8Array>();
  private isOpen = false;
  private hasFailedSync = false;

  constructor(private readonly disk: TornLogDisk) {}

  async open(): Promise<void> {
    if (this.disk.failing !== null) throw new Error('No space left on device');
    const torn = this.disk.log.indexOf('torn');
    if (torn >= 0) this.disk.log.splice(torn);
    this.entries = new Map();
    for (const entry of this.disk.log) if (entry !== 'torn') this.apply(entry);
    this.hasFailedSync = false;
    this.isOpen = true;
  }

  async close(): Promise<void> {
    this.isOpen = false;
  }

  async batch(operations: readonly LevelOperation[]): Promise<void> {
    if (!this.isOpen) throw new Error('Database is not open');
    if (this.hasFailedSync) throw new Error('Input/output error');
    if (this.disk.failing === 'append') this.disk.log.push('torn');
    else this.disk.log.push(operations);
    this.hasFailedSync = this.disk.failing === 'sync';
    if (this.disk.failing !== null) throw new Error('No space left on device');
    this.apply(operations);
  }

  async *iterator({ gte, lt }: LevelRange): AsyncIterable<[Uint8Array, Uint8Array]> {
    const [from, until] = [hex(gte), hex(lt)];
    const found = [...this.entries].filter(([key]) => key >= from && key < until).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [key, value] of found) {
      if (!this.isOpen) throw new Error('Iterator is not open');
      yield [Buffer.from(key, 'hex'), value];
    }
  }

  keys({ gte, lt, limit }: LevelRange & { readonly limit: number }): { all(): Promise<Uint8Array[]> } {
    const found = [...this.entries.keys()].filter((key) => key >= hex(gte) && key < hex(lt)).sort();
    return { all: async () => found.slice(0, limit).map((key) => Buffer.from(key, 'hex')) };
  }

  private apply(operations: readonly LevelOperation[]): void {
    for (const each of operations) {
      if (each.type === 'put') this.entries.set(hex(each.key), each.value);
      else this.entries.delete(hex(each.key));
    }
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
