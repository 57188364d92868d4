/** The worker that opens saved histories, so that the control room never waits for one. */
import { type FromHistory, HistoryService, type ToHistory } from '../controllers/history-service.ts';
import { browserClock } from '../platform/browser-clock.ts';
import { nextTask } from '../platform/next-task.ts';

const service = new HistoryService((message: FromHistory) => postMessage(message), { clock: browserClock, pause: nextTask });

addEventListener('message', ({ data }: MessageEvent<ToHistory>) => service.receive(data));
