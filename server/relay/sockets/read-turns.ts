/**
 * Whose frames are handled in this turn of the event loop, and for how long.
 *
 * Guarantees: a session whose frames come in a burst has its time in a turn; what is left comes in the next ones, so that others are read in between.
 */
import type { Clock } from '../../../shared/ports/clock.ts';
import { readMsMax, type SessionTurns } from '../../../shared/relay/session/session-turns.ts';

export class ReadTurns implements SessionTurns {
  private session: object | null = null;
  private startedMs = 0;
  private isScheduled = false;

  constructor(private readonly clock: Pick<Clock, 'nowMs'>) {}

  isOver(session: object): boolean {
    const nowMs = this.clock.nowMs();
    if (this.session === session) return nowMs - this.startedMs > readMsMax;
    this.session = session;
    this.startedMs = nowMs;
    if (!this.isScheduled) this.endLater();
    return false;
  }

  next(callback: () => void): void {
    setImmediate(callback);
  }

  private endLater(): void {
    this.isScheduled = true;
    this.next(() => {
      this.isScheduled = false;
      this.session = null;
    });
  }
}
