/**
 * Decodes an update of Yjs from anybody, in whichever of its two formats it is.
 *
 * Guarantees: time and memory in proportion to the bytes and to `limits`; anything that is not exactly one update throws an UnreadableInput. Yjs alone does not
 * promise that: in version 2 a few bytes can claim 2^50 structs, and neither version minds bytes after the end.
 * It is only decoded, never put into a document: that takes Yjs quadratic time on some inputs, and this one is not trusted.
 *
 * Both formats begin with a number: version 1 with that of the clients, version 2 with its flags, which are always 0. So only updates without any client can be
 * mistaken; those are told apart by being read to their very end. (A version 2 that is cut off near its start may read as a version 1 that has deletions alone.)
 */
import type { Decoder } from 'lib0/decoding';
import * as Y from 'yjs';
import { UnreadableInput } from '../encoding/unreadable-input.ts';

export type UpdateFormat = 'v1' | 'v2';

export interface UpdateLimits {
  /** Runs of edits as Yjs stores them. */
  readonly structsMax: number;
  /** A client id is drawn each time that a document is opened. */
  readonly clientsMax: number;
  /** Each makes Yjs set up a document of its own. */
  readonly subdocumentsMax: number;
  /** Values in arrays and maps, formats and embeds. */
  readonly valuesMax: number;
  readonly deletedRangesMax: number;
}

export const updateLimits: UpdateLimits = { structsMax: 1_000_000, clientsMax: 250_000, subdocumentsMax: 10_000, valuesMax: 2_000_000, deletedRangesMax: 1_000_000 };

export type DecodedUpdate = ReturnType<typeof Y.decodeUpdateV2> & { readonly format: UpdateFormat };

const expected = 'expected an update of Yjs, version 1 or 2';

/** What Yjs notes of a struct: its low five bits tell the content; 9 is a subdocument. */
const contentBits = 0b11111;
const subdocumentContent = 9;

export function decodeAnyUpdate(bytes: Uint8Array, limits: UpdateLimits = updateLimits): DecodedUpdate {
  if (bytes.length === 0) throw new UnreadableInput(`${expected}; it is empty`);
  if (bytes[0] !== 0) return decodeAs('v1', bytes, limits);
  try {
    return decodeAs('v2', bytes, limits);
  } catch (error) {
    try {
      return decodeAs('v1', bytes, limits);
    } catch (other) {
      throw other instanceof TooMuch ? other : error;
    }
  }
}

/** An update that is one, so far as it was read. */
class TooMuch extends UnreadableInput {}

function decodeAs(format: UpdateFormat, bytes: Uint8Array, limits: UpdateLimits): DecodedUpdate {
  const meter = new Meter(limits);
  let rest: Decoder | null = null;
  // Both formats' decoders have the same methods.
  const metered = (Decoder: typeof Y.UpdateDecoderV1): typeof Y.UpdateDecoderV1 => class extends Decoder {
    constructor(decoder: Decoder) {
      super(decoder);
      rest = decoder;
    }
    override readInfo(): number {
      return meter.struct(super.readInfo());
    }
    override readClient(): number {
      meter.client();
      return super.readClient();
    }
    override readAny(): unknown {
      meter.value();
      return super.readAny() as unknown;
    }
    override readJSON(): unknown {
      meter.value();
      return super.readJSON() as unknown;
    }
    override readDsClock(): number {
      meter.deletedRange();
      return super.readDsClock();
    }
  };
  const decoded = sound(() => Y.decodeUpdateV2(bytes, metered(format === 'v1' ? Y.UpdateDecoderV1 : (Y.UpdateDecoderV2 as unknown as typeof Y.UpdateDecoderV1))));
  const { pos, arr } = rest! as Decoder;
  if (pos < arr.length) throw new UnreadableInput(`expected one update of Yjs; ${arr.length - pos} more bytes follow its end (several updates in one file have to be merged first: Y.mergeUpdates)`);
  return { ...decoded, format };
}

/** Throws as soon as an update has more of something than it may. */
class Meter {
  private readonly counts: Record<keyof UpdateLimits, number> = { structsMax: 0, clientsMax: 0, subdocumentsMax: 0, valuesMax: 0, deletedRangesMax: 0 };

  constructor(private readonly limits: UpdateLimits) {}

  struct(info: number): number {
    this.count('structsMax', 'structs');
    if ((info & contentBits) === subdocumentContent) this.count('subdocumentsMax', 'subdocuments');
    return info;
  }

  client(): void {
    this.count('clientsMax', 'clients');
  }

  value(): void {
    this.count('valuesMax', 'values');
  }

  deletedRange(): void {
    this.count('deletedRangesMax', 'deleted ranges');
  }

  private count(limit: keyof UpdateLimits, what: string): void {
    if (++this.counts[limit] > this.limits[limit]) throw new TooMuch(`expected an update of at most ${this.limits[limit].toLocaleString('en-US')} ${what}`);
  }
}

/** What reading throws, as one sentence. */
export function sound<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableInput) throw error;
    if (error instanceof RangeError && /call stack/.test(error.message)) throw new UnreadableInput(`${expected}; its values are nested too deeply`);
    throw new UnreadableInput(`${expected}; it is cut short, or something else`);
  }
}
