/**
 * How much of a leader's log its followers hold, as far as they have said in its term, and how much was sent to them. Lengths are counts of entries.
 *
 * Entries are sent on without waiting for answers; a follower that lacks what came before says so, and `sendAgain` begins anew where nothing is said.
 * Source: Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 10.2.1 (pipelining).
 */
import type { ReplicaId } from '../../clocks/dot.ts';

export class Followers {
  private readonly held = new Map<ReplicaId, number>();
  private readonly next = new Map<ReplicaId, number>();
  private readonly sent = new Map<ReplicaId, number>();

  /** What followers held in an earlier term says nothing: others have led since. */
  clear(): void {
    this.held.clear();
    this.next.clear();
    this.sent.clear();
  }

  /** What was sent and not answered may be lost. */
  sendAgain(): void {
    this.sent.clear();
  }

  /** The member was sent entries up to here. */
  onSent(member: ReplicaId, length: number): void {
    this.sent.set(member, Math.max(length, this.sent.get(member) ?? 0));
  }

  heldBy(member: ReplicaId): number {
    return this.held.get(member) ?? 0;
  }

  /** After how many entries the next message to the member begins; null where nothing is known. */
  nextOf(member: ReplicaId): number | null {
    const [next, sent] = [this.next.get(member), this.sent.get(member)];
    return next === undefined ? (sent ?? null) : Math.max(next, sent ?? 0);
  }

  /** A follower holds so many entries. */
  onHeld(member: ReplicaId, length: number): void {
    const held = Math.max(this.heldBy(member), length);
    this.held.set(member, held);
    this.next.set(member, held);
  }

  /** A follower's log differs after so many entries of the leader's `length`; says whether the next message begins earlier than the last one. */
  onDiffers(member: ReplicaId, from: number, length: number): boolean {
    const before = this.next.get(member) ?? length;
    this.next.set(member, Math.max(this.heldBy(member), Math.min(from, before)));
    if (from < before) this.sent.delete(member);
    return from < before;
  }
}
