/**
 * Texts and plain values from bytes: what JSON can say too, as lib0's `writeAny` wrote it. Checked while they are read, so that nothing that is hostile is ever built.
 * Short texts, which are most of a record, are read here: to call the platform's decoder for each takes longer than all the rest.
 * Source of the format: lib0, encoding.js.
 */
import * as decoding from 'lib0/decoding';

/** How deep values may be nested. */
export const plainDepthMax = 8;
/** Up to so many bytes are read one by one. */
const shortBytesMax = 12;

/** Reads what `writeVarString` wrote. Throws an Error where the bytes end before, or are no UTF-8. */
export function readText(decoder: decoding.Decoder): string {
  const { arr, pos } = decoder;
  const length = arr[pos];
  if (length === undefined || length > shortBytesMax || pos + 1 + length > arr.length) return decoding.readVarString(decoder);
  let text = '';
  const end = pos + 1 + length;
  for (let at = pos + 1; at < end; at++) {
    const byte = arr[at]!;
    if (byte >= 0x80) return decoding.readVarString(decoder);
    text += String.fromCharCode(byte);
  }
  decoder.pos = end;
  return text;
}

/** Reads what `writeAny` wrote, if JSON could say it; throws a RangeError that says why where it could not. */
export function readPlain(decoder: decoding.Decoder, depth = 0): unknown {
  if (depth > plainDepthMax) throw new RangeError(`values are nested deeper than ${plainDepthMax}`);
  const kind = decoding.readUint8(decoder);
  switch (kind) {
    case 126: return null;
    case 125: return decoding.readVarInt(decoder);
    case 124: return finite(decoding.readFloat32(decoder));
    case 123: return finite(decoding.readFloat64(decoder));
    case 121: return false;
    case 120: return true;
    case 119: return readText(decoder);
    case 118: return readMembers(decoder, depth);
    case 117: {
      const items: unknown[] = [];
      for (let left = decoding.readVarUint(decoder); left > 0; left--) items.push(readPlain(decoder, depth + 1));
      return items;
    }
    default: throw new RangeError(`${otherKinds[kind] ?? `a value of kind ${kind}`} cannot be part of a record`);
  }
}

function readMembers(decoder: decoding.Decoder, depth: number): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (let left = decoding.readVarUint(decoder); left > 0; left--) {
    const name = readText(decoder);
    if (name === '__proto__') throw new RangeError('no value can have a member __proto__');
    members[name] = readPlain(decoder, depth + 1);
  }
  return members;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be part of a record`);
  return value;
}

/** What `writeAny` can write and JSON cannot. */
const otherKinds: Readonly<Record<number, string>> = { 127: 'nothing', 122: 'a bigint', 116: 'an array of bytes' };
