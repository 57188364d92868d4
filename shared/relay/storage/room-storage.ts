/**
 * What a store holds of one room, under `room/KEY/` (KEY: the name, as room-key.ts writes it):
 *   meta/epoch, meta/discarded, meta/settings, meta/members, meta/instance/REPLICA   UTF-8 text or JSON
 *   meta/faults, islands/DIVISION   where several relays write: islands and links, and what the room had when it was divided (relay/faults/room-faults)
 *   record/REPLICA/COUNTER   an encoded record (shared/history/record-codec)
 *   update/NUMBER            a Yjs update; together, in any order, they are the document (NUMBER.WRITER where several relays write)
 *   updates/NUMBER           several of them, each with its length before it (lib0's varUint8Array)
 * Numbers are padded with zeros so that the order of keys is theirs. Every value carries a checksum.
 *
 * This class only names and checks; it writes nothing itself: each change comes back as store changes, so that the room decides what
 * belongs in one batch.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as string from 'lib0/string';
import type { Dot, ReplicaId } from '../../clocks/dot.ts';
import { errorText } from '../../encoding/error-text.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import type { JournalRecord } from '../../history/record.ts';
import { decodeRecord } from '../../history/record-codec.ts';
import type { Store, StoreChange, StoreEntry } from '../../ports/store.ts';
import { checkedPayload, withChecksum } from './checked-value.ts';
import { roomPrefix } from './room-key.ts';

export interface StoredRecord {
  readonly bytes: Uint8Array;
  readonly record: JournalRecord;
}

export interface StoredRoom {
  epoch: string | null;
  discarded: string[];
  /** Whatever JSON was stored; null if none. */
  settings: unknown;
  /** Who holds copies of the coordinated strategies, in the order in which they were let in. */
  members: ReplicaId[];
  /** Which copy of its storage each replica name belongs to. */
  readonly instances: Map<ReplicaId, string>;
  /** The faults that relays share, as JSON; null if none were stored. */
  faults: unknown;
  /** What the room had when it was divided, by division. */
  readonly islands: { readonly division: string; readonly bytes: Uint8Array }[];
  readonly updates: Uint8Array[];
  /** In the order of replica, then counter; there may be gaps where a record was damaged. */
  readonly records: StoredRecord[];
}

/** An update of the document put into the store, or several in one value. */
export interface UpdatesChange extends StoreChange {
  readonly updates: readonly Uint8Array[];
}

/** Whether a change says which updates it stores. */
export function holdsUpdates(change: StoreChange): change is UpdatesChange {
  return 'updates' in change;
}

const digits = 12;
/** Bytes of updates in one value; a single update may have more. */
const bundleBytesMax = 1024 * 1024;

export class RoomStorage {
  private readonly prefix: string;
  private updateKeys: string[] = [];
  private nextUpdate = 1;

  /** `report` gets one line for each value that could not be read. `writer` tells updates apart that others, who share the store, give the same number. */
  constructor(private readonly store: Store, room: string, private readonly report: (line: string) => void, private readonly writer: string | null = null) {
    this.prefix = roomPrefix(room);
  }

  /** Reads all there is. A damaged value is reported and skipped, and stays in the store. Rejects when the store cannot be read at all. */
  async load(): Promise<StoredRoom> {
    const found = nothing();
    this.updateKeys = [];
    for await (const entry of this.store.read(this.prefix)) this.takeChecked(found, entry);
    return found;
  }

  /** The epoch that is in the store; null if none is. Rejects when the store cannot be read, or the epoch is damaged. */
  async readEpoch(): Promise<string | null> {
    const found = nothing();
    const key = `${this.prefix}meta/epoch`;
    for await (const entry of this.store.read(key)) {
      if (entry.key === key) this.take(found, 'meta/epoch', checkedPayload(key, entry.value));
    }
    return found.epoch;
  }

  /** What somebody else has put into the store, without updates and records: those come as they are. */
  applyChanges(changes: readonly StoreChange[]): StoredRoom {
    const found = nothing();
    for (const { key, value } of changes) {
      if (isUpdateKey(key, this.prefix)) {
        this.updateKeys = this.updateKeys.filter((each) => each !== key);
        if (value !== null) this.updateKeys.push(key);
      } else if (value !== null && value.length > 0) this.takeChecked(found, { key, value });
    }
    return found;
  }

  private takeChecked(found: StoredRoom, { key, value }: StoreEntry): void {
    const name = key.slice(this.prefix.length);
    const number = /^updates?\/(\d+)/.exec(name)?.[1];
    if (number) this.nextUpdate = Math.max(this.nextUpdate, Number(number) + 1);
    try {
      this.take(found, name, checkedPayload(key, value));
    } catch (error) {
      this.report(`${key} in the store is damaged and was skipped: ${errorText(error)}`);
    }
  }

  private take(found: StoredRoom, name: string, payload: Uint8Array): void {
    const [kind, first = '', second = ''] = name.split('/');
    if (kind === 'update' || kind === 'updates') {
      for (const update of kind === 'update' ? [payload] : unbundled(payload)) {
        found.updates.push(update);
      }
      this.updateKeys.push(this.prefix + name);
    } else if (kind === 'record') {
      const record = decodeRecord(payload);
      if (record.dot.replica !== first || record.dot.counter !== Number(second)) throw new RangeError(`it is the record ${record.dot.replica}:${record.dot.counter}`);
      found.records.push({ bytes: payload, record });
    } else if (kind === 'islands') {
      found.islands.push({ division: first, bytes: payload });
    } else if (kind === 'meta') {
      takeMeta(found, first, second, string.decodeUtf8(payload));
    }
  }

