/**
 * The Store port as a disk that outlives its program, in virtual time.
 *
 * Guarantees: writes become durable one after the other, each whole, a little after they were asked for; a crash loses those that were under way, and
 * nothing that a dead program asked for is written after it. Two stores over the same contents, one after the other, are a restart.
 */
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Store, StoreChange, StoreEntry } from '../ports/store.ts';

/** How long a write takes at most, in milliseconds, on a disk of which nothing else is said. */
const usualWriteMsMax = 3;

/** What is on a disk. Written far more often than read: it is put in order by key when somebody reads it. */
export class DiskContents {
  private readonly values = new Map<string, Uint8Array>();
  private written: (readonly StoreChange[])[] = [];

  write(changes: readonly StoreChange[]): void {
    this.written.push(changes);
  }

  /** What has these letters at the beginning of its key, by key. */
  read(prefix: string): StoreEntry[] {
    for (const changes of this.written) {
      for (const { key, value } of changes) {
        if (value) this.values.set(key, value);
        else this.values.delete(key);
      }
    }
    this.written = [];
    const keys = [...this.values.keys()].filter((key) => key.startsWith(prefix)).sort();
    return keys.map((key) => ({ key, value: this.values.get(key)! }));
  }
}

export class SimulatedDisk implements Store {
  /** While it is full, what is written from then on is refused. */
  isFull = false;
  private isOpen = true;
  private hasPower = true;
  private freeAtMs = 0;
  private waiting: { readonly changes: readonly StoreChange[]; readonly done: () => void; readonly failed: (error: Error) => void }[] = [];
  private isWriting = false;

  /**
   * `contents`: what is on the disk now. `shares`: the very bytes are kept and given back, which
   * nobody may change then; else copies, as a disk makes them. `writeMsMax`: in milliseconds.
   */
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly contents = new DiskContents(),
    private readonly shares = false,
    private readonly writeMsMax = usualWriteMsMax,
  ) {}

  /** Whether something is not written yet. */
  get isBusy(): boolean {
    return this.isWriting;
  }

  async *read(prefix: string): AsyncIterable<StoreEntry> {
    this.mustBeOpen();
    for (const { key, value } of this.contents.read(prefix)) yield { key, value: this.kept(value) };
  }

  write(changes: readonly StoreChange[]): Promise<void> {
    return new Promise((done, failed) => {
      if (!this.isOpen) return failed(new Error('the store is closed'));
      if (this.isFull) return failed(new Error('the disk is full'));
      this.waiting.push({ changes: this.shares ? changes : changes.map(({ key, value }) => ({ key, value: value && this.kept(value) })), done, failed });
      this.start();
    });
  }

  /** The power goes: what is under way is lost, and nobody hears of it. */
  crash(): void {
    this.isOpen = false;
    this.hasPower = false;
    this.waiting = [];
  }

  async close(): Promise<void> {
    const last = this.isOpen && this.isWriting ? this.write([]) : Promise.resolve();
    this.isOpen = false;
    await last;
  }

  private start(): void {
    if (this.isWriting || this.waiting.length === 0) return;
    this.isWriting = true;
    const now = this.clock.nowMs();
    this.freeAtMs = Math.max(this.freeAtMs, now + (this.random.uint32() % this.writeMsMax) + 1);
    const batch = this.waiting;
    this.waiting = [];
    this.clock.after(this.freeAtMs - now, () => {
      this.isWriting = false;
      if (!this.hasPower) return;
      for (const { changes, done } of batch) {
        this.contents.write(changes);
        done();
      }
      this.start();
    });
  }

  private kept(value: Uint8Array): Uint8Array {
    return this.shares ? value : value.slice();
  }

  private mustBeOpen(): void {
    if (!this.isOpen) throw new Error('the store is closed');
  }
}
