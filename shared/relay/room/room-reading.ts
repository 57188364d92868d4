/** The parts of a room as others may read them: what changes them goes through the room, and faults through its faults. */
import type { RoomTraffic } from '../../protocol/room-traffic.ts';
import type { RoomDocument } from '../document/room-document.ts';
import type { RoomFaults } from '../faults/room-faults.ts';
import type { RoomIslands } from '../faults/room-islands.ts';
import type { RoomLinks } from '../faults/room-links.ts';
import type { RoomJournal } from './room-journal.ts';
import type { RoomMembers } from './room-members.ts';
import type { RoomNames } from './room-names.ts';

export interface RoomReading {
  /** What all islands have together. */
  readonly document: Pick<RoomDocument, 'doc' | 'snapshot' | 'bytesAtMost'>;
  readonly journal: Pick<RoomJournal, 'summary' | 'stored' | 'missing' | 'parts'>;
  readonly islands: Pick<RoomIslands, 'all' | 'isDivided' | 'lists' | 'numberOf' | 'numberOfGuest'>;
  /** The links with faults. */
  readonly links: Pick<RoomLinks, 'all' | 'names' | 'count' | 'get'>;
  readonly members: Pick<RoomMembers, 'list'>;
  readonly names: Pick<RoomNames, 'ownerOf'>;
  readonly faults: Pick<RoomFaults, 'divide' | 'setLink' | 'mend' | 'areOnlyHere'>;
  readonly traffic: Pick<RoomTraffic, 'ofStrategy'>;
}

/** The same, as the room itself has them. */
export interface RoomParts {
  readonly document: RoomDocument;
  readonly journal: RoomJournal;
  readonly islands: RoomIslands;
  readonly links: RoomLinks;
  readonly members: RoomMembers;
  readonly names: RoomNames;
  readonly faults: RoomFaults;
  readonly traffic: RoomTraffic;
}
