/**
 * What waits to be written to the socket of a slow reader.
 *
 * Guarantees: what was added comes out in its order, each entry whole. Sources are asked for a frame only when it is its turn, so
 * that a long document or history takes no memory while it waits.
 */
import type { FrameSource } from '../../../shared/relay/session/session-writer.ts';
import { webSocketBytes } from './web-socket-bytes.ts';

type Entry = { readonly bytes: readonly Uint8Array[]; readonly size: number } | { readonly source: FrameSource };

export class SendQueue {
  private entries: Entry[] = [];
  private size = 0;

  /** Bytes that wait, without those that sources have not made. */
  get bytes(): number {
    return this.size;
  }

  /** Bytes that are whole WebSocket frames. */
  add(bytes: readonly Uint8Array[]): void {
    const size = bytes.reduce((sum, { length }) => sum + length, 0);
    this.entries.push({ bytes, size });
    this.size += size;
  }

  addSource(source: FrameSource): void {
    this.entries.push({ source });
  }

  /** A source that is not to be asked any more. */
  remove(source: FrameSource): void {
    this.entries = this.entries.filter((entry) => !('source' in entry) || entry.source !== source);
  }

  clear(): void {
    this.entries = [];
    this.size = 0;
  }

  /** The next bytes, whole WebSocket frames; null where nothing waits. */
  next(): readonly Uint8Array[] | null {
    for (let entry = this.entries[0]; entry; entry = this.entries[0]) {
      if ('bytes' in entry) {
        this.entries.shift();
        this.size -= entry.size;
        return entry.bytes;
      }
      const made = entry.source.next();
      if (!made.done) return webSocketBytes([made.value]);
      // Making the last frame may have emptied the queue.
      if (this.entries[0] === entry) this.entries.shift();
    }
    return null;
  }
}
