/** Sent to the control room: all windows shall show this moment, in milliseconds since the Unix epoch; null: now. */
export class MomentEvent extends Event {
  constructor(readonly atMs: number | null) {
    super('moment', { bubbles: true, composed: true });
  }
}
