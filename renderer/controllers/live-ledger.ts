/**
 * The ledger of a live replica, made anew after changes. Making it costs time in proportion to the history, so it waits longer the longer it
 * took: never more than about a tenth of the window's time goes into it.
 */
import { type Ledger, type LedgerInput, ledgerOf } from '../../shared/analysis/ledger.ts';
import type { StrategyId } from '../../shared/history/record.ts';
import { type ReviewEntry, reviewOf } from '../../shared/analysis/review.ts';

const waitMsMin = 100;

export class LiveLedger {
  ledger: Ledger = { rows: [], actions: [], touching: [], totals: [], concurrentEdits: 0, concurrentActions: 0, values: new Map() };
  review: readonly ReviewEntry[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private tookMs = 0;

  /** `input` gives the state to judge, `viewer` is who reads, `strategies` are those to tell about, `changed` is called after each new ledger. */
  constructor(private readonly input: () => LedgerInput, private readonly viewer: () => string, private readonly strategies: () => readonly StrategyId[], private readonly changed: () => void) {}

  /** Whether the ledger is of all that is here. */
  get isCurrent(): boolean {
    return this.timer === null;
  }

  /** Says that the ledger is out of date. */
  schedule(): void {
    this.timer ??= setTimeout(() => this.make(), Math.max(waitMsMin, this.tookMs * 10));
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
  }

  private make(): void {
    this.timer = null;
    const startMs = performance.now();
    const input = this.input();
    this.ledger = ledgerOf(input);
    this.review = reviewOf(this.ledger, input.schema, this.viewer(), this.strategies());
    this.tookMs = performance.now() - startMs;
    this.changed();
  }
}
