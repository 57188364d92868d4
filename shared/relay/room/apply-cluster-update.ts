/** What another relay has written, into this relay's memory and to the sessions here that it reaches. Throws a Refusal where it contradicts what was taken here. */
import { decodeRecord } from '../../history/record-codec.ts';
import { encodeMessage } from '../../protocol/codec.ts';
import type { StoredRoom } from '../storage/room-storage.ts';
import { updateFrame } from '../frames.ts';
import type { RoomIslands } from '../faults/room-islands.ts';
import type { RoomJournal } from './room-journal.ts';
import type { RoomMembers } from './room-members.ts';
import type { RoomNames } from './room-names.ts';
import type { ClusterUpdate } from '../cluster/cluster-messages.ts';

export interface ClusterUpdateTarget {
  readonly islands: RoomIslands;
  readonly journal: RoomJournal;
  readonly names: RoomNames;
  readonly members: RoomMembers;
  /** Calls back when all that was heard is durable. */
  readonly whenDurable: (callback: () => void) => void;
  readonly changed: (change: 'document' | 'records') => void;
}

/** `found`: what was put into the store beside updates and records. */
export function applyClusterUpdate({ islands, journal, names, members, whenDurable, changed }: ClusterUpdateTarget, { updates, records }: ClusterUpdate, found: StoredRoom): void {
  const changes = new Set<'document' | 'records'>();
  for (const { place, update } of updates) {
    const reached = islands.reached(place);
    if (reached.length === 0) islands.applyToRoom(update);
    for (const island of reached) {
      // What waited for lost ones, the relay that it came from asks for.
      const { shown } = islands.applyWithGaps(island, update);
      if (shown) island.send(updateFrame(shown));
    }
    changes.add('document');
  }
  for (const { place, records: encoded } of records) {
    const fresh = journal.add(encoded);
    for (const island of islands.reached(place)) {
      const news = island.view ? islands.advance(island, encoded) : fresh;
      if (news.length > 0) island.sendToReplicas(encodeMessage({ kind: 'records', records: news.map(({ bytes }) => bytes) }));
    }
    const heard = encoded.map((bytes) => ({ record: decodeRecord(bytes) }));
    whenDurable(() => journal.markStored(heard));
    changes.add('records');
  }
  names.learn(found.instances);
  members.learn(found.members);
  for (const change of changes) changed(change);
}
