/**
 * One room: its document, journal, presence and sessions, and what of it is on disk.
 *
 * Guarantees: whatever a session hears as saved is on disk; a frame that is refused has changed nothing and reached nobody; while the
 * room loads or is being emptied, its sessions wait.
 */
import { randomBytes } from 'node:crypto';
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import { isEdit, type JournalRecord } from '../../shared/history/record.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store, StoreChange } from '../../shared/ports/store.ts';
import { encodeMessage } from '../../shared/protocol/codec.ts';
import type { Link } from '../../shared/protocol/link.ts';
import { RoomStorage, type StoredRecord } from '../storage/room-storage.ts';
import type { WritePace } from '../storage/write-pace.ts';
import { WriteQueue } from '../storage/write-queue.ts';
import { bringUpToDate } from './bring-up-to-date.ts';
import { awarenessFrame, updateFrame, updateIn } from './frames.ts';
import type { Island } from './island.ts';
import type { Outgoing } from './outgoing.ts';
import { closeCodes, Refusal } from './refusal.ts';
import type { RelayLimits } from './relay-limits.ts';
import type { RelayMeter } from './relay-meter.ts';
import { nextReplicaName } from './replica-names.ts';
import { RoomDocument, type Taken } from './room-document.ts';
import { RoomIslands } from './room-islands.ts';
import { RoomJournal } from './room-journal.ts';
import { RoomLinks } from './room-links.ts';
import { RoomMembers } from './room-members.ts';
import { RoomTraffic } from '../../shared/protocol/room-traffic.ts';
import type { Session } from './session.ts';

/** What of a room changed. */
export type RoomChange = 'sessions' | 'faults' | 'document' | 'records' | 'settings' | 'emptied';

export interface RoomOptions {
  readonly limits: RelayLimits;
  readonly store: Store;
  readonly clock: Clock;
  readonly pace: WritePace;
  readonly outgoing: Pick<Outgoing, 'noteEdit'>;
  readonly meter: RelayMeter;
  readonly report: (line: string) => void;
  readonly changed: (room: Room, change: RoomChange) => void;
}

/** Updates for the next write, and who is to hear when it has ended. */
interface Gathered {
  readonly updates: Uint8Array[];
  readonly from: { readonly session: Session; readonly receipt: number; readonly isStepTwo: boolean }[];
}

/** From how many stored updates on they are merged into one. */
const updatesMax = 500;

export class Room {
  readonly document = new RoomDocument();
  readonly journal = new RoomJournal();
  readonly islands: RoomIslands;
  readonly links: RoomLinks;
  readonly members: RoomMembers;
  readonly traffic = new RoomTraffic();
  /** Names this life of the room. */
  epoch = newEpoch();
  /** The lives that people have thrown away. */
  discarded: readonly string[] = [];

  private readonly attached = new Set<Session>();
  private readonly storage: RoomStorage;
  private readonly writes: WriteQueue;
  private instances = new Map<ReplicaId, string>();
  private settingsStored: unknown = null;
  private epochIsStored = false;
  private owed = new Set<Session>();
  private gathered: Gathered | null = null;
  private catchingUp: (() => void) | null = null;
  private readiness: Promise<void>;

  constructor(readonly name: string, private readonly options: RoomOptions) {
    const report = (line: string): void => options.report(`room ${name}: ${line}`);
    this.storage = new RoomStorage(options.store, name, report);
    this.writes = new WriteQueue({ store: options.store, clock: options.clock, report, pace: options.pace, flushed: () => this.confirm() });
    const resync = (session: Session): void => bringUpToDate(session, this.islands.of(session));
    this.islands = new RoomIslands({ document: this.document, journal: this.journal, awarenessClientsMax: options.limits.awarenessClientsMax, resync });
    this.links = new RoomLinks({ clock: options.clock, sessions: () => this.sessions, stateVector: (session) => this.islands.of(session).document.stateVector, resync });
    this.members = new RoomMembers({ clock: options.clock, islands: () => this.islands.all, store: (members) => this.store([this.storage.setMembers(members)]) });
    this.readiness = this.load(report);
    // Whoever waits for the room hears of a failure; without this, one that nobody waits for would end the process.
    this.readiness.catch(() => {});
  }

