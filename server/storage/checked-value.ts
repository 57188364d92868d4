/**
 * Values with a checksum in front, so that a damaged one is noticed and not taken for data.
 *
 * The sum covers the key too: a value that turns up under another key is as wrong as a damaged one. CRC-32 (IEEE 802.3, reflected,
 * polynomial 0xEDB88320) finds accidents, not forgery. Written by hand because zlib.crc32 is missing in Node 18, which older desktop runtimes have.
 */
import { keyToBytes } from './key-bytes.ts';

const sumBytes = 4;

const table: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** The checksum of these parts one after the other, as an unsigned 32-bit number. */
export function crc32(...parts: readonly Uint8Array[]): number {
  let value = 0xffffffff;
  for (const part of parts) for (const byte of part) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0);
  return ~value >>> 0;
}

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
