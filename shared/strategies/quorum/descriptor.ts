import { isReplicaId } from '../../clocks/dot.ts';
import { placeFrom } from '../place.ts';
import { onOff, type StrategyDescriptor } from '../strategy-descriptor.ts';
import { defaultQuorumSettings, type QuorumSettings } from './settings.ts';

/** What people set of it. */
export type QuorumChoices = Pick<QuorumSettings, 'r' | 'w' | 'readRepair' | 'writeBack' | 'sloppy' | 'antiEntropy'>;

const { r, w, readRepair, writeBack, sloppy, antiEntropy } = defaultQuorumSettings;
const defaults: QuorumChoices = { r, w, readRepair, writeBack, sloppy, antiEntropy };

export const quorumDescriptor = {
  id: 'quorum',
  name: 'Quorum',
  settings: {
    key: 'quorum',
    defaults,
    form: [
      {
        legend: null,
        inputs: [
          { kind: 'replicas', name: 'r', label: 'Replicas that answer a read (R)' },
          { kind: 'replicas', name: 'w', label: 'Replicas that hold a write (W)' },
        ],
      },
      {
        legend: 'Beside that',
        inputs: [
          { kind: 'switch', name: 'readRepair', off: false, on: true, label: 'Read repair', help: 'a read brings older copies up to date' },
          { kind: 'switch', name: 'writeBack', off: false, on: true, label: 'Write back before a read answers', help: 'without it, two reads can go back in time' },
          { kind: 'switch', name: 'sloppy', off: false, on: true, label: 'Sloppy quorum, hinted handoff', help: 'a reachable copy stands in for one that is not: R + W > N promises nothing' },
          { kind: 'switch', name: 'antiEntropy', off: false, on: true, label: 'Anti-entropy', help: 'copies compare their versions every second' },
        ],
      },
    ],
    words(set) {
      const switches = [['read repair', set.readRepair], ['write-back', set.writeBack], ['sloppy quorum', set.sloppy], ['anti-entropy', set.antiEntropy]] as const;
      return [`R = ${set.r}, W = ${set.w}`, ...switches.map(([name, on]) => onOff(name, on))].join(', ');
    },
    note: (set, { members }) => `R=${set.r} W=${set.w} of N=${members.length}${set.sloppy ? ', sloppy' : ''}`,
  },
  coordination: {
    placeOf: ([counter, replica, replaces, ...more], isRolledBack) => (more.length === 0 && !isRolledBack && isReplicaId(replica) ? placeFrom(counter, replica, 0, replaces) : null),
    chain: 'descent',
    catchesUp: false,
    answersAlone: (set) => set.sloppy || (set.r === 1 && set.w === 1),
  },
} as const satisfies StrategyDescriptor<QuorumChoices>;
