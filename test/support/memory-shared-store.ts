/** A SharedStore in memory: what several relays in one process share. As Redis does it, without Redis. */
import type { LoadedRoom, SharedRoom, SharedRoomListener, SharedStore, SharedWrite, WriteOutcome } from '../../shared/ports/shared-store.ts';

interface Entry {
  readonly writer: Entered;
  readonly news: Uint8Array;
  readonly empties: boolean;
}

interface Kept {
  values: Map<string, Uint8Array>;
  readonly entries: Entry[];
  division: string | null;
  dividedAt: number;
  readonly present: Set<Entered>;
}

/** What the relays share. */
export class SharedMemory {
  private readonly rooms = new Map<string, Kept>();
  private relays = 0;

  /** The store of one more relay. */
  open(): SharedStore {
    const relay = `relay-${++this.relays}`;
    return { relay, state: () => ({ reachable: true, trouble: null, sinceMs: null }), enter: (room, listener) => new Entered(relay, this.roomOf(room), listener), close: () => Promise.resolve() };
  }

  private roomOf(name: string): Kept {
    let room = this.rooms.get(name);
    if (!room) this.rooms.set(name, (room = { values: new Map(), entries: [], division: null, dividedAt: 0, present: new Set() }));
    return room;
  }
}

class Entered implements SharedRoom {
  /** How many entries it has heard; -1 while it hears none. */
  private heard = -1;

  constructor(private readonly relay: string, private readonly room: Kept, private readonly listener: SharedRoomListener) {}

  load(epoch: Uint8Array): Promise<LoadedRoom> {
    const { room } = this;
    if (!room.values.has('meta/epoch')) room.values.set('meta/epoch', epoch.slice());
    this.heard = room.entries.length;
    room.present.add(this);
    const entries = [...room.values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value: value.slice() }));
    return Promise.resolve({ entries, sinceDivided: room.division === null ? [] : room.entries.slice(room.dividedAt).map(({ news }) => news) });
  }

  async write({ epoch, changes, news, empties = false, division }: SharedWrite): Promise<WriteOutcome> {
    const { room } = this;
    if (!areSame(room.values.get('meta/epoch'), epoch)) return empties && areSame(room.values.get('meta/epoch'), changes[0]?.value) ? { kind: 'written' } : { kind: 'outdated' };
    for (const { key, value, expects } of changes) {
      const found = room.values.get(key);
      if (expects !== undefined && !areSame(found, expects) && !areSame(found, value)) return { kind: 'refused', key, value: found ?? null };
    }
    if (division !== undefined && this.heard < room.entries.length) {
      this.catchUp();
      return { kind: 'behind' };
    }
    if (empties) room.values = new Map();
    for (const { key, value } of changes) {
      if (value) room.values.set(key, value.slice());
      else room.values.delete(key);
    }
    room.entries.push({ writer: this, news: news.slice(), empties });
    if (division !== undefined || empties) room.dividedAt = room.entries.length;
    if (division !== undefined) room.division = division;
    // Heard later, as over a network.
    setImmediate(() => room.present.forEach((each) => each.catchUp()));
    return { kind: 'written' };
  }

  heardIsDurable(): Promise<void> {
    return Promise.resolve();
  }

  tell(message: Uint8Array): void {
    const copy = message.slice();
    setImmediate(() => this.room.present.forEach((each) => each.heard >= 0 && each.listener.told(this.relay, copy, each.relay === this.relay)));
  }

  leave(): void {
    this.heard = -1;
    this.room.present.delete(this);
  }

  private catchUp(): void {
    while (this.heard >= 0 && this.heard < this.room.entries.length) {
      const { writer, news, empties } = this.room.entries[this.heard++]!;
      if (writer === this) continue;
      if (!empties) {
        this.listener.news(news);
        continue;
      }
      this.heard = -1;
      this.listener.outdated();
    }
  }
}

function areSame(a: Uint8Array | null | undefined, b: Uint8Array | null | undefined): boolean {
  if (!a || !b) return !a && !b;
  return Buffer.compare(a, b) === 0;
}
