/**
 * How far this device's clock is off the lab's, asked over the control channel: of several answers the one that took least time counts (Cristian, "Probabilistic
 * Clock Synchronization", 1989). An offset that the way there and back could explain counts as none.
 */
import type { ControlMessage } from '../../shared/control/control-message.ts';
import type { ControlConnection } from './control-connection.ts';

/** So many answers are asked for on each connection, so many milliseconds apart. */
const samples = 5;
const everyMs = 200;
/** Clocks of one device differ by no more, in milliseconds. */
const noiseMs = 20;

export class ClockOffset {
  private asked = 0;
  private best: { readonly tookMs: number; readonly offsetMs: number } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `wallMs` is the device's own clock, without anything that a scenario or a person set. */
  constructor(private readonly control: Pick<ControlConnection, 'listen' | 'send'>, private readonly wallMs: () => number, private readonly found: (offsetMs: number) => void) {
    control.listen({
      opened: () => this.begin(),
      received: (message) => message.kind === 'time' && this.answered(message),
      closed: () => clearTimeout(this.timer),
    });
  }

  private begin(): void {
    this.asked = 0;
    this.best = null;
    this.ask();
  }

  private ask(): void {
    this.asked++;
    this.control.send({ kind: 'ask-time', sentMs: this.wallMs() });
  }

  private answered({ sentMs, serverMs }: Extract<ControlMessage, { kind: 'time' }>): void {
    const nowMs = this.wallMs();
    const tookMs = Math.max(0, nowMs - sentMs);
    if (!this.best || tookMs < this.best.tookMs) {
      const offsetMs = Math.round(serverMs - (sentMs + nowMs) / 2);
      this.best = { tookMs, offsetMs: Math.abs(offsetMs) <= tookMs / 2 + noiseMs ? 0 : offsetMs };
      this.found(this.best.offsetMs);
    }
    if (this.asked < samples) this.timer = setTimeout(() => this.ask(), everyMs);
  }
}
