/**
 * Reads a room's history and makes the timeline of its space-time diagram, in slices. What a worker runs,
 * and the page where there are no workers. What it found goes in parts, so that taking one is short work as
 * well.
 */
import { errorText } from '../../shared/encoding/error-text.ts';
import { HistoryReader } from '../../shared/history/history-file.ts';
import { historyTimeline, type LiveRoom } from '../../shared/analysis/space-time/history-timeline.ts';
import type { Arrow, Mark, Timeline } from '../../shared/analysis/space-time/timeline.ts';
import { inParts, runSliced, type SliceOptions } from '../../shared/analysis/slices.ts';
import { takeLines } from './take-lines.ts';

/** Read the history at this address, as the room is now. */
export interface ToTimeline {
  readonly address: string;
  readonly room: LiveRoom;
}

export type FromTimeline =
  /** So many marks and arrows follow. */
  | {
      readonly kind: 'timeline';
      readonly head: Omit<Timeline, 'marks' | 'arrows'>;
      readonly marks: number;
      readonly arrows: number;
    }
  | { readonly kind: 'marks'; readonly marks: readonly Mark[] }
  | { readonly kind: 'arrows'; readonly arrows: readonly Arrow[] }
  /** This time nothing could be found out, and why. */
  | { readonly kind: 'trouble'; readonly trouble: string };

/** So many marks or arrows go at a time: some milliseconds of taking them. */
const partLength = 400;

export interface TimelineServiceOptions {
  readonly post: (message: FromTimeline) => void;
  /** The lines of the answer at an address, some at a time. */
  readonly readLines: (address: string) => AsyncIterable<readonly string[]>;
  readonly slices: SliceOptions;
}

export class TimelineService {
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly options: TimelineServiceOptions) {}

  receive(message: ToTimeline): void {
    this.last = this.last
      .then(() => this.answer(message))
      .catch((error: unknown) => {
        this.options.post({
          kind: 'trouble',
          trouble: errorText(error),
        });
      });
  }

  private async answer({ address, room }: ToTimeline): Promise<void> {
    const { post, readLines, slices } = this.options;
    const reader = new HistoryReader();
    for await (const lines of readLines(address)) await takeLines(reader, lines, slices);
    const { marks, arrows, ...head } = await runSliced(historyTimeline(reader.end(), room), slices);
    post({ kind: 'timeline', head, marks: marks.length, arrows: arrows.length });
    for (const part of inParts(marks, partLength)) post({ kind: 'marks', marks: part });
    for (const part of inParts(arrows, partLength)) post({ kind: 'arrows', arrows: part });
  }
}
