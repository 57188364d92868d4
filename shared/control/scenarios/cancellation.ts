/** Cancels what goes on: a scenario in windows, or a delay in it. */
import { Listeners } from '../../encoding/listeners.ts';
import type { Clock } from '../../ports/clock.ts';

export class Cancellation {
  private why: Error | null = null;
  private readonly listeners = new Listeners<(why: Error) => void>();

  /** Why it was cancelled; null: it was not. */
  get reason(): Error | null {
    return this.why;
  }

  /** Only the first reason counts. */
  cancel(why: Error): void {
    if (this.why) return;
    this.why = why;
    this.listeners.callEach((listener) => listener(why));
  }

  /** Throws the reason. */
  throwIfCancelled(): void {
    if (this.why) throw this.why;
  }

  /** Calls once, when it is cancelled. Returns a function that takes the listener away. */
  onCancelled(listener: (why: Error) => void): () => void {
    return this.listeners.add(listener);
  }
}

/** Resolves after so many milliseconds; rejects with the reason when one of them is cancelled first. */
export async function delay(clock: Pick<Clock, 'after'>, ms: number, ...cancellations: readonly Cancellation[]): Promise<void> {
  for (const each of cancellations) each.throwIfCancelled();
  return new Promise((resolve, reject) => {
    const stops: (() => void)[] = [];
    const end = (then: () => void): void => {
      for (const stop of stops.splice(0)) stop();
      then();
    };
    stops.push(clock.after(ms, () => end(resolve)));
    for (const each of cancellations) stops.push(each.onCancelled((why) => end(() => reject(why))));
  });
}
