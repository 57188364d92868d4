/** Who of a room holds copies of the strategies that talk: kept by shared/protocol/membership, stored before it is said, and said to every window. */
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { encodeMessage } from '../../shared/protocol/codec.ts';
import { Membership } from '../../shared/protocol/membership.ts';
import type { Session } from './session.ts';

/** How long the very first member is waited for, so that windows that are opened together are let in by name, in milliseconds. */
const gatherMs = 250;

export interface RoomMembersOptions {
  readonly clock: Clock;
  readonly sessions: () => readonly Session[];
  /** Resolves when the list is on disk. */
  readonly store: (members: readonly ReplicaId[]) => Promise<void>;
}

export class RoomMembers {
  private membership = new Membership();
  private storing = false;
  private gathering: (() => void) | null = null;

  constructor(private readonly options: RoomMembersOptions) {}

  get list(): readonly ReplicaId[] {
    return this.membership.members;
  }

  restore(members: readonly ReplicaId[]): void {
    this.membership = new Membership(members);
  }

  arrive(replica: ReplicaId): void {
    this.membership.arrive(replica);
    this.tell();
    if (this.list.length > 0) this.letIn();
    else this.gathering ??= this.options.clock.after(gatherMs, () => {
      this.gathering = null;
      this.letIn();
    });
  }

  depart(replica: ReplicaId): void {
    this.membership.depart(replica);
    this.tell();
  }

  settledIn(members: readonly ReplicaId[]): void {
    const learned = this.membership.settledIn(members);
    if (learned) this.become(learned);
    else this.letIn();
  }

  /** Ends what waits. */
  close(): void {
    this.gathering?.();
    this.gathering = null;
  }

  private letIn(): void {
    const next = this.membership.next();
    if (next) this.become(next);
  }

  private become(members: readonly ReplicaId[]): void {
    if (this.storing) return;
    const { membership } = this;
    this.storing = true;
    void this.options.store(members).then(() => {
      this.storing = false;
      // The room may have been emptied in the meantime: that list belonged to another life.
      if (this.membership === membership) {
        membership.become(members);
        this.tell();
      }
      this.letIn();
    });
  }

  private tell(): void {
    const windows = this.options.sessions().filter((session) => session.replica !== null);
    const present = windows.map((session) => session.replica!);
    const frame = encodeMessage({ kind: 'roster', members: this.membership.members, present, waiting: this.membership.isWaiting });
    for (const window of windows) window.send(frame);
  }
}
