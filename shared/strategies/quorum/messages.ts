/** What the copies of a quorum say to one another. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type DotKey, type ReplicaId } from '../../clocks/dot.ts';
import { type FieldId, type FieldSpec, type FieldValue, type Schema } from '../../document/schema.ts';
import { readReplicaId } from '../../history/record-codec.ts';
import { writeWhole } from '../../encoding/write-whole.ts';
import { readFieldVersions, writeFieldVersions } from '../field-versions.ts';
import { noVersion, readVersion, type Version, writeVersion } from '../version.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import { initialKey, readField, readKey, readValue, writeValue } from '../whole-value.ts';

/** A value with its version, the edit that made it and the edit that this one replaced. */
export interface QuorumState {
  readonly version: Version;
  readonly value: FieldValue;
  readonly last: DotKey | typeof initialKey;
  readonly replaces: DotKey | typeof initialKey;
}

/** Names one question of one life of a copy. */
export interface QuorumQuestion {
  readonly life: number;
  readonly number: number;
}

export type QuorumMessage =
  | ({ readonly kind: 'ask'; readonly field: FieldId } & QuorumQuestion)
  | ({ readonly kind: 'answer'; readonly field: FieldId; readonly state: QuorumState } & QuorumQuestion)
  /** Asks to hold a state; with a `hintFor`, also to hand it to that member when it is back. */
  | { readonly kind: 'store'; readonly field: FieldId; readonly state: QuorumState; readonly hintFor: ReplicaId | null }
  /** A state of this version or a newer one is held, and kept; `on`: for whom. */
  | { readonly kind: 'held'; readonly field: FieldId; readonly version: Version; readonly on: ReplicaId }
  | { readonly kind: 'versions'; readonly asks: boolean; readonly versions: ReadonlyMap<FieldId, Version> };

const kinds = ['ask', 'answer', 'store', 'held', 'versions'] as const;

export function initialQuorumState(field: FieldSpec): QuorumState {
  return { version: noVersion, value: field.initial, last: initialKey, replaces: initialKey };
}

export function encodeQuorum(message: QuorumMessage): Uint8Array {
  return writeWhole((encoder) => {
    encoding.writeVarUint(encoder, kinds.indexOf(message.kind));
    if (message.kind === 'versions') {
      encoding.writeVarUint(encoder, message.asks ? 1 : 0);
      return writeFieldVersions(encoder, message.versions);
    }
    encoding.writeVarString(encoder, message.field);
    switch (message.kind) {
      case 'ask':
      case 'answer':
        encoding.writeVarUint(encoder, message.life);
        encoding.writeVarUint(encoder, message.number);
        return message.kind === 'answer' ? writeQuorumState(encoder, message.state) : undefined;
      case 'store':
        encoding.writeVarString(encoder, message.hintFor ?? '');
        return writeQuorumState(encoder, message.state);
      case 'held':
        writeVersion(encoder, message.version);
        return encoding.writeVarString(encoder, message.on);
    }
  });
}

/** Reads a whole message; throws a RangeError on anything else. */
export function decodeQuorum(bytes: Uint8Array, schema: Schema): QuorumMessage {
  return readWhole(bytes, 'a message of a quorum', (decoder) => {
    const number = decoding.readVarUint(decoder);
    const kind = kinds[number];
    if (kind === undefined) throw new RangeError(`there is no kind ${number}`);
    if (kind === 'versions') return { kind, asks: decoding.readVarUint(decoder) === 1, versions: readFieldVersions(decoder, schema) };
    const spec = readField(decoder, schema);
    const field = spec.id;
    switch (kind) {
      case 'ask': return { kind, field, life: decoding.readVarUint(decoder), number: decoding.readVarUint(decoder) };
      case 'answer': return { kind, field, life: decoding.readVarUint(decoder), number: decoding.readVarUint(decoder), state: readQuorumState(decoder, spec) };
      case 'store': return { kind, field, hintFor: readMaybe(decoder), state: readQuorumState(decoder, spec) };
      case 'held': return { kind, field, version: readVersion(decoder), on: readReplicaId(decoder) };
    }
  });
}

export function writeQuorumState(encoder: encoding.Encoder, state: QuorumState): void {
  writeVersion(encoder, state.version);
  writeValue(encoder, state.value);
  encoding.writeVarString(encoder, state.last);
  encoding.writeVarString(encoder, state.replaces);
}

export function readQuorumState(decoder: decoding.Decoder, field: FieldSpec): QuorumState {
  const state = { version: readVersion(decoder), value: readValue(decoder, field), last: readKey(decoder), replaces: readKey(decoder) };
  if ((state.version.counter === 0) !== (state.last === initialKey)) throw new RangeError(`version ${state.version.counter} cannot be made by "${state.last}"`);
  return state;
}

function readMaybe(decoder: decoding.Decoder): ReplicaId | null {
  return decoding.peekVarUint(decoder) === 0 ? (decoding.readVarUint(decoder), null) : readReplicaId(decoder);
}
