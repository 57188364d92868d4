/**
 * What relays that share a room write for one another, as bytes: the update that goes with a write, and messages, which are not stored.
 *
 *   update = 1 n*(place:string update:bytes) n*(place:string n*(record:bytes)) n*(key:string value:any)
 *   message = 1 any
 * Each n is a varuint before what is repeated. A place names an island of a divided room; it is empty in a whole one.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { ReplicaId } from '../../clocks/dot.ts';
import { VersionVector } from '../../clocks/version-vector.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import type { StoreChange } from '../../ports/store.ts';

/** What an island has, or a whole room. */
export interface IslandSnapshot {
  /** The document as one update. */
  readonly snapshot: Uint8Array;
  readonly view: VersionVector;
  readonly members: readonly ReplicaId[];
}

export interface ClusterUpdate {
  /** What was new at a place. */
  readonly updates: readonly { readonly place: string; readonly update: Uint8Array }[];
  readonly records: readonly { readonly place: string; readonly records: readonly Uint8Array[] }[];
  /** What was put into the store and removed from it, records excepted; updates without their bytes. */
  readonly changes: readonly StoreChange[];
}

/** A session, as other relays know it. */
export interface Guest {
  readonly name: string;
  readonly replica: ReplicaId | null;
}

export type ClusterMessage =
  /** All who are at a relay, and which members, in which life of the room, somebody of them said have caught up. `asks`: so are the others to say. */
  | { readonly kind: 'here'; readonly life: number; readonly guests: readonly Guest[]; readonly epoch: string; readonly settled: readonly ReplicaId[] | null; readonly awareness: readonly { readonly place: string; readonly update: Uint8Array }[]; readonly asks: boolean }
  /** Where it was in the room anew since, this is of its former `life`. */
  | { readonly kind: 'left'; readonly life: number }
  | { readonly kind: 'awareness'; readonly place: string; readonly update: Uint8Array }
  /** A replica has said hello. `session` tells apart those of one relay; `again`: it did so at this time (by the clock of its relay), and others may not have heard it. */
  | { readonly kind: 'opened'; readonly replica: ReplicaId; readonly session: number; readonly openedMs: number; readonly again: boolean }
  | { readonly kind: 'direct'; readonly place: string; readonly to: ReplicaId; readonly frame: Uint8Array };

const version = 1;

type AnyEncodable = Parameters<typeof encoding.writeAny>[1];

export function encodeClusterUpdate({ updates, records, changes }: ClusterUpdate): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, version);
    encoding.writeVarUint(encoder, updates.length);
    for (const { place, update } of updates) {
      encoding.writeVarString(encoder, place);
      encoding.writeVarUint8Array(encoder, update);
    }
    encoding.writeVarUint(encoder, records.length);
    for (const batch of records) {
      encoding.writeVarString(encoder, batch.place);
      encoding.writeVarUint(encoder, batch.records.length);
      for (const bytes of batch.records) encoding.writeVarUint8Array(encoder, bytes);
    }
    encoding.writeVarUint(encoder, changes.length);
    for (const { key, value } of changes) {
      encoding.writeVarString(encoder, key);
      encoding.writeAny(encoder, value);
    }
  });
}

/** Throws a RangeError where it is none. The bytes in it are copies. */
export function decodeClusterUpdate(bytes: Uint8Array): ClusterUpdate {
  return readWhole(bytes, 'news of a room', (decoder) => {
    checkVersion(decoder);
    return {
      updates: listOf(decoder, () => ({ place: decoding.readVarString(decoder), update: decoding.readVarUint8Array(decoder).slice() })),
      records: listOf(decoder, () => ({ place: decoding.readVarString(decoder), records: listOf(decoder, () => decoding.readVarUint8Array(decoder).slice()) })),
      changes: listOf(decoder, () => ({ key: decoding.readVarString(decoder), value: decoding.readAny(decoder) as Uint8Array | null })),
    };
  });
}

export function encodeIslandSnapshot({ snapshot, view, members }: IslandSnapshot): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, version);
    encoding.writeAny(encoder, { snapshot, view: Object.fromEntries(view.entries()), members: [...members] });
  });
}

/** Throws a RangeError where it is none. */
export function decodeIslandSnapshot(bytes: Uint8Array): IslandSnapshot {
  return readWhole(bytes, 'what a room had', (decoder) => {
    checkVersion(decoder);
    const { snapshot, view, members } = decoding.readAny(decoder) as { snapshot: Uint8Array; view: Record<string, number>; members: string[] };
    return { snapshot: snapshot.slice(), view: VersionVector.of(Object.entries(view)), members };
  });
}

export function encodeClusterMessage(message: ClusterMessage): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, version);
    encoding.writeAny(encoder, message as unknown as AnyEncodable);
  });
}

/** Throws a RangeError where it is no message. */
export function decodeClusterMessage(bytes: Uint8Array): ClusterMessage {
  return readWhole(bytes, 'what a relay tells', (decoder) => {
    checkVersion(decoder);
    return decoding.readAny(decoder) as ClusterMessage;
  });
}

function checkVersion(decoder: decoding.Decoder): void {
  const found = decoding.readVarUint(decoder);
  if (found !== version) throw new RangeError(`another relay speaks version ${found} with relays, this one ${version}: let all be the same`);
}

function listOf<Item>(decoder: decoding.Decoder, read: () => Item): Item[] {
  return Array.from({ length: decoding.readVarUint(decoder) }, read);
}
