/**
 * Reads a log file of LevelDB, as far as it takes to tell whether its middle is damaged.
 *
 * Guarantees: a log that ends in the middle of a write, as after a crash, is sound. A log is damaged where bytes that cannot
 * be read are followed by a record that can: LevelDB skips these bytes without a word, and whole writes with them.
 * Does not look into the records. Source: LevelDB, doc/log_format.md.
 */
import { crc32c } from '../../shared/relay/storage/crc32.ts';

/** Where the first unreadable bytes of a log are. */
export interface LogDamage {
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes from there to the next record that can be read. */
  readonly length: number;
}

const blockBytes = 32_768;
/** Checksum (4 bytes), length (2), type (1). */
const headerBytes = 7;
/** Full, first, middle and last part of a record. */
const lastType = 4;
const maskDelta = 0xa282ead8;

/** The first damage in a log; null where all that stands before its end can be read. */
export function findLogDamage(log: Uint8Array): LogDamage | null {
  for (let at = 0; at < log.length; ) {
    if (isTrailer(at)) {
      at = nextBlock(at);
      continue;
    }
    const length = recordBytes(log, at);
    if (length === null) return damageAt(log, at);
    at += length;
  }
  return null;
}

/** Too few bytes are left in the block for a header: the writer fills them with zeros. */
function isTrailer(at: number): boolean {
  return blockBytes - (at % blockBytes) < headerBytes;
}

function nextBlock(at: number): number {
  return at - (at % blockBytes) + blockBytes;
}

/** The length of the record at this place, header included; null where none can be read. */
function recordBytes(log: Uint8Array, at: number): number | null {
  if (at + headerBytes > log.length || isTrailer(at)) return null;
  const view = new DataView(log.buffer, log.byteOffset + at, headerBytes);
  const length = view.getUint16(4, true);
  const type = view.getUint8(6);
  const end = at + headerBytes + length;
  if (type < 1 || type > lastType || end > log.length || end > nextBlock(at)) return null;
  return unmasked(view.getUint32(0, true)) === crc32c(log.subarray(at + 6, end)) ? end - at : null;
}

/** Stored checksums are masked, so that a checksum of data with checksums in it stays a good one. */
function unmasked(stored: number): number {
  const rotated = (stored - maskDelta) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** Whether a torn write or damage begins here: a torn write is the last thing in its file. */
function damageAt(log: Uint8Array, offset: number): LogDamage | null {
  for (let at = offset + 1; at + headerBytes <= log.length; at++) {
    if (recordBytes(log, at) !== null) return { offset, length: at - offset };
  }
  return null;
}
