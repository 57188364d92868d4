/** What a column's head says of its strategy, from the members and settings of the room. Has no state. */
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import type { LabSettings } from '../../shared/control/lab-settings.ts';
import type { StrategyId } from '../../shared/history/record.ts';
import type { StrategySettings } from '../../shared/strategies/settings.ts';
import { isCoordinated } from '../../shared/strategies/coordinated-strategy.ts';

export interface NotedReplica {
  readonly name: ReplicaId;
  readonly members: readonly ReplicaId[];
  /** Null while the replica is no member. */
  readonly leader: ReplicaId | null;
  readonly settings: LabSettings;
}

/** "R=2 W=2 of N=3", "A leads, majority", "wall clocks"; empty where there is nothing to say. */
export function strategyNote(strategy: StrategyId, { name, members, leader, settings: { quorum, consensus, singleLeader, lastWriterWins, siblings } }: NotedReplica): string {
  if (strategy === 'last-writer-wins') return `${lastWriterWins.clock} clocks${lastWriterWins.granularity === 'document' ? ', the whole document' : ''}`;
  if (strategy === 'siblings') return resolversNote(siblings);
  if (!members.includes(name)) return isCoordinated(strategy) ? 'not a member yet' : '';
  switch (strategy) {
    case 'quorum': return `R=${quorum.r} W=${quorum.w} of N=${members.length}${quorum.sloppy ? ', sloppy' : ''}`;
    case 'consensus': return `${Math.floor(members.length / 2) + 1} of ${members.length} must agree${consensus.localReads ? ', local reads' : ''}`;
    case 'single-leader': return `${leader === name ? 'leads' : `${leader} leads`}, ${singleLeader.replication}`;
    default: return '';
  }
}

/** What does not wait for a person. */
function resolversNote({ sets, numbers }: StrategySettings['siblings']): string {
  const ofNumbers = { ask: [], maximum: ['the greater number'], sum: ['numbers add up'] }[numbers];
  return [...(sets === 'union' ? ['sets unite'] : []), ...ofNumbers].join(', ');
}
