/** Messages as bytes, as the table in messages.ts says. Anything that is not a whole message makes decodeMessage throw a RangeError. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { readWhole } from '../encoding/read-whole.ts';
import { writeWhole } from '../encoding/write-whole.ts';
import type { JournalRecord } from '../history/record.ts';
import { decodeRecord, encodeRecord } from '../history/record-codec.ts';
import { type Message, messages, rejoinFrame } from './messages.ts';
import type { WireField } from './wire-fields.ts';

/** How messages become frames and frames messages: the grammar as it stands, or one that need not read the same frame twice. */
export interface FrameCodec {
  /** A whole frame; not to be changed by whoever gets it. */
  encode(message: Message): Uint8Array;
  /** Throws a RangeError for anything that is not a whole message. */
  decode(frame: Uint8Array): Message;
  encodeRecord(record: JournalRecord): Uint8Array;
  /** Throws a RangeError for anything that is not a whole record. */
  decodeRecord(bytes: Uint8Array): JournalRecord;
}

interface Row {
  readonly number: number;
  readonly kind: Message['kind'];
  readonly fields: readonly (readonly [name: string, field: WireField<unknown>])[];
}

/** By their numbers. */
const rows = Object.entries(messages).map(([kind, { fields }], number): Row => ({ number, kind: kind as Message['kind'], fields: Object.entries(fields) }));
const rowOf = new Map(rows.map((row) => [row.kind, row]));

/** A whole frame, its first number included. */
export function encodeMessage(message: Message): Uint8Array {
  const { number, fields } = rowOf.get(message.kind)!;
  return writeWhole((encoder) => {
    encoding.writeVarUint(encoder, rejoinFrame);
    encoding.writeVarUint(encoder, number);
    for (const [name, field] of fields) field.write(encoder, (message as unknown as Readonly<Record<string, unknown>>)[name]);
  });
}

/** Reads a whole frame, its first number included. */
export function decodeMessage(frame: Uint8Array): Message {
  return readWhole(frame, 'a message', (decoder) => {
    const first = decoding.readVarUint(decoder);
    if (first !== rejoinFrame) throw new RangeError(`it starts with ${first}, not ${rejoinFrame}`);
    const number = decoding.readVarUint(decoder);
    const row = rows[number];
    if (!row) throw new RangeError(`there is no kind ${number}`);
    const message: Record<string, unknown> = { kind: row.kind };
    for (const [name, field] of row.fields) message[name] = field.read(decoder);
    return message as unknown as Message;
  });
}

/** What kind of message a frame is, without reading it; undefined where it is none. */
export function kindOf(frame: Uint8Array): Message['kind'] | undefined {
  return frame[0] === rejoinFrame ? rows[frame[1] ?? rows.length]?.kind : undefined;
}

export const plainCodec: FrameCodec = { encode: encodeMessage, decode: decodeMessage, encodeRecord, decodeRecord };
