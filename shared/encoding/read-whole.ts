import * as decoding from 'lib0/decoding';
import { errorText } from './error-text.ts';

/** Reads a whole message; anything else than exactly that throws a RangeError that says what was wrong: "not a record: bytes after its end". */
export function readWhole<Read>(bytes: Uint8Array, what: string, read: (decoder: decoding.Decoder) => Read): Read {
  try {
    const decoder = decoding.createDecoder(bytes);
    const result = read(decoder);
    if (decoding.hasContent(decoder)) throw new RangeError('bytes after its end');
    return result;
  } catch (error) {
    throw new RangeError(`not ${what}: ${errorText(error)}`);
  }
}
