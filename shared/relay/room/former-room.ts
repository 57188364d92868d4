/**
 * What a relay had of a room before it loaded the room anew, and how that comes back.
 *
 * Guarantees: edits commute, so all that the loaded room lacks is taken into it and written; nothing
 * that a client of this relay has seen is lost. Of two records with one name the stored one counts.
 * What belongs to a life of the room that people have thrown away stays away.
 * Why: docs/decisions/0020-what-a-relay-has-comes-back.md
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { StoreChange } from '../../ports/store.ts';
import type { RoomStorage, StoredRecord } from '../storage/room-storage.ts';
import type { RoomIslands } from '../faults/room-islands.ts';
import type { ClusterRoom } from '../cluster/cluster-room.ts';
import type { PlacedRecord, PlacedUpdate } from '../cluster/write-parts.ts';
import type { RoomDecisions } from './room-decisions.ts';
import type { RoomJournal } from './room-journal.ts';
import type { RoomMembers } from './room-members.ts';
import type { RoomNames } from './room-names.ts';

export interface FormerRoom {
  readonly epoch: string;
  readonly discarded: readonly string[];
  /** The JSON of the room's settings; null if none were stored. */
  readonly settings: unknown;
  /** The document as one update. */
  readonly snapshot: Uint8Array;
  /** All records, each after all that its author had seen. */
  readonly records: readonly StoredRecord[];
  /** What was not written yet, with the islands that it was for. */
  readonly unwritten: {
    readonly updates: readonly PlacedUpdate[];
    readonly records: readonly PlacedRecord[];
  };
  readonly instances: ReadonlyMap<ReplicaId, string>;
  readonly members: readonly ReplicaId[];
}

/** The parts of a room that was loaded just now. */
export interface LoadedParts {
  readonly islands: RoomIslands;
  readonly journal: RoomJournal;
  readonly names: RoomNames;
  readonly members: RoomMembers;
  readonly storage: RoomStorage;
  readonly cluster: ClusterRoom;
  readonly decisions: RoomDecisions;
  /** Has changes written; calls back when they are durable. */
  readonly write: (changes: readonly StoreChange[], stored?: () => void) => void;
  readonly report: (line: string) => void;
}

/** A place that no island has: what is for it is shown nowhere before the room is whole. */
const noPlace = '-';

/** Takes the edits that a loaded room lacks into it, and writes them. */
export function bringEditsBack(former: FormerRoom, parts: LoadedParts): void {
  bringDocumentBack(former, parts);
  bringRecordsBack(former, parts);
}

/** Stores again what is decided once, where the store has lost it with a life of the room. */
export function bringDecisionsBack(
  { instances, members: list, settings }: FormerRoom,
  { names, members, storage, decisions, report }: LoadedParts,
  hasSettings: boolean,
): void {
  for (const [replica, instance] of instances) {
    if (names.ownerOf(replica) !== null) continue;
    names.learn(new Map([[replica, instance]]));
    // If another relay has given it meanwhile, it is that copy's.
    decisions.name({ replica, instance }, false).then(
      (owner) => names.learn(new Map([[owner.replica, owner.instance]])),
      (error: Error) => report(`the name ${replica} cannot be stored again: ${error.message}`),
    );
  }
  members.bringBack(list);
  if (settings === null || hasSettings) return;
  decisions.setting(storage.setSettings(settings)).catch((error: Error) => {
    report(`the settings cannot be stored again: ${error.message}`);
  });
}

function bringDocumentBack({ snapshot, unwritten }: FormerRoom, parts: LoadedParts): void {
  const { islands, report } = parts;
  if (!islands.isDivided) return keepUpdate('', islands.adopt(snapshot), parts);
  for (const { place, update } of unwritten.updates) {
    try {
      for (const island of islands.reached(place)) {
        keepUpdate(place, islands.apply(island, update).kept, parts);
      }
    } catch (error) {
      report(`an update from before cannot be used: ${(error as Error).message}`);
    }
  }
  keepUpdate(noPlace, islands.takeIntoRoom(snapshot), parts);
}

function keepUpdate(place: string, kept: Uint8Array | null, parts: LoadedParts): void {
  if (!kept) return;
  parts.cluster.addUpdate(place, kept);
  parts.write(parts.storage.addUpdates([kept]));
}

function bringRecordsBack({ records, unwritten }: FormerRoom, parts: LoadedParts): void {
  const { islands, journal, cluster, storage, write, report } = parts;
  const { fresh, contradicted } = journal.merge(records);
  for (const { record } of contradicted) {
    const { replica, counter } = record.dot;
    report(`record ${replica}:${counter} is stored otherwise, which counts`);
  }
  const places = new Map(unwritten.records.map(({ bytes, place }) => [bytes, place]));
  for (const entry of fresh) {
    const place = islands.isDivided ? (places.get(entry.bytes) ?? noPlace) : '';
    for (const island of islands.reached(place)) {
      if (island.view) islands.advance(island, [entry.bytes]);
    }
    cluster.addRecords(place, [entry]);
  }
  write(fresh.map((entry) => storage.addRecord(entry)), () => journal.markStored(fresh));
}
