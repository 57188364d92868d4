/**
 * The fields that messages are made of: how each is written and read, and how PROTOCOL.md writes it.
 *
 * Guarantees: what is read is what may stand there; anything else throws an Error that says what was wrong. Source of the numbers and strings: lib0.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { ReplicaId } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import { readText } from '../encoding/read-plain.ts';
import { readReplicaId, readVersionVector, writeVersionVector } from '../history/record-codec.ts';
import { type CoordinatedId, coordinatedIds } from '../strategies/registry.ts';

export interface WireField<Value> {
  /** As PROTOCOL.md writes it: "varuint". */
  readonly grammar: string;
  write(encoder: encoding.Encoder, value: Value): void;
  read(decoder: decoding.Decoder): Value;
}

/** What names a copy of a replica's storage, or a life of a room. */
export const instancePattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Most members that a room has. */
export const membersMax = 1_000;

/** What a direct message is for: a coordinated strategy, a question for values, or the answer to one. */
export type DirectChannel = CoordinatedId | 'read' | 'values';

export const directChannels: readonly DirectChannel[] = [...coordinatedIds, 'read', 'values'];

export const varUint: WireField<number> = { grammar: 'varuint', write: encoding.writeVarUint, read: decoding.readVarUint };

export const flag: WireField<boolean> = {
  grammar: 'varuint',
  write: (encoder, value) => encoding.writeVarUint(encoder, value ? 1 : 0),
  read: (decoder) => decoding.readVarUint(decoder) > 0,
};

export const replicaName: WireField<ReplicaId> = { grammar: 'string', write: encoding.writeVarString, read: readReplicaId };

/** Of a copy of a replica's storage, or of a life of a room. */
export const instanceName: WireField<string> = {
  grammar: 'string',
  write: encoding.writeVarString,
  read(decoder) {
    const name = readText(decoder);
    if (!instancePattern.test(name)) throw new RangeError(`"${name.slice(0, 40)}" was expected to be 1 to 64 of A–Z a–z 0–9 _ -`);
    return name;
  },
};

export const vector: WireField<VersionVector> = { grammar: 'vector', write: writeVersionVector, read: readVersionVector };

export const byteArray: WireField<Uint8Array> = { grammar: 'bytes', write: encoding.writeVarUint8Array, read: decoding.readVarUint8Array };

export const channel: WireField<DirectChannel> = {
  grammar: 'channel',
  write: (encoder, value) => encoding.writeVarUint(encoder, directChannels.indexOf(value)),
  read(decoder) {
    const number = decoding.readVarUint(decoder);
    const found = directChannels[number];
    if (found === undefined) throw new RangeError(`there is no channel ${number}`);
    return found;
  },
};

export function listField<Item>({ grammar, write, read }: WireField<Item>): WireField<readonly Item[]> {
  return {
    grammar: `list(${grammar})`,
    write(encoder, items) {
      encoding.writeVarUint(encoder, items.length);
      for (const item of items) write(encoder, item);
    },
    read(decoder) {
      const items: Item[] = [];
      for (let left = decoding.readVarUint(decoder); left > 0; left--) items.push(read(decoder));
      return items;
    },
  };
}

const replicaNames = listField(replicaName);

/** Each once. */
export const replicas: WireField<readonly ReplicaId[]> = {
  ...replicaNames,
  read(decoder) {
    const found = new Set(replicaNames.read(decoder));
    if (found.size > membersMax) throw new RangeError(`${found.size} replicas; ${membersMax} is the most`);
    return [...found];
  },
};
