/** The figures of one strategy: the columns of a scorecard. */
import type { ReplicaId } from '../clocks/dot.ts';
import type { StrategyId } from '../history/record.ts';

/** Totals of one strategy over all actions that are known: kept to pending add up to `actions`. */
export interface StrategyTotals {
  readonly strategy: StrategyId;
  /** Runs of typing, and all other edits, that were meant for it. */
  readonly actions: number;
  /** The single edits of those actions. */
  readonly edits: number;
  readonly kept: number;
  readonly superseded: number;
  readonly lost: number;
  readonly toResolve: number;
  readonly resurrected: number;
  readonly refused: number;
  readonly unknown: number;
  readonly pending: number;
  /** Marks beside the sum: actions whose outcome was unknown for a while, and actions that somebody put back. */
  readonly wasUnknown: number;
  readonly putBack: number;
  /** Places of texts where edits touch that people made without having seen each other: a mark of the CRDT. */
  readonly touching: number;
  /** How often a person chose between siblings. */
  readonly choices: number;
  readonly charactersTyped: number;
  readonly charactersLost: number;
  /** Rules of the document that the final state breaks: stocks below zero. */
  readonly ruleBroken: number;
  /** Things of a stock that were promised beyond what there was: reservations that people were told to have, less what was released, above the initial stock. */
  readonly oversold: number;
  /** Reads that returned a value older than one that had been acknowledged before they began. */
  readonly staleReads: number;
  /** Median time from an intent to its outcome, in milliseconds; 0 where the answer comes at once, null where there is none yet. */
  readonly latencyMs: number | null;
  /** The 95th percentile of the same. */
  readonly latencyP95Ms: number | null;
  /** Values of single fields that people asked for, and how many of them the strategy refused to tell. */
  readonly reads: number;
  readonly readsRefused: number;
  /** Median and 95th percentile of the time from asking to the answer, in milliseconds; 0 where the copy itself answers, null where nobody read. */
  readonly readLatencyMs: number | null;
  readonly readLatencyP95Ms: number | null;
}

/** What people did at replicas that were cut off, under one strategy. */
export interface WhileCut {
  /** Where it was done. */
  readonly replicas: readonly ReplicaId[];
  /** Actions that were meant for the strategy and done while cut off. */
  readonly actions: number;
  /** Those of them that people were told to have gone through before the cut ended. */
  readonly answered: number;
}

/** What replicas noted of how edits travelled, under one strategy; null where nobody noted anything. */
export interface ReplicationFigures {
  /** True time from an edit to its arrival at each other replica, in whole milliseconds: median and worst. */
  readonly lagMs: number | null;
  readonly lagWorstMs: number | null;
  /** For how long some field did not show the same at all replicas, in whole milliseconds. */
  readonly divergedMs: number | null;
  /** Null also where no replica was cut off, or nothing was done there meanwhile. */
  readonly whileCut: WhileCut | null;
}

/** What only the relay can tell of a strategy beside its totals. */
export interface StrategyFigures extends StrategyTotals, ReplicationFigures {
  /** Whether all open replicas show the same now; null where fewer than two are open, or one has edits that others lack. */
  readonly converged: boolean | null;
  /** Bytes that windows have sent for it since the relay began. Last writer wins and siblings share the journal's records, which count for both. */
  readonly bytesSent: number;
}
