/** What is said of a room's consistency: levels, verdicts and their witnesses. How they are found: shared/analysis/verdicts. */

export type Level = 'linearizable' | 'sequential' | 'causal' | 'read-your-writes' | 'monotonic-reads' | 'monotonic-writes' | 'writes-follow-reads' | 'eventual';

/** Strongest first; the session guarantees are not comparable with each other. */
export const levels: readonly Level[] = ['linearizable', 'sequential', 'causal', 'read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads', 'eventual'];

export interface Witness {
  /** One plain sentence. */
  readonly sentence: string;
  /** The operations that it is about, by invocation: dots of edits, names of reads. */
  readonly operations: readonly string[];
}

export type Verdict =
  | { readonly verdict: 'holds' }
  | { readonly verdict: 'broken'; readonly witness: Witness }
  /** The checker could not tell; the reason is a plain sentence. */
  | { readonly verdict: 'unknown'; readonly reason: string };

export interface Verdicts {
  readonly levels: Readonly<Record<Level, Verdict>>;
  /** The first level of `levels` that holds; null if none does. */
  readonly strongest: Level | null;
}
