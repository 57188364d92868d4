/** The settings of consensus. */
export interface ConsensusSettings {
  /** Whether `read` answers from this copy at once, maybe with a stale value, or asks a majority. */
  readonly localReads: boolean;
  /** How long to wait for answers before trying anew, in milliseconds; doubled with every attempt. */
  readonly answerTimeoutMs: number;
  /** How long after it was proposed an edit without an answer ends as refused or unknown, in milliseconds. */
  readonly outcomeTimeoutMs: number;
  /** How often copies compare what was chosen, in milliseconds. */
  readonly summaryEveryMs: number;
}

export const defaultConsensusSettings: ConsensusSettings = { localReads: false, answerTimeoutMs: 400, outcomeTimeoutMs: 5000, summaryEveryMs: 1000 };