  /** Resolves when the room may be used. Rejects when it cannot be read. */
  async ready(): Promise<void> {
    for (let waitedFor: Promise<void> | null = null; waitedFor !== this.readiness; ) {
      waitedFor = this.readiness;
      await waitedFor;
    }
  }

  /** Sessions that are in the room now. */
  get sessions(): readonly Session[] {
    return [...this.attached];
  }

  /** All records, each after all that its author had seen. */
  records(): JournalRecord[] {
    return this.journal.missing(VersionVector.empty).map((entry) => entry.record);
  }

  /** The JSON that was stored as the room's settings; null if none was. */
  get settings(): unknown {
    return this.settingsStored;
  }

  /** Stores the room's settings; resolves when they are on disk. */
  async setSettings(settings: unknown): Promise<void> {
    await this.ready();
    this.settingsStored = settings;
    this.options.changed(this, 'settings');
    await this.store([this.storage.setSettings(settings)]);
  }

  /** Whether the room is divided or has links with faults: then it must stay in memory. */
  get hasFaults(): boolean {
    return this.islands.isDivided || this.links.count > 0;
  }

  attach(session: Session): void {
    this.attached.add(session);
    const { awareness } = this.islands.enter(session);
    this.links.bind(session);
    const present = awareness.all();
    if (present) session.send(awarenessFrame(present));
    this.options.changed(this, 'sessions');
  }

  detach(session: Session): void {
    if (!this.attached.delete(session)) return;
    this.owed.delete(session);
    this.links.release(session);
    const island = this.islands.leave(session);
    if (session.replica !== null) this.members.depart(session.replica);
    const gone = island.awareness.leave(session);
    if (gone) island.send(awarenessFrame(gone));
    this.options.changed(this, 'sessions');
  }

  /** A session is a replica's. */
  identify(session: Session, replica: ReplicaId): void {
    session.replica = replica;
    this.links.bind(session);
    this.islands.renamed(session);
  }

  /** Lets sessions hear only of those whose names stand in the same list; those that no list names hear of one another. No lists: of all. */
  divide(lists: readonly (readonly string[])[]): void {
    this.islands.divide(lists);
    this.members.regrouped();
    this.options.changed(this, 'faults');
  }

  /** Gives the link of a name these faults, or takes them off. */
  setLink(name: string, link: Link): void {
    this.links.set(name, link);
    this.options.changed(this, 'faults');
  }

  /** Takes all faults off. */
  mend(): void {
    // Whole first: what is still under way on a link then reaches everybody.
    this.divide([]);
    this.links.mend();
    this.options.changed(this, 'faults');
  }

  /** Says that something changed that was not changed here: a session said hello. */
  announce(change: RoomChange): void {
    this.options.changed(this, change);
  }

  /** Takes a Yjs update from a session: to those it reaches, and to disk. */
  takeUpdate(session: Session, update: Uint8Array, isStepTwo: boolean, receipt: number): void {
    const island = this.islands.of(session);
    this.document.mustHold(update, this.options.limits.documentBytesMax);
    // The bytes that go out are those that are kept.
    const frame = updateFrame(update);
    const own = updateIn(frame);
    const { shown, kept } = this.applyUpdate(island, own);
    if (shown) this.traffic.count('crdt', update.length);
    if (shown) {
      this.options.outgoing.noteEdit(island.sessions.size - 1);
      island.send(shown === own ? frame : updateFrame(shown), session);
    }
    const gathered = (this.gathered ??= this.gather());
    if (kept) gathered.updates.push(kept);
    gathered.from.push({ session, receipt, isStepTwo });
    if (this.document.isBehind || island.document.isBehind) this.catchUpSoon();
    if (shown) this.options.changed(this, 'document');
  }

