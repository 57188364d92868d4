/**
 * Checksums of 32 bits, reflected. They find accidents, not forgery. Written by hand because zlib.crc32 is missing in
 * Node 18, which older desktop runtimes have, and because Node has no CRC-32C at all.
 */

/** CRC-32 of IEEE 802.3, polynomial 0xEDB88320. */
const ieeeTable = tableOf(0xedb88320);
/** CRC-32C of Castagnoli (RFC 3720, appendix B.4), polynomial 0x82F63B78. */
const castagnoliTable = tableOf(0x82f63b78);

/** The CRC-32 of these parts one after the other, as an unsigned 32-bit number. */
export function crc32(...parts: readonly Uint8Array[]): number {
  return checksum(ieeeTable, parts);
}

/** The CRC-32C of these parts one after the other, as an unsigned 32-bit number. */
export function crc32c(...parts: readonly Uint8Array[]): number {
  return checksum(castagnoliTable, parts);
}

function tableOf(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value >>> 0;
  });
}

function checksum(table: Uint32Array, parts: readonly Uint8Array[]): number {
  let value = 0xffffffff;
  for (const part of parts) for (const byte of part) value = (value >>> 8) ^ table[(value ^ byte) & 0xff]!;
  return ~value >>> 0;
}
