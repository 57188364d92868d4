/** A side of a divided room, or the whole of an undivided one: the sessions that reach one another, and what they have between them. */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { VersionVector } from '../../clocks/version-vector.ts';
import type { StoredRecord } from '../storage/room-storage.ts';
import { awarenessFrame, stepTwoFrame } from '../frames.ts';
import { type AwarenessOutcome, RoomAwareness, type RoomAwarenessOptions } from '../presence/room-awareness.ts';
import type { PeerRelay } from '../cluster/peer-relay.ts';
import type { RoomDocument } from '../document/room-document.ts';
import type { Session } from '../session/session.ts';

/** The records of the room, as far as its islands read them. */
export interface IslandRecords {
  /** All of them. */
  readonly summary: VersionVector;
  /** Those that somebody with `summary` lacks of those until then, each after all that its author had seen. Default: of all. */
  missing(summary: VersionVector, until?: VersionVector): StoredRecord[];
}

export class Island {
  readonly sessions = new Set<Session>();
  readonly awareness: RoomAwareness<Session | PeerRelay>;
  /** The replicas that are here through other relays. */
  guests: ReadonlySet<ReplicaId> = new Set();
  /** The records that it has; null for the whole room, which has all of the journal. */
  view: VersionVector | null = null;
  /** The members that it has heard of: the room's list, or the beginning of it. */
  members: readonly ReplicaId[] = [];
  /** The roster that its windows were told last. */
  told: Uint8Array | null = null;

  /** The last answer to a sync step 1, for all who ask the same. */
  private answered: { readonly update: Uint8Array; readonly frame: Uint8Array } | null = null;

  /** `names`: the sessions and replicas that belong to it; null: all that no other island names. */
  constructor(readonly names: ReadonlySet<string> | null, readonly document: RoomDocument, awareness: RoomAwarenessOptions) {
    this.awareness = new RoomAwareness(awareness);
  }

  has(replica: ReplicaId): boolean {
    for (const session of this.sessions) if (session.replica === replica) return true;
    return this.guests.has(replica);
  }

  /** The replicas that are here. */
  get replicas(): readonly ReplicaId[] {
    const here = [...this.sessions].flatMap(({ replica }) => (replica === null ? [] : [replica]));
    return this.guests.size === 0 ? here : [...new Set([...here, ...this.guests])].sort();
  }

  /** The answer to somebody whose document has this state vector. Throws a Refusal where it is malformed. */
  stepTwo(stateVector: Uint8Array): Uint8Array {
    const update = this.document.missing(stateVector);
    if (this.answered?.update !== update) this.answered = { update, frame: stepTwoFrame(update) };
    return this.answered.frame;
  }

  /** Takes an awareness update, and asks those here who are to announce themselves anew upon it. Throws a Refusal where it is malformed. */
  takeAwareness(update: Uint8Array, owner: Session | PeerRelay): Omit<AwarenessOutcome<Session | PeerRelay>, 'asks'> {
    const { asks, ...outcome } = this.awareness.apply(update, owner);
    // Other relays ask those who are there.
    for (const [asked, gone] of asks) if ('send' in asked) asked.send(awarenessFrame(gone));
    return outcome;
  }

  /** Sends a frame to all but one. Returns to how many. */
  send(frame: Uint8Array, except: Session | null = null): number {
    return sendTo(this.sessions, frame, (session) => session !== except);
  }

  /** Sends a frame to all windows of ours but one. Returns to how many. */
  sendToReplicas(frame: Uint8Array, except: Session | null = null): number {
    return sendTo(this.sessions, frame, (session) => session !== except && session.replica !== null);
  }
}

function sendTo(sessions: Iterable<Session>, frame: Uint8Array, hears: (session: Session) => boolean): number {
  let count = 0;
  for (const session of sessions) {
    if (!hears(session)) continue;
    session.send(frame);
    count++;
  }
  return count;
}
