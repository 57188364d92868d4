/**
 * Which updates of a Y.Doc the relay has confirmed as stored.
 *
 * The relay counts the frames of a connection that carry an update and says how many are on disk. State vectors would not do: deletions do not
 * move them. Frames before the connection's first sync step 2 confirm nothing, as older updates may still be on their way in that step.
 */
import type * as Y from 'yjs';

const syncFrame = 0;
const syncStep2 = 1;
const syncUpdate = 2;

export class UpdateReceipts {
  /** How many updates were made here in this life. */
  private made = 0;
  private confirmed = -1;
  /** For each update-carrying frame of this connection: how many of the updates made here had been sent with it; −1 if that is not known. */
  private sentWith: number[] = [];
  private hasSentStep2 = false;

  constructor(private readonly doc: Y.Doc, private readonly isRemote: (origin: unknown) => boolean) {
    doc.on('update', this.count);
  }

  get isAllSaved(): boolean {
    return this.confirmed === this.made;
  }

  startConnection(): void {
    this.sentWith = [];
    this.hasSentStep2 = false;
  }

  /** The relay has stored this many of the connection's update-carrying frames. */
  confirm(frames: number): void {
    const made = this.sentWith[frames - 1];
    if (made !== undefined && made > this.confirmed) this.confirmed = made;
  }

  /** A socket class that tells of each frame that it sends. */
  countingSocket(Base: typeof WebSocket): typeof WebSocket {
    const sent = (data: unknown): void => this.sent(data);
    return class extends Base {
      override send(data: Parameters<WebSocket['send']>[0]): void {
        sent(data);
        super.send(data);
      }
    };
  }

  close(): void {
    this.doc.off('update', this.count);
  }

  private readonly count = (_update: Uint8Array, origin: unknown): void => {
    if (!this.isRemote(origin)) this.made++;
  };

  private sent(data: unknown): void {
    if (!(data instanceof Uint8Array) || data[0] !== syncFrame || (data[1] !== syncStep2 && data[1] !== syncUpdate)) return;
    if (data[1] === syncStep2) this.hasSentStep2 = true;
    this.sentWith.push(this.hasSentStep2 ? this.made : -1);
  }
}
