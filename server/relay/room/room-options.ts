/** What a room needs of its relay, and what it tells it. */
import type { Clock } from '../../../shared/ports/clock.ts';
import type { Store } from '../../../shared/ports/store.ts';
import type { SharedStore } from '../../storage/shared-store.ts';
import type { WritePace } from '../../storage/write-pace.ts';
import type { RelayLimits } from '../relay-limits.ts';
import type { RelayMeter } from '../relay-meter.ts';
import type { Outgoing } from '../session/outgoing.ts';

/** What of a room changed. */
export type RoomChange = 'sessions' | 'faults' | 'document' | 'records' | 'settings' | 'emptied';

/** `Room`: the class itself, which stands above this file. */
export interface RoomOptions<Room> {
  readonly limits: RelayLimits;
  readonly store: Store | SharedStore;
  /** Whether documents forget what was deleted; default true. */
  readonly gc?: boolean;
  readonly clock: Clock;
  readonly pace: WritePace;
  readonly outgoing: Pick<Outgoing, 'noteEdits'>;
  readonly meter: RelayMeter;
  readonly report: (line: string) => void;
  readonly changed: (room: Room, change: RoomChange) => void;
}
