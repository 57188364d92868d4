/**
 * One socket in one room.
 *
 * The listener for its frames is there before anything is awaited: frames that come while the room loads are kept and handed on in
 * order. After `end` nothing of it reaches the room any more, whatever the socket still delivers.
 */
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { ReplicaId } from '../../../shared/clocks/dot.ts';
import { againFrame, carriesUpdate, deniedFrame, isHello } from '../frames.ts';
import { FrameReceipts } from './frame-receipts.ts';
import type { Outgoing, Receiver } from './outgoing.ts';
import { closeCodes, closeReason, Refusal, reasonOf } from '../refusal.ts';
import type { RelayMeter } from '../relay-meter.ts';
import type { SessionLink } from './session-link.ts';

/** What all sessions of a relay share: there may be ten thousand of them, so none has closures of its own. */
export interface SessionHost {
  readonly outgoing: Outgoing;
  readonly meter: RelayMeter;
  /** Most bytes that may wait for a slow reader before it is closed. */
  readonly bufferedBytesMax: number;
  /** Most frames that may wait for the room before it is closed. */
  readonly backlogFramesMax: number;
  /** Gets one line for an error that is ours. */
  readonly report: (line: string) => void;
  /** Called when a frame that has come must be left out. */
  readonly lostFrame: (session: Session) => void;
  /** Called once, when it has ended for whatever reason. */
  readonly ended: (session: Session) => void;
}

/** Who takes a session's frames. May throw a Refusal, which closes the session. `receipt`: the number of a frame with an update that came over a faulty link; else null. */
export type FrameHandler = (session: Session, frame: Uint8Array, receipt: number | null) => void;

const lostConnection: { readonly code: number; readonly reason: string } = { code: 1006, reason: '' };

/** The socket of a session, as the server makes it. */
export class SessionSocket extends WebSocket {
  session: Session | null = null;
}

export class Session implements Receiver {
  /** The replica that this is a window of, once it said hello. */
  replica: ReplicaId | null = null;
  /** Whether it has heard `welcome` and the records that it lacked then. */
  isWelcomed = false;
  /** The sync frames with an update that it sent, and how many of them are on disk. */
  readonly receipts = new FrameReceipts();
  /** Whether it was asked what it has. */
  asked = false;
  /** Whether a frame was lost or overtaken, either way, since it was last brought up to date. */
  missedFrames = false;
  /** Whether it ever lost frames, so that what it sends may have gaps. */
  mayLeaveGaps = false;
  /** A state vector that its document has surely reached, from before its link could lose frames; null if there is none. */
  firmStateVector: Uint8Array | null = null;
  /** Whether its token only reads: what it would change is left out. */
  isReadOnly = false;
  /** Whether it was asked to say hello again and has not yet. */
  owesHello = false;

  /** How it ended: abnormally (RFC 6455), unless somebody said otherwise. */
  ending = lostConnection;

  private bent: SessionLink | null = null;
  private hasGreeted = false;
  private handler: FrameHandler | null = null;
  /** Frames that came before the room was ready; null once it is. */
  private backlog: Uint8Array[] | null = null;
  private over = false;
  private answering = true;
  private wasDenied = false;

  /**
   * `line`: what is below the socket; frames are written to it as they stand. `name`: what people see, `?name=` of its address, or where it came from and
   * a number.
   */
  constructor(private readonly socket: SessionSocket, private readonly line: Duplex, readonly name: string, readonly room: string, private readonly host: SessionHost) {
    socket.session = this;
    socket.on('message', onMessage);
    // Without a listener an error (an oversized frame, a reset connection) would end the process. `close` follows it.
    socket.on('error', onError);
    socket.on('close', onClose);
    socket.on('pong', onPong);
  }

  get hasEnded(): boolean {
    return this.over;
  }

  /** Hands on all frames, those that came so far first. */
  start(handler: FrameHandler): void {
    this.handler = handler;
    const frames = this.backlog ?? [];
    this.backlog = null;
    for (const frame of frames) this.take(frame);
    if (!this.over) this.socket.resume();
  }

  /** Whether it speaks our protocol beside y-websocket's, even if its hello has been lost on the way. */
  get speaksOurs(): boolean {
    return this.hasGreeted || this.replica !== null;
  }

  /** Whether nobody knows what of all that was sent to it has arrived. */
  get missesFrames(): boolean {
    return this.missedFrames || this.owesHello || (this.bent !== null && !this.bent.downstream.isFaultless);
  }

  /** Puts faults on its link, or takes them off. What is under way arrives first, or is lost where the line is cut now. */
  bend(link: SessionLink | null): void {
    const before = this.bent;
    if (link?.downstream.isCut) before?.downstream.drop();
    else before?.downstream.flush();
    this.bent = link;
    if (link?.upstream.isCut) before?.upstream.drop();
    else before?.upstream.flush();
  }

