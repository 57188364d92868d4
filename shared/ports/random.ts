/** Randomness, as the shared code sees it: seeded in the simulator, the machine's own elsewhere. */
export interface Random {
  /** A whole number, uniform in 0 … 2^32−1. */
  uint32(): number;
}
