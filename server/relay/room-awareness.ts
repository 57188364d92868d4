/**
 * Presence in a room, as y-protocols/awareness means it, without its timer: a session's clients go when the session goes.
 *
 * Only what is newer than what is known is passed on; since y-websocket clients send on what they hear, that ends the echo.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { closeCodes, decoded, Refusal } from './refusal.ts';

/** Most clients in one awareness frame, and in one room. */
const clientsMax = 4_096;
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

  /** Takes an awareness update. Returns what was new in it, encoded, or null. Throws a Refusal, and takes nothing, when it is malformed. */
  apply(update: Uint8Array, owner: Owner): Uint8Array | null {
    const incoming = decoded('awareness', () => readEntries(update));
    const fresh = incoming.filter((entry) => this.isNewer(entry));
    const added = fresh.filter((entry) => !this.entries.has(entry.client)).length;
    if (this.entries.size + added > clientsMax) throw new Refusal(closeCodes.policy, `more than ${clientsMax} clients in one room`);
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

  /** Removes the clients of a session that ended. Returns the news for the others, or null. */
  leave(owner: Owner): Uint8Array | null {
    const gone = [...this.entries.values()].filter((entry) => entry.owner === owner);
    for (const { client } of gone) this.entries.delete(client);
    return gone.length > 0 ? writeEntries(gone.map(({ client, clock }) => ({ client, clock, state: 'null' }))) : null;
  }

  clear(): void {
    this.entries.clear();
  }

  private isNewer({ client, clock, state }: Entry): boolean {
    const known = this.entries.get(client);
    if (!known) return state !== 'null';
    return clock > known.clock || (clock === known.clock && state === 'null');
  }
}

function readEntries(update: Uint8Array): Entry[] {
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
