/** What a live session is put together from; made by the page's entry. */
import type { ReplicaNote } from '../../shared/history/room-event.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Replica } from '../../shared/replica/replica.ts';
import type { StrategySet } from '../../shared/strategies/strategy-set.ts';
import type { LabClient } from '../platform/lab-client.ts';
import type { ControlConnection } from './control-connection.ts';
import type { LiveLedgerOptions } from './live-ledger.ts';
import type { ReplicaConnection } from '../../shared/ports/replica-connection.ts';
import type { WindowColumns } from './window-columns.ts';

export interface LiveParts {
  readonly room: string;
  readonly replica: Replica;
  readonly strategies: StrategySet;
  readonly columns: WindowColumns;
  readonly connection: ReplicaConnection;
  readonly control: ControlConnection;
  /** What this window noted of its replica, oldest first. */
  readonly notes: { promoted(): void; all(): readonly ReplicaNote[] };
  /** Remembers what the person set for this window. */
  readonly remember: (setting: 'online' | 'skewMs', value: string) => void;
  readonly lab: LabClient;
  readonly openLedger: LiveLedgerOptions['openLine'];
  readonly clock: Clock;
  /** Throws away what this window has stored and starts over. */
  readonly startOver: () => void;
  /** Lets the clock of this window go on by so many milliseconds. */
  readonly advance: (ms: number) => void;
  /** Ends this program without a word; it waits to be started again. */
  readonly crash: () => void;
}
