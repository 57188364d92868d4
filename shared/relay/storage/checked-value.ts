/**
 * Values with a checksum in front, so that a damaged one is noticed and not taken for data.
 *
 * The sum covers the key too: a value that turns up under another key is as wrong as a damaged one. It is
 * a CRC-32, which finds accidents, not forgery.
 */
import { crc32 } from './crc32.ts';
import { keyToBytes } from './key-bytes.ts';

const sumBytes = 4;

export function withChecksum(key: string, payload: Uint8Array): Uint8Array {
  const value = new Uint8Array(sumBytes + payload.length);
  new DataView(value.buffer).setUint32(0, crc32(keyToBytes(key), payload));
  value.set(payload, sumBytes);
  return value;
}

/** The payload, unchecked. */
export function withoutChecksum(value: Uint8Array): Uint8Array {
  return value.subarray(sumBytes);
}

/** The payload; throws a RangeError when it is not what was written under this key. */
export function checkedPayload(key: string, value: Uint8Array): Uint8Array {
  if (value.length < sumBytes) throw new RangeError(`${value.length} bytes are too few`);
  const payload = value.subarray(sumBytes);
  const expected = new DataView(value.buffer, value.byteOffset).getUint32(0);
  if (crc32(keyToBytes(key), payload) !== expected) throw new RangeError('its checksum does not match');
  return payload;
}
