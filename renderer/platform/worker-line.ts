/**
 * A line to a worker; where the browser starts none, to the same service in the page. What was sent before it is known whether the worker runs is kept, and lost
 * to neither.
 */

export interface WorkerLine<Sent> {
  send(message: Sent): void;
  close(): void;
}

/** What a worker runs. */
interface Service<Sent> {
  receive(message: Sent): void;
}

export interface WorkerLineOptions<Sent, Received> {
  readonly worker: Worker;
  /** Made where the browser does not start the worker. */
  readonly serviceInPage: () => Promise<Service<Sent>>;
  /** Called with each message. */
  readonly received: (message: Received | WorkerTrouble) => void;
}

/** The worker ended after it had run. */
export interface WorkerTrouble {
  readonly kind: 'trouble';
  readonly trouble: string;
}

export function openWorkerLine<Sent, Received>({ worker, serviceInPage, received }: WorkerLineOptions<Sent, Received>): WorkerLine<Sent> {
  const sent: Sent[] = [];
  let inPage: Promise<Service<Sent>> | null = null;
  let hasAnswered = false;
  worker.addEventListener('message', ({ data }: MessageEvent<Received>) => {
    hasAnswered = true;
    sent.length = 0;
    received(data);
  });
  worker.addEventListener('error', (event) => {
    if (hasAnswered) return received({ kind: 'trouble', trouble: event.message });
    worker.terminate();
    inPage ??= serviceInPage();
    for (const message of sent.splice(0)) void inPage.then((service) => service.receive(message));
  });
  return {
    send(message) {
      if (inPage) return void inPage.then((service) => service.receive(message));
      // Kept until it is known that the worker runs.
      if (!hasAnswered) sent.push(message);
      worker.postMessage(message);
    },
    close: () => worker.terminate(),
  };
}
