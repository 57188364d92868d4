/** What the copies of consensus say to one another. An answer names the field and the ballot that it answers, so that late and repeated ones are known. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type FieldId, fieldOf, type Schema } from '../../document/schema.ts';
import { writeWhole } from '../../encoding/write-whole.ts';
import { readFieldVersions, writeFieldVersions } from '../field-versions.ts';
import { readVersion, type Version, writeVersion } from '../version.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import { readField } from '../whole-value.ts';
import { readState, type RegisterState, writeState } from './register-state.ts';

export interface Chosen {
  readonly ballot: Version;
  readonly state: RegisterState;
}

export type ConsensusMessage =
  /** Asks for a promise to accept nothing below the ballot, and for what was accepted. */
  | { readonly kind: 'prepare'; readonly field: FieldId; readonly ballot: Version }
  | { readonly kind: 'promise'; readonly field: FieldId; readonly ballot: Version; readonly accepted: Chosen | null }
  | { readonly kind: 'accept'; readonly field: FieldId; readonly ballot: Version; readonly state: RegisterState }
  | { readonly kind: 'accepted'; readonly field: FieldId; readonly ballot: Version }
  /** The ballot is too low: another one was promised. */
  | { readonly kind: 'conflict'; readonly field: FieldId; readonly ballot: Version; readonly promised: Version }
  /** The state was accepted by a majority. */
  | { readonly kind: 'chosen'; readonly field: FieldId; readonly ballot: Version; readonly state: RegisterState }
  /** The ballots of what its sender knows to be chosen; `asks`: it wants what it lacks. */
  | { readonly kind: 'summary'; readonly asks: boolean; readonly versions: ReadonlyMap<FieldId, Version> };

const kinds = ['prepare', 'promise', 'accept', 'accepted', 'conflict', 'chosen', 'summary'] as const;

export function encodeConsensus(message: ConsensusMessage): Uint8Array {
  return writeWhole((encoder) => {
    encoding.writeVarUint(encoder, kinds.indexOf(message.kind));
    if (message.kind === 'summary') {
      encoding.writeVarUint(encoder, message.asks ? 1 : 0);
      return writeFieldVersions(encoder, message.versions);
    }
    encoding.writeVarString(encoder, message.field);
    writeVersion(encoder, message.ballot);
    switch (message.kind) {
      case 'promise': return writeAccepted(encoder, message.accepted);
      case 'accept':
      case 'chosen': return writeState(encoder, message.state);
      case 'conflict': return writeVersion(encoder, message.promised);
    }
  });
}

/** Reads a whole message; throws a RangeError on anything else. */
export function decodeConsensus(bytes: Uint8Array, schema: Schema): ConsensusMessage {
  return readWhole(bytes, 'a message of consensus', (decoder) => {
    const number = decoding.readVarUint(decoder);
    const kind = kinds[number];
    if (kind === undefined) throw new RangeError(`there is no kind ${number}`);
    if (kind === 'summary') return { kind, asks: readFlag(decoder), versions: readFieldVersions(decoder, schema) };
    const spec = readField(decoder, schema);
    const field = spec.id;
    const ballot = readVersion(decoder);
    if (ballot.counter < 1) throw new RangeError('ballots count from 1');
    switch (kind) {
      case 'prepare':
      case 'accepted': return { kind, field, ballot };
      case 'promise': return { kind, field, ballot, accepted: readAccepted(decoder, schema, field) };
      case 'accept':
      case 'chosen': return { kind, field, ballot, state: readState(decoder, spec) };
      case 'conflict': return { kind, field, ballot, promised: readVersion(decoder) };
    }
  });
}

export function writeAccepted(encoder: encoding.Encoder, accepted: Chosen | null): void {
  encoding.writeVarUint(encoder, accepted ? 1 : 0);
  if (!accepted) return;
  writeVersion(encoder, accepted.ballot);
  writeState(encoder, accepted.state);
}

export function readAccepted(decoder: decoding.Decoder, schema: Schema, field: FieldId): Chosen | null {
  return readFlag(decoder) ? { ballot: readVersion(decoder), state: readState(decoder, fieldOf(schema, field)) } : null;
}

function readFlag(decoder: decoding.Decoder): boolean {
  const flag = decoding.readVarUint(decoder);
  if (flag > 1) throw new RangeError(`${flag} is neither 0 nor 1`);
  return flag === 1;
}
