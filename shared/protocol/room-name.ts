/**
 * What can name a room, and how its name stands in addresses.
 *
 * Guarantees: the name is the whole path of a WebSocket's address after its first slash, percent-decoded, so that what
 * y-websocket apps use can be used: "org/doc", "notes.md", "json:notebook:1", "a@b". No two names are one room. A name
 * that `roomPath` writes into an address is read from there as it was.
 */

/** Most bytes of a name, in UTF-8. */
export const roomBytesMax = 512;

/** What a name may be, for messages. */
export const roomNameRule = `1 to ${roomBytesMax} bytes without control characters or dot segments, not below -/ or replica/`;

/** A name, or what is wrong with it. */
export type ParsedRoomName = { readonly name: string; readonly problem?: undefined } | { readonly problem: string };

const shownBytesMax = 40;
/** C0, DEL and C1. */
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/;
/** Below these are the server's own addresses. */
const reserved = ['-/', 'replica/'];

/** Whether a text can name a room. */
export function isRoomName(text: string): boolean {
  return roomNameProblem(text) === null;
}

/** Why a text cannot name a room, in one line; null if it can. */
export function roomNameProblem(text: string): string | null {
  if (text === '') return `a room has a name: ${roomNameRule}`;
  const bytes = utf8Bytes(text);
  const reason = bytes === null ? 'it is no Unicode text'
    : bytes > roomBytesMax ? `it has ${bytes} bytes, and ${roomBytesMax} are the most`
    : controlCharacter.test(text) ? 'it has control characters'
    : text.split('/').some((segment) => segment === '.' || segment === '..') ? 'it has a dot segment'
    : reserved.some((prefix) => text.startsWith(prefix)) ? 'what begins like that is the server\'s own'
    : null;
  return reason === null ? null : `"${shown(text)}" cannot name a room: ${reason}`;
}

/** Reads the name from an address's path, "/org/my%20doc"; a query may follow. */
export function roomOfPath(path: string): ParsedRoomName {
  const encoded = path.slice(1).replace(/[?#].*$/s, '');
  let name: string;
  try {
    name = decodeURIComponent(encoded);
  } catch {
    return { problem: `"${shown(encoded)}" cannot name a room: its percent-encoding is malformed` };
  }
  const problem = roomNameProblem(name);
  return problem === null ? { name } : { problem };
}

/** A name as it stands in the path of a WebSocket's address: slashes stay, what addresses cannot hold is percent-encoded. */
export function roomPath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

/** A name as one segment of an address or a key, without a slash: "org%2Fdoc". Names of A–Z a–z 0–9 _ - stay as they are. */
export function roomSegment(name: string): string {
  return encodeURIComponent(name);
}

/** The length in UTF-8; null where half a surrogate pair stands alone. */
function utf8Bytes(text: string): number | null {
  try {
    return encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, 'x').length;
  } catch {
    return null;
  }
}

/** So much of a name that what is wrong with it still fits into a close reason, which has 123 bytes. */
function shown(text: string): string {
  const plain = [...text].map((character) => (controlCharacter.test(character) || utf8Bytes(character) === null ? '\ufffd' : character));
  let bytes = 0;
  const fits = plain.filter((character) => (bytes += utf8Bytes(character) ?? 0) <= shownBytesMax);
  return fits.length < plain.length ? `${fits.join('')}…` : fits.join('');
}
