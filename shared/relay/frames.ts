/** The frames on a room's socket, as bytes and as values. Grammar: shared/protocol/PROTOCOL.md. */
import * as decoding from 'lib0/decoding';
import * as string from 'lib0/string';
import { decodeMessage, encodeMessage, type FrameCodec, kindOf } from '../protocol/codec.ts';
import { type Message, rejoinFrame } from '../protocol/messages.ts';
import { decoded } from './refusal.ts';

const sync = 0;
const awareness = 1;
const auth = 2;
const queryAwareness = 3;

const permissionDenied = 0;

const stepOne = 0;
const stepTwo = 1;
const updateStep = 2;

/** One message of a frame. */
export type FrameMessage =
  | { readonly kind: 'step-one'; readonly stateVector: Uint8Array }
  /** `isStepTwo`: it carries all that the relay lacked of the session's document. */
  | { readonly kind: 'update'; readonly update: Uint8Array; readonly isStepTwo: boolean }
  | { readonly kind: 'awareness'; readonly update: Uint8Array }
  | { readonly kind: 'query-awareness' }
  | { readonly kind: 'message'; readonly message: Message }
  /** Not for the relay: of a kind that it does not know, or about rights that clients have. */
  | { readonly kind: 'ignored' };

/**
 * Reads the messages of one frame, in order; there is at least one. One of our own
 * ends its frame. How long a message of an unknown kind is, is unknown: the rest of the frame is
 * ignored with it. Throws a Refusal where a message is not whole, when its turn comes: those
 * before it have been read by then. The bytes inside are not yet checked.
 */
export function* readFrame(bytes: Uint8Array, decode: FrameCodec['decode'] = decodeMessage): Generator<FrameMessage, void, void> {
  const decoder = decoding.createDecoder(bytes);
  do yield decoded('frame', () => readMessage(decoder, decode));
  while (decoding.hasContent(decoder));
}

function readMessage(decoder: decoding.Decoder, decode: FrameCodec['decode']): FrameMessage {
  const start = decoder.pos;
  const kind = decoding.readVarUint(decoder);
  switch (kind) {
    case sync: return readSync(decoder);
    case awareness: return { kind: 'awareness', update: decoding.readVarUint8Array(decoder) };
    case queryAwareness: return { kind: 'query-awareness' };
    case auth: return readAuth(decoder);
    case rejoinFrame: return { kind: 'message', message: decode(restOf(decoder, start)) };
    default: return ignoreRest(decoder);
  }
}

/** What clients say of rights differs: where it is not as in y-protocols, its end is unknown. */
function readAuth(decoder: decoding.Decoder): FrameMessage {
  try {
    if (decoding.readVarUint(decoder) !== permissionDenied) return ignoreRest(decoder);
    decoding.readVarUint8Array(decoder);
    return { kind: 'ignored' };
  } catch {
    return ignoreRest(decoder);
  }
}

function ignoreRest(decoder: decoding.Decoder): FrameMessage {
  restOf(decoder, decoder.pos);
  return { kind: 'ignored' };
}

/** The bytes from a position on; they count as read. From the beginning on, they are the frame itself, which a codec may know. */
function restOf(decoder: decoding.Decoder, start: number): Uint8Array {
  decoder.pos = decoder.arr.length;
  return start === 0 ? decoder.arr : decoder.arr.subarray(start);
}

function readSync(decoder: decoding.Decoder): FrameMessage {
  const step = decoding.readVarUint(decoder);
  const bytes = decoding.readVarUint8Array(decoder);
  if (step === stepOne) return { kind: 'step-one', stateVector: bytes };
  if (step === stepTwo || step === updateStep) return { kind: 'update', update: bytes, isStepTwo: step === stepTwo };
  throw new RangeError(`there is no sync step ${step}`);
}

/** Whether a frame is about the document, by its first byte alone. */
export function isSyncFrame(frame: Uint8Array): boolean {
  return frame[0] === sync;
}

/**
 * Whether a frame is one of those that `saved` counts, by its first bytes alone, as windows count
 * them. However many updates are in it, it counts once.
 */
export function carriesUpdate(frame: Uint8Array): boolean {
  return isSyncFrame(frame) && (frame[1] === stepTwo || frame[1] === updateStep);
}

/** Whether a frame is a hello, by its first bytes alone. */
export function isHello(frame: Uint8Array): boolean {
  return kindOf(frame) === 'hello';
}

/** Asks a window to say hello again. */
export const againFrame = encodeMessage({ kind: 'again' });

/** Asks a client for what it knows of who is here, itself included. */
export const queryAwarenessFrame = Uint8Array.of(queryAwareness);

/** Says of nobody that they are here: a message that changes nothing. */
export const noAwarenessFrame = awarenessFrame(Uint8Array.of(0));

export function stepOneFrame(stateVector: Uint8Array): Uint8Array {
  return frame(stateVector, sync, stepOne);
}

export function stepTwoFrame(update: Uint8Array): Uint8Array {
  return frame(update, sync, stepTwo);
}

export function updateFrame(update: Uint8Array): Uint8Array {
  return frame(update, sync, updateStep);
}

/** Says that something was not permitted, as y-protocols/auth does; y-websocket prints it as a warning. */
export function permissionDeniedFrame(reason: string): Uint8Array {
  return frame(string.encodeUtf8(reason), auth, permissionDenied);
}

export function awarenessFrame(update: Uint8Array): Uint8Array {
  return frame(update, awareness);
}

/** The update in a frame that `updateFrame` made: a part of it. */
export function updateIn(made: Uint8Array): Uint8Array {
  let at = 2;
  while (made[at]! >= 0x80) at++;
  return made.subarray(at + 1);
}

/** Numbers below 128, then the bytes with their length. Each edit goes through here: lib0's encoder would take most of the time that it costs. */
function frame(bytes: Uint8Array, ...numbers: readonly number[]): Uint8Array {
  let lengthBytes = 1;
  for (let rest = bytes.length; rest >= 0x80; rest = Math.floor(rest / 0x80)) lengthBytes++;
  const made = new Uint8Array(numbers.length + lengthBytes + bytes.length);
  let at = 0;
  for (const number of numbers) made[at++] = number;
  let rest = bytes.length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) made[at++] = (rest & 0x7f) | 0x80;
  made[at++] = rest;
  made.set(bytes, at);
  return made;
}
