/** Whose frames are handled in this turn of the event loop, and for how long. */

/** How long the frames of one session are handled at a time, in milliseconds. */
export const readMsMax = 2;

export interface SessionTurns {
  /** Whether the session has had its time in this turn. */
  isOver(session: object): boolean;
  /** Calls back in the next turn. */
  next(callback: () => void): void;
}
