/**
 * A room that other relays have too: what goes to them and comes from them through a SharedStore, and what is decided once for all.
 *
 * Guarantees: a batch of the write queue and the news of it are written together, or not at all; nothing is confirmed that was only heard and is not durable
 * yet. A write that others have contradicted, or that belongs to a past of the room, is given up, and the room is called outdated.
 */
import * as string from 'lib0/string';
import type { Dot, ReplicaId } from '../../clocks/dot.ts';
import { errorText } from '../../encoding/error-text.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store, StoreChange, StoreEntry } from '../../ports/store.ts';
import { checkedPayload, withChecksum } from '../storage/checked-value.ts';
import { roomPrefix } from '../storage/room-key.ts';
import { isUpdateKey, recordKey, type StoredRecord } from '../storage/room-storage.ts';
import {
  type SharedChange,
  type SharedRoom,
  type SharedStore,
  StoreUnavailable,
  type WriteOutcome,
} from '../../ports/shared-store.ts';
import { type ClusterMessage, type ClusterUpdate, decodeClusterMessage, decodeClusterUpdate, encodeClusterMessage, encodeClusterUpdate } from './cluster-messages.ts';
import { type PlacedRecord, type PlacedUpdate, type WritePart, writeParts } from './write-parts.ts';

export interface ClusterRoomOptions {
  readonly room: string;
  readonly clock: Clock;
  /** The life that the room begins where it has none. */
  readonly newEpoch: () => string;
  readonly report: (line: string) => void;
  /** Another relay has written. */
  readonly updated: (update: ClusterUpdate) => void;
  /** The room must be loaded anew, for this reason. */
  readonly outdated: (reason: string) => void;
  readonly received: (relay: string, message: ClusterMessage, isOwn: boolean) => void;
  readonly gone: (relay: string) => void;
  readonly reached: () => void;
  readonly appeared: () => void;
}

/** The name of a replica and the copy that it belongs to. */
export interface NameOwner {
  readonly replica: ReplicaId;
  readonly instance: string;
}

type Decided = Exclude<WriteOutcome, { kind: 'outdated' }>;

/** Milliseconds until what must be decided is tried again. */
const retryMs = 500;
const changedElsewhere = 'the room was changed elsewhere';
const never = new Promise<never>(() => {});

export class ClusterRoom {
  /** The room's own store: it reads and writes no other keys. */
  readonly store: Store;
  private readonly shared: SharedRoom;
  /** What was heard, by whoever did, since the room was divided as it was when it was loaded. */
  sinceDivided: readonly ClusterUpdate[] = [];
  private readonly prefix: string;
  private epoch: Uint8Array = new Uint8Array(0);
  /** What others are to hear with the next write. */
  private updates: PlacedUpdate[] = [];
  private records: PlacedRecord[] = [];
  /** Parts of writes that were asked for and are not written yet, in their order. */
  private parts: readonly WritePart[] = [];
  /** Changes that are in a part, or written: a write that failed is asked for again. */
  private divided = new WeakSet<StoreChange>();
  private loads = 0;
  private isClosed = false;

  constructor(shared: SharedStore, private readonly options: ClusterRoomOptions) {
    this.prefix = roomPrefix(options.room);
    this.shared = shared.enter(options.room, {
      news: (bytes) => this.receiveUpdate(bytes),
      outdated: () => options.outdated(changedElsewhere),
      told: (relay, message, isOwn) => this.receiveMessage(message, (decoded) => options.received(relay, decoded, isOwn)),
      gone: options.gone,
      reached: options.reached,
      appeared: options.appeared,
    });
    this.store = { read: () => this.read(), write: (changes) => this.write(changes), close: () => Promise.resolve() };
  }

  /** An update was new at a place: the others are to hear of it with the next write. */
  addUpdate(place: string, update: Uint8Array): void {
    this.updates.push({ place, update });
  }

