/**
 * One socket in one room.
 *
 * The listener for its frames is there before anything is awaited: frames that come while the room loads are kept and handed on in
 * order, also when the client has said goodbye meanwhile: it was told that they were sent. After `end`, which is the relay's own
 * doing, nothing of it reaches the room any more, whatever the socket still delivers.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import { errorTrace } from '../../encoding/error-text.ts';
import type { Clock } from '../../ports/clock.ts';
import { againFrame, carriesUpdate, isHello, noAwarenessFrame, permissionDeniedFrame, stepOneFrame } from '../frames.ts';
import { FrameReceipts } from './frame-receipts.ts';
import type { FrameSender, Receiver } from './frame-sender.ts';
import { closeCodes, closeReason, Refusal, reasonOf } from '../refusal.ts';
import type { RelayMeter } from '../relay-meter.ts';
import type { SessionLink } from './session-link.ts';
import { bytesRefusal, type SessionSocket, type SocketListener } from './session-socket.ts';
import { awaitingHello, type ClientState, clientOf, foreign, loading, lostConnection, replicaOf, type SessionEnding, type SessionState, withClient } from './session-state.ts';
import { SessionSyncState } from './session-sync-state.ts';
import { SignsOfLife } from './signs-of-life.ts';
import { readMsMax, type SessionTurns } from './session-turns.ts';
import { type FrameSource, sendEach, type SessionWriter, type SessionWriterOwner } from './session-writer.ts';

/** What all sessions of a relay share: there may be ten thousand of them, so none has closures of its own. */
export interface SessionHost {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly outgoing: FrameSender;
  readonly meter: RelayMeter;
  readonly turns: SessionTurns;
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

export interface FrameReceiver {
  /** Takes a frame of a session. May throw a Refusal, which closes the session. `receipt`: the number of a frame with an update that came over a faulty link; else null. */
  receive(session: Session, frame: Uint8Array, receipt: number | null): void;
}

/** Frames that came in a burst and wait for their turn; `closed`: how the client closed the socket meanwhile. */
interface Burst {
  frames: Uint8Array[];
  closed: SessionEnding | null;
}

export class Session implements Receiver, SocketListener, SessionWriterOwner {
  waitingFrames: Uint8Array[] = [];
  /** The sync frames with an update that it sent, and how many of them are on disk. */
  readonly receipts = new FrameReceipts();
  readonly syncState = new SessionSyncState();

  private state: SessionState = loading;
  /** What its token allows; 'read-and-told': it only reads, and has heard so. */
  private access: 'write' | 'read' | 'read-and-told' = 'write';
  private bent: SessionLink | null = null;
  private receiver: FrameReceiver | null = null;
  private burst: Burst | null = null;
  private readonly life: SignsOfLife;
  private readonly writer: SessionWriter;
  /** What is being made of the document for this session; until its end, updates are left out, as it has them. */
  private document: FrameSource | null = null;

  /** `name`: what people see, `?name=` of its address, or where it came from and a number. */
  constructor(private readonly socket: SessionSocket, openWriter: (owner: SessionWriterOwner) => SessionWriter, readonly name: string, readonly room: string, private readonly host: SessionHost) {
    this.writer = openWriter(this);
    this.life = new SignsOfLife(this.writer.counts);
    socket.listen(this);
  }

  get hasEnded(): boolean {
    return this.state.kind === 'ended';
  }

  /** Whether the client ended it, or the relay ends: what came before counts. */
  get hasDeparted(): boolean {
    return this.state.kind === 'ended' && this.state.departed;
  }

  /** How it ended; abnormally until then. */
  get ending(): SessionEnding {
    return this.state.kind === 'ended' ? this.state.ending : lostConnection;
  }

  /** Whether the client has gone and left frames that the room has not been given. */
  get leftFrames(): boolean {
    return this.hasDeparted && this.client.kind === 'loading' && this.client.frames.length > 0;
  }

  /** The replica that this is a window of, once it said hello. */
  get replica(): ReplicaId | null {
    return replicaOf(this.state);
  }

  /** Whether it has heard `welcome` and the records that it lacked then. */
  get isWelcomed(): boolean {
    return this.client.kind === 'welcomed';
  }

  /** Whether its token only reads. */
  get isReadOnly(): boolean {
    return this.access !== 'write';
  }

  private get client(): ClientState {
    return clientOf(this.state);
  }

  private become(client: ClientState): void {
    this.state = withClient(this.state, client);
  }

  /** Leaves out what it would change. */
  restrictToReading(): void {
    this.access = 'read';
  }

