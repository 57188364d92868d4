/** The worker that goes through a window's history, so that nobody who types there waits. */
import { type FromLedger, LedgerService, type ToLedger } from '../../shared/analysis/ledger-service.ts';
import { browserClock } from '../platform/browser-clock.ts';
import { nextTask } from '../platform/next-task.ts';

const service = new LedgerService((message: FromLedger) => postMessage(message), { clock: browserClock, pause: nextTask });

addEventListener('message', ({ data }: MessageEvent<ToLedger>) => service.receive(data));
