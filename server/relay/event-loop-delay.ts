/** How late a process comes to what is due: where it is long, everything that a relay does waits for that long. */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two looks. What is found includes them. */
const resolutionMs = 20;

export interface LoopDelays {
  readonly p50Seconds: number;
  readonly p99Seconds: number;
  readonly maxSeconds: number;
}

export class EventLoopDelay {
  private readonly histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs });

  constructor() {
    this.histogram.enable();
  }

  /** The delays since they were taken last. */
  take(): LoopDelays {
    const { histogram } = this;
    const seconds = (nanoseconds: number): number => (histogram.count === 0 ? 0 : nanoseconds / 1e9);
    const taken = { p50Seconds: seconds(histogram.percentile(50)), p99Seconds: seconds(histogram.percentile(99)), maxSeconds: seconds(histogram.max) };
    histogram.reset();
    return taken;
  }

  close(): void {
    this.histogram.disable();
  }
}
