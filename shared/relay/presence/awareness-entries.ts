/** Awareness updates as y-protocols has them, as bytes and as values. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as string from 'lib0/string';

export interface AwarenessEntry {
  readonly client: number;
  readonly clock: number;
  /** JSON of an object; "null" when the client has gone. */
  readonly state: string;
  /** Its length in UTF-8. */
  readonly stateBytes: number;
}

/** A client that has gone, or is said to have. */
export type GoneEntry = Pick<AwarenessEntry, 'client' | 'clock'>;

/** Why the state of a client is left out. The client may stay. */
export interface PresenceDrop {
  readonly kind: 'presence-not-an-object' | 'presence-too-large' | 'presence-too-many' | 'presence-room-full';
  /** One line, without the client's name. */
  readonly reason: string;
}

export interface AwarenessUpdate {
  readonly entries: readonly AwarenessEntry[];
  readonly drops: readonly PresenceDrop[];
}

/** Most clients that are read of one update, and most bytes of one state, as JSON in UTF-8. */
export interface AwarenessReading {
  readonly clientsMax: number;
  readonly stateBytesMax: number;
}

const gone = 'null';

/** Throws where the update is malformed. What is well formed and no presence, or too much of it, is dropped. */
export function readAwareness(update: Uint8Array, { clientsMax, stateBytesMax }: AwarenessReading): AwarenessUpdate {
  const entries: AwarenessEntry[] = [];
  const drops: PresenceDrop[] = [];
  const decoder = decoding.createDecoder(update);
  const count = decoding.readVarUint(decoder);
  for (let left = Math.min(count, clientsMax); left > 0; left--) {
    const client = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    const bytes = decoding.readVarUint8Array(decoder);
    const state = readState(bytes, stateBytesMax);
    if (typeof state === 'string') entries.push({ client, clock, state, stateBytes: bytes.length });
    else drops.push(state);
  }
  if (count > clientsMax) drops.push({ kind: 'presence-too-many', reason: `${count} awareness clients in one message; ${clientsMax} is the most` });
  else if (decoding.hasContent(decoder)) throw new RangeError('bytes after its end');
  return { entries, drops };
}

export function writeAwareness(entries: readonly Omit<AwarenessEntry, 'stateBytes'>[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const { client, clock, state } of entries) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, state);
    }
  });
}

/** That these clients have gone. */
export function writeGone(entries: readonly GoneEntry[]): Uint8Array {
  return writeAwareness(entries.map(({ client, clock }) => ({ client, clock, state: gone })));
}

export function isGone({ state }: AwarenessEntry): boolean {
  return state === gone;
}

function readState(bytes: Uint8Array, bytesMax: number): string | PresenceDrop {
  if (bytes.length > bytesMax) return { kind: 'presence-too-large', reason: `an awareness state of ${bytes.length} bytes; ${bytesMax} is the most` };
  const json = string.decodeUtf8(bytes);
  const state: unknown = JSON.parse(json);
  if (state === null) return gone;
  if (typeof state === 'object' && !Array.isArray(state)) return json;
  return { kind: 'presence-not-an-object', reason: `an awareness state that is ${Array.isArray(state) ? 'an array' : `a ${typeof state}`}, not an object` };
}
