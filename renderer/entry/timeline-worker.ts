/**
 * The worker that reads a room's history for the space-time diagram, so that the control room never waits
 * for it.
 */
import { type FromTimeline, TimelineService, type ToTimeline } from '../controllers/timeline-service.ts';
import { browserClock } from '../platform/browser-clock.ts';
import { historyLines } from '../platform/history-lines.ts';
import { nextTask } from '../platform/next-task.ts';

const service = new TimelineService({
  post: (message: FromTimeline) => postMessage(message),
  readLines: historyLines,
  slices: { clock: browserClock, pause: nextTask },
});

addEventListener('message', ({ data }: MessageEvent<ToTimeline>) => service.receive(data));
