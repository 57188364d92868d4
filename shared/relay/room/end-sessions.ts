/** Ends the sessions of a room that is emptied or loaded anew. */
import { isDiscarded } from '../../protocol/room-life.ts';
import { closeCodes } from '../refusal.ts';
import type { DeferredFrames } from '../session/deferred-frames.ts';
import type { Session } from '../session/session.ts';

export interface EndedRoom {
  /** Which may be another one when the work is done. */
  readonly life: { readonly epoch: string; readonly discarded: readonly string[] };
  readonly deferred: DeferredFrames;
}

/**
 * Windows of ours end at once: they come back, wait, and start over where they must. Any other client is taken out of the room,
 * what it sends is left out, and it ends when the work is done: only then is it known whether it may come back.
 */
export function endSessions(
  room: EndedRoom,
  sessions: readonly Session[],
  done: Promise<unknown>,
  reason: string,
  leave: (session: Session) => void,
): void {
  const { epoch } = room.life;
  for (const session of sessions) {
    if (session.speaksOurs || room.deferred.defers(session)) session.end(closeCodes.restarting, reason);
    else {
      leave(session);
      room.deferred.leaveOut(session, done, () => endPlain(session, room, epoch, reason));
    }
  }
}

/** Ends a client that does not know of lives: what was thrown away must not come back with it. */
function endPlain(session: Session, { life }: EndedRoom, epoch: string, reason: string): void {
  if (!isDiscarded(epoch, life.epoch, life.discarded)) return session.end(closeCodes.restarting, reason);
  session.end(closeCodes.emptied, 'the room was emptied: drop your copy of its document, then connect again');
}
