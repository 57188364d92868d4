/** Another relay that has the same room, as it was heard last. */
import type { Guest } from './cluster-messages.ts';

export class PeerRelay {
  /** Tells apart the times that it was in the room. */
  life = 0;
  guests: readonly Guest[] = [];

  constructor(readonly relay: string) {}
}
