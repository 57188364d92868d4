/** The levels of consistency that a room is judged by. */

export type Level = 'linearizable' | 'sequential' | 'causal' | 'read-your-writes' | 'monotonic-reads' | 'monotonic-writes' | 'writes-follow-reads' | 'eventual';

/** Strongest first; the session guarantees are not comparable with each other. */
export const levels: readonly Level[] = ['linearizable', 'sequential', 'causal', 'read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads', 'eventual'];
