import type { Clock } from '../../shared/ports/clock.ts';
import type { FromHistory, HistoryService, ToHistory } from '../controllers/history-service.ts';
import { openWorkerLine, type WorkerLine, type WorkerTrouble } from './worker-line.ts';

/** A worker; where the browser starts none, the page itself, in slices. `received` is called with each message from it. */
export function openHistoryLine(clock: Clock, received: (message: FromHistory | WorkerTrouble) => void): WorkerLine<ToHistory> {
  const worker = new Worker(new URL('../entry/history-worker.ts', import.meta.url), { type: 'module' });
  return openWorkerLine<ToHistory, FromHistory>({ worker, serviceInPage: () => serviceInPage(clock, received), received });
}

/** Loaded where it is needed: with the strategies it is larger than the rest of the control room. */
async function serviceInPage(clock: Clock, post: (message: FromHistory) => void): Promise<HistoryService> {
  const service = await import('../controllers/history-service.ts');
  const pause = (): Promise<void> => new Promise((resolve) => void clock.after(0, resolve));
  return new service.HistoryService(post, { clock, pause });
}
