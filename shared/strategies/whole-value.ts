/** What the coordinated strategies do with whole values of fields: change them by an intent, write and read them, read whole messages. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type DotKey, parseDot } from '../clocks/dot.ts';
import { type Applied, applyIntent, onlySiblings } from '../document/apply-intent.ts';
import { fieldValue, type Intent, parseIntent } from '../document/intent.ts';
import { fieldOf, type FieldSpec, type FieldValue, type Schema } from '../document/schema.ts';
import { errorText } from '../encoding/error-text.ts';
import { readPlain, readText } from '../encoding/read-plain.ts';

/** Stands for the initial value, which no edit made. */
export const initialKey = '';

/** The change function: the value after the edit, or why it is refused. What peers could not read is refused too. */
export function changed(field: FieldSpec, value: FieldValue, intent: Intent, key: DotKey): Applied {
  if (intent.kind === 'resolve') return { ok: false, reason: onlySiblings };
  const applied = applyIntent(field.type, value, intent, key);
  if (!applied.ok) return applied;
  try {
    return { ok: true, value: fieldValue(field.type, applied.value) };
  } catch (error) {
    return { ok: false, reason: `the ${field.type} would be out of bounds: ${errorText(error)}` };
  }
}

export function writeValue(encoder: encoding.Encoder, value: FieldValue): void {
  encoding.writeAny(encoder, value as never);
}

export function readValue(decoder: decoding.Decoder, field: FieldSpec): FieldValue {
  return fieldValue(field.type, readPlain(decoder));
}

export function readField(decoder: decoding.Decoder, schema: Schema): FieldSpec {
  return fieldOf(schema, readText(decoder));
}

export function readIntent(decoder: decoding.Decoder, field: FieldSpec): Intent {
  return parseIntent(field.type, readPlain(decoder));
}

/** The key of an edit, or of the initial value. */
export function readKey(decoder: decoding.Decoder): DotKey | typeof initialKey {
  const key = readText(decoder);
  if (key !== initialKey) parseDot(key);
  return key;
}

/** Reads a list of at most so many. */
export function readMany<Item>(decoder: decoding.Decoder, most: number, read: (decoder: decoding.Decoder) => Item): Item[] {
  const length = decoding.readVarUint(decoder);
  if (length > most) throw new RangeError(`a list of ${length}; ${most} is the most`);
  return Array.from({ length }, () => read(decoder));
}
