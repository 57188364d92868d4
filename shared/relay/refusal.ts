import * as string from 'lib0/string';
import { errorText } from '../encoding/error-text.ts';
import { emptiedCode } from '../protocol/messages.ts';

/**
 * Close codes of the relay, after the HTTP statuses that they resemble (docs/decisions/0025). y-websocket 3.1
 * does not come back after 4400 to 4499: the same would happen again. After all others it does.
 */
export const closeCodes = {
  /** The relay ends (RFC 6455). */
  goingAway: 1001,
  malformed: 4400,
  /** What its token allows does not include this. */
  readOnly: 4403,
  /** No room can have this name. */
  badRoom: 4404,
  contradiction: 4409,
  /** The room was emptied on purpose: who came back would bring all of it back. Our windows come, and start over. */
  emptied: emptiedCode,
  /** A message that is too large, or a room that can take no more. */
  full: 4413,
  onlyBinary: 4415,
  versionUnknown: 4426,
  tooMuch: 4429,
  /** The relay's own trouble. */
  internal: 4500,
  /** A relay, a room or a link that is off for now, or a relay that is full for now. */
  restarting: 4503,
  /** A session that does not read, or sends faster than its room loads. */
  tooSlow: 4508,
} as const;

/** What a close code stands for, in a word: "malformed". */
export function reasonOf(code: number): string {
  const found = Object.entries(closeCodes).find(([, each]) => each === code)?.[0] ?? 'other';
  return found.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Thrown where what a session sent cannot be taken: its socket is closed with this code and message, and nothing has changed. */
export class Refusal extends Error {
  constructor(readonly code: number, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Runs what decodes a session's bytes; whatever it throws was the bytes' fault. */
export function decoded<Value>(what: string, decode: () => Value): Value {
  try {
    return decode();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(closeCodes.malformed, `malformed ${what}: ${errorText(error)}`, { cause: error });
  }
}

/** A close reason may have 123 bytes; a longer one would throw. */
export function closeReason(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const character of text.replace(/[\u0000-\u001f]/g, ' ')) {
    bytes += string.encodeUtf8(character).length;
    if (bytes > 123) break;
    kept += character;
  }
  return kept;
}
