/**
 * Who is in a room through other relays, and what its sessions and theirs tell one another that is not stored: presence, direct messages, and that a replica
 * was opened.
 *
 * Guarantees: of the sessions that one replica has at all relays, the one that was opened last stays, as soon as all can be reached; those of a relay that is gone
 * go. Does not guarantee that anything told arrives: what lasts is told anew when the relays can reach one another again.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { awarenessFrame } from '../frames.ts';
import type { Island } from '../faults/island.ts';
import { PeerRelay } from '../cluster/peer-relay.ts';
import { closeCodes } from '../refusal.ts';
import type { RoomIslands } from '../faults/room-islands.ts';
import type { RoomMembers } from './room-members.ts';
import type { ClusterMessage, Guest } from '../cluster/cluster-messages.ts';
import type { Session } from '../session/session.ts';

export interface RoomPeerRelaysOptions {
  readonly clock: Clock;
  /** The name of this relay. */
  readonly relay: string;
  readonly islands: RoomIslands;
  readonly random: Random;
  readonly members: RoomMembers;
  readonly sessions: () => readonly Session[];
  readonly epoch: () => string;
  readonly send: (message: ClusterMessage) => void;
  /** Called when others have come or gone. */
  readonly changed: () => void;
}

/** How long changes of who is here are gathered before the others are told, in milliseconds. */
const gatherMs = 10;

export class RoomPeerRelays {
  private readonly peers = new Map<string, PeerRelay>();
  /** Sessions of replicas, by the number under which they were announced; true once that was heard. */
  private readonly announced = new Map<Session, { readonly number: number; readonly openedMs: number; heard: boolean }>();
  private readonly life: number;
  private count = 0;
  private telling: (() => void) | null = null;

  constructor(private readonly options: RoomPeerRelaysOptions) {
    this.life = options.random.uint32();
  }

  /** Who is here through other relays. */
  get guests(): readonly Guest[] {
    return [...this.peers.values()].flatMap(({ guests }) => guests);
  }

  /** Says who is here, soon. */
  sessionsChanged(): void {
    this.telling ??= this.options.clock.after(gatherMs, () => {
      this.telling = null;
      this.announce(false);
    });
  }

  /** A session of a replica has said hello: others of it are to go. */
  opened(session: Session): void {
    const opened = { number: ++this.count, openedMs: this.options.clock.wallMs(), heard: false };
    this.announced.set(session, opened);
    this.announceReplica(session, opened, false);
    this.sessionsChanged();
  }

  private announceReplica({ replica }: Session, { number, openedMs }: { readonly number: number; readonly openedMs: number }, again: boolean): void {
    this.options.send({ kind: 'opened', replica: replica!, session: number, openedMs, again });
  }

  detached(session: Session): void {
    this.announced.delete(session);
    this.sessionsChanged();
  }

  sendAwareness(island: Island, update: Uint8Array): void {
    this.options.send({ kind: 'awareness', place: this.options.islands.placeOf(island), update });
  }

  /** Hands a frame to a replica that an island reaches through another relay. Returns whether there is one. */
  passDirect(island: Island, to: ReplicaId, frame: Uint8Array): boolean {
    if (!island.guests.has(to)) return false;
    this.options.send({ kind: 'direct', place: this.options.islands.placeOf(island), to, frame });
    return true;
  }

  receive(relay: string, message: ClusterMessage, isOwn: boolean): void {
    if (isOwn) {
      if (message.kind === 'opened') this.heardOwn(message.session);
      return;
    }
    switch (message.kind) {
      case 'here': return this.receiveHere(this.peerOf(relay), message);
      case 'left': return this.peers.get(relay)?.life === message.life ? this.gone(relay) : undefined;
      case 'opened': return message.again ? this.compare(relay, message.replica, message.openedMs) : this.endOthers(message.replica);
      case 'awareness': return this.receiveAwareness(this.peerOf(relay), message.place, message.update);
      case 'direct': return this.receiveDirect(message.place, message.to, message.frame);
    }
  }

