/** What a copy keeps beside its log, as bytes: its term, and its own edits that are not answered. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type Dot, dotKey, parseDot } from '../../clocks/dot.ts';
import type { Intent } from '../../document/intent.ts';
import { type FieldId, fieldOf, type Schema } from '../../document/schema.ts';
import { readText } from '../../history/read-plain.ts';
import { writeWhole } from '../../history/write-whole.ts';
import { readVersion, type Version, writeVersion } from '../version.ts';
import { readWhole } from '../../history/read-whole.ts';
import { readIntent, readMany } from '../whole-value.ts';

/** An own edit that is not answered. */
export interface OpenEdit {
  readonly dot: Dot;
  readonly field: FieldId;
  readonly intent: Intent;
}

/** Kept in place of a term's beginning by who wants to lead it and does not yet. */
export const notBegun = Number.MAX_SAFE_INTEGER;

const openMax = 100_000;

export function writeTermKept(term: Version, begun: number): Uint8Array {
  return writeWhole((encoder) => {
    writeVersion(encoder, term);
    encoding.writeVarUint(encoder, begun);
  });
}

/** The term, and the length of the log when it began. */
export function readTermKept(bytes: Uint8Array): [term: Version, begun: number] {
  return readWhole(bytes, 'a term', (decoder) => [readVersion(decoder), decoding.readVarUint(decoder)]);
}

export function writeOpenEdits(edits: readonly OpenEdit[]): Uint8Array {
  return writeWhole((encoder) => {
    encoding.writeVarUint(encoder, edits.length);
    for (const { dot, field, intent } of edits) {
      encoding.writeVarString(encoder, dotKey(dot));
      encoding.writeVarString(encoder, field);
      encoding.writeAny(encoder, intent as never);
    }
  });
}

export function readOpenEdits(bytes: Uint8Array, schema: Schema): OpenEdit[] {
  return readWhole(bytes, 'a list of open edits', (decoder) => readMany(decoder, openMax, (at) => {
    const dot = parseDot(readText(at));
    const field = fieldOf(schema, readText(at));
    return { dot, field: field.id, intent: readIntent(at, field) };
  }));
}
