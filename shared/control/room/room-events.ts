/**
 * What happened in each room beside its edits: what its windows noted (what arrived there, whom they reach, promotions), their network
 * switches, and what the lab itself did (settings, islands, links). In memory: windows keep their own notes, and bring them again to a lab that has started anew.
 *
 * Guarantees: each note of a window once; what is malformed changes nothing. Keeps the latest events of a room, at most `eventsMax`.
 */
import { isReplicaId, type ReplicaId } from '../../clocks/dot.ts';
import type { Schema } from '../../document/schema.ts';
import type { RoomEvent } from '../../history/room-event.ts';
import { parseReplicaNote } from '../../history/room-event-format.ts';
import type { Link } from '../../network/link.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Room } from '../../relay/room/room.ts';
import { settingsOf } from './room-settings.ts';
import { timeMsMax } from '../schemas.ts';

/** So many events of a room are kept; when there are a tenth more, the oldest go. */
const eventsMax = 20_000;

interface Known {
  events: RoomEvent[];
  isOrdered: boolean;
  /** By replica and copy of its storage, the number of the latest note that is here. */
  readonly upTo: Map<string, number>;
  /** What the lab noted last, as JSON. */
  settings: string;
  islands: string;
  /** Those with faults. */
  readonly links: Map<string, Link>;
  /** Replicas whose windows said last that their network is switched off. */
  readonly offline: Set<ReplicaId>;
}

export interface RoomEventsOptions {
  readonly clock: Clock;
  /** How far the clocks of the room's windows are ahead of this one, in milliseconds: a scenario lets time pass there alone. */
  readonly advancedMs: (room: Room) => number;
  readonly schemaOf: (room: Room) => Schema;
}

export class RoomEvents {
  private readonly rooms = new WeakMap<Room, Known>();

  constructor(private readonly options: RoomEventsOptions) {}

  /** In the order of their times. */
  of(room: Room): readonly RoomEvent[] {
    const known = this.rooms.get(room);
    if (!known) return [];
    if (!known.isOrdered) known.events.sort((a, b) => a.wallMs - b.wallMs);
    known.isOrdered = true;
    return known.events;
  }

  /** The number of the latest note of this copy of a replica that is here; 0: none. */
  upTo(room: Room, replica: ReplicaId, instance: string): number {
    return this.rooms.get(room)?.upTo.get(`${replica} ${instance}`) ?? 0;
  }

  /** Takes notes of a window, the first of which has the number `from`; those that are here already are left out. Throws a RangeError where one is malformed. */
  take(room: Room, replica: ReplicaId, { instance, from, notes }: { readonly instance: string; readonly from: number; readonly notes: readonly Readonly<Record<string, unknown>>[] }): void {
    const schema = this.options.schemaOf(room);
    const parsed = notes.map((note) => {
      const event = parseReplicaNote(schema, note, time);
      if (event.replica !== replica) throw new RangeError(`a note of ${event.replica} on the channel of ${replica}`);
      return event;
    });
    if (!this.rooms.has(room)) this.noteLab(room);
    const known = this.knownOf(room);
    const key = `${replica} ${instance}`;
    const upTo = known.upTo.get(key) ?? 0;
    for (const [index, event] of parsed.entries()) if (from + index > upTo) this.add(known, event);
    known.upTo.set(key, Math.max(upTo, from + parsed.length - 1));
  }

  /** Notes what the lab changed since it was called last. */
  noteLab(room: Room): void {
    const known = this.knownOf(room);
    const wallMs = this.timeIn(room);
    const [settings, islands] = [JSON.stringify(settingsOf(room)), JSON.stringify(room.islands.lists)];
    if (settings !== known.settings) this.add(known, { kind: 'settings', replica: null, wallMs, payload: JSON.parse(settings) as Record<string, unknown> });
    if (islands !== known.islands) this.add(known, { kind: 'island', replica: null, wallMs, payload: JSON.parse(islands) });
    Object.assign(known, { settings, islands });
    const names = new Set(room.links.names);
    for (const name of names) if (known.links.get(name) !== room.links.get(name)) this.noteLink(known, room, name, wallMs);
    for (const name of [...known.links.keys()]) {
      if (names.has(name)) continue;
      this.noteLink(known, room, name, wallMs);
      known.links.delete(name);
    }
  }

  /** Notes where the network of a replica is switched now, if it is another way than before. The time is the lab's: a little later than at the window. */
  noteNetwork(room: Room, replica: ReplicaId, online: boolean): void {
    if (!this.rooms.has(room)) this.noteLab(room);
    const known = this.knownOf(room);
    if (online !== known.offline.has(replica)) return;
    if (online) known.offline.delete(replica);
    else known.offline.add(replica);
    this.add(known, { kind: online ? 'online' : 'offline', replica, wallMs: this.timeIn(room), payload: null });
  }

  /** The room was emptied: what was noted belongs to a life of it that is over. */
  forget(room: Room): void {
    this.rooms.delete(room);
    this.noteLab(room);
  }

  /** As the room's windows have it. */
  private timeIn(room: Room): number {
    return this.options.clock.wallMs() + this.options.advancedMs(room);
  }

  private knownOf(room: Room): Known {
    let known = this.rooms.get(room);
    if (!known) this.rooms.set(room, (known = { events: [], isOrdered: true, upTo: new Map(), settings: '', islands: '[]', links: new Map(), offline: new Set() }));
    return known;
  }

  private noteLink(known: Known, room: Room, name: string, wallMs: number): void {
    const link = room.links.get(name);
    this.add(known, { kind: 'fault', replica: isReplicaId(name) ? name : null, wallMs, payload: { name, ...link } });
    known.links.set(name, link);
  }

  private add(known: Known, event: RoomEvent): void {
    known.isOrdered &&= event.wallMs >= (known.events.at(-1)?.wallMs ?? -Infinity);
    known.events.push(event);
    if (known.events.length > eventsMax * 1.1) {
      known.events.sort((a, b) => a.wallMs - b.wallMs);
      known.isOrdered = true;
      known.events = known.events.slice(-eventsMax);
    }
  }
}

function time(value: unknown): number {
  if (typeof value !== 'number' || !(Math.abs(value) <= timeMsMax)) throw new RangeError('a note has a time in milliseconds since the Unix epoch');
  return value;
}
