/**
 * The relay's room in virtual time: its document, journal, islands, link faults, members and store are the program's own, without sockets.
 *
 * Guarantees: the same calls at the same moments give the same bytes; no real time and no real chance is in it.
 */
import * as Y from 'yjs';
import type { ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import { isFaultless, isSoundLink, type LinkFaults } from '../network/link.ts';
import { dotOf } from '../history/record-codec.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Transport } from '../ports/transport.ts';
import { type FrameCodec, kindOf, plainCodec } from '../protocol/codec.ts';
import type { RoomTraffic } from '../protocol/room-traffic.ts';
import { defaultRelayLimits } from '../relay/relay-limits.ts';
import { RelayMeter } from '../relay/relay-meter.ts';
import { HeldRecords } from '../relay/room/held-records.ts';
import { Room } from '../relay/room/room.ts';
import type { FrameSender, Receiver } from '../relay/session/frame-sender.ts';
import type { SessionSocket } from '../relay/session/session-socket.ts';
import { sendEach, type SessionWriter } from '../relay/session/session-writer.ts';
import { Session, type SessionHost } from '../relay/session/session.ts';
import { WritePace } from '../relay/storage/write-pace.ts';
import { DiskContents, SimulatedDisk } from './simulated-disk.ts';

export interface SimulatedRelayOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Default: the plain one. */
  readonly codec?: FrameCodec;
  /** The replica that is let in first, and so leads; null: any. Default: any. */
  readonly leader?: ReplicaId | null;
  /** Gets a line for what went wrong. */
  readonly report: (line: string) => void;
}

const roomName = 'simulated';
/** The least time between two writes, in milliseconds. */
const writeWindowMs = 2;

export class SimulatedRelay {
  private readonly room: Room;
  private readonly disk: SimulatedDisk;
  private readonly host: SessionHost;
  private readonly sessions = new Map<Transport, Session>();
  private readonly ends = new Map<Receiver, Transport>();
  private readonly codec: FrameCodec;
  private wasDivided = false;
  /** Replicas whose links ever had faults. */
  private readonly everFaulty = new Set<ReplicaId>();
  /**
   * How many records came that it had, by the replica that sent them. Of replicas whose links never
   * had faults, until the room is divided: what was lost, or other islands have, is asked for again.
   */
  readonly sentAgain = new Map<ReplicaId, number>();
  private waiting = 0;

  constructor(private readonly options: SimulatedRelayOptions) {
    const { random, codec = plainCodec, leader = null, report } = options;
    this.codec = codec;
    const clock = this.watched(options.clock);
    const meter = new RelayMeter();
    // Nothing waits for company: the simulated link has the time that frames take.
    const outgoing: FrameSender = { send: (session, frame) => this.ends.get(session)?.send(frame), flushTo: nothing, forget: nothing, noteEdits: nothing };
    const pace = new WritePace({ clock, windowMs: writeWindowMs, afterTurn: (callback) => void clock.after(0, callback) });
    this.disk = new SimulatedDisk(clock, random, new DiskContents(), true);
    this.room = new Room(roomName, { limits: defaultRelayLimits, store: this.disk, codec, clock, random, pace, outgoing, meter, heldRecords: new HeldRecords(Infinity), leaderOf: () => leader, report, changed: nothing });
    this.host = {
      clock, outgoing, meter, report,
      // Real time decides nothing.
      turns: { isOver: () => false, next: (callback) => void clock.after(0, callback) },
      payloadBytesMax: defaultRelayLimits.payloadBytesMax,
      backlogFramesMax: defaultRelayLimits.backlogFramesMax,
      lostFrame: (session) => this.room.noteLostFrame(session),
      caughtUp: (session) => this.room.resync(session),
      ended: (session) => this.ended(session),
    };
  }

  /** The records that it has, of all islands. */
  get summary(): VersionVector {
    return this.room.journal.summary;
  }

  /** A copy of the Y.Doc with all that it has, of all islands. */
  get document(): Y.Doc {
    const doc = new Y.Doc({ guid: roomName });
    Y.applyUpdate(doc, this.room.document.snapshot());
    return doc;
  }

  get traffic(): Pick<RoomTraffic, 'ofStrategy'> {
    return this.room.traffic;
  }

