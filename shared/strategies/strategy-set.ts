/** One copy of each of the six strategies, as a replica has them, with their settings. */
import type { Schema } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';
import { Consensus, defaultConsensusSettings } from './consensus/consensus.ts';
import type { CoordinatedStrategy } from './coordinated-strategy.ts';
import { LastWriterWins } from './last-writer-wins/last-writer-wins.ts';
import { Quorum } from './quorum/quorum.ts';
import { defaultQuorumSettings } from './quorum/settings.ts';
import type { StrategySettings } from './settings.ts';
import { Siblings } from './siblings/siblings.ts';
import { defaultSingleLeaderSettings } from './single-leader/settings.ts';
import { SingleLeader } from './single-leader/single-leader.ts';
import type { Strategy } from './strategy.ts';
import type { YjsStrategy } from './yjs/yjs-strategy.ts';

export class StrategySet {
  readonly lastWriterWins: LastWriterWins;
  readonly siblings: Siblings;
  readonly quorum: Quorum;
  readonly consensus: Consensus;
  readonly singleLeader: SingleLeader;

  constructor(schema: Schema, readonly crdt: YjsStrategy) {
    this.lastWriterWins = new LastWriterWins(schema);
    this.siblings = new Siblings(schema);
    this.quorum = new Quorum(schema);
    this.consensus = new Consensus(schema);
    this.singleLeader = new SingleLeader(schema);
  }

  /** Those that answer an edit at once. */
  get answering(): readonly Strategy[] {
    return [this.crdt, this.lastWriterWins, this.siblings];
  }

  /** Those that have to ask other copies. */
  get coordinated(): readonly CoordinatedStrategy[] {
    return [this.quorum, this.consensus, this.singleLeader];
  }

  get all(): readonly Strategy[] {
    return [...this.answering, ...this.coordinated];
  }

  /** Digests of what each shows now. */
  digests(): Record<StrategyId, string> {
    return Object.fromEntries(this.all.map((strategy) => [strategy.id, strategy.digest()])) as Record<StrategyId, string>;
  }

  /** Changes the settings of what begins from now on. */
  configure(settings: StrategySettings): void {
    this.lastWriterWins.configure(settings.lastWriterWins);
    this.siblings.configure(settings.siblings);
    this.quorum.configure({ ...defaultQuorumSettings, ...settings.quorum });
    this.consensus.configure({ ...defaultConsensusSettings, ...settings.consensus });
    this.singleLeader.configure({ ...defaultSingleLeaderSettings, ...settings.singleLeader });
  }
}
