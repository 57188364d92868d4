/**
 * One socket in one room.
 *
 * The listener for its frames is there before anything is awaited: frames that come while the room loads are kept and handed on in
 * order, also when the client has said goodbye meanwhile: it was told that they were sent. After `end`, which is the relay's own
 * doing, nothing of it reaches the room any more, whatever the socket still delivers.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { ReplicaId } from '../../../shared/clocks/dot.ts';
import { errorTrace } from '../../../shared/encoding/error-text.ts';
import { againFrame, carriesUpdate, isHello, noAwarenessFrame, permissionDeniedFrame } from '../frames.ts';
import { FrameReceipts } from './frame-receipts.ts';
import type { Outgoing, Receiver } from './outgoing.ts';
import { closeCodes, closeReason, Refusal, reasonOf } from '../refusal.ts';
import type { RelayMeter } from '../relay-meter.ts';
import { readMsMax, type ReadTurns } from './read-turns.ts';
import { type FrameSource, sendEach } from './send-queue.ts';
import type { SessionLink } from './session-link.ts';
import { SignsOfLife } from './signs-of-life.ts';
import { SocketWriter, type SocketWriterLimits, type SocketWriterOwner } from './socket-writer.ts';

/** What all sessions of a relay share: there may be ten thousand of them, so none has closures of its own. */
export interface SessionHost extends SocketWriterLimits {
  readonly outgoing: Outgoing;
  readonly meter: RelayMeter;
  readonly turns: ReadTurns;
  /** Most bytes of a message from a session. */
  readonly payloadBytesMax: number;
  /** Most frames that may wait for the room before it is closed. */
  readonly backlogFramesMax: number;
  /** Gets one line for an error that is ours. */
  readonly report: (line: string) => void;
  /** Called when a frame that has come must be left out. */
  readonly lostFrame: (session: Session) => void;
  /** Called when a reader that had fallen behind has read all that was written to it. */
  readonly caughtUp: (session: Session) => void;
  /** Called once, when it has ended for whatever reason. */
  readonly ended: (session: Session) => void;
}

/** Who takes a session's frames. May throw a Refusal, which closes the session. `receipt`: the number of a frame with an update that came over a faulty link; else null. */
export type FrameHandler = (session: Session, frame: Uint8Array, receipt: number | null) => void;

const lostConnection: { readonly code: number; readonly reason: string } = { code: 1006, reason: '' };

/** The socket of a session, as the server makes it. */
export class SessionSocket extends WebSocket {
  session: Session | null = null;

  /** Also called by ws, with a code alone, when bytes come that it cannot take: its codes would have clients come back for ever. */
  override close(code?: number, reason?: string | Buffer): void {
    if (this.session && code !== undefined && reason === undefined) this.session.refuseBytes(code, this.announcedBytes);
    else super.close(code, reason);
  }

  /** How long the message is that comes in now, as far as it has said so. Not part of ws's interface: null where that changes. */
  private get announcedBytes(): number | null {
    const { _receiver } = this as unknown as { readonly _receiver?: { readonly _totalPayloadLength?: unknown } };
    const bytes = _receiver?._totalPayloadLength;
    return typeof bytes === 'number' ? bytes : null;
  }
}

export class Session implements Receiver, SocketWriterOwner {
  waitingFrames: Uint8Array[] = [];
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
  /** Frames that came in a burst and wait for their turn; null where none do. */
  private burst: Uint8Array[] | null = null;
  /** How the client closed the socket while some did. */
  private closed: { readonly code: number; readonly reason: string } | null = null;
  private over = false;
  /** Whether the client ended it, or the relay ends: what came before counts. */
  private departed = false;
  private readonly life: SignsOfLife;
  private readonly writer: SocketWriter;
  /** What is being made of the document for this session; until its end, updates are left out, as it has them. */
  private document: FrameSource | null = null;
  private wasDenied = false;

