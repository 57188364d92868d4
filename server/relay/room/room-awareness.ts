/**
 * Presence in a room, as y-protocols/awareness means it, without its timer: a session's clients go when the session goes.
 *
 * Only what is newer than what is known is passed on; since y-websocket clients send on what they hear, that ends the echo.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { closeCodes, decoded, Refusal } from '../refusal.ts';

/** Longest state of one client, in UTF-16 code units of JSON. */
const stateLengthMax = 65_536;

interface Entry {
  readonly client: number;
  readonly clock: number;
  /** JSON; "null" when the client has gone. */
  readonly state: string;
}

export class RoomAwareness<Owner> {
  private readonly entries = new Map<number, Entry & { readonly owner: Owner }>();
  /** Clients that were divided from these, with the clock that was last heard: clients send on what they hear, and may do so late. */
  private readonly divided = new Map<number, number>();

  /** Most clients in one frame, and in all. */
  constructor(private readonly clientsMax: number) {}

  /** Takes an awareness update. Returns what was new in it, encoded, or null. Throws a Refusal, and takes nothing, when it is malformed. */
  apply(update: Uint8Array, owner: Owner): Uint8Array | null {
    const incoming = decoded('awareness', () => readEntries(update, this.clientsMax));
    const fresh = incoming.filter((entry) => this.isNewer(entry));
    const added = fresh.filter((entry) => !this.entries.has(entry.client)).length;
    if (this.entries.size + added > this.clientsMax) throw new Refusal(closeCodes.tooMuch, `more than ${this.clientsMax} clients in one room`);
    for (const entry of fresh) {
      if (entry.state === 'null') this.entries.delete(entry.client);
      else this.entries.set(entry.client, { ...entry, owner: this.entries.get(entry.client)?.owner ?? owner });
    }
    return fresh.length > 0 ? writeEntries(fresh) : null;
  }

  /** Everybody who is here, encoded, or null when nobody is. */
  all(): Uint8Array | null {
    return this.entries.size > 0 ? writeEntries([...this.entries.values()]) : null;
  }

  /** Those of these owners who are here, encoded, or null when nobody is. */
  of(isMeant: (owner: Owner) => boolean): Uint8Array | null {
    const meant = [...this.entries.values()].filter(({ owner }) => isMeant(owner));
    return meant.length > 0 ? writeEntries(meant) : null;
  }

  /** Removes the clients of a session that ended. Returns the news for the others, or null. */
  leave(owner: Owner): Uint8Array | null {
    const gone = [...this.entries.values()].filter((entry) => entry.owner === owner);
    for (const { client } of gone) this.entries.delete(client);
    return gone.length > 0 ? writeEntries(gone.map(({ client, clock }) => ({ client, clock, state: 'null' }))) : null;
  }

  clear(): void {
    this.entries.clear();
    this.divided.clear();
  }

  /** Takes over what `from` knows of an owner's clients. */
  adopt(owner: Owner, from: RoomAwareness<Owner>): void {
    for (const entry of from.entries.values()) if (entry.owner === owner) this.entries.set(entry.client, entry);
  }

  /** Parts from the clients that `before` knows and this does not. Returns that they are gone, encoded, for who knew them; null where all are here. */
  partFrom(before: RoomAwareness<Owner>): Uint8Array | null {
    const gone = [...before.entries.values()].filter(({ client }) => !this.entries.has(client));
    for (const { client, clock } of gone) this.divided.set(client, Math.max(clock, this.divided.get(client) ?? 0));
    return gone.length > 0 ? writeEntries(gone.map(({ client, clock }) => ({ client, clock, state: 'null' }))) : null;
  }

  /**
   * That an owner's own clients are gone, encoded, for itself; null if it has none. A client that hears this of itself says that it is here, with a higher
   * clock (y-protocols/awareness), and only that is heard by those who were told before that it had gone.
   */
  doubt(owner: Owner): Uint8Array | null {
    const own = [...this.entries.values()].filter((entry) => entry.owner === owner);
    return own.length > 0 ? writeEntries(own.map(({ client, clock }) => ({ client, clock, state: 'null' }))) : null;
  }

  private isNewer({ client, clock, state }: Entry): boolean {
    const known = this.entries.get(client);
    if (!known) return state !== 'null' && clock > (this.divided.get(client) ?? -1);
    return clock > known.clock || (clock === known.clock && state === 'null');
  }
}

function readEntries(update: Uint8Array, clientsMax: number): Entry[] {
  const decoder = decoding.createDecoder(update);
  const count = decoding.readVarUint(decoder);
  if (count > clientsMax) throw new RangeError(`${count} clients in one frame; ${clientsMax} is the most`);
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    entries.push({ client: decoding.readVarUint(decoder), clock: decoding.readVarUint(decoder), state: checkedState(decoding.readVarString(decoder)) });
  }
  if (decoding.hasContent(decoder)) throw new RangeError('bytes after its end');
  return entries;
}

function checkedState(json: string): string {
  if (json.length > stateLengthMax) throw new RangeError(`a state of ${json.length} characters; ${stateLengthMax} is the most`);
  const state: unknown = JSON.parse(json);
  if (typeof state !== 'object' || Array.isArray(state)) throw new RangeError('a state is an object or null');
  return state === null ? 'null' : json;
}

function writeEntries(entries: readonly Entry[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const { client, clock, state } of entries) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, state);
    }
  });
}