  /** Hands on all frames, those that came so far first. */
  start(receiver: FrameReceiver): void {
    const { client } = this;
    this.receiver = receiver;
    this.become(foreign);
    for (const frame of client.kind === 'loading' ? client.frames : []) this.take(frame);
    if (!this.hasEnded) this.socket.resume();
  }

  /** It has said hello as a window of this replica. Returns whether for the first time. */
  identify(replica: ReplicaId): boolean {
    this.syncState.noteHello();
    if (this.replica !== null) return false;
    this.become({ kind: 'identified', replica });
    return true;
  }

  /** It has been sent `welcome` and the records that it lacks. */
  welcome(): void {
    if (this.client.kind === 'identified') this.become({ ...this.client, kind: 'welcomed' });
  }

  /** Whether it speaks our protocol beside y-websocket's, even if its hello has been lost on the way. */
  get speaksOurs(): boolean {
    return this.client.kind === 'awaiting-hello' || this.replica !== null;
  }

  /** Whether nobody knows what of all that was sent to it has arrived. */
  get missesFrames(): boolean {
    const { hasMissedFrames, awaitsHello } = this.syncState;
    return hasMissedFrames || awaitsHello || (this.bent !== null && !this.bent.downstream.isFaultless);
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
    this.syncState.noteAskedAgain();
    this.send(againFrame);
  }

  /** Asks the client for what it has beyond this state vector; one that only reads has nothing to give. */
  askForDocument(stateVector: Uint8Array): void {
    this.syncState.noteAsked();
    if (!this.isReadOnly) this.send(stepOneFrame(stateVector));
  }

  send(frame: Uint8Array): void {
    if (this.hasEnded || this.writer.isBehind) return;
    if (this.document !== null && carriesUpdate(frame)) return;
    if (this.bent) this.bent.downstream.carry(frame.length, () => this.transmit(frame));
    else this.transmit(frame);
  }

  private transmit(frame: Uint8Array): void {
    if (!this.hasEnded) this.host.outgoing.send(this, frame);
  }

  /**
   * Sends what a source makes, frame by frame as it is read, after all that was sent before. `isDocument`: it is all that the
   * session lacks of the document, in the place of any other such source; `documentMade` is to be called when it has made all.
   */
  sendFrom(source: FrameSource, isDocument = false): void {
    if (this.hasEnded || this.writer.isBehind) return;
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
    if (!this.hasEnded && this.socket.isOpen) this.writer.write(bytes);
  }

  fellBehind(): void {
    this.host.outgoing.forget(this);
    this.document = null;
    this.syncState.noteSkippedFrames();
  }

  caughtUp(): void {
    if (!this.hasEnded) this.host.caughtUp(this);
  }

  /** Whether it is being sent the document. */
  get receivesDocument(): boolean {
    return this.document !== null;
  }

  /** Whether its client has been sent all that it should have. */
  get isCurrent(): boolean {
    return !this.hasEnded && this.state.kind !== 'loading' && this.writer.isIdle && !this.missesFrames && this.syncState.wasAsked;
  }

  end(code: number, reason: string): void {
    if (this.hasEnded) return;
    // What was sent before is heard before.
    if (code !== closeCodes.tooSlow) this.host.outgoing.flushTo(this);
    // Where the relay ends, what came before counts, as where the client ends it, which may have said goodbye already.
    const departs = code === closeCodes.goingAway;
    if (departs) this.takeBurst();
    this.socket.close(code, closeReason(reason));
    this.socket.resume();
    this.finish({ code, reason }, departs);
  }

  /** Takes all that waits for its turn. */
  private takeBurst(): void {
    const { burst } = this;
    this.burst = null;
    for (const frame of burst?.frames ?? []) this.take(frame);
  }

  /** Ends it over something that cannot be taken or sent. */
  private refuse(code: number, reason: string): void {
    if (!this.hasEnded) this.host.meter.refuse(reasonOf(code));
    this.end(code, reason);
  }

  refuseBytes(code: number, announcedBytes: number | null): void {
    const ending = bytesRefusal(code, announcedBytes, this.host.payloadBytesMax);
    this.refuse(ending.code, ending.reason);
  }