  /**
   * `line`: what is below the socket; frames are written to it as they stand. `name`: what people see, `?name=` of its address, or where it came from and
   * a number.
   */
  constructor(private readonly socket: SessionSocket, private readonly line: Duplex, readonly name: string, readonly room: string, private readonly host: SessionHost) {
    socket.session = this;
    this.life = new SignsOfLife(line as Socket);
    this.writer = new SocketWriter(line, host, this);
    socket.on('message', onMessage);
    // Without a listener an error (an oversized frame, a reset connection) would end the process. `close` follows it.
    socket.on('error', onError);
    socket.on('close', onClose);
    socket.on('pong', onPong);
  }

  get hasEnded(): boolean {
    return this.over;
  }

  /** Whether the client ended it. */
  get hasDeparted(): boolean {
    return this.departed;
  }

  /** Whether the client has gone and left frames that the room has not been given. */
  get leftFrames(): boolean {
    return this.departed && this.backlog !== null;
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
    if (this.over || this.writer.isBehind) return;
    if (this.document !== null && carriesUpdate(frame)) return;
    if (this.bent) this.bent.downstream.carry(frame.length, () => this.transmit(frame));
    else this.transmit(frame);
  }

  private transmit(frame: Uint8Array): void {
    if (!this.over) this.host.outgoing.send(this, frame);
  }

  /**
   * Sends what a source makes, frame by frame as it is read, after all that was sent before. `isDocument`: it is all that the
   * session lacks of the document, in the place of any other such source; `documentMade` is to be called when it has made all.
   */
  sendFrom(source: FrameSource, isDocument = false): void {
    if (this.over || this.writer.isBehind) return;
    if (isDocument && this.document) this.writer.remove(this.document);
    // What is under way on a faulty link is that link's to hold.
    if (this.bent) return sendEach(source, (frame) => this.send(frame));
    if (isDocument) this.document = source;
    const [first, second] = [source.next(), source.next()];
    if (first.done) return;
    if (second.done) return this.send(first.value);
    this.host.outgoing.flushTo(this);
    this.writer.writeFrom([first.value, second.value], source);
  }

  /** The source of the document has made its last frame: whatever comes from now on is sent again. */
  documentMade(): void {
    this.document = null;
  }

  write(bytes: readonly Uint8Array[]): void {
    if (!this.over && this.socket.readyState === this.socket.OPEN) this.writer.write(bytes);
  }

  fellBehind(): void {
    this.host.outgoing.forget(this);
    this.document = null;
    this.missedFrames = true;
  }

  caughtUp(): void {
    if (!this.over) this.host.caughtUp(this);
  }

  /** Whether it is being sent the document. */
  get receivesDocument(): boolean {
    return this.document !== null;
  }

  /** Whether its client has been sent all that it should have. */
  get isCurrent(): boolean {
    return !this.over && this.handler !== null && this.writer.isIdle && !this.missesFrames && this.asked;
  }

  end(code: number, reason: string): void {
    if (this.over) return;
    // What was sent before is heard before.
    if (code !== closeCodes.tooSlow) this.host.outgoing.flushTo(this);
    if (code === closeCodes.goingAway) this.hearOut();
    this.ending = { code, reason };
    this.socket.close(code, closeReason(reason));
    this.socket.resume();
    this.finish();
  }

  /** The relay ends: what came before counts, as where the client ends it, which may have said goodbye already. */
  private hearOut(): void {
    const frames = this.burst ?? [];
    this.burst = null;
    for (const frame of frames) this.take(frame);
    this.departed = true;
  }

  /** Ends it over something that cannot be taken or sent. */
  private refuse(code: number, reason: string): void {
    if (!this.over) this.host.meter.refuse(reasonOf(code));
    this.end(code, reason);
  }

  /** Its socket could not take what came: `code` is the one of RFC 6455. */
  refuseBytes(code: number, announcedBytes: number | null): void {
    const { payloadBytesMax } = this.host;
    if (code === 1009) {
      const isKnown = announcedBytes !== null && announcedBytes > payloadBytesMax;
      const size = isKnown ? `a message of ${announcedBytes} bytes` : 'a message';
      return this.refuse(closeCodes.full, `${size} is too large: ${payloadBytesMax} bytes is the most`);
    }
    if (code === 1008) return this.refuse(closeCodes.tooMuch, 'a message in too many pieces');
    this.refuse(closeCodes.malformed, 'malformed WebSocket frame');
  }

