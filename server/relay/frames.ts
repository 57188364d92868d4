/** The frames on a room's socket, as bytes and as values. Grammar: shared/protocol/PROTOCOL.md. */
import * as decoding from 'lib0/decoding';
import { decodeMessage, encodeMessage } from '../../shared/protocol/codec.ts';
import { type Message, rejoinFrame } from '../../shared/protocol/messages.ts';
import { closeCodes, decoded, Refusal } from './refusal.ts';

const sync = 0;
const awareness = 1;
const authorization = 2;
const queryAwareness = 3;

const permissionDenied = 0;

const stepOne = 0;
const stepTwo = 1;
const updateStep = 2;

export type Frame =
  | { readonly kind: 'step-one'; readonly stateVector: Uint8Array }
  /** `isStepTwo`: it carries all that the relay lacked of the session's document. */
  | { readonly kind: 'update'; readonly update: Uint8Array; readonly isStepTwo: boolean }
  | { readonly kind: 'awareness'; readonly update: Uint8Array }
  | { readonly kind: 'query-awareness' }
  | { readonly kind: 'message'; readonly message: Message };

/** Reads one frame from a session; throws a Refusal when it is not a whole frame. The bytes inside are not yet checked. */
export function readFrame(bytes: Uint8Array): Frame {
  return decoded('frame', () => {
    const decoder = decoding.createDecoder(bytes);
    const kind = decoding.readVarUint(decoder);
    if (kind === rejoinFrame) return { kind: 'message', message: decodeMessage(bytes) };
    const frame = readYjsFrame(kind, decoder);
    if (decoding.hasContent(decoder)) throw new RangeError('bytes after its end');
    return frame;
  });
}

function readYjsFrame(kind: number, decoder: decoding.Decoder): Frame {
  if (kind === sync) return readSync(decoder);
  if (kind === awareness) return { kind: 'awareness', update: decoding.readVarUint8Array(decoder) };
  if (kind === queryAwareness) return { kind: 'query-awareness' };
  throw new Refusal(closeCodes.malformed, `malformed frame: the relay takes no frame ${kind}`);
}

function readSync(decoder: decoding.Decoder): Frame {
  const step = decoding.readVarUint(decoder);
  const bytes = decoding.readVarUint8Array(decoder);
  if (step === stepOne) return { kind: 'step-one', stateVector: bytes };
  if (step === stepTwo || step === updateStep) return { kind: 'update', update: bytes, isStepTwo: step === stepTwo };
  throw new RangeError(`there is no sync step ${step}`);
}

/** Whether a frame is one of those that `saved` counts, by its first bytes alone. */
export function carriesUpdate(frame: Uint8Array): boolean {
  return frame[0] === sync && (frame[1] === stepTwo || frame[1] === updateStep);
}

/** Whether a frame is a hello, by its first bytes alone. */
export function isHello(frame: Uint8Array): boolean {
  return frame[0] === rejoinFrame && frame[1] === 0;
}

/** Asks a window to say hello again. */
export const againFrame = encodeMessage({ kind: 'again' });

/** Asks a client for what it knows of who is here, itself included. */
export const queryAwarenessFrame = Uint8Array.of(queryAwareness);

/** What y-protocols calls "permission denied", with a reason. */
export function deniedFrame(reason: string): Uint8Array {
  return frame(new TextEncoder().encode(reason), authorization, permissionDenied);
}

export function stepOneFrame(stateVector: Uint8Array): Uint8Array {
  return frame(stateVector, sync, stepOne);
}

export function stepTwoFrame(update: Uint8Array): Uint8Array {
  return frame(update, sync, stepTwo);
}

export function updateFrame(update: Uint8Array): Uint8Array {
  return frame(update, sync, updateStep);
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
  const made = Buffer.allocUnsafe(numbers.length + lengthBytes + bytes.length);
  let at = 0;
  for (const number of numbers) made[at++] = number;
  let rest = bytes.length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) made[at++] = (rest & 0x7f) | 0x80;
  made[at++] = rest;
  made.set(bytes, at);
  return made;
}