  /**
   * Asks whether the other side is still there; ends the session when it gave no sign of life for too long. To be called at
   * regular times, such as every 15 s.
   */
  ping(): void {
    // What it says is not read while its room is loading.
    const verdict = this.client.kind === 'loading' ? 'alive' : this.life.look(!this.writer.isIdle, this.bent?.isDead);
    if (verdict === 'dead') {
      const waiting = this.writer.waitingBytes + this.writer.counts.writableLength;
      if (waiting > 0) this.refuse(closeCodes.tooSlow, `it does not read: ${waiting} bytes wait for it`);
      this.socket.terminate();
      return this.finish(lostConnection, false);
    }
    // A y-websocket client that hears no message for 30 s, as its own long message is under way, would break off.
    if (verdict === 'sending') this.send(noAwarenessFrame);
    if (!this.bent?.isDead) this.socket.ping();
  }

  /** A frame has come. */
  received(frame: Uint8Array, isBinary: boolean): void {
    if (this.hasEnded) return;
    if (!isBinary) return this.refuse(closeCodes.onlyBinary, 'text frames are not part of the protocol');
    this.life.heardMessage();
    this.host.meter.framesReceived++;
    this.host.meter.bytesReceived += frame.length;
    const { client } = this;
    if (client.kind === 'loading') this.keep(frame, client.frames);
    else if (this.burst || this.host.turns.isOver(this)) this.defer(frame);
    else this.take(frame);
  }

  /** Keeps a frame with the others until the room is ready. */
  private keep(frame: Uint8Array, frames: Uint8Array[]): void {
    if (frames.length >= this.host.backlogFramesMax) return this.refuse(closeCodes.tooSlow, `more than ${this.host.backlogFramesMax} frames came before the room was loaded`);
    // The first state of a session is shared.
    if (frames.length === 0) this.become({ kind: 'loading', frames: [frame] });
    else frames.push(frame);
    this.socket.pause();
  }

  /** Leaves a frame to the next turns, with all that come meanwhile: not more than what has been read of the socket. */
  private defer(frame: Uint8Array): void {
    if (this.burst) return void this.burst.frames.push(frame);
    this.burst = { frames: [frame], closed: null };
    this.socket.pause();
    this.host.turns.next(() => this.goOn());
  }

  /** Takes as many of the frames of a burst as there is time for. */
  private goOn(): void {
    const { burst } = this;
    if (!burst) return;
    const { clock, turns } = this.host;
    const endMs = clock.nowMs() + readMsMax;
    let next = 0;
    while (next < burst.frames.length && !this.hasEnded && clock.nowMs() < endMs) this.take(burst.frames[next++]!);
    if (!this.hasEnded && next < burst.frames.length) {
      burst.frames = burst.frames.slice(next);
      return turns.next(() => this.goOn());
    }
    this.burst = null;
    this.socket.resume();
    if (burst.closed) this.depart(burst.closed.code, burst.closed.reason);
  }

  private take(frame: Uint8Array): void {
    if (!this.bent) return this.handle(frame, null);
    if (this.hasEnded) return;
    if (this.client.kind === 'foreign' && isHello(frame)) this.become(awaitingHello);
    // Numbered where it was sent: a frame that is lost must count as one, or a later one would confirm it.
    const receipt = carriesUpdate(frame) ? this.receipts.expect() : null;
    this.bent.upstream.carry(frame.length, () => this.arrived(frame, receipt));
  }

  /** A frame has come over a faulty link. */
  private arrived(frame: Uint8Array, receipt: number | null): void {
    // A window whose hello was lost may belong to a life of the room that was thrown away: it must hear `welcome` before anything of it counts.
    if (this.client.kind === 'awaiting-hello' && !isHello(frame)) this.host.lostFrame(this);
    else this.handle(frame, receipt);
  }

  private handle(frame: Uint8Array, receipt: number | null): void {
    if (this.hasEnded && !this.hasDeparted) return;
    try {
      this.receiver?.receive(this, frame, receipt);
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
    if (this.access === 'read') this.send(permissionDeniedFrame('this token only reads: your changes reach nobody'));
    this.access = 'read-and-told';
  }

  /** The other side has answered a ping. */
  heard(): void {
    this.life.heardAnswer();
  }

  /** The client has closed the socket. */
  depart(code: number, reason: string): void {
    if (this.hasEnded) return;
    // What came before counts.
    if (this.burst) return void (this.burst.closed = { code, reason });
    this.finish({ code, reason }, true);
  }

  /** The socket is closed, or will be. */
  private finish(ending: SessionEnding, departed: boolean): void {
    if (this.hasEnded) return;
    const client = !departed && this.client.kind === 'loading' ? loading : this.client;
    this.state = { kind: 'ended', ending, departed, client };
    this.bent?.close();
    this.writer.end();
    this.document = null;
    this.host.outgoing.forget(this);
    this.host.ended(this);
  }
}