  /**
   * Asks whether the other side is still there; ends the session when it gave no sign of life for too long. To be called at
   * regular times, such as every 15 s.
   */
  ping(): void {
    // What it says is not read while its room is loading.
    const verdict = this.handler === null ? 'alive' : this.life.look(!this.writer.isIdle, this.bent?.isDead);
    if (verdict === 'dead') {
      const waiting = this.writer.waitingBytes + this.line.writableLength;
      if (waiting > 0) this.refuse(closeCodes.tooSlow, `it does not read: ${waiting} bytes wait for it`);
      this.socket.terminate();
      return this.finish();
    }
    // A y-websocket client that hears no message for 30 s, as its own long message is under way, would break off.
    if (verdict === 'sending') this.send(noAwarenessFrame);
    if (!this.bent?.isDead) this.socket.ping();
  }

  /** A frame has come. */
  received(frame: Uint8Array, isBinary: boolean): void {
    if (this.over) return;
    if (!isBinary) return this.refuse(closeCodes.onlyBinary, 'text frames are not part of the protocol');
    this.life.heardMessage();
    this.host.meter.framesReceived++;
    this.host.meter.bytesReceived += frame.length;
    if (this.handler) {
      if (this.burst || this.host.turns.isOver(this)) this.defer(frame);
      else this.take(frame);
      return;
    }
    if ((this.backlog?.length ?? 0) >= this.host.backlogFramesMax) return this.refuse(closeCodes.tooSlow, `more than ${this.host.backlogFramesMax} frames came before the room was loaded`);
    (this.backlog ??= []).push(frame);
    this.socket.pause();
  }

  /** Leaves a frame to the next turns, with all that come meanwhile: not more than what has been read of the socket. */
  private defer(frame: Uint8Array): void {
    if (this.burst) return void this.burst.push(frame);
    this.burst = [frame];
    this.socket.pause();
    setImmediate(() => this.goOn());
  }

  /** Takes as many of the frames of a burst as there is time for. */
  private goOn(): void {
    const [frames, endMs] = [this.burst ?? [], performance.now() + readMsMax];
    let next = 0;
    while (next < frames.length && !this.over && performance.now() < endMs) this.take(frames[next++]!);
    this.burst = this.over || next === frames.length ? null : frames.slice(next);
    if (this.burst) return void setImmediate(() => this.goOn());
    this.socket.resume();
    if (this.closed) this.depart(this.closed.code, this.closed.reason);
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
    if (this.over && !this.departed) return;
    try {
      this.handler?.(this, frame, receipt);
    } catch (error) {
      if (error instanceof Refusal) return this.refuse(error.code, error.message);
      this.host.report(`a frame of ${this.name} could not be handled: ${errorTrace(error)}`);
      this.refuse(closeCodes.internal, 'the relay could not handle this frame');
    }
  }

  /** It sent a message that is not for the relay. */
  noteIgnored(): void {
    this.host.meter.ignoredMessages++;
  }

  /** Leaves out an update of a session that only reads, and says so the first time: y-websocket writes it to the console and goes on. */
  leaveOut(): void {
    this.host.meter.refuse(reasonOf(closeCodes.readOnly));
    if (!this.wasDenied) this.send(permissionDeniedFrame('this token only reads: your changes reach nobody'));
    this.wasDenied = true;
  }

  /** The other side has answered a ping. */
  heard(): void {
    this.life.heardAnswer();
  }

  /** The client has closed the socket. */
  depart(code: number, reason: string): void {
    if (this.over) return;
    // What came before counts.
    if (this.burst) return void (this.closed = { code, reason });
    this.ending = { code, reason };
    this.departed = true;
    this.finish();
  }

  /** The socket is closed, or will be. */
  private finish(): void {
    if (this.over) return;
    this.over = true;
    if (!this.departed) this.backlog = null;
    this.bent?.close();
    this.writer.end();
    this.document = null;
    this.host.outgoing.forget(this);
    this.host.ended(this);
  }
}

function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  (this as SessionSocket).session?.received(data, isBinary);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  (this as SessionSocket).session?.depart(code, reason.toString());
}

function onPong(this: WebSocket): void {
  (this as SessionSocket).session?.heard();
}

function onError(): void {}
