/**
 * A room's name as it stands in the keys of a store, and back.
 *
 * Guarantees: no two names have one key, and no key of a name has a slash or a brace in it, so that what a room keeps
 * below its key is its own ("a" and "a/record/B" share nothing); names of A–Z a–z 0–9 _ - are their own keys, so that
 * rooms that were stored when no others were allowed are found.
 */

import { roomSegment } from '../../protocol/room-name.ts';

/** "org/my doc" becomes "org%2Fmy%20doc". */
export function roomKey(room: string): string {
  return roomSegment(room);
}

/** The name that has this key; null where none has. */
export function roomOfKey(key: string): string | null {
  try {
    const room = decodeURIComponent(key);
    return roomKey(room) === key ? room : null;
  } catch {
    return null;
  }
}

/** What the keys of a room begin with. */
export function roomPrefix(room: string): string {
  return `room/${roomKey(room)}/`;
}
