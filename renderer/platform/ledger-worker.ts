import type { FromLedger, LedgerService, ToLedger } from '../../shared/analysis/ledger-service.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { LedgerLine } from '../controllers/live-ledger.ts';
import { openWorkerLine } from './worker-line.ts';

/** A worker; where the browser starts none, the page itself, in slices. `received` is called with each message from it. */
export function openLedgerLine(clock: Clock, received: (message: FromLedger) => void): LedgerLine {
  const worker = new Worker(new URL('../entry/ledger-worker.ts', import.meta.url), { type: 'module' });
  return openWorkerLine<ToLedger, FromLedger>({ worker, serviceInPage: () => serviceInPage(clock, received), received });
}

/** Loaded where it is needed: a page whose worker runs does not compute the ledger itself. */
async function serviceInPage(clock: Clock, post: (message: FromLedger) => void): Promise<LedgerService> {
  const service = await import('../../shared/analysis/ledger-service.ts');
  const pause = (): Promise<void> => new Promise((resolve) => void clock.after(0, resolve));
  return new service.LedgerService(post, { clock, pause });
}
