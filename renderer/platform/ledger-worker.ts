import { type FromLedger, LedgerService, type ToLedger } from '../../shared/analysis/ledger-service.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { LedgerLine } from '../controllers/live-ledger.ts';

/** A worker; where the browser starts none, the page itself, in slices. `received` is called with each message from it. */
export function openLedgerLine(clock: Clock, received: (message: FromLedger) => void): LedgerLine {
  const sent: ToLedger[] = [];
  let inPage: LedgerService | null = null;
  const worker = new Worker(new URL('../entry/ledger-worker.ts', import.meta.url), { type: 'module' });
  let hasAnswered = false;
  worker.addEventListener('message', ({ data }: MessageEvent<FromLedger>) => {
    hasAnswered = true;
    sent.length = 0;
    received(data);
  });
  worker.addEventListener('error', (event) => {
    if (hasAnswered) return received({ kind: 'trouble', trouble: event.message });
    worker.terminate();
    inPage = new LedgerService(received, { clock, pause: () => new Promise((resolve) => void clock.after(0, resolve)) });
    for (const message of sent.splice(0)) inPage.receive(message);
  });
  return {
    send(message) {
      if (inPage) return inPage.receive(message);
      // Kept until it is known that the worker runs.
      if (!hasAnswered) sent.push(message);
      worker.postMessage(message);
    },
    close: () => worker.terminate(),
  };
}
