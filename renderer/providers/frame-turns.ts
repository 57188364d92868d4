/**
 * Hands frames on in their order, in turns of some milliseconds: after a long time apart hundreds of them come at once, and a person at the window waits for
 * none. What comes alone is handed on at once. A handler that throws ends nothing but its own frame.
 */

/** So long a turn takes, but for the frame that is under way then, in milliseconds. */
const turnMs = 8;

export interface FrameTurnsOptions {
  readonly handle: (frame: Uint8Array) => void;
  /** Resolves in a task of its own. */
  readonly pause: () => Promise<void>;
  readonly nowMs: () => number;
}

export class FrameTurns {
  private waiting: Uint8Array[] = [];
  private endMs = 0;
  private isInTurn = false;
  private isHandling = false;

  constructor(private readonly options: FrameTurnsOptions) {}

  /** `canWait`: where nothing waits before it, a frame that cannot is handed on whatever the turn has taken. */
  take(frame: Uint8Array, canWait: boolean): void {
    if (!canWait && this.waiting.length === 0) return this.options.handle(frame);
    this.waiting.push(frame);
    if (!this.isInTurn) void this.goOn();
    // Frames of one task share its turn: the browser hands over several at once.
    else if (!this.isHandling) this.handleSome();
  }

  /** The connection has ended: what waits comes again by the next one. */
  clear(): void {
    this.waiting = [];
  }

  private async goOn(): Promise<void> {
    const { pause, nowMs } = this.options;
    this.isInTurn = true;
    try {
      do {
        this.endMs = nowMs() + turnMs;
        this.handleSome();
        await pause();
      } while (this.waiting.length > 0);
    } finally {
      this.isInTurn = false;
      if (this.waiting.length > 0) void this.goOn();
    }
  }

  private handleSome(): void {
    const { handle, nowMs } = this.options;
    this.isHandling = true;
    try {
      while (this.waiting.length > 0 && nowMs() < this.endMs) handle(this.waiting.shift()!);
    } finally {
      this.isHandling = false;
    }
  }
}
