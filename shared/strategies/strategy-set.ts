/** One copy of each strategy, as a replica has them, with their settings. */
import type { Schema } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';
import { Consensus } from './consensus/consensus.ts';
import { defaultConsensusSettings } from './consensus/settings.ts';
import type { CoordinatedStrategy } from './coordinated-strategy.ts';
import { LastWriterWins } from './last-writer-wins/last-writer-wins.ts';
import { Quorum } from './quorum/quorum.ts';
import { defaultQuorumSettings } from './quorum/settings.ts';
import { isCoordinated, type StrategySettings } from './registry.ts';
import { Siblings } from './siblings/siblings.ts';
import { defaultSingleLeaderSettings } from './single-leader/settings.ts';
import { SingleLeader } from './single-leader/single-leader.ts';
import type { Strategy } from './strategy.ts';
import type { YjsStrategy } from './yjs/yjs-strategy.ts';

/** A copy, and how a room's settings change it. */
interface Copy<Made extends Strategy = Strategy> {
  readonly strategy: Made;
  configure(settings: StrategySettings): void;
}

/** `change` gets the copy's own part of a room's settings, with what nobody sets of it. */
function copy<Made extends Strategy & { configure(settings: never): void }>(strategy: Made, settingsOf: (settings: StrategySettings) => Parameters<Made['configure']>[0]): Copy<Made> {
  return { strategy, configure: (settings) => strategy.configure(settingsOf(settings) as never) };
}

/** A copy of each strategy; that of the CRDT is made by whoever has its Y.Doc. */
function copiesOf(schema: Schema, crdt: YjsStrategy) {
  return {
    crdt: { strategy: crdt, configure: () => undefined },
    'last-writer-wins': copy(new LastWriterWins(schema), (settings) => settings.lastWriterWins),
    siblings: copy(new Siblings(schema), (settings) => settings.siblings),
    quorum: copy(new Quorum(schema), (settings) => ({ ...defaultQuorumSettings, ...settings.quorum })),
    consensus: copy(new Consensus(schema), (settings) => ({ ...defaultConsensusSettings, ...settings.consensus })),
    'single-leader': copy(new SingleLeader(schema), (settings) => ({ ...defaultSingleLeaderSettings, ...settings.singleLeader })),
  } satisfies Record<StrategyId, Copy>;
}

type Copies = ReturnType<typeof copiesOf>;

export class StrategySet {
  private readonly copies: Copies;
  readonly all: readonly Strategy[];

  constructor(schema: Schema, crdt: YjsStrategy) {
    this.copies = copiesOf(schema, crdt);
    this.all = Object.values(this.copies).map(({ strategy }) => strategy);
  }

  get<Id extends StrategyId>(id: Id): Copies[Id]['strategy'] {
    return this.copies[id].strategy;
  }

  get crdt(): YjsStrategy {
    return this.get('crdt');
  }

  get lastWriterWins(): LastWriterWins {
    return this.get('last-writer-wins');
  }

  get siblings(): Siblings {
    return this.get('siblings');
  }

  get singleLeader(): SingleLeader {
    return this.get('single-leader');
  }

  /** Those that answer an edit at once. */
  get answering(): readonly Strategy[] {
    return this.all.filter(({ id }) => !isCoordinated(id));
  }

  /** Those that have to ask other copies. */
  get coordinated(): readonly CoordinatedStrategy[] {
    return this.all.filter((strategy): strategy is CoordinatedStrategy => isCoordinated(strategy.id));
  }

  /** Digests of what each shows now. */
  digests(): Record<StrategyId, string> {
    return Object.fromEntries(this.all.map((strategy) => [strategy.id, strategy.digest()])) as Record<StrategyId, string>;
  }

  /** Changes the settings of what begins from now on. */
  configure(settings: StrategySettings): void {
    for (const each of Object.values(this.copies)) each.configure(settings);
  }
}
