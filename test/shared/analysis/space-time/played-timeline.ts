/** Timelines of saved histories and of what scenarios did. */
import { historyTimeline, type LiveRoom } from '../../../../shared/analysis/space-time/history-timeline.ts';
import type { Mark, Timeline } from '../../../../shared/analysis/space-time/timeline.ts';
import { runWhole } from '../../../../shared/analysis/slices.ts';
import { inCausalOrder } from '../../../../shared/history/causal-order.ts';
import type { History } from '../../../../shared/history/history.ts';
import { played } from '../../../support/played-scenario.ts';

export function timelineOf(history: History, live: LiveRoom | null = null): Timeline {
  return runWhole(historyTimeline(history, live));
}

/** What a run of these steps did, as a saved history. */
export async function playedHistory(steps: readonly string[]): Promise<History> {
  const {
    run: {
      records,
      events,
      scenario: { schema, strategies },
    },
  } = await played(steps);
  const replicas = [...new Set(events.flatMap(({ replica }) => (replica === null ? [] : [replica])))].sort();
  return { schema, strategies, replicas, records: inCausalOrder(records), events, document: null };
}

/** "A Title: “Rome”" */
export function named({ lanes }: Timeline, { lane, field, text }: Mark): string {
  return `${lanes[lane]} ${field}: ${text}`;
}

export function markNamed(timeline: Timeline, name: string): Mark {
  const mark = timeline.marks.find((each) => named(timeline, each) === name);
  if (!mark)
    throw new Error(
      `there is no ${name}; there are ${timeline.marks.map((each) => named(timeline, each)).join(', ')}`,
    );
  return mark;
}
