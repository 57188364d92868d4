/**
 * Refused edits that a person made once more in this window, in the column that had refused them. Guarantees: an edit that was accepted, or whose answer is
 * awaited, is not made again.
 */
import type { FieldIntent, ReviewItem } from '../../shared/analysis/review-item.ts';
import type { Dot } from '../../shared/clocks/dot.ts';
import type { Answer } from '../../shared/history/answer-to.ts';
import type { StrategyId } from '../../shared/history/record.ts';

/** What a window does for it. */
export interface RetryOptions {
  /** Makes an edit in one column alone; null where it could not be made. */
  readonly make: (strategy: StrategyId, edit: FieldIntent) => Dot | null;
  readonly answer: (strategy: StrategyId, dot: Dot) => Answer | null;
}

export class Retries {
  /** By item and strategy: the newest try of each of its edits. */
  private readonly tries = new Map<string, (Dot | null)[]>();

  constructor(private readonly options: RetryOptions) {}

  retry(item: ReviewItem, strategy: StrategyId): void {
    const before = this.tries.get(placeOf(item, strategy)) ?? [];
    this.tries.set(placeOf(item, strategy), item.retry.map((edit, at) => (this.isOpenOrDone(before[at], strategy) ? before[at]! : this.options.make(strategy, edit))));
  }

  /** Whether it was accepted in the end under every strategy that had refused it. */
  isAcceptedEverywhere(item: ReviewItem): boolean {
    return this.tries.size > 0 && item.kind === 'refused' && item.strategies.every((strategy) => this.isAccepted(item, strategy));
  }

  /** Whether all of it was accepted in the end. */
  isAccepted(item: ReviewItem, strategy: StrategyId): boolean {
    const answers = this.answers(item, strategy);
    return answers.length > 0 && answers.every((answer) => answer?.outcome === 'accepted');
  }

  /** How many of its edits were made once more and have no answer yet; 0 where one was refused again. */
  waiting(item: ReviewItem, strategy: StrategyId): number {
    const answers = this.answers(item, strategy);
    if (answers.some((answer) => answer === null || answer.outcome === 'refused')) return 0;
    return answers.filter((answer) => answer?.outcome !== 'accepted').length;
  }

  /** Why the newest try was refused, of the first of its edits that was; null where none was. */
  refusedAgain(item: ReviewItem, strategy: StrategyId): string | null {
    for (const answer of this.answers(item, strategy)) if (answer?.outcome === 'refused') return answer.reason;
    return null;
  }

  private answers(item: ReviewItem, strategy: StrategyId): (Answer | null)[] {
    if (this.tries.size === 0) return [];
    return (this.tries.get(placeOf(item, strategy)) ?? []).map((dot) => dot && this.options.answer(strategy, dot));
  }

  private isOpenOrDone(dot: Dot | null | undefined, strategy: StrategyId): boolean {
    const answer = dot ? this.options.answer(strategy, dot) : null;
    return answer !== null && answer.outcome !== 'refused';
  }
}

function placeOf(item: ReviewItem, strategy: StrategyId): string {
  return `${strategy} ${item.key}`;
}
