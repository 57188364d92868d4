/** Simulated rooms as tests want them: of the lab's document, and with copies that meet when told. */
import { type Ledger, ledgerOf } from '../../shared/analysis/ledger.ts';
import type { Intent } from '../../shared/document/intent.ts';
import { labSchema, type Schema } from '../../shared/document/schema.ts';
import { type EditOptions, type StrategyId, strategyIds } from '../../shared/history/record.ts';
import type { SimulatedReplica } from '../../shared/simulation/simulated-replica.ts';
import {
  SimulatedRoom,
  type SimulatedRoomOptions,
} from '../../shared/simulation/simulated-room.ts';
import type { VirtualClock } from '../../shared/simulation/virtual-clock.ts';
import { defaultStrategySettings, type StrategySettings } from '../../shared/strategies/registry.ts';

/** All six strategies, unless others are asked for; all replicas are online, and members. */
export function opened(options: Partial<SimulatedRoomOptions> = {}): Promise<SimulatedRoom> {
  return SimulatedRoom.open({
    schema: labSchema,
    replicas: ['A', 'B', 'C'],
    strategies: strategyIds,
    settings: defaultStrategySettings,
    seed: 1,
    ...options,
  });
}

export function vote(room: SimulatedRoom, at: string, by = 1): void {
  room.at(at).replica.perform('votes', { kind: 'increment', by });
}

/** What each replica shows; null where it is down. */
export function votes(room: SimulatedRoom, strategy: StrategyId = 'crdt'): (number | null)[] {
  return room.replicas.map((each) =>
    each.isUp ? (each.replica.value(strategy, 'votes') as number) : null,
  );
}

/** Lets everything heal and end; all then show the same. */
export async function healed(room: SimulatedRoom): Promise<void> {
  await room.heal();
  if (!(await room.converged(60_000))) throw new Error('not all show the same, long after healing');
}

/** The ledger that a replica makes of what it has. */
export function ledgerAt(room: SimulatedRoom, name: string): Ledger {
  const { replica, strategies } = room.at(name);
  const { crdt, lastWriterWins, siblings } = strategies;
  const clocks = room.replicas.map((each) => each.replica.clock);
  return ledgerOf({
    schema: room.options.schema,
    records: replica.records,
    crdt: crdt.doc,
    lastWriterWins,
    ...(room.options.strategies.includes('siblings') ? { siblings } : {}),
    everywhere: clocks.reduce((all, clock) => all.meet(clock)),
  });
}

/** When an apart room begins: 22:14:20.000, long after its replicas have been opened. */
const beginsAtMs = 1_700_000_060_000;

export interface ApartOptions {
  readonly schema?: Schema;
  /** Default: the three that answer at once. */
  readonly strategies?: readonly StrategyId[];
  readonly settings?: Partial<StrategySettings>;
}

/** A room whose replicas are offline, but for when a test lets them meet: what they do is concurrent. */
export class ApartRoom {
  private constructor(readonly room: SimulatedRoom) {}

  static async open(names: readonly string[], options: ApartOptions = {}): Promise<ApartRoom> {
    const { settings, strategies = ['crdt', 'last-writer-wins', 'siblings'] } = options;
    const room = await opened({
      replicas: names,
      schema: options.schema ?? labSchema,
      strategies,
      settings: { ...defaultStrategySettings, ...settings },
    });
    const apart = new ApartRoom(room);
    apart.part();
    await room.pass(beginsAtMs - room.clock.nowMs());
    return apart;
  }

  get schema(): Schema {
    return this.room.options.schema;
  }

  get clock(): VirtualClock {
    return this.room.clock;
  }

  at(name: string): SimulatedReplica {
    return this.room.at(name);
  }

  /** An edit, a millisecond after what was before it. */
  edit(name: string, field: string, intent: Intent, options: EditOptions = {}): void {
    this.clock.advance(1);
    this.at(name).replica.perform(field, intent, options);
  }

  /** These, or all, come online, get all that there is, and are offline again. */
  async meet(...names: readonly string[]): Promise<void> {
    const meeting = this.room.replicas.filter(({ id }) => names.length === 0 || names.includes(id));
    for (const each of meeting) each.setOnline(true);
    if (!(await this.room.quiet())) throw new Error('what is under way does not come to an end');
    this.part();
  }

  /** All is stored, the program ends without a word, and begins again. */
  async restart(name: string): Promise<void> {
    await this.room.quiet();
    this.at(name).crash();
    await this.at(name).start();
  }

  ledger(viewer: string): Ledger {
    return ledgerAt(this.room, viewer);
  }

  private part(): void {
    for (const each of this.room.replicas) each.setOnline(false);
  }
}