  /** Takes encoded records from a session: to the replicas that it reaches, and to disk. */
  takeRecords(session: Session, encoded: readonly Uint8Array[]): void {
    const whole = session.mayLeaveGaps ? this.journal.withoutGaps(encoded) : encoded;
    if (whole.length < encoded.length) this.links.noteLoss(session);
    const fresh = this.journal.add(whole);
    for (const { record, bytes } of fresh) if (isEdit(record)) this.traffic.count('records', bytes.length);
    const island = this.islands.of(session);
    const news = island.view ? this.islands.advance(island, whole) : fresh;
    if (news.length > 0) this.options.outgoing.noteEdit(news.length * (island.replicas.length - 1));
    if (news.length > 0) island.sendToReplicas(encodeMessage({ kind: 'records', records: news.map((entry) => entry.bytes) }), session);
    const sinceMs = performance.now();
    this.writes.add(this.recordChanges(fresh), () => {
      this.options.meter.saving.add(performance.now() - sinceMs, fresh.length);
      this.journal.markStored(fresh);
      this.owed.add(session);
    });
    if (news.length > 0) this.options.changed(this, 'records');
  }

  /** Says `saved` to a session as soon as all that the room knows now is on disk. */
  confirmTo(session: Session): void {
    this.writes.add([], () => this.owed.add(session));
  }

  /** The copy of its storage that a replica's name belongs to; null if it belongs to nobody yet. */
  instanceOf(replica: ReplicaId): string | null {
    return this.instances.get(replica) ?? null;
  }

  /** Throws a Refusal when the room has given away all the names that it may. */
  mustTakeReplica(): void {
    const { replicasPerRoomMax } = this.options.limits;
    if (this.instances.size >= replicasPerRoomMax) throw new Refusal(closeCodes.full, `${replicasPerRoomMax} replicas have a name in room ${this.name}, which is the most`);
  }

  /** Gives a replica's name to a copy of its storage; resolves when that is on disk. */
  bindInstance(replica: ReplicaId, instance: string): Promise<void> {
    this.instances.set(replica, instance);
    return this.store([this.storage.setInstance(replica, instance)]);
  }

  /** Names a replica: the name it has, the wanted one or its next life, or the next free letter. Resolves when that is on disk. Rejects with a Refusal when there are too many. */
  async nameReplica(instance: string, wanted: string | null): Promise<ReplicaId> {
    await this.ready();
    for (const [replica, owner] of this.instances) if (owner === instance) return replica;
    this.mustTakeReplica();
    const replica = nextReplicaName(wanted, (name) => this.instances.has(name) || (wanted === null && this.journal.summary.get(name) > 0));
    await this.bindInstance(replica, instance);
    return replica;
  }

  /** Throws everything in the room away, but its settings. Its sessions are closed and may come back. Rejects, with the room as it was, when the store fails. */
  empty(): Promise<void> {
    for (const session of this.attached) session.end(closeCodes.restarting, `room ${this.name} was emptied`);
    const emptied = this.readiness.then(() => this.removeAll());
    this.readiness = emptied.catch(() => {});
    return emptied;
  }

  /** Resolves when all is on disk; waits for as long as the store fails. */
  settled(): Promise<void> {
    return this.writes.idle();
  }

  /** Ends the room. Resolves to whether everything of it is on disk. */
  async close(): Promise<boolean> {
    await this.readiness.catch(() => {});
    this.members.close();
    this.catchingUp?.();
    const stored = await this.writes.close();
    this.islands.close();
    this.document.destroy();
    return stored;
  }

  private async load(report: (line: string) => void): Promise<void> {
    const found = await this.storage.load();
    if (found.epoch !== null) {
      this.epoch = found.epoch;
      this.epochIsStored = true;
    }
    this.discarded = found.discarded;
    this.settingsStored = found.settings;
    this.instances = new Map(found.instances);
    this.members.restore(found.members);
    for (const update of found.updates) if (!this.document.restore(update)) report('a stored update is malformed and was skipped');
    for (const line of this.journal.restore(found.records)) report(line);
    if (this.storage.updateCount > 1) this.writes.add(this.storage.replaceUpdates(this.document.compact()));
  }

