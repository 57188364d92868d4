/**
 * A relay without sockets or disk: it keeps each replica's records without gaps, gives each session what it lacks, carries the Y.Doc's updates, and
 * lets the sessions of an island talk to one another only. It speaks the protocol of shared/protocol byte for byte, so that replicas cannot tell it from
 * the real one.
 *
 * Guarantees: what it confirms, it holds. Where frames were lost on the way to it, it asks again; where they were lost on the way from it, a new
 * connection brings what is missing.
 */
import * as Y from 'yjs';
import type { ReplicaId } from '../clocks/dot.ts';
import { type VersionVector } from '../clocks/version-vector.ts';
import type { Clock } from '../ports/clock.ts';
import type { Transport } from '../ports/transport.ts';
import { type FrameCodec, plainCodec } from '../protocol/codec.ts';
import { Membership } from '../protocol/membership.ts';
import { type Message, type MessageOf, protocolVersion } from '../protocol/messages.ts';
import { recordFrames } from '../protocol/record-frames.ts';
import { RoomTraffic } from '../protocol/room-traffic.ts';
import type { RoomRelay } from './room-relay.ts';
import { SimulatedIsland } from './simulated-island.ts';
import { isYjsFrame, readYjsFrame, yjsFrame } from './yjs-frames.ts';

interface Session {
  readonly end: Transport;
  readonly address: ReplicaId | null;
  /** The replica's, from its hello on. */
  name: ReplicaId | null;
  island: SimulatedIsland;
  /** Whether it was asked for what its Y.Doc has. */
  asked: boolean;
  /** How many of its frames that carry an update were taken. */
  yjsFrames: number;
  /** Whether something of it was taken that it has not heard to be saved. */
  owed: boolean;
}

export interface SimulatedRelayOptions {
  readonly epoch?: string;
  readonly discarded?: readonly string[];
  /** With it, things become safe a little after they came, as on a disk, and several are confirmed at once. */
  readonly clock?: Clock;
  readonly codec?: FrameCodec;
  /** The replica that is let in first, and so leads; default: any. */
  readonly leader?: ReplicaId | null;
}

/** How long until things are safe, in milliseconds. */
const saveMs = 2;
/** A session is asked again for what was lost at most once in this many milliseconds. */
const askAgainMs = 200;

export class SimulatedRelay implements RoomRelay {
  private readonly codec: FrameCodec;
  private readonly sessions = new Map<Transport, Session>();
  private readonly membership = new Membership();
  private rest = new SimulatedIsland();
  private readonly named = new Map<ReplicaId, SimulatedIsland>();
  private confirming = false;
  private asking = new WeakSet<Session>();
  readonly traffic = new RoomTraffic();
  /** How many records came in that it had already. Where no frame was lost or repeated, nothing should ever be sent twice. */
  repeatedCount = 0;

  constructor(private readonly options: SimulatedRelayOptions = {}) {
    this.codec = options.codec ?? plainCodec;
  }

  get document(): Y.Doc {
    return this.whole.document;
  }

  records(): Uint8Array[] {
    return this.whole.records();
  }

  /** All that it holds, of all islands. */
  private get whole(): SimulatedIsland {
    return this.named.size === 0 ? this.rest : SimulatedIsland.of(new Set([this.rest, ...this.named.values()]));
  }

  get summary(): VersionVector {
    return this.whole.summary;
  }

  get members(): readonly ReplicaId[] {
    return this.membership.members;
  }

  /** Whether sessions are on more than one island, or an island that nobody is on just now has what they lack. */
  get isDivided(): boolean {
    const used = new Set([...this.sessions.values()].map(({ island }) => island));
    const [one] = used;
    return used.size > 1 || (one !== undefined && [this.rest, ...this.named.values()].some((island) => !one.summary.covers(island.summary)));
  }

  /** Whether something was taken that nobody was told to be saved. */
  get isBusy(): boolean {
    return this.confirming;
  }

  /** Takes its own end of a connection, before that is opened. `address`: the name in the address, by which a session has its island before it says hello. */
  accept(end: Transport, address: ReplicaId | null = null): void {
    end.listen({
      opened: () => void this.sessions.set(end, { end, address, name: null, island: this.islandOf(address), asked: false, yjsFrames: 0, owed: false }),
      received: (frame) => this.receive(this.sessions.get(end), frame),
      closed: () => this.depart(end),
    });
  }

  /** Lets only those of one group talk to one another, each group with what its members had between them; all that are in no group are one more. None: all together. */
  setIslands(groups: readonly (readonly ReplicaId[])[]): void {
    const before = new Map([...this.sessions.values()].map((session) => [session, session.island]));
    const next = new Map<ReplicaId, SimulatedIsland>();
    for (const group of groups) {
      const island = SimulatedIsland.of(new Set(group.map((name) => this.islandOf(name))));
      for (const name of group) next.set(name, island);
    }
    const others = [...this.named].filter(([name]) => !next.has(name)).map(([, island]) => island);
    this.rest = SimulatedIsland.of(new Set([this.rest, ...others]));
    this.named.clear();
    for (const [name, island] of next) this.named.set(name, island);
    for (const [session, old] of before) this.move(session, old);
    this.tellRoster();
  }

  private islandOf(name: ReplicaId | null): SimulatedIsland {
    return (name !== null && this.named.get(name)) || this.rest;
  }

  /** Brings a session what its new island has and the old one had not, and asks it for the rest. */
  private move(session: Session, old: SimulatedIsland): void {
    session.island = this.islandOf(session.name ?? session.address);
    if (session.name === null) return;
    for (const frame of recordFrames(session.island.lackedBy(old.summary), this.codec.encode)) session.end.send(frame);
    if (session.asked) session.end.send(yjsFrame('update', Y.encodeStateAsUpdate(session.island.document, Y.encodeStateVector(old.document))));
    this.ask(session);
  }

