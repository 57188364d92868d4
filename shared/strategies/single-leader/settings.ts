/** The settings of a single leader. */

export interface SingleLeaderSettings {
  /** How many copies must hold an edit before it is acknowledged. */
  readonly replication: 'asynchronous' | 'majority' | 'all';
  /** Where a copy can be made the leader: anywhere, or only on a side that reaches a majority of the members, as in systems that elect. */
  readonly promotion: 'anybody' | 'majority';
  /** How long after the leader was asked an edit without an answer is said to be unknown, in milliseconds. */
  readonly outcomeTimeoutMs: number;
  /** How often what was not answered is sent again, in milliseconds. */
  readonly everyMs: number;
}

export const defaultSingleLeaderSettings: SingleLeaderSettings = { replication: 'majority', promotion: 'anybody', outcomeTimeoutMs: 3000, everyMs: 400 };