  /** A relay is not heard any more, or has left the room. */
  gone(relay: string): void {
    const peer = this.peers.get(relay);
    if (!peer) return;
    this.peers.delete(relay);
    for (const island of this.options.islands.all) {
      const gone = island.awareness.leave(peer);
      if (gone) island.send(awarenessFrame(gone));
    }
    this.guestsChanged(peer.guests, []);
  }

  /** Others may have missed what was told, and we what they told. */
  reached(): void {
    for (const [session, opened] of this.announced) this.announceReplica(session, opened, true);
    this.appeared();
  }

  /** There is a relay that was not there before. */
  appeared(): void {
    this.announce(true);
  }

  close(): void {
    this.telling?.();
    this.telling = null;
    this.options.send({ kind: 'left', life: this.life });
  }

  private announce(asks: boolean): void {
    const { islands, members, sessions, epoch, send } = this.options;
    const awareness = islands.all.flatMap((island) => {
      const update = island.awareness.of((owner) => !(owner instanceof PeerRelay));
      return update ? [{ place: islands.placeOf(island), update }] : [];
    });
    send({ kind: 'here', life: this.life, guests: sessions().map(({ name, replica }) => ({ name, replica })), epoch: epoch(), settled: members.caughtUp, awareness: asks ? awareness : [], asks });
  }

  private peerOf(relay: string): PeerRelay {
    let peer = this.peers.get(relay);
    if (!peer) this.peers.set(relay, (peer = new PeerRelay(relay)));
    return peer;
  }

  private receiveHere(peer: PeerRelay, { life, guests, epoch, settled, awareness, asks }: Extract<ClusterMessage, { kind: 'here' }>): void {
    const before = peer.guests;
    peer.life = life;
    peer.guests = guests;
    for (const { place, update } of awareness) this.receiveAwareness(peer, place, update);
    this.guestsChanged(before, guests);
    if (settled && epoch === this.options.epoch()) this.options.members.onCaughtUp(settled, false);
    if (asks) this.answer();
  }

  /** All that is here, to one who asks; it does not ask back. */
  private answer(): void {
    this.sessionsChanged();
    for (const island of this.options.islands.all) {
      const update = island.awareness.of((owner) => !(owner instanceof PeerRelay));
      if (update) this.sendAwareness(island, update);
    }
  }

  private guestsChanged(before: readonly Guest[], after: readonly Guest[]): void {
    this.options.islands.setGuests(this.guests);
    this.options.members.guestsChanged(replicasOf(after), replicasOf(before));
    this.options.changed();
  }

  private heardOwn(number: number): void {
    for (const announced of this.announced.values()) if (announced.number === number) announced.heard = true;
  }

  /** Another relay has opened a replica: ours go that were opened before. One that was not heard to open yet was opened later. */
  private endOthers(replica: ReplicaId): void {
    for (const [session, { heard }] of this.announced) {
      if (heard && session.replica === replica) session.end(closeCodes.contradiction, `Replica ${replica} was opened somewhere else`);
    }
  }

  /** Of two sessions that did not hear of each other when they were opened, the one that was opened first goes; as far as the clocks of their relays tell. */
  private compare(relay: string, replica: ReplicaId, openedMs: number): void {
    for (const [session, opened] of this.announced) {
      if (session.replica !== replica) continue;
      if (opened.openedMs < openedMs || (opened.openedMs === openedMs && this.options.relay < relay)) session.end(closeCodes.contradiction, `Replica ${replica} was opened somewhere else`);
      else this.announceReplica(session, opened, true);
    }
  }

  private receiveAwareness(peer: PeerRelay, place: string, update: Uint8Array): void {
    const island = this.options.islands.at(place);
    // What is dropped here, the other relay has told of.
    const { news } = island?.takeAwareness(update, peer) ?? { news: null };
    if (news) island!.send(awarenessFrame(news));
  }

  private receiveDirect(place: string, to: ReplicaId, frame: Uint8Array): void {
    const island = this.options.islands.at(place);
    for (const session of island?.sessions ?? []) if (session.replica === to) session.send(frame);
  }
}

function replicasOf(guests: readonly Guest[]): ReplicaId[] {
  return guests.flatMap(({ replica }) => (replica === null ? [] : [replica]));
}
