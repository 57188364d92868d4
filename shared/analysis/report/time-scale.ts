/** Where moments stand on a drawing of a history: in their order, half by their times and half evenly, so that neither a burst nor a long silence takes all room. */
import { firstIndex } from '../concurrency.ts';

export class TimeScale {
  private readonly timesMs: readonly number[];

  /** From `left` to `right`; `timesMs`: all moments that are drawn. */
  constructor(timesMs: Iterable<number>, private readonly left: number, private readonly right: number) {
    this.timesMs = apart([...timesMs].filter(Number.isFinite).sort((a, b) => a - b));
  }

  /** The first moment of all; 0 where there is none. */
  get fromMs(): number {
    return this.timesMs[0] ?? 0;
  }

  /** Moments before and after all others stand at the ends. */
  xOf(ms: number): number {
    const last = this.timesMs.length - 1;
    if (last < 1) return (this.left + this.right) / 2;
    const [fromMs, untilMs] = [this.timesMs[0]!, this.timesMs[last]!];
    const within = Math.max(fromMs, Math.min(untilMs, ms));
    const after = Math.max(1, firstIndex(this.timesMs, (each) => each >= within));
    const [before, next] = [this.timesMs[after - 1]!, this.timesMs[after]!];
    const rank = (after - 1 + (within - before) / (next - before)) / last;
    const share = (rank + (within - fromMs) / (untilMs - fromMs)) / 2;
    return this.left + share * (this.right - this.left);
  }
}

/** What happened at nearly the same time counts once: closer than this share of the whole time. */
const sameShare = 1 / 400;

function apart(inOrder: readonly number[]): number[] {
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  if (first === undefined || last === undefined || first === last) return inOrder.slice(0, 1);
  const leastMs = (last - first) * sameShare;
  const kept = [first];
  for (const ms of inOrder) if (ms - kept.at(-1)! > leastMs && last - ms > leastMs) kept.push(ms);
  return [...kept, last];
}