  addRecords(place: string, records: readonly StoredRecord[]): void {
    for (const { record, bytes } of records) this.records.push({ place, dot: record.dot, bytes });
  }

  /** What was to be told with the next writes, which it is not any more; nor do they count. */
  takeUnwritten(): Pick<WritePart, 'updates' | 'records'> {
    this.loads++;
    this.divide([]);
    const { parts } = this;
    this.parts = [];
    return {
      updates: parts.flatMap(({ updates }) => updates),
      records: parts.flatMap(({ records }) => records),
    };
  }

  send(message: ClusterMessage): void {
    this.shared.tell(encodeClusterMessage(message));
  }

  /** As `decideOrFail`, but never resolves where that rejects: for what is of no use any more then. */
  async decide(changes: readonly SharedChange[]): Promise<Decided> {
    return (await this.attempt(changes)) ?? never;
  }

  /**
   * Writes now, if what the changes expect is there, and where `division` is given, if all was heard.
   * Tries for as long as the store does not answer. Rejects with StoreUnavailable where the room is
   * outdated or left meanwhile: then nothing was written, and it may be tried again.
   */
  async decideOrFail(changes: readonly SharedChange[], division?: string | null): Promise<Decided> {
    const outcome = await this.attempt(changes, division);
    if (outcome) return outcome;
    throw new StoreUnavailable(`room ${this.options.room} is loaded anew; try again`);
  }

  private async attempt(
    changes: readonly SharedChange[],
    division?: string | null,
  ): Promise<Decided | null> {
    const load = this.loads;
    const news = encodeClusterUpdate({ updates: [], records: [], changes });
    const unprefixed = changes.map((change) => this.unprefixed(change));
    for (;;) {
      if (this.isClosed || load !== this.loads) return null;
      try {
        const write = { epoch: this.epoch, changes: unprefixed, news };
        const divides = division === undefined ? {} : { division };
        const outcome = await this.shared.write({ ...write, ...divides });
        if (outcome.kind !== 'outdated') return outcome;
        if (load === this.loads) this.options.outdated(changedElsewhere);
      } catch {
        await new Promise<void>((resolve) => this.options.clock.after(retryMs, resolve));
      }
    }
  }

  /** Stores to which copy a name belongs, or finds what is decided already. */
  async decideName(change: StoreChange, { replica, instance }: NameOwner, asked: boolean): Promise<NameOwner> {
    const answer = `${this.prefix}owner/${instance}`;
    const changes: SharedChange[] = [{ ...change, expects: null }];
    if (asked) changes.push({ key: answer, value: withChecksum(answer, string.encodeUtf8(replica)), expects: null });
    // Who asked for one may ask again.
    const outcome = await (asked ? this.decideOrFail(changes) : this.decide(changes));
    if (outcome.kind !== 'refused') return { replica, instance };
    const key = this.prefix + outcome.key;
    const found = outcome.value === null ? '' : string.decodeUtf8(checkedPayload(key, outcome.value));
    return key === answer ? { replica: found, instance } : { replica, instance: found };
  }

  /** Stores the list in place of the former one. Resolves to the list that is there then, which may be that of another relay. */
  async decideMembers(change: StoreChange, former: StoreChange | null, members: readonly ReplicaId[]): Promise<readonly ReplicaId[]> {
    const outcome = await this.decide([{ ...change, expects: former?.value ?? null }]);
    if (outcome.kind !== 'refused') return members;
    return outcome.value === null ? [] : (JSON.parse(string.decodeUtf8(checkedPayload(change.key, outcome.value))) as ReplicaId[]);
  }

  /** Puts these in place of all that the room has; the first is its new epoch. Returns whether it did, or the room is outdated. Rejects when the store cannot be reached. */
  async empty(changes: readonly StoreChange[]): Promise<boolean> {
    const outcome = await this.shared.write({ epoch: this.epoch, changes: changes.map((change) => this.unprefixed(change)), news: encodeClusterUpdate({ updates: [], records: [], changes: [] }), empties: true });
    return outcome.kind === 'written';
  }

