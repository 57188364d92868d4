/** Another relay that has the same room, as it was heard last. */
import type { Guest } from './room-news.ts';

export class Peer {
  /** Tells apart the times that it was in the room. */
  life = 0;
  guests: readonly Guest[] = [];

  constructor(readonly relay: string) {}
}
