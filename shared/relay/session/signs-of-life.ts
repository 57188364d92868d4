/**
 * Whether the other side of a socket is still there, by all that can be known: messages, answers to pings, bytes that come, and
 * bytes that it takes.
 *
 * A long message keeps the answer to a ping waiting, both ways: on a line of 0.5 MB/s, 12 MiB take 25 s. So any byte is a sign of
 * life; and where much was sent, nobody knows how much of it the system still holds, and the answer may take longer.
 */
import type { ByteCounts } from './session-writer.ts';

/** From so many bytes on, in one interval, what the other side sends is a long message. */
const longMessageBytes = 1_024;
/** The system may hold this much of what was sent without anybody seeing it, in bytes. */
const sentBytesMax = 65_536;
/** Intervals without a sign of life after which the other side is taken for dead: nothing waits for it, or something does. */
const silentMax = { idle: 1, sending: 4 } as const;

/** "sending": it is sending something long. */
export type LifeVerdict = 'alive' | 'sending' | 'dead';

export class SignsOfLife {
  private hasAnswered = true;
  private hasSpoken = false;
  private readBytes: number;
  private takenBytes: number;
  private writtenBytes: number;
  /** Intervals for which the system may still hold much of what was written. */
  private busy = 0;
  private silent = 0;
  private wasWaiting = false;

  constructor(private readonly socket: ByteCounts) {
    this.readBytes = socket.bytesRead;
    this.takenBytes = this.taken;
    this.writtenBytes = socket.bytesWritten;
  }

  /** It has answered a ping. */
  heardAnswer(): void {
    this.hasAnswered = true;
  }

  /** A whole message of it has come. */
  heardMessage(): void {
    this.hasSpoken = true;
  }

  /** To be asked once an interval. `waits`: whether more waits for it than the socket was given; `isCut`: what comes does not count. */
  look(waits: boolean, isCut = false): LifeVerdict {
    const read = this.socket.bytesRead - this.readBytes;
    // Where nothing had to wait, the system alone has taken the bytes.
    const isTaking = this.wasWaiting && this.taken > this.takenBytes;
    const isSending = read > longMessageBytes && !this.hasSpoken;
    const isAlive = this.hasAnswered || (!isCut && (this.hasSpoken || read > 0 || isTaking));
    this.busy = this.socket.bytesWritten - this.writtenBytes > sentBytesMax ? silentMax.sending : Math.max(0, this.busy - 1);
    this.silent = isAlive ? 0 : this.silent + 1;
    this.writtenBytes = this.socket.bytesWritten;
    this.readBytes = this.socket.bytesRead;
    this.takenBytes = this.taken;
    this.wasWaiting = waits || this.socket.writableLength > 0;
    this.hasAnswered = false;
    this.hasSpoken = false;
    if (this.silent >= (this.wasWaiting || this.busy > 0 ? silentMax.sending : silentMax.idle)) return 'dead';
    return isSending ? 'sending' : 'alive';
  }

  private get taken(): number {
    return this.socket.bytesWritten - this.socket.writableLength;
  }
}
