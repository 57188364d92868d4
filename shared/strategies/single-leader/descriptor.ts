import { isReplicaId } from '../../clocks/dot.ts';
import { isPlaceCount, placeFrom } from '../place.ts';
import type { StrategyDescriptor } from '../strategy-descriptor.ts';
import { defaultSingleLeaderSettings, type SingleLeaderSettings } from './settings.ts';

/** What people set of it. */
export type SingleLeaderChoices = Pick<SingleLeaderSettings, 'replication' | 'promotion'>;

const { replication, promotion } = defaultSingleLeaderSettings;
const defaults: SingleLeaderChoices = { replication, promotion };

const waits = { asynchronous: 'asynchronous', majority: 'waits for a majority', all: 'waits for all' } as const;

export const singleLeaderDescriptor = {
  id: 'single-leader',
  name: 'Single leader',
  settings: {
    key: 'singleLeader',
    defaults,
    form: [
      {
        legend: 'When the leader says yes',
        inputs: [
          { kind: 'choice', name: 'replication', value: 'asynchronous', label: 'At once', help: 'followers hear later; a promotion can lose what was acknowledged' },
          { kind: 'choice', name: 'replication', value: 'majority', label: 'When a majority holds it', help: 'it survives as long as nobody is promoted alone' },
          { kind: 'choice', name: 'replication', value: 'all', label: 'When all hold it', help: 'one that is cut off stops every write' },
        ],
      },
      {
        legend: 'Who can be promoted',
        inputs: [
          { kind: 'choice', name: 'promotion', value: 'anybody', label: 'Anybody', help: 'in a partition each side can have a leader; the older one is rolled back when they meet' },
          { kind: 'choice', name: 'promotion', value: 'majority', label: 'Only who reaches a majority', help: 'a smaller side gets no leader of its own' },
        ],
      },
    ],
    words: (set) => `${waits[set.replication]}, ${set.promotion === 'majority' ? 'a promotion takes a majority' : 'anybody can be promoted'}`,
    note: (set, { self, leader }) => `${leader === self ? 'leads' : `${leader} leads`}, ${set.replication}`,
  },
  coordination: {
    placeOf([term, leader, index, ...rest], isRolledBack) {
      if (!isReplicaId(leader) || !isPlaceCount(index)) return null;
      // What is rolled back is named by its place alone, whatever follows.
      if (isRolledBack) return placeFrom(term, leader, index, '');
      return rest.length === 1 ? placeFrom(term, leader, index, rest[0]) : null;
    },
    chain: 'all-accepted',
    catchesUp: true,
    answersAlone: (set, { self, leader }) => leader === self && set.replication === 'asynchronous',
  },
} as const satisfies StrategyDescriptor<SingleLeaderChoices>;
