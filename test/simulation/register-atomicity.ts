/**
 * Whether a small history of one register is atomic, by trying all orders. Only for tests with a dozen operations.
 * Source: Wing and Gong, "Testing and Verifying Concurrent Objects", 1993.
 */
export interface RegisterOperation {
  readonly kind: 'write' | 'read';
  readonly value: string;
  readonly startMs: number;
  /** Infinity where nobody heard of its end. */
  readonly endMs: number;
  /** A write that may have had no effect. */
  readonly maybe: boolean;
}

export function isAtomic(operations: readonly RegisterOperation[], initial: string): boolean {
  const seen = new Set<string>();
  const all = 2 ** operations.length - 1;
  const tryFrom = (done: number, value: string): boolean => {
    if (operations.every((operation, i) => (done & (1 << i)) !== 0 || operation.maybe)) return true;
    const key = `${done} ${value}`;
    if (done === all || seen.has(key)) return false;
    seen.add(key);
    const waiting = operations.flatMap((operation, i) => ((done & (1 << i)) === 0 ? [{ operation, i }] : []));
    const firstEndMs = Math.min(...waiting.map(({ operation }) => operation.endMs));
    return waiting.some(({ operation, i }) => operation.startMs <= firstEndMs && (operation.kind === 'write' || operation.value === value) && tryFrom(done | (1 << i), operation.value));
  };
  return tryFrom(0, initial);
}
