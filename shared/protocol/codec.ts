/** Messages as bytes. Anything that is not a whole message makes decodeMessage throw a RangeError. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { ReplicaId } from '../clocks/dot.ts';
import { readText } from '../encoding/read-plain.ts';
import { readWhole } from '../encoding/read-whole.ts';
import type { JournalRecord } from '../history/record.ts';
import { decodeRecord, encodeRecord, readReplicaId, readVersionVector, writeVersionVector } from '../history/record-codec.ts';
import { writeWhole } from '../encoding/write-whole.ts';
import { type DirectChannel, directChannels, instancePattern, membersMax, type Message, rejoinFrame } from './messages.ts';

const kinds = ['hello', 'welcome', 'records', 'saved', 'roster', 'settled-in', 'direct', 'again'] as const;

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

/** A whole frame, its first number included. */
export function encodeMessage(message: Message): Uint8Array {
  return writeWhole((encoder) => {
    encoding.writeVarUint(encoder, rejoinFrame);
    encoding.writeVarUint(encoder, kinds.indexOf(message.kind));
    switch (message.kind) {
      case 'hello':
        encoding.writeVarUint(encoder, message.version);
        encoding.writeVarString(encoder, message.replica);
        encoding.writeVarString(encoder, message.instance);
        return writeVersionVector(encoder, message.summary);
      case 'welcome':
        encoding.writeVarUint(encoder, message.version);
        encoding.writeVarString(encoder, message.epoch);
        encoding.writeVarUint(encoder, message.discarded.length);
        for (const epoch of message.discarded) encoding.writeVarString(encoder, epoch);
        return writeVersionVector(encoder, message.summary);
      case 'records':
        encoding.writeVarUint(encoder, message.records.length);
        for (const record of message.records) encoding.writeVarUint8Array(encoder, record);
        return;
      case 'saved':
        writeVersionVector(encoder, message.summary);
        return encoding.writeVarUint(encoder, message.yjsFrames);
      case 'roster':
        writeReplicas(encoder, message.members);
        writeReplicas(encoder, message.present);
        return encoding.writeVarUint(encoder, message.waiting ? 1 : 0);
      case 'settled-in':
        return writeReplicas(encoder, message.members);
      case 'direct':
        encoding.writeVarString(encoder, message.peer);
        encoding.writeVarUint(encoder, directChannels.indexOf(message.channel));
        encoding.writeVarUint(encoder, message.roster);
        return encoding.writeVarUint8Array(encoder, message.payload);
      case 'again':
        return;
    }
  });
}

/** Reads a whole frame, its first number included. */
export function decodeMessage(frame: Uint8Array): Message {
  return readWhole(frame, 'a message', (decoder) => {
    const first = decoding.readVarUint(decoder);
    if (first !== rejoinFrame) throw new RangeError(`it starts with ${first}, not ${rejoinFrame}`);
    return readBody(decoder);
  });
}

/** What kind of message a frame is, without reading it; undefined where it is none. */
export function kindOf(frame: Uint8Array): Message['kind'] | undefined {
  return frame[0] === rejoinFrame ? kinds[frame[1] ?? kinds.length] : undefined;
}

export const plainCodec: FrameCodec = { encode: encodeMessage, decode: decodeMessage, encodeRecord, decodeRecord };

function readBody(decoder: decoding.Decoder): Message {
  const number = decoding.readVarUint(decoder);
  const kind = kinds[number];
  switch (kind) {
    case 'hello':
      return { kind, version: decoding.readVarUint(decoder), replica: readReplicaId(decoder), instance: readName(decoder), summary: readVersionVector(decoder) };
    case 'welcome':
      return { kind, version: decoding.readVarUint(decoder), epoch: readName(decoder), discarded: readMany(decoder, readName), summary: readVersionVector(decoder) };
    case 'records':
      return { kind, records: readMany(decoder, decoding.readVarUint8Array) };
    case 'saved':
      return { kind, summary: readVersionVector(decoder), yjsFrames: decoding.readVarUint(decoder) };
    case 'roster':
      return { kind, members: readReplicas(decoder), present: readReplicas(decoder), waiting: decoding.readVarUint(decoder) > 0 };
    case 'settled-in':
      return { kind, members: readReplicas(decoder) };
    case 'direct':
      return { kind, peer: readReplicaId(decoder), channel: readChannel(decoder), roster: decoding.readVarUint(decoder), payload: decoding.readVarUint8Array(decoder) };
    case 'again':
      return { kind };
    default:
      throw new RangeError(`there is no kind ${number}`);
  }
}

function writeReplicas(encoder: encoding.Encoder, replicas: readonly ReplicaId[]): void {
  encoding.writeVarUint(encoder, replicas.length);
  for (const replica of replicas) encoding.writeVarString(encoder, replica);
}

/** Each once. */
function readReplicas(decoder: decoding.Decoder): ReplicaId[] {
  const replicas = new Set(readMany(decoder, (at) => readReplicaId(at)));
  if (replicas.size > membersMax) throw new RangeError(`${replicas.size} replicas; ${membersMax} is the most`);
  return [...replicas];
}

function readChannel(decoder: decoding.Decoder): DirectChannel {
  const number = decoding.readVarUint(decoder);
  const channel = directChannels[number];
  if (channel === undefined) throw new RangeError(`there is no channel ${number}`);
  return channel;
}

function readMany<Item>(decoder: decoding.Decoder, read: (decoder: decoding.Decoder) => Item): Item[] {
  const items: Item[] = [];
  for (let left = decoding.readVarUint(decoder); left > 0; left--) items.push(read(decoder));
  return items;
}

function readName(decoder: decoding.Decoder): string {
  const name = readText(decoder);
  if (!instancePattern.test(name)) throw new RangeError(`"${name.slice(0, 40)}" was expected to be 1 to 64 of A–Z a–z 0–9 _ -`);
  return name;
}
