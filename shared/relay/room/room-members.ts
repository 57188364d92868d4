/**
 * Who of a room holds copies of the coordinated strategies: kept by shared/protocol/membership, stored before it is said, and said to every window.
 *
 * Guarantees: while the room is divided, only an island that reaches a majority of the members lets others in, and only it hears of them; so no side can take
 * the majority from another, and nothing is told across. Why that is safe: docs/decisions/0013.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FrameCodec } from '../../protocol/codec.ts';
import { Membership } from '../../protocol/membership.ts';
import type { Island } from '../faults/island.ts';
import type { Session } from '../session/session.ts';

/** How long the very first member is waited for, so that windows that are opened together are let in by name, in milliseconds. */
const gatherMs = 250;

export interface RoomMembersOptions {
  readonly codec: Pick<FrameCodec, 'encode'>;
  readonly clock: Clock;
  /** The whole room, or its islands. */
  readonly islands: () => readonly Island[];
  /** Who is to be the first member; null: any replica. */
  readonly leader: () => ReplicaId | null;
  /** Stores the list in place of the former one; resolves, when it is on disk, to the list that is there: this one, or what another relay was quicker to store. */
  readonly store: (members: readonly ReplicaId[], former: readonly ReplicaId[]) => Promise<readonly ReplicaId[]>;
  /** Called when one of our windows says that the present members have caught up. */
  readonly caughtUp?: () => void;
}

export class RoomMembers {
  private membership = new Membership();
  private storing = false;
  private gathering: (() => void) | null = null;
  /** The list that windows here said has caught up. */
  private caughtUpHere: readonly ReplicaId[] | null = null;

  constructor(private readonly options: RoomMembersOptions) {}

  get list(): readonly ReplicaId[] {
    return this.membership.members;
  }

  restore(members: readonly ReplicaId[]): void {
    this.membership = new Membership(members);
    this.caughtUpHere = null;
    this.storing = false;
    const islands = this.options.islands();
    // Islands of a divided room know what they had heard.
    if (islands.length === 1) islands[0]!.members = members;
  }

  /** The list that windows of this relay said has caught up; null if they said so of none. */
  get caughtUp(): readonly ReplicaId[] | null {
    return this.caughtUpHere;
  }

  /** A session has said hello. It hears the roster in any case: it may have lost one. */
  arrive(session: Session): void {
    this.membership.arrive(session.replica!);
    this.tell(session);
    this.letInSoon();
  }

  /** Replicas have come to other relays, or left them. */
  guestsChanged(came: readonly ReplicaId[], left: readonly ReplicaId[]): void {
    for (const replica of came) this.membership.arrive(replica);
    for (const replica of left) if (!this.isHere(replica)) this.membership.depart(replica);
    this.tell();
    this.letInSoon();
  }

  /** Another relay has stored this list. */
  learn(members: readonly ReplicaId[]): void {
    if (members.length <= this.list.length) return;
    this.membership.become(members);
    this.tell();
    this.letIn();
  }

  /** The store may have lost the list, or the end of it: what was known here is stored again. */
  bringBack(members: readonly ReplicaId[]): void {
    if (members.length > this.list.length) this.become(members, true);
  }

  private letInSoon(): void {
    if (this.list.length > 0) this.letIn();
    else this.gathering ??= this.options.clock.after(gatherMs, () => {
      this.gathering = null;
      this.letIn();
    });
  }

  depart(replica: ReplicaId): void {
    if (!this.isHere(replica)) this.membership.depart(replica);
    this.tell();
  }

  private isHere(replica: ReplicaId): boolean {
    return this.options.islands().some((island) => island.has(replica));
  }

  /** `here`: a window of this relay says so, and not one of another. */
  onCaughtUp(members: readonly ReplicaId[], here = true): void {
    const isNews = here && this.caughtUpHere?.join() !== members.join();
    if (here) this.caughtUpHere = members;
    if (isNews) this.options.caughtUp?.();
    const learned = this.membership.onCaughtUp(members);
    if (learned) this.become(learned, true);
    else this.letIn();
  }

  /** Other sessions reach one another now. */
  regrouped(): void {
    this.tell();
    this.letIn();
  }

  /** Ends what waits. */
  close(): void {
    this.gathering?.();
    this.gathering = null;
  }

  private letIn(): void {
    const next = this.membership.next(this.options.leader(), (replica) => this.options.islands().some((island) => island.has(replica) && this.mayLetIn(island)));
    if (next) this.become(next, false);
  }

  /** `everywhere`: each island is to know, as they knew before the relay had lost its folder. */
  private become(members: readonly ReplicaId[], everywhere: boolean): void {
    if (this.storing) return;
    const { membership } = this;
    this.storing = true;
    void this.options.store(members, this.list).then((stored) => {
      this.storing = false;
      // The room may have been emptied in the meantime: that list belonged to another life.
      if (this.membership === membership) {
        if (this.list.join() !== stored.join()) membership.become(stored);
        if (everywhere) for (const island of this.options.islands()) island.members = stored;
        this.tell();
        // Another relay was quicker with the beginning of it.
        if (everywhere) this.bringBack(members);
      }
      this.letIn();
    });
  }

  /** Whether an island is the whole room, or reaches a majority of the members; before there are any, each may begin. */
  private mayLetIn(island: Island): boolean {
    if (this.options.islands().length === 1 || this.list.length === 0) return true;
    return 2 * this.list.filter((member) => island.has(member)).length > this.list.length;
  }

  /** Tells each island's windows what they have not heard; `newcomer` hears it in any case. */
  private tell(newcomer: Session | null = null): void {
    const { list } = this;
    for (const island of this.options.islands()) {
      if (this.mayLetIn(island) && list.length > 0) island.members = list;
      const present = island.replicas;
      const waiting = this.mayLetIn(island) && present.some((replica) => this.membership.waiting.has(replica));
      const frame = this.options.codec.encode({ kind: 'roster', members: island.members, present, waiting });
      if (!island.told || !areEqual(island.told, frame)) island.sendToReplicas(frame);
      else if (newcomer && island.sessions.has(newcomer)) newcomer.send(frame);
      island.told = frame;
    }
  }
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
