/** What a room is made of, and what of it changes. */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Store } from '../../ports/store.ts';
import type { FrameCodec } from '../../protocol/codec.ts';
import type { SharedStore } from '../../ports/shared-store.ts';
import type { WritePace } from '../storage/write-pace.ts';
import type { RelayLimits } from '../relay-limits.ts';
import type { RelayMeter } from '../relay-meter.ts';
import type { FrameSender } from '../session/frame-sender.ts';
import type { HeldRecords } from './held-records.ts';

/** What of a room changed. */
export type RoomChange = 'sessions' | 'faults' | 'document' | 'records' | 'settings' | 'emptied';

/** What a room needs of its relay. `Owner`: the room itself. */
export interface RoomOptions<Owner> {
  readonly limits: RelayLimits;
  readonly store: Store | SharedStore;
  /** Default: the plain one. */
  readonly codec?: FrameCodec;
  /** Whether documents forget what was deleted; default true. */
  readonly gc?: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly pace: WritePace;
  readonly outgoing: Pick<FrameSender, 'noteEdits'>;
  readonly meter: RelayMeter;
  /** The records of all rooms. */
  readonly heldRecords: HeldRecords;
  /** Who is to be the first member, by the room's settings; null: any replica. Default: any. */
  readonly leaderOf?: (settings: unknown) => ReplicaId | null;
  readonly report: (line: string) => void;
  readonly changed: (room: Owner, change: RoomChange) => void;
}
