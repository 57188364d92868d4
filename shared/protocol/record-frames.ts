/** Records as frames of a bearable size, so that a long history comes in pieces that can be worked on one by one. */
import type { FrameCodec } from './codec.ts';

/** Records of one frame together have at most about this many bytes; a longer one goes by itself. */
const frameBytesMax = 256 * 1024;

/** Encoded records, in their order, as `records` messages; each is made when it is asked for. */
export function* recordFrames(records: Iterable<Uint8Array>, encode: FrameCodec['encode']): Generator<Uint8Array, void> {
  let part: Uint8Array[] = [];
  let bytes = 0;
  for (const record of records) {
    if (part.length > 0 && bytes + record.length > frameBytesMax) {
      yield encode({ kind: 'records', records: part });
      part = [];
      bytes = 0;
    }
    part.push(record);
    bytes += record.length;
  }
  if (part.length > 0) yield encode({ kind: 'records', records: part });
}
