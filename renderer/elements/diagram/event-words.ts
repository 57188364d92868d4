/** What is said of an event of the diagram, on its card and in the list. */
import { fateSentence, waitingSentence } from '../../../shared/analysis/space-time/finding.ts';
import type { Mark, Timeline } from '../../../shared/analysis/space-time/timeline.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { timeText } from '../parts/time-text.ts';

/** "Title: “Offsite in Rome”" */
export function whatText({ field, text }: Mark): string {
  return `${field}: ${text}`;
}

/** "Lost under Last writer wins: A wrote 4 s later."; empty where nothing is to be said. */
export function markFateText(timeline: Timeline, mark: Mark, strategy: StrategyId | null): string {
  const sentence = fateSentence(timeline, mark, strategy) || waitingSentence(timeline, mark);
  return sentence === '' ? '' : `${sentence}.`;
}

/** All of it, for those who hear it. */
export function spokenText(timeline: Timeline, mark: Mark, strategy: StrategyId | null): string {
  const said = markFateText(timeline, mark, strategy);
  return `${timeline.lanes[mark.lane]}, ${whatText(mark)}, ${timeText(mark.fromMs)}.${said === '' ? '' : ` ${said}`}`;
}
