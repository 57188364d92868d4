/** What a relay counts of itself since it began; numbers alone, as cheap as they can be: each frame passes here. */

/** Upper bounds of the times that are counted, in milliseconds; what is longer counts apart. */
export const timeBoundsMs = [0.5, 1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 5_000] as const;

/** How often something took how long. */
export class Times {
  /** By bound, the last one for what was longer than all. Not added up. */
  readonly counts = new Array<number>(timeBoundsMs.length + 1).fill(0);
  totalMs = 0;
  count = 0;

  add(ms: number, times = 1): void {
    let bound = 0;
    while (bound < timeBoundsMs.length && ms > timeBoundsMs[bound]!) bound++;
    this.counts[bound]! += times;
    this.totalMs += ms * times;
    this.count += times;
  }
}

export class RelayMeter {
  /** Sessions that were let in. */
  sessionsOpened = 0;
  framesReceived = 0;
  bytesReceived = 0;
  /** Messages of kinds that the relay does not know, with what stood behind them in their frames, and such about rights. */
  ignoredMessages = 0;
  framesSent = 0;
  bytesSent = 0;
  /** Edits (updates and records) handed on, once for each session that hears of one. */
  deliveries = 0;
  /** From an edit's arrival at its room (after whatever faults its link has) until it is written to the sockets of those who hear of it. */
  readonly lag = new Times();
  /** From an edit's arrival until it is on disk. */
  readonly saving = new Times();
  /** Frames and connections that were refused, by reason. */
  readonly refused = new Map<string, number>();

  refuse(reason: string): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
  }
}
