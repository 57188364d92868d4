/** What happened in random runs, added up. */
import type { CheckedRun } from '../../shared/scenarios/check-scenario.ts';

export function emptyTally() {
  return { edits: 0, faults: 0, offline: 0, islands: 0, links: 0, crashes: 0, skews: 0, lost: 0, skewed: 0, resurrected: 0, rolledBack: 0, refusedByConsensus: 0, keptByConsensus: 0, lostByQuorum: 0 };
}

export function addTally(did: ReturnType<typeof emptyTally>, { run }: CheckedRun): void {
  const count = (kind: string): number => run.room.events.filter((event) => event.kind === kind).length;
  did.edits += run.ledger.rows.length;
  did.offline += count('offline');
  did.islands += count('island');
  did.links += count('fault');
  did.crashes += count('crash');
  did.skews += run.scenario.steps.flatMap((step) => (step.kind === 'together' ? step.steps : [])).filter(({ kind }) => kind === 'skew').length;
  did.faults += ['offline', 'online', 'island', 'fault', 'crash', 'restart'].reduce((sum, kind) => sum + count(kind), 0);
  for (const { fates } of run.ledger.rows) {
    if (fates['last-writer-wins']?.disposition === 'lost') did.lost++;
    if (fates['last-writer-wins']?.reason === 'skew') did.skewed++;
    if (fates.siblings?.disposition === 'resurrected' || fates.crdt?.disposition === 'resurrected') did.resurrected++;
    if (fates['single-leader']?.reason === 'rolled-back') did.rolledBack++;
    if (fates.consensus?.disposition === 'refused') did.refusedByConsensus++;
    if (fates.consensus?.disposition === 'visible') did.keptByConsensus++;
    if (fates.quorum?.disposition === 'lost') did.lostByQuorum++;
  }
}
