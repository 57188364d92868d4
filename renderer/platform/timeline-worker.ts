import type { Clock } from '../../shared/ports/clock.ts';
import type { TimelineLine } from '../controllers/live-timeline.ts';
import type { FromTimeline, TimelineService, ToTimeline } from '../controllers/timeline-service.ts';
import { historyLines } from './history-lines.ts';
import { openWorkerLine } from './worker-line.ts';

/**
 * A worker; where the browser starts none, the page itself, in slices. `received` is called with each
 * message from it.
 */
export function openTimelineLine(clock: Clock, received: (message: FromTimeline) => void): TimelineLine {
  const worker = new Worker(new URL('../entry/timeline-worker.ts', import.meta.url), { type: 'module' });
  return openWorkerLine<ToTimeline, FromTimeline>({ worker, serviceInPage: () => serviceInPage(clock, received), received });
}

/** Loaded where it is needed: with the strategies it is larger than the rest of the control room. */
async function serviceInPage(clock: Clock, post: (message: FromTimeline) => void): Promise<TimelineService> {
  const service = await import('../controllers/timeline-service.ts');
  const pause = (): Promise<void> => new Promise((resolve) => void clock.after(0, resolve));
  return new service.TimelineService({ post, readLines: historyLines, slices: { clock, pause } });
}
