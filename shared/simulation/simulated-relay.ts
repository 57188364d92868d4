/**
 * A relay without sockets or disk: it keeps each replica's records without gaps, gives each session what it lacks, and confirms at once.
 * It speaks the protocol of shared/protocol byte for byte, so that replicas cannot tell it from the real one.
 */
import type { ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import { decodeRecord } from '../history/record-codec.ts';
import { decodeMessage, encodeMessage } from '../protocol/codec.ts';
import { Membership } from '../protocol/membership.ts';
import { type MessageOf, protocolVersion } from '../protocol/messages.ts';
import { SimulatedTransport } from './simulated-transport.ts';

export class SimulatedRelay {
  private readonly records = new Map<string, Uint8Array[]>();
  private readonly sessions = new Set<SimulatedTransport>();
  private readonly replicas = new Map<SimulatedTransport, ReplicaId>();
  private readonly membership = new Membership();
  /** How many records came in that it had already: nothing should ever be sent twice. */
  repeatedCount = 0;

  constructor(private readonly epoch = 'simulated', private readonly discarded: readonly string[] = []) {}

  get summary(): VersionVector {
    return VersionVector.of([...this.records].map(([replica, records]) => [replica, records.length] as const));
  }

  /** All sessions' ends, for the simulation to deliver to. */
  get ends(): readonly SimulatedTransport[] {
    return [...this.sessions];
  }

  /** Accepts a connection from a replica's end. */
  accept(replicaEnd: SimulatedTransport): void {
    const end = new SimulatedTransport();
    end.listen({
      opened: () => void this.sessions.add(end),
      received: (frame) => this.receive(end, frame),
      closed: () => this.depart(end),
    });
    end.connect(replicaEnd);
  }

  private receive(end: SimulatedTransport, frame: Uint8Array): void {
    const message = decodeMessage(frame);
    if (message.kind === 'hello') {
      end.send(encodeMessage({ kind: 'welcome', version: protocolVersion, epoch: this.epoch, discarded: this.discarded, summary: this.summary }));
      const lacking = [...this.records].flatMap(([replica, records]) => records.slice(message.summary.get(replica)));
      if (lacking.length > 0) end.send(encodeMessage({ kind: 'records', records: lacking }));
      end.send(encodeMessage({ kind: 'saved', summary: this.summary, yjsFrames: 0 }));
      this.replicas.set(end, message.replica);
      this.membership.arrive(message.replica);
      this.letIn();
      this.tellRoster();
    }
    if (message.kind === 'records') this.take(end, message.records);
    if (message.kind === 'settled-in') this.onSettledIn(message.members);
    if (message.kind === 'direct') this.pass(end, message);
  }

  private onSettledIn(members: readonly ReplicaId[]): void {
    const learned = this.membership.settledIn(members);
    if (learned) this.membership.become(learned);
    if (learned ?? this.letIn()) this.tellRoster();
  }

  private letIn(): boolean {
    const next = this.membership.next();
    if (next) this.membership.become(next);
    return next !== null;
  }

  private tellRoster(): void {
    const frame = encodeMessage({ kind: 'roster', members: this.membership.members, present: [...this.replicas.values()], waiting: this.membership.isWaiting });
    for (const end of this.replicas.keys()) end.send(frame);
  }

  private pass(end: SimulatedTransport, message: MessageOf<'direct'>): void {
    const to = [...this.replicas].find(([, replica]) => replica === message.peer)?.[0];
    to?.send(encodeMessage({ ...message, peer: this.replicas.get(end)! }));
  }

  private depart(end: SimulatedTransport): void {
    this.sessions.delete(end);
    const replica = this.replicas.get(end);
    if (replica === undefined) return;
    this.replicas.delete(end);
    this.membership.depart(replica);
    this.tellRoster();
  }

  private take(end: SimulatedTransport, records: readonly Uint8Array[]): void {
    const fresh = records.filter((bytes) => this.keep(bytes));
    if (fresh.length === 0) return;
    for (const other of this.sessions) if (other !== end) other.send(encodeMessage({ kind: 'records', records: fresh }));
    end.send(encodeMessage({ kind: 'saved', summary: this.summary, yjsFrames: 0 }));
  }

  private keep(bytes: Uint8Array): boolean {
    const { dot } = decodeRecord(bytes);
    const own = this.records.get(dot.replica) ?? [];
    if (dot.counter <= own.length) {
      this.repeatedCount++;
      return false;
    }
    if (dot.counter !== own.length + 1) throw new RangeError(`${dot.replica}:${dot.counter} came after ${dot.replica}:${own.length}`);
    own.push(bytes);
    this.records.set(dot.replica, own);
    return true;
  }
}
