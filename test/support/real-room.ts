/**
 * The room of the real relay, in virtual time: its document, journal, islands, bent links, members and store, without sockets. The simulation's replicas talk to
 * it as they do to the simulation's own relay.
 */
import * as Y from 'yjs';
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Random } from '../../shared/ports/random.ts';
import type { Transport } from '../../shared/ports/transport.ts';
import type { AroundRelay, RoomRelay } from '../../shared/simulation/room-relay.ts';
import { SimulatedDisk } from '../../shared/simulation/simulated-disk.ts';
import { defaultRelayLimits } from '../../shared/relay/relay-limits.ts';
import { RelayMeter } from '../../shared/relay/relay-meter.ts';
import { Room } from '../../shared/relay/room/room.ts';
import { HeldRecords } from '../../shared/relay/room/held-records.ts';
import type { FrameSender, Receiver } from '../../shared/relay/session/frame-sender.ts';
import { sendEach, type SessionWriter } from '../../shared/relay/session/session-writer.ts';
import { Session, type SessionHost } from '../../shared/relay/session/session.ts';
import type { SessionSocket } from '../../shared/relay/session/session-socket.ts';
import type { WritePace } from '../../shared/relay/storage/write-pace.ts';

/** The least time between two writes, in milliseconds. */
const paceMs = 2;

export function realRoom(troubles: string[]): (around: AroundRelay) => RoomRelay {
  return ({ clock, random, leader }) => new RealRoom(clock, random, leader, troubles);
}

class RealRoom implements RoomRelay {
  private readonly room: Room;
  private readonly disk: SimulatedDisk;
  private readonly ends = new Map<Receiver, Transport>();
  private readonly sessions = new Map<Transport, Session>();
  private readonly host: SessionHost;
  private waiting = 0;

  constructor(clock: Clock, private readonly random: Random, leader: ReplicaId | null, troubles: string[]) {
    const own = this.watched(clock);
    this.disk = new SimulatedDisk(clock, random);
    const report = (line: string): void => void troubles.push(line);
    const meter = new RelayMeter();
    // Nothing waits for company, and nothing is written to a socket: the simulated link has the time that frames take.
    const outgoing: FrameSender = {
      send: (session: Receiver, frame) => this.ends.get(session)?.send(frame),
      flushTo: () => undefined,
      forget: () => undefined,
      noteEdits: () => undefined,
    };
    const pace = { next: () => new Promise<void>((resolve) => void own.after(paceMs, resolve)) } as unknown as WritePace;
    this.room = new Room('simulated', { limits: defaultRelayLimits, store: this.disk, clock: own, random, pace, outgoing, meter, heldRecords: new HeldRecords(Infinity), leaderOf: () => leader, report, changed: () => undefined });
    this.host = {
      clock: own, outgoing, meter, report,
      // The same seed gives the same run: real time decides nothing.
      turns: { isOver: () => false, next: (callback) => void own.after(0, callback) },
      payloadBytesMax: defaultRelayLimits.payloadBytesMax,
      backlogFramesMax: defaultRelayLimits.backlogFramesMax,
      lostFrame: (session) => this.room.noteLostFrame(session),
      caughtUp: (session) => this.room.resync(session),
      ended: (session) => {
        // The relay itself has no reason to end one: what a replica sends is well formed, and nobody takes another's name.
        if (session.ending.code !== 1006) report(`the session of ${session.name} was ended: ${session.ending.reason}`);
        void this.room.detach(session);
        this.ends.delete(session);
      },
    };
  }

  get summary(): VersionVector {
    return this.room.journal.summary;
  }

  get document(): Y.Doc {
    const doc = new Y.Doc({ guid: 'simulated' });
    Y.applyUpdate(doc, this.room.document.snapshot());
    return doc;
  }

  get traffic(): Room['traffic'] {
    return this.room.traffic;
  }

  get isDivided(): boolean {
    return this.room.islands.isDivided;
  }

  get isBusy(): boolean {
    return this.waiting > 0 || this.disk.isBusy;
  }

  accept(end: Transport, address: string): void {
    end.listen({
      opened: () => void this.open(end, address),
      received: (frame) => this.sessions.get(end)?.received(frame, true),
      closed: () => {
        this.sessions.get(end)?.depart(1006, '');
        this.sessions.delete(end);
      },
    });
  }

  setIslands(groups: readonly (readonly string[])[]): void {
    void this.room.faults.divide(groups);
  }

  records(): Uint8Array[] {
    return this.room.journal.missing(VersionVector.empty).map(({ bytes }) => bytes);
  }

  bend(name: string, upstream: Parameters<NonNullable<RoomRelay['bend']>>[1], downstream: typeof upstream): void {
    void this.room.faults.setLink(name, { online: true, upstream, downstream, seed: this.random.uint32() });
  }

  private async open(end: Transport, address: string): Promise<void> {
    const session = new Session(quietSocket, () => writerTo(end), address, 'simulated', this.host);
    this.sessions.set(end, session);
    this.ends.set(session, end);
    await this.room.ready();
    if (session.hasEnded) return;
    this.room.attach(session);
    session.start(this.room);
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

/** Frames go straight to the simulated link, which has the time that they take. */
function writerTo(end: Transport): SessionWriter {
  return {
    counts: { bytesRead: 0, bytesWritten: 0, writableLength: 0 }, isBehind: false, isIdle: true, waitingBytes: 0, write: nothing, remove: nothing, end: nothing,
    writeFrom(frames, source) {
      for (const frame of frames) end.send(frame);
      sendEach(source, (frame) => end.send(frame));
    },
  };
}
