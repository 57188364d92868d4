/** Which version a copy has of each field, as bytes. */
import type * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type FieldId, fieldOf, type Schema } from '../document/schema.ts';
import { readText } from '../encoding/read-plain.ts';
import { readVersion, type Version, writeVersion } from './version.ts';
import { readMany } from './whole-value.ts';

/** Most fields of a list that comes from outside. */
const fieldsMax = 10_000;

export function writeFieldVersions(encoder: encoding.Encoder, versions: ReadonlyMap<FieldId, Version>): void {
  encoding.writeVarUint(encoder, versions.size);
  for (const [field, version] of versions) {
    encoding.writeVarString(encoder, field);
    writeVersion(encoder, version);
  }
}

/** Throws a RangeError for a field that the schema does not have. */
export function readFieldVersions(decoder: decoding.Decoder, schema: Schema): Map<FieldId, Version> {
  return new Map(readMany(decoder, fieldsMax, (at) => [fieldOf(schema, readText(at)).id, readVersion(at)] as const));
}
