/**
 * Time, as the shared code sees it. Windows and servers pass the machine's clocks; tests and the simulator pass a virtual one.
 *
 * There are two: one for durations, time-outs and ages, and one for timestamps that people or other
 * machines see. Guarantees nothing about the accuracy of the second: wall clocks may be wrong and may
 * jump, and that is part of what the lab shows.
 */
export interface Clock {
  /** Milliseconds since some moment, never running backwards and never jumping: only differences mean something, and only in this process. */
  nowMs(): number;
  /** Wall-clock time in milliseconds since the Unix epoch, as this machine believes it. For timestamps: a difference of two may be anything. */
  wallMs(): number;
  /** Calls `callback` once, about `delayMs` milliseconds from now. Returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}
