/**
 * Sends sessions what they lack of their island's document: a small one as one sync step 2, a large one in pieces, the last of which
 * is the step 2. Pieces are made as they are read, so that no document is too large for a reader that is slow, and none takes memory
 * while it waits; a client hears something at least as often as a piece takes.
 */
import * as Y from 'yjs';
import { DocumentPieces, pieceBytes, smallDocumentBytes } from '../../document/document-pieces.ts';
import type { RoomDocument } from '../document/room-document.ts';
import type { Island } from '../faults/island.ts';
import { stepTwoFrame, updateFrame } from '../frames.ts';
import { decoded } from '../refusal.ts';
import type { Session } from '../session/session.ts';

/** Updates from this size on, in bytes, go out as pieces of the document. */
const largeUpdateBytes = 1024 * 1024;

export class DocumentSync {
  constructor(private readonly islandOf: (session: Session) => Island) {}

  /** Sends all that a client lacks that has this state vector. Throws a Refusal where it is malformed. */
  send(session: Session, stateVector: Uint8Array): void {
    const island = this.islandOf(session);
    if (island.document.bytesAtMost <= smallDocumentBytes) return session.send(island.stepTwo(stateVector));
    const known = decoded('state vector', () => Y.decodeStateVector(stateVector));
    session.sendFrom(this.pieces(session, known), true);
  }

  /**
   * What must be known before a large update is taken, so that `sendLarge` can send what it brought; null for any other update,
   * which goes out as it is.
   */
  beforeLarge(update: Uint8Array, document: RoomDocument): Uint8Array | null {
    return update.length > largeUpdateBytes ? document.stateVector : null;
  }

  /** Sends all sessions of an island but one what its document has got since. Returns to how many. */
  sendLarge(island: Island, before: Uint8Array, except: Session | null): number {
    const others = [...island.sessions].filter((session) => session !== except);
    // Those that are being sent the document get all of it anyway.
    for (const session of others) if (!session.receivesDocument) this.send(session, before);
    return others.length;
  }

  /** To be called now and then: notes what a session has, in case it must be sent what it lacks without saying what that is. */
  noteCurrent(session: Session): void {
    if (session.isCurrent) session.syncState.noteSureStateVector(this.islandOf(session).document.stateVector);
  }

  private *pieces(session: Session, known: ReadonlyMap<number, number>): Generator<Uint8Array, void> {
    // The session may be moved to another island meanwhile, whose document has all that this one has.
    const pieces = new DocumentPieces(() => this.islandOf(session).document.doc, known, pieceBytes);
    for (;;) {
      const piece = pieces.next();
      if (!pieces.isComplete) yield updateFrame(piece);
      else {
        // Before it is sent: what comes from now on is not in it.
        session.documentMade();
        yield stepTwoFrame(piece);
        return;
      }
    }
  }
}
