/**
 * The stage in real windows at the real relay: edits, reads, switches and clocks are asked of the windows, over the control channel; islands and links are the
 * relay's.
 *
 * Guarantees: `quiet` asks every window how it stands, so that nobody is judged by what they said a moment ago. Does not make people wait for the time
 * that a scenario lets pass: clocks of all windows go on together instead.
 */
import { isLifeOf, type ReplicaId } from '../../clocks/dot.ts';
import type { WindowCommand, WindowReport } from '../window-commands.ts';
import type { Intent } from '../../document/intent.ts';
import type { FieldId } from '../../document/schema.ts';
import type { StrategyId } from '../../history/record.ts';
import type { LinkFaults } from '../../network/link.ts';
import type { ShownField, Stage, StageEdit } from '../../scenarios/stage.ts';
import { coordinationOf, isCoordinated } from '../../strategies/registry.ts';
import type { Room } from '../../relay/room/room.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Cancellation, delay } from './cancellation.ts';
import type { ControlChannel } from '../channel/control-channel.ts';

export interface WindowsStageOptions {
  readonly room: Room;
  readonly channel: ControlChannel;
  readonly setRelayOnline: (online: boolean) => void;
  readonly replicas: readonly ReplicaId[];
  readonly strategies: readonly StrategyId[];
  readonly seed: number;
  /** Longest time that is really waited, in milliseconds, where a scenario lets time pass. */
  readonly waitMsMax: number;
  /** Ends what the stage waits for. */
  readonly ending: Cancellation;
  readonly clock: Clock;
}

/** How long `quiet` waits at most, and how often it looks, in milliseconds. */
const quietMsMax = 15_000;
const lookEveryMs = 40;
/** How long copies may take to catch up with each other, in milliseconds. */
const catchUpMsMax = 1_500;

export class WindowsStage implements Stage {
  private passedMs = 0;
  private readonly crashed = new Set<ReplicaId>();
  private readonly reading = new Map<ReplicaId, Promise<unknown>>();

  constructor(private readonly options: WindowsStageOptions) {}

  /** How far the clocks of the windows were made to go on, in milliseconds: by so much their edits are later than by the lab's clock. */
  get advancedMs(): number {
    return this.passedMs;
  }

  isUp(replica: ReplicaId): boolean {
    return !this.crashed.has(replica);
  }

  async shown(replica: ReplicaId, column: StrategyId, field: FieldId): Promise<ShownField> {
    return (await this.ask(replica, { does: 'show', column, field })) as ShownField;
  }

  async perform(replica: ReplicaId, field: FieldId, intent: Intent, options: StageEdit): Promise<void> {
    await this.ask(replica, { does: 'perform', field, intent, options });
  }

  beginRead(reader: ReplicaId, replica: ReplicaId): void {
    const reading = this.ask(reader, { does: 'read', from: this.windowOf(replica) });
    // What went wrong is told where the answer is waited for.
    reading.catch(() => undefined);
    this.reading.set(reader, reading);
  }

  async endRead(reader: ReplicaId): Promise<void> {
    const reading = this.reading.get(reader);
    this.reading.delete(reader);
    await reading;
  }

  async setOnline(replica: ReplicaId, online: boolean): Promise<void> {
    await this.ask(replica, { does: 'network', online });
  }

  async setIslands(groups: readonly (readonly ReplicaId[])[]): Promise<void> {
    await this.options.room.faults.divide(groups.map((group) => group.map((name) => this.windowOf(name))));
  }

  async setLink(replica: ReplicaId, upstream: LinkFaults, downstream: LinkFaults): Promise<void> {
    await this.options.room.faults.setLink(this.windowOf(replica), { online: true, upstream, downstream, seed: this.options.seed });
  }

  async heal(): Promise<void> {
    await this.options.room.faults.mend();
    this.options.setRelayOnline(true);
    for (const replica of this.options.replicas) {
      await this.restart(replica);
      await this.setOnline(replica, true);
    }
  }

  async setSkew(replica: ReplicaId, skewMs: number): Promise<void> {
    await this.ask(replica, { does: 'skew', skewMs });
  }

  async promote(replica: ReplicaId): Promise<void> {
    await this.ask(replica, { does: 'promote' });
  }

  async crash(replica: ReplicaId): Promise<void> {
    await this.ask(replica, { does: 'crash' });
    this.crashed.add(replica);
  }

  async restart(replica: ReplicaId): Promise<void> {
    if (!this.crashed.has(replica)) return;
    await this.ask(replica, { does: 'restart', advancedMs: this.advancedMs });
    this.crashed.delete(replica);
    // The page that waited may still answer for a moment.
    await this.until(async () => (await this.report(replica).catch(() => null)) !== null, quietMsMax);
  }

