/**
 * Whose frames are handled in this turn of the event loop, and for how long.
 *
 * Guarantees: a session whose frames come in a burst has its time in a turn; what is left comes in the next ones, so that others are read in between.
 */
/** How long the frames of one session are handled at a time, in milliseconds. */
export const readMsMax = 2;

export class ReadTurns {
  private session: object | null = null;
  private startedMs = 0;
  private isScheduled = false;

  /** Whether the session has had its time in this turn. */
  isOver(session: object): boolean {
    const nowMs = performance.now();
    if (this.session === session) return nowMs - this.startedMs > readMsMax;
    this.session = session;
    this.startedMs = nowMs;
    if (!this.isScheduled) this.endLater();
    return false;
  }

  private endLater(): void {
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.session = null;
    });
  }
}
