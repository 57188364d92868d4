/**
 * Writes to one socket as fast as its reader takes it.
 *
 * Guarantees: all comes out in its order, in whole frames. The socket is given little more than its reader takes; the rest waits
 * here, where sources make it only when it is its turn. Where more waits than may, all of it is given up, and once the reader has
 * taken what was written, its owner hears that it must be brought up to date: no reader is too slow, and none takes much memory.
 */
import type { Duplex } from 'node:stream';
import type { BudgetedReader, SendBudget } from './send-budget.ts';
import type { ByteCounts, FrameSource, SessionWriter, SessionWriterOwner } from '../../../shared/relay/session/session-writer.ts';
import { SendQueue } from './send-queue.ts';
import { webSocketBytes } from './web-socket-bytes.ts';

export interface SocketWriterLimits {
  /** Most bytes that may wait for one reader. */
  readonly bufferedBytesMax: number;
  /** What may wait for all readers together. */
  readonly budget: SendBudget;
}

/** Bytes that the socket is given ahead of what its reader takes. */
const socketBytesMax = 65_536;

export class SocketWriter implements SessionWriter, BudgetedReader {
  /** What waits; null while nothing does. There may be many sockets, and few of them are slow. */
  private queue: SendQueue | null = null;
  private behind = false;

  constructor(
    private readonly line: Duplex & ByteCounts,
    private readonly limits: SocketWriterLimits,
    private readonly owner: SessionWriterOwner,
  ) {}

  get counts(): ByteCounts {
    return this.line;
  }

  get isBehind(): boolean {
    return this.behind;
  }

  get isIdle(): boolean {
    return this.queue === null;
  }

  get waitingBytes(): number {
    return this.queue?.bytes ?? 0;
  }

  write(bytes: readonly Uint8Array[]): void {
    if (this.behind) return;
    if (this.queue) return this.enqueue(this.queue, bytes);
    for (const each of bytes) this.line.write(each);
    if (this.line.writableLength <= socketBytesMax) return;
    this.queue = new SendQueue();
    this.line.once('drain', () => this.pump());
  }

  writeFrom(frames: readonly Uint8Array[], source: FrameSource): void {
    if (this.behind) return;
    const isFirst = this.queue === null;
    const queue = (this.queue ??= new SendQueue());
    // What a source makes one by one takes little memory, however large it is.
    const before = queue.bytes;
    queue.add(webSocketBytes(frames));
    this.limits.budget.change(this, queue.bytes - before);
    if (this.behind) return;
    queue.addSource(source);
    if (isFirst) this.pump();
  }

  remove(source: FrameSource): void {
    this.queue?.remove(source);
  }

  fallBehind(): void {
    const { queue } = this;
    if (!queue) return;
    const { bytes } = queue;
    queue.clear();
    this.behind = true;
    this.limits.budget.change(this, -bytes);
    this.owner.fellBehind();
  }

  end(): void {
    const { waitingBytes } = this;
    this.queue = null;
    if (waitingBytes > 0) this.limits.budget.change(this, -waitingBytes);
  }

  private enqueue(queue: SendQueue, bytes: readonly Uint8Array[]): void {
    const before = queue.bytes;
    queue.add(bytes);
    this.limits.budget.change(this, queue.bytes - before);
    if (queue.bytes > this.limits.bufferedBytesMax) this.fallBehind();
  }

  /** Writes as much of what waits as the socket should hold. */
  private pump(): void {
    for (let queue = this.queue; queue !== null; queue = this.queue) {
      if (this.line.writableLength > socketBytesMax) return void this.line.once('drain', () => this.pump());
      const before = queue.bytes;
      const bytes = queue.next();
      if (bytes === null) return this.drained();
      if (queue.bytes !== before) this.limits.budget.change(this, queue.bytes - before);
      for (const each of bytes) this.line.write(each);
    }
  }

  private drained(): void {
    this.queue = null;
    if (!this.behind) return;
    this.behind = false;
    this.owner.caughtUp();
  }
}
