/** Whom this window reaches and has reached again, what it knows of them, and what it tells them of itself. */
import type { RejoinView } from '../../../shared/analysis/rejoin-views.ts';
import type { VersionVector } from '../../../shared/clocks/version-vector.ts';
import type { ControlMessage } from '../../../shared/control/control-message.ts';
import type { ReplicaStatus } from '../../../shared/control/replica-status.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import type { FieldId } from '../../../shared/document/schema.ts';
import { EditNumbers } from '../../../shared/history/edit-numbers.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { Replica } from '../../../shared/replica/replica.ts';
import { Announcer } from '../announcer.ts';
import type { ControlConnection } from '../control-connection.ts';
import { type KnownClocks, reachedClocks } from '../known-clocks.ts';
import type { LiveParts } from '../live-parts.ts';
import { fullReach, type Reach, reachOf } from '../reach.ts';
import { RejoinWatch, type WatchedRejoin } from '../rejoin-watch.ts';
import { replicaStatus, type StatusParts } from '../replica-status.ts';
import type { ReplicaConnection } from '../../../shared/ports/replica-connection.ts';
import { statusTextOf } from '../status-text.ts';
import { waitingActions } from '../waiting-actions.ts';
import { windowPhase, type WindowPhase } from '../window-phase.ts';

export interface LiveConnectionOptions {
  readonly replica: StatusParts['replica'] & Pick<Replica, 'saved' | 'records'> & { skewMs: number };
  readonly strategies: StatusParts['strategies'];
  readonly connection: ReplicaConnection;
  readonly control: Pick<ControlConnection, 'send'>;
  readonly clock: Pick<Clock, 'wallMs' | 'after'>;
  readonly remember: LiveParts['remember'];
  /** What the ledger has found, for what is told of it. */
  readonly found: { readonly rejoins: readonly RejoinView[]; readonly waitingIn: Readonly<Record<FieldId, number>> };
  /** Called when `notice` is to be called again, or the clock was set. */
  readonly changed: () => void;
}

export class LiveConnection {
  /** The room as the lab told last; null where it never did. */
  room: RoomView | null = null;
  reach: Reach = fullReach;
  private readonly numbers = new EditNumbers();
  private readonly announcer: Announcer;
  private readonly watch: RejoinWatch;
  /** When the latest rejoin of the ledger ended; null: there is none, or it has not. */
  private rejoinEndedMs: number | null = null;

  constructor(private readonly options: LiveConnectionOptions) {
    const { replica, connection, control, clock, changed } = options;
    this.watch = new RejoinWatch(replica.id, (ms) => clock.after(ms, changed));
    this.announcer = new Announcer(connection, control, () => this.status);
  }

  get online(): boolean {
    return this.options.connection.isOnline;
  }

  setOnline(online: boolean): void {
    this.options.connection.isOnline = online;
    this.options.remember('online', String(online));
  }

  get skewMs(): number {
    return this.options.replica.skewMs;
  }

  setSkewMs(skewMs: number): void {
    this.options.replica.skewMs = Math.round(skewMs);
    this.options.remember('skewMs', String(Math.round(skewMs)));
    this.options.changed();
  }

  get status(): ReplicaStatus {
    return replicaStatus(this.options, this.edits, this.options.found.rejoins.at(-1));
  }

  get statusText(): string {
    const { status, phase, reach, options: { found: { waitingIn } } } = this;
    const { connection, allSaved, waiting } = status;
    // What the relay has of a window that it keeps apart waits all the same.
    const isKeptApart = phase === 'apart' && connection === 'synced';
    return statusTextOf({ connection, allSaved, waiting: isKeptApart ? waitingActions({ status, waitingIn }) : waiting }, reach);
  }

  get peers(): readonly string[] {
    return this.options.connection.peers.map((peer) => peer?.replica ?? 'another client').sort();
  }

  get others(): readonly string[] {
    const { id } = this.options.replica;
    return (this.room?.replicas ?? []).map(({ replica }) => replica).filter((replica) => replica !== id).sort();
  }

  /** How many edits of each replica are here. */
  get edits(): VersionVector {
    const { records, clock } = this.options.replica;
    return this.numbers.take(records).clockOf(clock);
  }

  get phase(): WindowPhase {
    return windowPhase(this.online, this.reach, this.rejoins);
  }

  /** As they were noticed here, oldest first. */
  get rejoins(): readonly WatchedRejoin[] {
    return this.watch.rejoins;
  }

  get known(): KnownClocks {
    const { room, options: { replica: { id: name, clock, saved }, connection: { peers } } } = this;
    return { name, clock, saved, room, peers };
  }

  /** Whether what others had is coming in. */
  get isMeeting(): boolean {
    return this.options.connection.state === 'open' || this.watch.isUnderWay;
  }

  /** The lab has told of the room. */
  follow(message: Extract<ControlMessage, { kind: 'lab' }>): void {
    this.room = message.room;
    this.reach = reachOf(this.options.replica.id, message);
  }

  /** Takes note of what is here and who is reached; says whether all has arrived that those had who were met again. */
  notice(): boolean {
    const { clock, replica } = this.options;
    return this.watch.notice({ atMs: clock.wallMs(), clock: replica.clock, online: this.online, reached: reachedClocks(this.known) });
  }

  /** Something is new of this replica. */
  announce(): void {
    this.announcer.schedule();
  }

  /** To a lab that knows nothing of this replica yet. */
  announceAnew(): void {
    this.announcer.tellAnew();
  }

  /** There is a new ledger; to announce is to read the whole document, so only where the latest rejoin has ended. */
  announceRejoin(): void {
    const endedMs = this.options.found.rejoins.at(-1)?.endedMs ?? null;
    if (endedMs !== this.rejoinEndedMs) this.announce();
    this.rejoinEndedMs = endedMs;
  }
}
