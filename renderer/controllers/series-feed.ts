/**
 * Keeps the series of the charts fresh: asks for them when something changed, and again while something goes on that time alone changes.
 *
 * Guarantees: one question at a time, at least a second between two, and longer where answers take long, so that a long history slows nobody down; none while
 * nobody can see the charts. An answer for a strategy that is not wanted any more is dropped. One that fails leaves what was shown, and is asked again later.
 */
import type { ReplicationSeries } from '../../shared/analysis/replication/replication-series.ts';
import type { StrategyId } from '../../shared/history/record.ts';
import type { Clock } from '../../shared/ports/clock.ts';

export interface SeriesFeedOptions {
  readonly ask: (strategy: StrategyId) => Promise<ReplicationSeries>;
  readonly clock: Pick<Clock, 'nowMs' | 'after'>;
  readonly isVisible: () => boolean;
  readonly received: (series: ReplicationSeries) => void;
}

/** From the beginning of one question to that of the next, in milliseconds; and how many times as long as an answer takes. */
const restMsMin = 1_000;
const restShare = 5;

export class SeriesFeed {
  private strategy: StrategyId | null = null;
  /** Whether something has changed since the last question. */
  private isOutdated = false;
  private isAsking = false;
  private mayAskAtMs = -Infinity;
  private cancel: (() => void) | null = null;
  private isStopped = false;

  constructor(private readonly options: SeriesFeedOptions) {}

  /** Something may have changed, or another strategy is wanted, which is asked for at once where nothing is under way. */
  want(strategy: StrategyId): void {
    if (strategy !== this.strategy) this.mayAskAtMs = -Infinity;
    this.strategy = strategy;
    this.isOutdated = true;
    this.askSoon();
  }

  /** The charts can be seen again. */
  seen(): void {
    this.askSoon();
  }

  stop(): void {
    this.isStopped = true;
    this.cancel?.();
  }

  private askSoon(): void {
    if (this.isAsking || !this.isOutdated || this.isStopped || !this.options.isVisible()) return;
    this.cancel?.();
    this.cancel = null;
    const waitMs = this.mayAskAtMs - this.options.clock.nowMs();
    if (waitMs <= 0) return void this.ask(this.strategy!);
    this.cancel = this.options.clock.after(waitMs, () => {
      this.cancel = null;
      this.askSoon();
    });
  }

  private async ask(strategy: StrategyId): Promise<void> {
    const { clock, ask, received } = this.options;
    const startedMs = clock.nowMs();
    this.isAsking = true;
    this.isOutdated = false;
    const series = await ask(strategy).catch(() => null);
    this.isAsking = false;
    if (this.isStopped) return;
    const isWanted = strategy === this.strategy;
    if (isWanted) this.mayAskAtMs = startedMs + Math.max(restMsMin, restShare * (clock.nowMs() - startedMs));
    if (series && isWanted) received(series);
    if (series === null || isGoingOn(series)) this.isOutdated = true;
    this.askSoon();
  }
}

/** Whether time alone changes what is to be drawn. */
function isGoingOn({ cuts, fieldsNow, behind, untilMs }: ReplicationSeries): boolean {
  return fieldsNow > 0 || cuts.at(-1)?.untilMs === untilMs || behind.some(({ ms }) => (ms.at(-1) ?? 0) > 0);
}