  /** The session then sends what its island lacks. */
  private ask(session: Session): void {
    session.end.send(this.welcomeTo(session));
    if (session.asked) session.end.send(yjsFrame('step-one', Y.encodeStateVector(session.island.document)));
  }

  private receive(session: Session | undefined, frame: Uint8Array): void {
    if (!session) return;
    if (isYjsFrame(frame)) return this.receiveYjs(session, frame);
    const message = this.codec.decode(frame);
    if (message.kind === 'hello') this.greet(session, message);
    if (message.kind === 'records') this.take(session, message.records, frame);
    if (message.kind === 'caught-up') this.onCaughtUp(message.members);
    if (message.kind === 'direct') this.pass(session, message);
  }

  private receiveYjs(session: Session, frame: Uint8Array): void {
    const { kind, bytes } = readYjsFrame(frame);
    if (kind === 'step-one') {
      session.end.send(yjsFrame('step-two', Y.encodeStateAsUpdate(session.island.document, bytes)));
      if (!session.asked) session.end.send(yjsFrame('step-one', Y.encodeStateVector(session.island.document)));
      session.asked = true;
      return;
    }
    session.yjsFrames++;
    session.owed = true;
    this.traffic.count('crdt', bytes.length);
    session.island.takeUpdate(bytes);
    this.passOn(session, kind === 'update' ? frame : yjsFrame('update', bytes));
    this.confirmLater();
  }

  private greet(session: Session, message: MessageOf<'hello'>): void {
    session.name = message.replica;
    session.island = this.islandOf(message.replica);
    session.end.send(this.welcomeTo(session));
    for (const frame of recordFrames(session.island.lackedBy(message.summary), this.codec.encode)) session.end.send(frame);
    this.confirm(session);
    this.membership.arrive(message.replica);
    this.letIn();
    this.tellRoster();
  }

  private welcomeTo(session: Session): Uint8Array {
    const { epoch = 'simulated', discarded = [] } = this.options;
    return this.codec.encode({ kind: 'welcome', version: protocolVersion, epoch, discarded, summary: session.island.summary });
  }

  private onCaughtUp(members: readonly ReplicaId[]): void {
    const learned = this.membership.onCaughtUp(members);
    if (learned) this.membership.become(learned);
    if (learned ?? this.letIn()) this.tellRoster();
  }

  private letIn(): boolean {
    const next = this.membership.next(this.options.leader);
    if (next) this.membership.become(next);
    return next !== null;
  }

  private tellRoster(): void {
    for (const session of this.named.size === 0 ? [[...this.sessions.values()]] : this.byIsland()) {
      const present = session.flatMap(({ name }) => name ?? []);
      const frame = this.codec.encode({ kind: 'roster', members: this.membership.members, present, waiting: this.membership.isWaiting });
      for (const { name, end } of session) if (name !== null) end.send(frame);
    }
  }

  private byIsland(): Session[][] {
    const islands = new Map<SimulatedIsland, Session[]>();
    for (const session of this.sessions.values()) islands.set(session.island, [...(islands.get(session.island) ?? []), session]);
    return [...islands.values()];
  }

  private pass(session: Session, message: MessageOf<'direct'>): void {
    const { name, island } = session;
    this.traffic.count(message.channel, message.payload.length);
    for (const other of this.sessions.values()) if (name !== null && other.name === message.peer && other.island === island) return other.end.send(this.codec.encode({ ...message, peer: name } as Message));
  }

  private depart(end: Transport): void {
    const name = this.sessions.get(end)?.name ?? null;
    this.sessions.delete(end);
    if (name === null) return;
    this.membership.depart(name);
    this.tellRoster();
  }

  private take(session: Session, records: readonly Uint8Array[], frame: Uint8Array): void {
    const fresh: Uint8Array[] = [];
    for (const record of records) {
      const how = session.island.take(record);
      if (how === 'taken') fresh.push(record);
      if (how === 'known') this.repeatedCount++;
      if (how === 'gap') this.askAgain(session);
      this.traffic.count('records', record.length);
    }
    // What came again is confirmed again: the first time may have been lost.
    session.owed = true;
    this.confirmLater();
    if (fresh.length === 0) return;
    this.passOn(session, fresh.length === records.length ? frame : this.codec.encode({ kind: 'records', records: fresh }));
  }

  /** Something was lost on its way here. */
  private askAgain(session: Session): void {
    const { clock } = this.options;
    if (!clock || this.asking.has(session)) return;
    this.asking.add(session);
    clock.after(askAgainMs, () => {
      this.asking.delete(session);
      if (this.sessions.get(session.end) === session) this.ask(session);
    });
  }

  private passOn(from: Session, frame: Uint8Array): void {
    for (const other of this.sessions.values()) if (other !== from && other.island === from.island && (other.name !== null || isYjsFrame(frame))) other.end.send(frame);
  }

  private confirmLater(): void {
    const { clock } = this.options;
    if (!clock) return this.confirmAll();
    if (this.confirming) return;
    this.confirming = true;
    clock.after(saveMs, () => {
      this.confirming = false;
      this.confirmAll();
    });
  }

  private confirmAll(): void {
    for (const session of this.sessions.values()) if (session.owed && session.name !== null) this.confirm(session);
  }

  private confirm(session: Session): void {
    session.owed = false;
    session.end.send(this.codec.encode({ kind: 'saved', summary: session.island.summary, yjsFrames: session.yjsFrames }));
  }
}
