import { placeFrom } from '../place.ts';
import { onOff, type StrategyDescriptor } from '../strategy-descriptor.ts';
import { type ConsensusSettings, defaultConsensusSettings } from './settings.ts';

/** What people set of it. */
export type ConsensusChoices = Pick<ConsensusSettings, 'localReads'>;

const defaults: ConsensusChoices = { localReads: defaultConsensusSettings.localReads };

export const consensusDescriptor = {
  id: 'consensus',
  name: 'Consensus',
  settings: {
    key: 'consensus',
    defaults,
    form: [
      {
        legend: null,
        inputs: [{ kind: 'switch', name: 'localReads', off: false, on: true, label: 'Local reads', help: 'a read asks nobody and may be stale, by design' }],
      },
    ],
    words: ({ localReads }) => onOff('local reads', localReads),
    note: ({ localReads }, { members }) => `${Math.floor(members.length / 2) + 1} of ${members.length} must agree${localReads ? ', local reads' : ''}`,
  },
  coordination: {
    placeOf: ([version, replaces, ...more], isRolledBack) => (more.length === 0 && !isRolledBack ? placeFrom(version, '', 0, replaces) : null),
    chain: 'all-accepted',
    catchesUp: true,
    answersAlone: () => false,
  },
} as const satisfies StrategyDescriptor<ConsensusChoices>;
