/**
 * One socket in one room.
 *
 * The listener for its frames is there before anything is awaited: frames that come while the room loads are kept and handed on in
 * order. After `end` nothing of it reaches the room any more, whatever the socket still delivers.
 */
import type { WebSocket } from 'ws';
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import { closeCodes, closeReason, Refusal } from './refusal.ts';

export interface SessionOptions {
  /** What people see: `?name=` of its address, or where it came from and a number. */
  readonly name: string;
  /** Most bytes that may wait for a slow reader before it is closed. */
  readonly bufferedBytesMax: number;
  /** Gets one line for an error that is ours. */
  readonly report: (line: string) => void;
  /** Called once, when it has ended for whatever reason. */
  readonly ended: (session: Session) => void;
}

/** Who takes a session's frames. May throw a Refusal, which closes the session. */
export type FrameHandler = (session: Session, frame: Uint8Array) => void;

export class Session {
  /** The replica that this is a window of, once it said hello. */
  replica: ReplicaId | null = null;
  /** Sync frames with an update that it sent, counted from 1, and how many of them are on disk. */
  yjsFrames = 0;
  yjsFramesStored = 0;
  /** Whether it was asked what it has. */
  asked = false;

  private handler: FrameHandler | null = null;
  private readonly backlog: Uint8Array[] = [];
  private over = false;
  private answering = true;

  constructor(private readonly socket: WebSocket, private readonly options: SessionOptions) {
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.received(data);
      else this.end(closeCodes.onlyBinary, 'text frames are not part of the protocol');
    });
    // Without a listener an error (an oversized frame, a reset connection) would end the process. `close` follows it.
    socket.on('error', () => {});
    socket.on('close', () => this.finish());
    socket.on('pong', () => (this.answering = true));
  }

  get name(): string {
    return this.options.name;
  }

  get hasEnded(): boolean {
    return this.over;
  }

  /** Hands on all frames, those that came so far first. */
  start(handler: FrameHandler): void {
    this.handler = handler;
    for (const frame of this.backlog.splice(0)) this.handle(frame);
    if (!this.over) this.socket.resume();
  }

  send(frame: Uint8Array): void {
    if (this.over) return;
    if (this.socket.bufferedAmount > this.options.bufferedBytesMax) {
      this.end(closeCodes.tooSlow, `it does not read: ${this.socket.bufferedAmount} bytes wait for it`);
      return;
    }
    this.socket.send(frame);
  }

  end(code: number, reason: string): void {
    if (this.over) return;
    this.socket.close(code, closeReason(reason));
    this.socket.resume();
    this.finish();
  }

  /** Asks whether the other side is still there; ends the session when it did not answer since the last time. */
  ping(): void {
    if (!this.answering) {
      this.socket.terminate();
      this.finish();
      return;
    }
    this.answering = false;
    this.socket.ping();
  }

  private received(frame: Uint8Array): void {
    if (this.over) return;
    if (this.handler) {
      this.handle(frame);
      return;
    }
    this.backlog.push(frame);
    this.socket.pause();
  }

  private handle(frame: Uint8Array): void {
    if (this.over) return;
    try {
      this.handler?.(this, frame);
    } catch (error) {
      if (error instanceof Refusal) return this.end(error.code, error.message);
      this.options.report(`a frame of ${this.name} could not be handled: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      this.end(closeCodes.internal, 'the relay could not handle this frame');
    }
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    this.backlog.length = 0;
    this.options.ended(this);
  }
}
