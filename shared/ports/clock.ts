/**
 * Time, as the shared code sees it. Windows and servers pass the machine's clock; tests and the simulator pass a virtual one.
 * Guarantees nothing about accuracy: wall clocks may be wrong and may jump, and that is part of what the lab shows.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the Unix epoch, as this machine believes it (any skew included). */
  nowMs(): number;
  /** Calls `callback` once, about `delayMs` milliseconds from now. Returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}
