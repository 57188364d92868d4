/**
 * One field's copy at one member of a quorum, and what it knows of the copies of others.
 *
 * Guarantees: what it shows, answers and sends is kept; its version never goes back, across crashes too, as long as bytes that were kept under one key
 * take effect in the order in which they were given.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { FieldSpec } from '../../document/schema.ts';
import { writeWhole } from '../../encoding/write-whole.ts';
import type { MemberNetwork } from '../coordinated-strategy.ts';
import { compareVersions, noVersion, type Version } from '../version.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import { initialQuorumState, type QuorumState, readQuorumState, writeQuorumState } from './messages.ts';

export class VersionedCopy {
  /** The newest state that is kept. */
  held: QuorumState;
  /** The newest state, maybe not kept yet: for counting versions only. */
  newest: QuorumState;
  private writing: Promise<void> = Promise.resolve();
  /** Whether the store refused the newest state. */
  private failed = false;
  /** The highest counter of an own version that was given to a value, held or not: no other value gets it. */
  private given = 0;
  private readonly heldBy = new Map<ReplicaId, Version>();
  private readonly stoodInFor = new Map<ReplicaId, Version>();

  constructor(protected readonly field: FieldSpec, private readonly network: MemberNetwork, kept: Uint8Array | undefined, private readonly changed: () => void) {
    this.held = kept ? readWhole(kept, 'a held state', (decoder) => readQuorumState(decoder, field)) : initialQuorumState(field);
    this.newest = this.held;
    this.noteHeld(network.self, this.held.version, network.self);
  }

  /** A version for a value that is made of one with this version. */
  nextVersion(base: Version): Version {
    this.given = Math.max(base.counter, this.newest.version.counter, this.given) + 1;
    return { counter: this.given, replica: this.network.self };
  }

  /** Takes over a state if it is newer; resolves when it or a newer one is kept. [QUO2] */
  hold(state: QuorumState): Promise<void> {
    const again = this.failed && compareVersions(state.version, this.newest.version) === 0;
    if (!again && !this.beats(state.version, this.newest.version)) return this.writing;
    this.newest = state;
    this.failed = false;
    this.writing = this.network.persist(`value/${this.field.id}`, writeWhole((encoder) => writeQuorumState(encoder, state))).then(() => {
      this.held = state;
      this.noteHeld(this.network.self, state.version, this.network.self);
      this.changed();
    });
    // The version stays counted: it is never given to another value.
    this.writing.catch(() => (this.failed = true));
    return this.writing;
  }

  /** Resolves when nothing is being kept any more; a store that refused something is no reason to wait. */
  settled(): Promise<void> {
    return this.writing.catch(() => undefined);
  }

  /** Takes note that a member holds a version, or that another one stands in for it. */
  noteHeld(on: ReplicaId, version: Version, teller: ReplicaId): void {
    const notes = on === teller ? this.heldBy : this.stoodInFor;
    if (compareVersions(version, notes.get(on) ?? noVersion) > 0) notes.set(on, version);
  }

  holds(member: ReplicaId, version: Version): boolean {
    return compareVersions(this.heldBy.get(member) ?? noVersion, version) >= 0;
  }

  /** For how many members a version, or a newer one, is held. */
  holders(version: Version, members: readonly ReplicaId[]): number {
    return members.filter((member) => this.holds(member, version) || this.isHeldFor(member, version)).length;
  }

  /** Whether another member is known to keep a version, or a newer one, for this one. */
  isHeldFor(member: ReplicaId, version: Version): boolean {
    return compareVersions(this.stoodInFor.get(member) ?? noVersion, version) >= 0;
  }

  protected beats(version: Version, held: Version): boolean {
    return compareVersions(version, held) > 0;
  }
}