  leave(): void {
    this.isClosed = true;
    this.shared.leave();
  }

  private async *read(): AsyncIterable<StoreEntry> {
    this.loads++;
    const key = `${this.prefix}meta/epoch`;
    const { entries, sinceDivided } = await this.shared.load(withChecksum(key, string.encodeUtf8(this.options.newEpoch())));
    this.epoch = entries.find((entry) => entry.key === 'meta/epoch')?.value ?? this.epoch;
    this.sinceDivided = sinceDivided.map(decodeClusterUpdate);
    for (const { key: name, value } of entries) yield { key: this.prefix + name, value };
  }

  private async write(changes: readonly StoreChange[]): Promise<void> {
    const { loads } = this;
    this.divide(changes);
    while (this.parts.length > 0) {
      const part = this.parts[0]!;
      const outcome = await this.writePart(part);
      if (loads !== this.loads) return;
      if (outcome.kind !== 'written') {
        const isOther = outcome.kind === 'refused';
        const reason = isOther ? `${outcome.key} is stored otherwise already` : changedElsewhere;
        this.options.outdated(reason);
        return;
      }
      this.parts = this.parts.filter((each) => each !== part);
    }
    await this.shared.heardIsDurable();
  }

  /** Makes parts of what is new of a write and of what others are to hear. */
  private divide(changes: readonly StoreChange[]): void {
    const fresh = changes.filter((change) => !this.divided.has(change));
    for (const change of fresh) this.divided.add(change);
    const { updates, records } = this;
    this.updates = [];
    this.records = [];
    const keyOf = (dot: Dot): string => recordKey(this.prefix, dot);
    this.parts = [...this.parts, ...writeParts({ changes: fresh, updates, records }, keyOf)];
  }

  private writePart({ changes, updates, records }: WritePart): Promise<WriteOutcome> {
    const shared = changes.map((change) =>
      this.unprefixed(this.isRecord(change.key) ? { ...change, expects: null } : change),
    );
    const heard = changes.filter(({ key }) => !this.isRecord(key)).map((change) => this.withoutBytes(change));
    const news = encodeClusterUpdate({ updates, records: byPlace(records), changes: heard });
    return this.shared.write({ epoch: this.epoch, changes: shared, news, isDurableLater: true });
  }

  /** A change as others hear it: updates come as news. */
  private withoutBytes(change: StoreChange): StoreChange {
    const isUpdate = isUpdateKey(change.key, this.prefix) && change.value !== null;
    return isUpdate ? { key: change.key, value: new Uint8Array(0) } : change;
  }

  private isRecord(key: string): boolean {
    return key.startsWith(`${this.prefix}record/`);
  }

  private unprefixed(change: SharedChange): SharedChange {
    return { ...change, key: change.key.slice(this.prefix.length) };
  }

  private receiveUpdate(bytes: Uint8Array): void {
    try {
      this.options.updated(decodeClusterUpdate(bytes));
    } catch (error) {
      // It is stored all the same: what this room should be like is there to be read.
      this.complain(error);
      this.options.outdated(changedElsewhere);
    }
  }

  private receiveMessage(message: Uint8Array, use: (message: ClusterMessage) => void): void {
    try {
      use(decodeClusterMessage(message));
    } catch (error) {
      this.complain(error);
    }
  }

  private complain(error: unknown): void {
    this.options.report(`what another relay says cannot be used: ${errorText(error)}`);
  }
}

/** Records for the same island together, as long as they follow one another. */
function byPlace(records: readonly PlacedRecord[]): { place: string; records: Uint8Array[] }[] {
  const batches: { place: string; records: Uint8Array[] }[] = [];
  for (const { place, bytes } of records) {
    if (batches.at(-1)?.place !== place) batches.push({ place, records: [] });
    batches.at(-1)!.records.push(bytes);
  }
  return batches;
}
