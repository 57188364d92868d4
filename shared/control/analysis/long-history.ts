import type { Room } from '../../relay/room/room.ts';

/** So many records are gone through in some 20 ms, which nobody notices; beyond, it is done in a thread. */
const longRecords = 200;

/** Whether to go through the records of a room takes so long that the relay should do it elsewhere. */
export function isLong(room: Room): boolean {
  return room.journal.summary.size > longRecords;
}
