/** How much of a leader's log its followers hold, as far as they have said in its term. Lengths are counts of entries. */
import type { ReplicaId } from '../../clocks/dot.ts';

export class Followers {
  private readonly held = new Map<ReplicaId, number>();
  private readonly next = new Map<ReplicaId, number>();

  /** What followers held in an earlier term says nothing: others have led since. */
  clear(): void {
    this.held.clear();
    this.next.clear();
  }

  heldBy(member: ReplicaId): number {
    return this.held.get(member) ?? 0;
  }

  /** After how many entries the next message to the member begins; null where nothing is known. */
  nextOf(member: ReplicaId): number | null {
    return this.next.get(member) ?? null;
  }

  /** A follower holds so many entries; says whether that is news. */
  onHeld(member: ReplicaId, length: number): boolean {
    const held = Math.max(this.heldBy(member), length);
    const isNews = held > (this.next.get(member) ?? 0);
    this.held.set(member, held);
    this.next.set(member, held);
    return isNews;
  }

  /** A follower's log differs after so many entries of the leader's `length`; says whether the next message begins earlier than the last one. */
  onDiffers(member: ReplicaId, from: number, length: number): boolean {
    const before = this.next.get(member) ?? length;
    this.next.set(member, Math.max(this.heldBy(member), Math.min(from, before)));
    return from < before;
  }
}
