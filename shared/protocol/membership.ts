/**
 * Who holds copies of the coordinated strategies, as the relay keeps the list: in the order in which it let them in.
 *
 * Guarantees: the list only grows, one replica at a time, and the next one is let in only after somebody of the present ones said that it caught up.
 * So two lists that are in use at the same time differ by at most one replica, and any majority of the one meets any majority of the other.
 * Source: Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 4.1 (one server at a time); Rystsov, "CASPaxos", 2018, section 2.3.
 */
import { isLifeOf, type ReplicaId } from '../clocks/dot.ts';

export class Membership {
  private list: readonly ReplicaId[];
  private hasCaughtUp = false;
  private readonly queue = new Set<ReplicaId>();

  constructor(members: readonly ReplicaId[] = []) {
    this.list = members;
  }

  get members(): readonly ReplicaId[] {
    return this.list;
  }

  /** Whether somebody waits to be let in. */
  get isWaiting(): boolean {
    return this.queue.size > 0;
  }

  /** Who waits to be let in. */
  get waiting(): ReadonlySet<ReplicaId> {
    return this.queue;
  }

  /** A replica is here. */
  arrive(replica: ReplicaId): void {
    if (!this.list.includes(replica)) this.queue.add(replica);
  }

  /** It is gone; whoever waited does so no longer. */
  depart(replica: ReplicaId): void {
    this.queue.delete(replica);
  }

  /**
   * The list with the next replica to let in, of those that may be, if one may be let in now. To be stored, then handed to `become`.
   * `leader`: the only one that may be let in first, as the first member leads [LEAD11]; null: any.
   */
  next(leader: ReplicaId | null = null, mayBeLetIn: (replica: ReplicaId) => boolean = () => true): readonly ReplicaId[] | null {
    const isEmpty = this.list.length === 0;
    const mayBeNext = (replica: ReplicaId): boolean => mayBeLetIn(replica) && !(isEmpty && leader !== null && !isLifeOf(leader, replica));
    // By name, so that of windows that are opened together A leads and not whoever was quickest.
    const [next] = [...this.queue].filter(mayBeNext).sort();
    return next !== undefined && (this.hasCaughtUp || isEmpty) ? [...this.list, next] : null;
  }

  /** Makes this the list. */
  become(members: readonly ReplicaId[]): void {
    this.list = members;
    this.hasCaughtUp = false;
    for (const member of members) this.queue.delete(member);
  }

  /** Somebody says that these members have caught up. Returns a list to be stored and handed to `become`, where they know members that this list lacks. */
  onCaughtUp(members: readonly ReplicaId[]): readonly ReplicaId[] | null {
    const forgotten = members.some((member) => !this.list.includes(member));
    // The relay had lost its folder, or an older copy of it came back.
    if (forgotten) return [...members, ...this.list.filter((member) => !members.includes(member))];
    if (members.length === this.list.length) this.hasCaughtUp = true;
    return null;
  }
}
