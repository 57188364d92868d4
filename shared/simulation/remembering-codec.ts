/**
 * A codec that remembers what its frames and records say: in a simulation the same bytes go to many, and reading them anew each time is most of the work.
 * Guarantees the same bytes and the same messages as the plain codec, as long as nobody changes bytes or messages, which nobody may, and all records were encoded here.
 */
import { decodeRecord, encodeRecord } from '../history/record-codec.ts';
import type { JournalRecord } from '../history/record.ts';
import { decodeMessage, encodeMessage, type FrameCodec } from '../protocol/codec.ts';
import type { Message } from '../protocol/messages.ts';

export function rememberingCodec(): FrameCodec {
  const messages = new WeakMap<Uint8Array, Message>();
  const records = new WeakMap<Uint8Array, JournalRecord>();
  const bytesOf = new WeakMap<JournalRecord, Uint8Array>();
  const remember = (bytes: Uint8Array, record: JournalRecord): void => {
    records.set(bytes, record);
    bytesOf.set(record, bytes);
  };
  return {
    encode(message) {
      const frame = encodeMessage(message);
      messages.set(frame, message);
      return frame;
    },
    decode(frame) {
      let message = messages.get(frame);
      if (!message) messages.set(frame, (message = decodeMessage(frame)));
      return message;
    },
    encodeRecord(record) {
      let bytes = bytesOf.get(record);
      if (!bytes) remember((bytes = encodeRecord(record)), record);
      return bytes;
    },
    decodeRecord(bytes) {
      let record = records.get(bytes);
      if (!record) remember(bytes, (record = decodeRecord(bytes)));
      return record;
    },
  };
}
