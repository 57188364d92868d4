import type { StrategyId } from '../history/record.ts';

/** What people call each strategy; columns, tables and sentences use just these. */
export const strategyNames: Readonly<Record<StrategyId, string>> = {
  crdt: 'CRDT (Yjs)',
  'last-writer-wins': 'Last writer wins',
  siblings: 'Siblings',
  quorum: 'Quorum',
  consensus: 'Consensus',
  'single-leader': 'Single leader',
};