  async pass(ms: number): Promise<void> {
    const waitMs = Math.min(ms, this.options.waitMsMax);
    const aheadMs = ms - waitMs;
    if (aheadMs > 0) await Promise.all(this.up.map((replica) => this.ask(replica, { does: 'advance', ms: aheadMs })));
    this.passedMs += aheadMs;
    // Two edits of one window in one millisecond are in order all the same; of two windows they are not.
    await this.wait(Math.max(2, waitMs));
  }

  async quiet(): Promise<void> {
    const { room, strategies } = this.options;
    await this.until(async () => isQuiet(await this.reports(), room, strategies), quietMsMax);
    // Copies that missed something catch up about once a second. The simulation lets that second pass; here nobody waits for it where there is nothing to catch up with.
    const catchingUp = strategies.filter((id) => isCoordinated(id) && coordinationOf(id).catchesUp);
    if (catchingUp.length > 0) await this.until(async () => byIsland(await this.reports(), room).every((island) => catchingUp.every((id) => isAlike(island, id))), catchUpMsMax);
  }

  /** Waits until every replica has a window that is connected, and all are members where that counts; tells whom it waits for. */
  async everybody(waitsFor: (replicas: readonly ReplicaId[]) => void): Promise<void> {
    const { replicas, strategies } = this.options;
    const isTogether = strategies.some(isCoordinated);
    for (;;) {
      const reports = await Promise.all(replicas.map((replica) => this.report(replica).catch(() => null)));
      const missing = replicas.filter((_replica, at) => {
        const report = reports[at];
        return !report || (isTogether && report.members.length < replicas.length) || report.status.connection !== 'synced';
      });
      waitsFor(missing);
      if (missing.length === 0) return;
      await this.wait(lookEveryMs);
    }
  }

  /** How the windows that are up stand; rejects when one has gone. */
  async reports(): Promise<WindowReport[]> {
    return (await Promise.all(this.up.map((replica) => this.report(replica)))).filter((report) => report !== null);
  }

  private get up(): ReplicaId[] {
    return this.options.replicas.filter((replica) => this.isUp(replica));
  }

  /** null: its window is not there. */
  private async report(replica: ReplicaId): Promise<WindowReport | null> {
    if (this.found(replica) === null) return null;
    return (await this.ask(replica, { does: 'report' })) as WindowReport;
  }

  private ask(replica: ReplicaId, command: WindowCommand): Promise<unknown> {
    this.options.ending.throwIfCancelled();
    return this.options.channel.ask(this.options.room.name, this.windowOf(replica), command);
  }

  /** The id of the window that plays a replica: its own name, or that of a copy of it (A.2). */
  private windowOf(replica: ReplicaId): ReplicaId {
    const found = this.found(replica);
    if (found === null) throw new Error(`replica ${replica} has no window`);
    return found;
  }

  private found(replica: ReplicaId): ReplicaId | null {
    const windows = this.options.channel.windows(this.options.room.name);
    return windows.find((id) => id === replica) ?? windows.find((id) => isLifeOf(replica, id)) ?? null;
  }

  private async until(condition: () => Promise<boolean>, msMax: number): Promise<boolean> {
    const { clock } = this.options;
    const endMs = clock.nowMs() + msMax;
    do {
      if (await condition()) return true;
      await this.wait(lookEveryMs);
    } while (clock.nowMs() < endMs);
    return false;
  }

  private wait(ms: number): Promise<void> {
    return delay(this.options.clock, ms, this.options.ending);
  }
}

/** Whether nothing is under way that can arrive: whoever can reach each other has the same, all is saved, and all edits have an answer. */
function isQuiet(reports: readonly WindowReport[], room: Room, strategies: readonly StrategyId[]): boolean {
  if (reports.some(({ unanswered }) => unanswered > 0)) return false;
  const connected = reports.filter(({ status }) => status.online);
  if (connected.some(({ status }) => status.connection !== 'synced' || !status.allSaved)) return false;
  return byIsland(connected, room).every((island) => {
    const clocks = new Set(island.map(({ status }) => JSON.stringify(status.clock)));
    return clocks.size === 1 && (!strategies.includes('crdt') || isAlike(island, 'crdt'));
  });
}

/** The windows that are switched on, by the island that they are on. */
function byIsland(reports: readonly WindowReport[], room: Room): WindowReport[][] {
  const islands = new Map<number, WindowReport[]>();
  for (const report of reports.filter(({ status }) => status.online)) {
    const island = room.islands.lists.findIndex((list) => list.includes(report.status.replica));
    islands.set(island, [...(islands.get(island) ?? []), report]);
  }
  return [...islands.values()];
}

/** Whether all show the same under a strategy. */
function isAlike(reports: readonly WindowReport[], strategy: StrategyId): boolean {
  return new Set(reports.map(({ status }) => status.digests[strategy])).size <= 1;
}
