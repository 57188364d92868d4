/**
 * Sends the newest state of something to one client, not more often than the client can use it.
 *
 * Guarantees: after a change was noted, a message that was made after it goes out. Changes that come quickly go out as one message.
 */
import type { ControlMessage } from '../control-message.ts';
import type { Clock } from '../../ports/clock.ts';

export interface PacedMessageOptions {
  readonly clock: Clock;
  /** Least milliseconds between two messages. */
  readonly everyMs: number;
  /** Makes the message from the state of now. */
  readonly make: () => ControlMessage;
  readonly send: (message: ControlMessage) => void;
  /** Whether so much waits for the client that a message is put off: a newer one will do. */
  readonly isSlow: () => boolean;
}

export class PacedMessage {
  private sentAtMs = -Infinity;
  private cancelTimer: (() => void) | null = null;

  constructor(private readonly options: PacedMessageOptions) {}

  /** Sends it soon; whatever changes until then is in it. */
  sendSoon(): void {
    if (this.cancelTimer) return;
    const { clock, everyMs } = this.options;
    const sinceMs = clock.nowMs() - this.sentAtMs;
    this.cancelTimer = clock.after(Math.max(0, everyMs - sinceMs), () => {
      this.cancelTimer = null;
      this.sendNow();
    });
  }

  /** Sends it now, unless the client is slow. */
  sendNow(): void {
    this.sentAtMs = this.options.clock.nowMs();
    if (this.options.isSlow()) this.sendSoon();
    else this.options.send(this.options.make());
  }

  /** Sends it at once if it is to be sent soon: before another message that must not overtake it. */
  flush(): void {
    if (!this.cancelTimer) return;
    this.cancel();
    this.sentAtMs = this.options.clock.nowMs();
    this.options.send(this.options.make());
  }

  cancel(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
  }
}