  /** How many updates the document is spread over in the store. */
  get updateCount(): number {
    return this.updateKeys.length;
  }

  /** At least one; many of them go into several values. */
  addUpdates(updates: readonly Uint8Array[]): UpdatesChange[] {
    return bundlesOf(updates).map((bundled) => this.addBundle(bundled));
  }

  private addBundle(updates: readonly Uint8Array[]): UpdatesChange {
    const [kind, value] =
      updates.length === 1 ? ['update', updates[0]!] : ['updates', bundle(updates)];
    const writer = this.writer === null ? '' : `.${this.writer}`;
    const key = `${this.prefix}${kind}/${padded(this.nextUpdate++)}${writer}`;
    this.updateKeys.push(key);
    return { ...put(key, value), updates };
  }

  /**
   * One update that says what all the others said, in their place. `updates`: those of them that no
   * value holds yet. What is removed comes after it: it may be written later.
   */
  replaceUpdates(snapshot: Uint8Array, updates: readonly Uint8Array[] = []): StoreChange[] {
    const old = this.updateKeys;
    this.updateKeys = [];
    const whole: UpdatesChange = { ...this.addBundle([snapshot]), updates };
    return [whole, ...old.map(removed)];
  }

  addRecord({ bytes, record }: StoredRecord): StoreChange {
    return put(recordKey(this.prefix, record.dot), bytes);
  }

  setEpoch(epoch: string): StoreChange {
    return this.putText('epoch', epoch);
  }

  setDiscarded(epochs: readonly string[]): StoreChange {
    return this.putText('discarded', JSON.stringify(epochs));
  }

  setSettings(settings: unknown): StoreChange {
    return this.putText('settings', JSON.stringify(settings));
  }

  setFaults(faults: unknown): StoreChange {
    return this.putText('faults', JSON.stringify(faults));
  }

  /** What the room had when it was divided so. */
  setIslands(division: string, bytes: Uint8Array): StoreChange {
    return put(`${this.prefix}islands/${division}`, bytes);
  }

  setMembers(members: readonly ReplicaId[]): StoreChange {
    return this.putText('members', JSON.stringify(members));
  }

  setInstance(replica: ReplicaId, instance: string): StoreChange {
    return this.putText(`instance/${replica}`, instance);
  }

  /** Removes everything of the room, damaged values included. */
  async removeAll(): Promise<StoreChange[]> {
    const changes: StoreChange[] = [];
    for await (const { key } of this.store.read(this.prefix)) changes.push(removed(key));
    return changes;
  }

  /** To be called when the changes of removeAll are in the store. */
  forgetUpdates(): void {
    this.updateKeys = [];
  }

  private putText(name: string, text: string): StoreChange {
    return put(`${this.prefix}meta/${name}`, string.encodeUtf8(text));
  }
}

/** Whether a key of a room, with the room's prefix, is that of an update. */
export function isUpdateKey(key: string, prefix: string): boolean {
  return key.startsWith(`${prefix}update/`) || key.startsWith(`${prefix}updates/`);
}

/** Where a record is stored, with the room's prefix. */
export function recordKey(prefix: string, { replica, counter }: Dot): string {
  return `${prefix}record/${replica}/${padded(counter)}`;
}

function nothing(): StoredRoom {
  return { epoch: null, discarded: [], settings: null, members: [], instances: new Map(), faults: null, islands: [], updates: [], records: [] };
}

/** Updates, in their order, so that each list of them makes a value that is not too large. */
function bundlesOf(updates: readonly Uint8Array[]): Uint8Array[][] {
  const bundles: Uint8Array[][] = [];
  let bytes = Infinity;
  for (const update of updates) {
    bytes += update.length;
    if (bytes > bundleBytesMax) {
      bundles.push([]);
      bytes = update.length;
    }
    bundles.at(-1)!.push(update);
  }
  return bundles;
}

function bundle(updates: readonly Uint8Array[]): Uint8Array {
  return encoding.encode((encoder) => updates.forEach((update) => encoding.writeVarUint8Array(encoder, update)));
}

/** Throws a RangeError where it is none. */
function unbundled(bytes: Uint8Array): Uint8Array[] {
  return readWhole(bytes, 'a bundle of updates', (decoder) => {
    const updates: Uint8Array[] = [];
    while (decoding.hasContent(decoder)) updates.push(decoding.readVarUint8Array(decoder));
    return updates;
  });
}

function takeMeta(found: StoredRoom, name: string, replica: string, text: string): void {
  if (name === 'epoch') found.epoch = text;
  else if (name === 'discarded') found.discarded = JSON.parse(text) as string[];
  else if (name === 'settings') found.settings = JSON.parse(text);
  else if (name === 'faults') found.faults = JSON.parse(text);
  else if (name === 'members') found.members = JSON.parse(text) as ReplicaId[];
  else if (name === 'instance') found.instances.set(replica, text);
}

function padded(number: number): string {
  return String(number).padStart(digits, '0');
}

function put(key: string, payload: Uint8Array): StoreChange {
  return { key, value: withChecksum(key, payload) };
}

function removed(key: string): StoreChange {
  return { key, value: null };
}
