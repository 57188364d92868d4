/** Another relay that has the same room, as it was heard last. */
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import type { Guest } from './room-news.ts';

export class Peer {
  guests: readonly Guest[] = [];
  settled: readonly ReplicaId[] | null = null;

  constructor(readonly relay: string) {}
}
