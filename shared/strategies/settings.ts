/** What people set of the strategies, for a whole room. Time-outs are not among them: they are the same everywhere. */
import { defaultConsensusSettings } from './consensus/consensus.ts';
import type { LastWriterWinsSettings } from './last-writer-wins/last-writer-wins.ts';
import { defaultQuorumSettings, type QuorumSettings } from './quorum/settings.ts';
import { defaultSiblingsSettings, type SiblingsSettings } from './siblings/siblings.ts';
import { defaultSingleLeaderSettings, type SingleLeaderSettings } from './single-leader/settings.ts';

export interface StrategySettings {
  readonly lastWriterWins: LastWriterWinsSettings;
  readonly siblings: SiblingsSettings;
  readonly quorum: Pick<QuorumSettings, 'r' | 'w' | 'readRepair' | 'writeBack' | 'sloppy' | 'antiEntropy'>;
  readonly consensus: { readonly localReads: boolean };
  readonly singleLeader: Pick<SingleLeaderSettings, 'replication' | 'promotion'>;
}

const { r, w, readRepair, writeBack, sloppy, antiEntropy } = defaultQuorumSettings;

export const defaultStrategySettings: StrategySettings = {
  lastWriterWins: { granularity: 'field', clock: 'wall' },
  siblings: defaultSiblingsSettings,
  quorum: { r, w, readRepair, writeBack, sloppy, antiEntropy },
  consensus: { localReads: defaultConsensusSettings.localReads },
  singleLeader: { replication: defaultSingleLeaderSettings.replication, promotion: defaultSingleLeaderSettings.promotion },
};
