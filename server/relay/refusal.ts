/**
 * Close codes that we use beside those of RFC 6455. 4400 to 4499: for good, and y-websocket 3 does not come back;
 * 4500 to 4599: for now.
 */
export const closeCodes = {
  goingAway: 1001,
  onlyBinary: 1003,
  malformed: 1007,
  policy: 1008,
  internal: 1011,
  restarting: 1012,
  /** "Try again later": a session that does not read, or a relay that is full. */
  tooSlow: 1013,
  versionUnknown: 4400,
  /** What its token allows does not include this. */
  readOnly: 4403,
  /** No room can have this name. */
  badRoom: 4404,
  contradiction: 4409,
  /** The room was emptied: a copy of what it had must not come back. */
  emptied: 4410,
  full: 4413,
  /** The relay is switched off, the link is cut, or there is no place now. */
  unavailable: 4503,
} as const;

/** What a close code stands for, in a word: "malformed". */
export function reasonOf(code: number): string {
  const found = Object.entries(closeCodes).find(([, each]) => each === code)?.[0] ?? 'other';
  return found.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Thrown where what a session sent cannot be taken: its socket is closed with this code and message, and nothing has changed. */
export class Refusal extends Error {
  constructor(readonly code: number, message: string) {
    super(message);
  }
}

/** Runs what decodes a session's bytes; whatever it throws was the bytes' fault. */
export function decoded<Value>(what: string, decode: () => Value): Value {
  try {
    return decode();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(closeCodes.malformed, `malformed ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A close reason may have 123 bytes; a longer one would throw. */
export function closeReason(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const character of text.replace(/[\u0000-\u001f]/g, ' ')) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > 123) break;
    kept += character;
  }
  return kept;
}
