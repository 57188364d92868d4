/**
 * What a session gets of which frames were lost, either way, or that fell behind.
 *
 * One of our windows is asked to say hello and sync step 1 again, and then gets just what it lacks. Nobody can ask any other client
 * what it has: it gets all that came since it surely had everything, and is asked for what the relay lacks. Both say who is there.
 */
import type { Island } from '../faults/island.ts';
import { awarenessFrame, queryAwarenessFrame } from '../frames.ts';
import type { Session } from '../session/session.ts';
import type { DocumentSync } from './document-sync.ts';

/** The state vector of an empty document. */
const nothing = Uint8Array.of(0);

export function resyncSession(session: Session, island: Island, sync: DocumentSync): void {
  const { document, awareness } = island;
  session.syncState.beginResync();
  if (session.speaksOurs) session.askAgain();
  else {
    // A step 2 and no update: the one that it waits for may be what was lost.
    sync.send(session, session.syncState.lastSureStateVector ?? nothing);
    session.askForDocument(document.stateVector);
  }
  // Others may have been told that it had gone, and hear of it again only with a higher clock.
  for (const update of [awareness.all(), awareness.askToReannounce(session)]) if (update) session.send(awarenessFrame(update));
  session.send(queryAwarenessFrame);
}