  get isDivided(): boolean {
    return this.room.islands.isDivided;
  }

  /** Whether any link has faults. */
  get hasFaultyLinks(): boolean {
    return this.room.links.count > 0;
  }

  /** Whether something is under way in it: a write, a timer, a frame on a link with faults. */
  get isBusy(): boolean {
    return this.waiting > 0 || this.disk.isBusy;
  }

  /** All records, each after all that its author had seen. */
  records(): Uint8Array[] {
    return this.room.journal.missing(VersionVector.empty).map(({ bytes }) => bytes);
  }

  /** Takes its own end of a connection, before that is opened. `address`: the name in the address, by which a session has its island and its link before it says hello. */
  accept(end: Transport, address: ReplicaId): void {
    end.listen({
      opened: () => void this.open(end, address),
      received: (frame) => {
        this.countSentAgain(address, frame);
        this.sessions.get(end)?.received(frame, true);
      },
      closed: () => {
        this.sessions.get(end)?.depart(1006, '');
        this.sessions.delete(end);
      },
    });
  }

  /** Lets only those of one group talk to one another; all that are in no group are one more. None: all together. */
  setIslands(groups: readonly (readonly ReplicaId[])[]): void {
    this.wasDivided ||= groups.length > 0;
    void this.room.faults.divide(groups);
  }

  hasFaultyLink(name: ReplicaId): boolean {
    return !isSoundLink(this.room.links.get(name));
  }

  /** Gives a replica's link faults, or takes them away. */
  setLink(name: ReplicaId, upstream: LinkFaults, downstream: LinkFaults): void {
    if (!isFaultless(upstream) || !isFaultless(downstream)) this.everFaulty.add(name);
    void this.room.faults.setLink(name, { online: true, upstream, downstream, seed: this.options.random.uint32() });
  }

  /** Throws all away, and begins the room's next life. */
  empty(): Promise<void> {
    return this.room.empty();
  }

  private countSentAgain(from: ReplicaId, frame: Uint8Array): void {
    if (this.wasDivided || this.everFaulty.has(from) || kindOf(frame) !== 'records') return;
    const message = this.codec.decode(frame);
    if (message.kind !== 'records') return;
    const { summary } = this;
    const count = message.records.filter((bytes) => summary.includes(dotOf(bytes))).length;
    if (count > 0) this.sentAgain.set(from, (this.sentAgain.get(from) ?? 0) + count);
  }

  private async open(end: Transport, address: ReplicaId): Promise<void> {
    const session = new Session(quietSocket, () => writerTo(end), address, roomName, this.host);
    this.sessions.set(end, session);
    this.ends.set(session, end);
    await this.room.ready();
    if (session.hasEnded) return;
    this.room.attach(session);
    session.start(this.room);
  }

  private ended(session: Session): void {
    // The relay itself has no reason to end one: what a replica sends is well formed, and nobody takes another's name.
    if (session.ending.code !== 1006) this.options.report(`the session of ${session.name} was ended: ${session.ending.reason}`);
    void this.room.detach(session);
    this.ends.delete(session);
  }

  /** A clock that knows whether somebody waits for it. */
  private watched(clock: Clock): Clock {
    return {
      nowMs: () => clock.nowMs(),
      wallMs: () => clock.wallMs(),
      after: (delayMs, callback) => {
        this.waiting++;
        let waits = true;
        const over = (): void => {
          if (waits) this.waiting--;
          waits = false;
        };
        const cancel = clock.after(delayMs, () => {
          over();
          callback();
        });
        return () => {
          over();
          cancel();
        };
      },
    };
  }
}

const nothing = (): void => undefined;

/** A socket on which nothing happens. */
const quietSocket: SessionSocket = { isOpen: true, listen: nothing, close: nothing, resume: nothing, pause: nothing, ping: nothing, terminate: nothing };

/** Frames go straight to the simulated link. */
function writerTo(end: Transport): SessionWriter {
  return {
    counts: { bytesRead: 0, bytesWritten: 0, writableLength: 0 }, isBehind: false, isIdle: true, waitingBytes: 0, write: nothing, remove: nothing, end: nothing,
    writeFrom(frames, source) {
      for (const frame of frames) end.send(frame);
      sendEach(source, (frame) => end.send(frame));
    },
  };
}