  /** Asks a window to say hello anew, and so to say what it has. */
  askAgain(): void {
    this.owesHello = true;
    this.asked = false;
    this.send(againFrame);
  }

  send(frame: Uint8Array): void {
    if (this.over) return;
    if (this.bent) this.bent.downstream.carry(frame.length, () => this.transmit(frame));
    else this.transmit(frame);
  }

  private transmit(frame: Uint8Array): void {
    if (!this.over) this.host.outgoing.send(this, frame);
  }

  write(bytes: Uint8Array): void {
    if (this.over || this.socket.readyState !== this.socket.OPEN) return;
    this.line.write(bytes);
    const { bufferedAmount } = this.socket;
    if (bufferedAmount > this.host.bufferedBytesMax) this.refuse(closeCodes.tooSlow, `it does not read: ${bufferedAmount} bytes wait for it`);
  }

  end(code: number, reason: string): void {
    if (this.over) return;
    // What was sent before is heard before.
    if (code !== closeCodes.tooSlow) this.host.outgoing.flushTo(this);
    this.ending = { code, reason };
    this.socket.close(code, closeReason(reason));
    this.socket.resume();
    this.finish();
  }

  /** Ends it over something that cannot be taken or sent. */
  private refuse(code: number, reason: string): void {
    if (!this.over) this.host.meter.refuse(reasonOf(code));
    this.end(code, reason);
  }

  /** Asks whether the other side is still there; ends the session when it did not answer since the last time. */
  ping(): void {
    if (!this.answering) {
      this.socket.terminate();
      this.finish();
      return;
    }
    this.answering = false;
    if (!this.bent?.isDead) this.socket.ping();
  }

  /** A frame has come. */
  received(frame: Uint8Array, isBinary: boolean): void {
    if (this.over) return;
    if (!isBinary) return this.refuse(closeCodes.onlyBinary, 'text frames are not part of the protocol');
    this.host.meter.framesReceived++;
    this.host.meter.bytesReceived += frame.length;
    if (this.handler) {
      this.take(frame);
      return;
    }
    if ((this.backlog?.length ?? 0) >= this.host.backlogFramesMax) return this.refuse(closeCodes.tooSlow, `more than ${this.host.backlogFramesMax} frames came before the room was loaded`);
    (this.backlog ??= []).push(frame);
    this.socket.pause();
  }

  private take(frame: Uint8Array): void {
    if (!this.bent) return this.handle(frame, null);
    if (this.over) return;
    this.hasGreeted ||= isHello(frame);
    // Numbered where it was sent: a frame that is lost must count as one, or a later one would confirm it.
    const receipt = carriesUpdate(frame) ? this.receipts.expect() : null;
    this.bent.upstream.carry(frame.length, () => this.arrived(frame, receipt));
  }

  /** A frame has come over a faulty link. */
  private arrived(frame: Uint8Array, receipt: number | null): void {
    // A window whose hello was lost may belong to a life of the room that was thrown away: it must hear `welcome` before anything of it counts.
    if (this.hasGreeted && this.replica === null && !isHello(frame)) this.host.lostFrame(this);
    else this.handle(frame, receipt);
  }

  private handle(frame: Uint8Array, receipt: number | null): void {
    if (this.over) return;
    try {
      this.handler?.(this, frame, receipt);
    } catch (error) {
      if (error instanceof Refusal) return this.refuse(error.code, error.message);
      this.host.report(`a frame of ${this.name} could not be handled: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      this.refuse(closeCodes.internal, 'the relay could not handle this frame');
    }
  }

  /** Leaves out an update of a session that only reads, and says so the first time: y-websocket writes it to the console and goes on. */
  leaveOut(): void {
    this.host.meter.refuse(reasonOf(closeCodes.readOnly));
    if (!this.wasDenied) this.send(deniedFrame('this token only reads: your changes reach nobody'));
    this.wasDenied = true;
  }

  /** The other side has answered a ping. */
  heard(): void {
    this.answering = true;
  }

  /** The socket is closed, or will be. */
  finish(): void {
    if (this.over) return;
    this.over = true;
    this.backlog = null;
    this.bent?.close();
    this.host.outgoing.forget(this);
    this.host.ended(this);
  }
}

function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  (this as SessionSocket).session?.received(data, isBinary);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  const { session } = this as SessionSocket;
  if (!session || session.hasEnded) return;
  session.ending = { code, reason: reason.toString() };
  session.finish();
}

function onPong(this: WebSocket): void {
  (this as SessionSocket).session?.heard();
}

function onError(): void {}