  private async removeAll(): Promise<void> {
    if (this.writes.isFailing) throw new Error('the store takes no writes now');
    await this.writes.idle();
    const epoch = newEpoch();
    const discarded = [...this.discarded, this.epoch];
    const kept = [this.storage.setEpoch(epoch), this.storage.setDiscarded(discarded)];
    if (this.settingsStored !== null) kept.push(this.storage.setSettings(this.settingsStored));
    await this.options.store.write([...(await this.storage.removeAll()), ...kept]);
    this.storage.forgetUpdates();
    this.epoch = epoch;
    this.discarded = discarded;
    this.epochIsStored = true;
    this.instances.clear();
    this.members.restore([]);
    this.traffic.clear();
    this.document.clear();
    this.journal.clear();
    this.islands.clear();
    this.options.changed(this, 'emptied');
  }

  /** To the room's document and the island's, or to neither. `shown`: what was new on the island; `kept`: what the room has to store. */
  private applyUpdate({ document }: Island, update: Uint8Array): Taken {
    const onIsland = document.take(update);
    if (document === this.document) return onIsland;
    try {
      const { kept } = this.document.take(update);
      if (document.wantsCompaction) document.compact();
      return { shown: onIsland.shown, kept };
    } catch (error) {
      if (onIsland.kept) document.takeBack();
      throw error;
    }
  }

  /** Begins to gather updates for the next write. */
  private gather(): Gathered {
    const gathered: Gathered = { updates: [], from: [] };
    const sinceMs = performance.now();
    const changes = (): StoreChange[] => {
      this.gathered = null;
      return this.updateChanges(gathered.updates);
    };
    this.writes.add(changes, () => {
      this.options.meter.saving.add(performance.now() - sinceMs, gathered.from.length);
      for (const { session, receipt, isStepTwo } of gathered.from) {
        session.receipts.stored(receipt, isStepTwo);
        if (session.replica !== null) this.owed.add(session);
      }
    });
    return gathered;
  }

  private updateChanges(updates: readonly Uint8Array[]): StoreChange[] {
    if (updates.length === 0) return [];
    if (this.storage.updateCount < updatesMax && !this.document.wantsCompaction) return this.withEpoch(this.storage.addUpdates(updates));
    return this.withEpoch(this.storage.replaceUpdates(this.document.compact()));
  }

  /** When there is time: those who wait for an update have it already. */
  private catchUpSoon(): void {
    this.catchingUp ??= this.options.clock.after(0, () => {
      this.catchingUp = null;
      for (const { document } of this.islands.all) document.catchUp();
      this.document.catchUp();
    });
  }

  private recordChanges(fresh: readonly StoredRecord[]): StoreChange[] {
    const changes = fresh.map((entry) => this.storage.addRecord(entry));
    return changes.length > 0 ? this.withEpoch(changes) : changes;
  }

  private store(changes: readonly StoreChange[]): Promise<void> {
    return new Promise((resolve) => this.writes.add(this.withEpoch(changes), resolve));
  }

  /** A room that holds nothing is not stored at all; with the first thing goes the name of its life. */
  private withEpoch(changes: readonly StoreChange[]): StoreChange[] {
    if (this.epochIsStored) return [...changes];
    this.epochIsStored = true;
    return [this.storage.setEpoch(this.epoch), ...changes];
  }

  private confirm(): void {
    const summary = this.journal.stored;
    for (const session of this.owed) {
      if (session.replica === null) continue;
      const { view } = this.islands.of(session);
      session.send(encodeMessage({ kind: 'saved', summary: view ? summary.meet(view) : summary, yjsFrames: session.receipts.confirmed }));
    }
    this.owed.clear();
  }
}

function newEpoch(): string {
  return randomBytes(16).toString('base64url');
}
