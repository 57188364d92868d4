/**
 * What is wrong with Yjs updates that Yjs itself takes, and falls over later: after other edits, or when the document is read again.
 *
 * Guarantees: nothing that a Yjs client writes is found wrong. Does not find all that could harm; what fails at once needs no check.
 */
import type { Decoder } from 'lib0/decoding';
import * as Y from 'yjs';
import { decodeAnyUpdate } from '../../document/decoded-update.ts';
import type { TypeId } from './plain-update.ts';

/** What an update adds: items, and gaps where there were some. */
type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number];

/** An update of Yjs, and more bytes behind it: Yjs would take it, and leave those out in silence. */
export class BytesAfterEnd extends RangeError {
  /** `end`: how long the update is. */
  constructor(readonly end: number, more: number) {
    super(`${more} bytes after its end`);
  }
}

/**
 * Throws where an update is not exactly one of format V1, or something in it has no length, or one that no number can hold. Yjs writes no such thing, and
 * may fail over it long after it was taken; of an update of format V2 it mostly makes nothing, without an error.
 */
export function mustBeSound(update: Uint8Array): void {
  try {
    mustHaveLengths(decodeWhole(update));
  } catch (error) {
    if (isFormatV2(update)) throw new RangeError('this is an update of format V2; use Y.encodeStateAsUpdate or Y.convertUpdateFormatV2ToV1');
    throw error;
  }
}

type DecodedUpdate = ReturnType<typeof Y.decodeUpdate>;

function decodeWhole(update: Uint8Array): DecodedUpdate {
  const decoders: Decoder[] = [];
  class NotingDecoder extends Y.UpdateDecoderV1 {
    constructor(decoder: Decoder) {
      super(decoder);
      decoders.push(decoder);
    }
  }
  // Both formats' decoders have the same methods.
  const decoded = Y.decodeUpdateV2(update, NotingDecoder);
  const end = decoders[0]!.pos;
  if (end < update.length) throw new BytesAfterEnd(end, update.length - end);
  return decoded;
}

/** Whether bytes that are no update of format V1 are one of V2, which begins with 0. Takes time in proportion to them: a few can claim any number of items. */
function isFormatV2(update: Uint8Array): boolean {
  if (update[0] !== 0) return false;
  const max = update.length;
  try {
    return decodeAnyUpdate(update, { structsMax: max, clientsMax: max, subdocumentsMax: max, valuesMax: max, deletedRangesMax: max }).format === 'v2';
  } catch {
    return false;
  }
}

function mustHaveLengths({ structs, ds }: DecodedUpdate): void {
  const isLength = (clock: number, length: number): boolean => length > 0 && clock + length <= Number.MAX_SAFE_INTEGER;
  if (!structs.every(({ id, length }) => isLength(id.clock, length))) throw new RangeError('an item without a length');
  for (const ranges of ds.clients.values()) if (!ranges.every(({ clock, len }) => isLength(clock, len))) throw new RangeError('a deletion without a length');
}

/** Whether a document took several live values in one item under one key of a map: no Yjs writes that, and each fails over it after other edits (plain-update.ts). */
export function hasCrowdedKey(doc: Y.Doc, added: readonly Struct[]): boolean {
  return added.some((struct) => {
    if (!(struct instanceof Y.Item) || struct.length === 1 || struct.content instanceof Y.ContentDeleted) return false;
    const found: unknown = Y.getItem(doc.store, struct.id);
    return found instanceof Y.Item && found.parentSub !== null;
  });
}

/** The types among these. */
export function typesIn(added: readonly Struct[]): TypeId[] {
  return added.flatMap((struct) => (struct instanceof Y.Item && struct.content instanceof Y.ContentType ? [[struct.id.client, struct.id.clock] as const] : []));
}
