/**
 * One room: its document, journal, presence and sessions, and what of it is on disk.
 *
 * Guarantees: whatever a session hears as saved is on disk; a frame that is refused has changed nothing and reached nobody; while the
 * room loads or is being emptied, its sessions wait.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import { VersionVector } from '../../clocks/version-vector.ts';
import type { JournalRecord } from '../../history/record.ts';
import type { Store } from '../../ports/store.ts';
import { plainCodec } from '../../protocol/codec.ts';
import { withDiscarded } from '../../protocol/room-life.ts';
import { RoomStorage } from '../storage/room-storage.ts';
import { type SharedStore, StoreUnavailable } from '../../ports/shared-store.ts';
import { awarenessFrame } from '../frames.ts';
import { Confirmations } from './confirmations.ts';
import { DocumentSync } from './document-sync.ts';
import { DroppedPresence } from '../presence/dropped-presence.ts';
import { emptyRoom } from './empty-room.ts';
import { UpdateBatch, updatesMax } from './update-batch.ts';
import { DeferredFrames } from '../session/deferred-frames.ts';
import type { Island } from '../faults/island.ts';
import { endSessions } from './end-sessions.ts';
import { epochAfter, newEpoch } from './new-epoch.ts';
import { awarenessLimits } from '../relay-limits.ts';
import { RoomDecisions } from './room-decisions.ts';
import { RoomDocument } from '../document/room-document.ts';
import { RoomFaults } from '../faults/room-faults.ts';
import { RoomIslands } from '../faults/room-islands.ts';
import { RoomJournal } from './room-journal.ts';
import { RoomLinks } from '../faults/room-links.ts';
import { RoomMembers } from './room-members.ts';
import { RoomNames } from './room-names.ts';
import type { RoomChange, RoomOptions } from './room-options.ts';
import { RoomEdits } from './room-edits.ts';
import { RoomProtocol } from './room-protocol.ts';
import { type RoomLife, RoomReload } from './room-reload.ts';
import type { ClusterUpdate, Guest } from '../cluster/cluster-messages.ts';
import type { RoomParts, RoomReading } from './room-reading.ts';
import { RoomPeerRelays } from './room-peer-relays.ts';
import { ClusterRoom } from '../cluster/cluster-room.ts';
import { resyncSession } from './resync-session.ts';
import { RoomWrites } from './room-writes.ts';
import { RoomTraffic } from '../../protocol/room-traffic.ts';
import type { FrameReceiver, Session } from '../session/session.ts';
import { applyClusterUpdate } from './apply-cluster-update.ts';

export class Room implements FrameReceiver, RoomReading {
  readonly document: RoomReading['document'];
  readonly journal: RoomReading['journal'];
  readonly islands: RoomReading['islands'];
  readonly links: RoomReading['links'];
  readonly members: RoomReading['members'];
  readonly names: RoomReading['names'];
  readonly faults: RoomReading['faults'];
  readonly traffic: RoomReading['traffic'];
  private readonly parts: RoomParts;
  private readonly attached = new Set<Session>();
  private readonly life: RoomLife;
  private readonly deferredFrames: DeferredFrames;
  private readonly sync = new DocumentSync((session) => this.parts.islands.of(session));
  private readonly peerRelays: RoomPeerRelays | null;
  private readonly edits: RoomEdits;
  private readonly protocol: RoomProtocol;
  private readonly storage: RoomStorage;
  private readonly cluster: ClusterRoom | null;
  private readonly store: Store;
  private readonly decisions: RoomDecisions;
  private readonly writes: RoomWrites;
  private readonly confirmations: Confirmations;
  private readonly batch: UpdateBatch;
  private readonly reloading: RoomReload | null;
  private readiness: Promise<void>;

  constructor(readonly name: string, private readonly options: RoomOptions<Room>) {
    const { store, clock, random, codec = plainCodec } = options;
    this.life = { epoch: newEpoch(random), discarded: [], settings: null };
    const journal = new RoomJournal(options.limits, options.heldRecords, codec);
    const document = new RoomDocument(options.gc);
    this.confirmations = new Confirmations(codec, () => journal.stored, (session) => this.parts.islands.of(session).view);
    this.cluster = 'enter' in store ? this.clusterOf(store) : null;
    this.store = 'enter' in store ? this.cluster!.store : store;
    this.storage = new RoomStorage(this.store, name, this.report, 'enter' in store ? store.relay : null);
    this.writes = new RoomWrites({
      store: this.store, clock, pace: options.pace, report: this.report, isShared: this.cluster !== null,
      flushed: () => this.confirmations.send(), epoch: () => this.storage.setEpoch(this.epoch),
    });
    this.batch = new UpdateBatch({
      clock, document, storage: this.storage, saving: options.meter.saving,
      write: (changes, stored) => this.writes.add(changes, stored), stored: (session) => this.confirmations.owe(session),
    });
    const decisions = (this.decisions = new RoomDecisions({ storage: this.storage, cluster: this.cluster, stored: (changes) => this.writes.stored(changes) }));
    this.deferredFrames = new DeferredFrames(this.report);
    const names = new RoomNames({ room: name, max: options.limits.replicasPerRoomMax, isShared: this.cluster !== null, store: (found, asked) => decisions.name(found, asked), hasEditsOf: (replica) => journal.summary.get(replica) > 0 });
    const sessions = (): readonly Session[] => this.sessions;
    const resync = (session: Session): void => this.resync(session);
    const islands = new RoomIslands({ clock, codec, document, journal, awareness: awarenessLimits(options.limits), resync });
    const links = new RoomLinks({ clock, sessions, stateVector: (session) => islands.of(session).document.stateVector, resync });
    const members = new RoomMembers({ clock, codec, leader: () => options.leaderOf?.(this.settings) ?? null, islands: () => islands.all, store: (list, former) => decisions.members(list, former), caughtUp: () => this.peerRelays?.sessionsChanged() });
    const { cluster, storage, writes } = this;
    const traffic = new RoomTraffic();
    const faults = new RoomFaults({
      islands, links, members, cluster, storage, random,
      changed: () => options.changed(this, 'faults'),
      adopt: (snapshot) => {
        const news = islands.adopt(snapshot);
        if (news) cluster?.addUpdate('', news);
        if (news) writes.add(() => storage.addUpdates([news]));
      },
      regrouped: () => void (writes.add([]), this.peerRelays?.appeared()),
    });
    this.peerRelays = cluster && new RoomPeerRelays({ clock, random, relay: 'enter' in store ? store.relay : '', islands, members, sessions, epoch: () => this.epoch, send: (message) => cluster.send(message), changed: () => options.changed(this, 'sessions') });
    this.reloading = cluster && new RoomReload(this.life, {
      clock, cluster, islands, members, decisions, document, journal, names, storage, report: this.report,
      load: () => this.load(), write: (changes, stored) => writes.add(changes, stored),
    });
    this.parts = { document, journal, islands, links, members, names, faults, traffic };
    ({ document: this.document, journal: this.journal, islands: this.islands, links: this.links, members: this.members, names: this.names, faults: this.faults, traffic: this.traffic } = this.parts);
    const { deferredFrames, sync, peerRelays, batch, confirmations } = this;
    const changed = (change: RoomChange): void => options.changed(this, change);
    const edits = (this.edits = new RoomEdits({
      clock, codec, document, journal, islands, links, sync, traffic, storage, cluster, writes, batch, confirmations, changed,
      outgoing: options.outgoing, meter: options.meter, documentBytesMax: options.limits.documentBytesMax,
    }));
    const droppedPresence = new DroppedPresence({ meter: options.meter, report: this.report });
    this.protocol = new RoomProtocol({ codec, life: this.life, sessions, edits, journal, islands, links, members, names, deferredFrames, sync, droppedPresence, traffic, peerRelays, changed });
    this.readiness = this.load();
    // Whoever waits for the room hears of a failure; without this, one that nobody waits for would end the process.
    this.readiness.catch(() => {});
  }

  /** Resolves when the room may be used. Rejects when it cannot be read. */
  async ready(): Promise<void> {
    for (let waitedFor: unknown = null; waitedFor !== this.readiness; await waitedFor) waitedFor = this.readiness;
  }

  /** Sessions that are in the room now. */
  get sessions(): readonly Session[] {
    return [...this.attached];
  }

  /** Those who are here through other relays. */
  get guests(): readonly Guest[] {
    return this.peerRelays?.guests ?? [];
  }

  /** Whether other relays may have the room too. */
  get isShared(): boolean {
    return this.cluster !== null;
  }

  /** Names this life of the room. */
  get epoch(): string {
    return this.life.epoch;
  }

  /** The JSON that was stored as the room's settings; null if none was. */
  get settings(): unknown {
    return this.life.settings;
  }

  /** All records, each after all that its author had seen. */
  records(): JournalRecord[] {
    return this.parts.journal.missing(VersionVector.empty).map((entry) => entry.record);
  }

  /** Stores the room's settings; resolves when they are on disk. */
  async setSettings(settings: unknown): Promise<void> {
    await this.ready();
    this.life.settings = settings;
    this.options.changed(this, 'settings');
    await this.decisions.setting(this.storage.setSettings(settings));
  }

  attach(session: Session): void {
    this.attached.add(session);
    const { awareness } = this.parts.islands.enter(session);
    this.parts.links.bind(session);
    const present = awareness.all();
    if (present) session.send(awarenessFrame(present));
    this.peerRelays?.sessionsChanged();
    this.options.changed(this, 'sessions');
  }

  /** Resolves when nothing of the session is under way any more. */
  async detach(session: Session): Promise<void> {
    if (!this.attached.has(session)) return;
    const held = session.hasDeparted ? this.deferredFrames.released(session) : null;
    if (held) await held;
    this.leave(session);
  }

  private leave(session: Session): void {
    if (!this.attached.delete(session)) return;
    this.confirmations.forget(session);
    this.deferredFrames.forget(session);
    this.parts.links.release(session);
    const island = this.parts.islands.leave(session);
    if (session.replica !== null) this.parts.members.depart(session.replica);
    const gone = island.awareness.leave(session);
    if (gone) this.protocol.passAwareness(island, gone);
    this.peerRelays?.detached(session);
    this.options.changed(this, 'sessions');
  }

  /** Brings a session up to date that missed frames. */
  resync(session: Session): void {
    if (this.attached.has(session)) resyncSession(session, this.parts.islands.of(session), this.sync);
  }

  /** Takes a frame of a session. Throws a Refusal for one that cannot be taken. `receipt`: as of FrameReceiver. */
  receive(session: Session, frame: Uint8Array, receipt: number | null): void {
    this.protocol.receive(session, frame, receipt);
  }

  /** A frame of a session was lost or overtaken. */
  noteLostFrame(session: Session): void {
    this.parts.links.noteLoss(session);
  }

  /** To be called now and then: notes what a session has, in case it must be sent what it lacks without saying what that is. */
  noteCurrent(session: Session): void {
    this.sync.noteCurrent(session);
  }

  /** Why nobody of this name may connect now; null if they may. */
  objectionTo(name: string): string | null {
    return this.parts.links.objection(name);
  }

  /** Takes an update of a program's to an island. Resolves to whether anything of it was new, when that is on disk. Rejects with a Refusal. */
  merge(island: Island, update: Uint8Array): Promise<boolean> {
    return this.edits.merge(island, update);
  }

  /** Whether writing fails, and since when something waits, by the clock's `nowMs`. */
  get unsaved(): Pick<RoomWrites, 'isFailing' | 'oldestMs'> {
    return this.writes;
  }

  /** Names a replica: the name it has, the wanted one or its next life, or the next free letter. Resolves when that is on disk. Rejects with a Refusal when there are too many. */
  async nameReplica(instance: string, wanted: string | null): Promise<ReplicaId> {
    await this.ready();
    return this.parts.names.name(instance, wanted);
  }

  /** Throws everything in the room away, except its settings: `settings`, where given, replace them in the same write. Its sessions are closed, plain clients for good. Rejects, with the room as it was, when the store fails. */
  empty(settings?: object): Promise<void> {
    return this.restart(`room ${this.name} was emptied`, () => this.removeAll(settings));
  }

  /** Resolves when all is on disk; waits for as long as the store fails. */
  async settled(): Promise<void> {
    await this.reloading?.idle();
    await this.writes.idle();
  }

  /** Whether it has what is not stored and could not be loaded anew, so that it must stay in memory. */
  get awaitsReload(): boolean {
    return this.reloading?.isPending === true;
  }

  /** Ends the room. Resolves to whether everything of it is on disk. */
  async close(): Promise<boolean> {
    this.reloading?.close();
    await this.readiness.catch(() => {});
    this.parts.members.close();
    const stored = (await this.writes.close()) && !this.awaitsReload;
    this.peerRelays?.close();
    this.cluster?.leave();
    this.parts.islands.close();
    this.parts.journal.clear();
    this.parts.document.destroy();
    return stored;
  }

  private async load(): Promise<void> {
    const found = await this.storage.load();
    this.clear();
    if (found.epoch !== null) [this.life.epoch, this.writes.epochIsStored] = [found.epoch, true];
    this.life.discarded = found.discarded;
    this.life.settings = found.settings;
    this.parts.names.restore(found.instances);
    for (const update of found.updates) if (!this.parts.document.restore(update)) this.report('a stored update is malformed and was skipped');
    for (const line of this.parts.journal.restore(found.records)) this.report(line);
    this.parts.faults.restore(found);
    this.parts.members.restore(found.members);
    if (this.storage.updateCount > (this.cluster ? updatesMax(this.parts.document.bytesAtMost) : 1)) this.writes.add(this.storage.replaceUpdates(this.parts.document.compact()));
    this.peerRelays?.appeared();
  }

  /** Ends all sessions. Windows of ours may come back, and wait until this work is done; whether others may is known only then. */
  private restart(reason: string, work: () => Promise<void>, before = this.readiness): Promise<void> {
    const done = before.then(work);
    endSessions({ life: this.life, deferred: this.deferredFrames }, this.sessions, done, reason, (session) => this.leave(session));
    this.readiness = done.catch(() => {});
    return done;
  }

  private async removeAll(changed?: object): Promise<void> {
    if (this.writes.isFailing) throw new StoreUnavailable('the store takes no writes now');
    await this.writes.idle();
    const epoch = epochAfter(this.epoch, this.options.random);
    const discarded = withDiscarded(this.life.discarded, this.epoch);
    const settings = changed ?? this.settings;
    const kept = [this.storage.setEpoch(epoch), this.storage.setDiscarded(discarded), ...(settings === null ? [] : [this.storage.setSettings(settings)]), ...this.parts.faults.kept];
    if (!this.cluster) await emptyRoom({ store: this.store, storage: this.storage, clock: this.options.clock, epoch, kept });
    else if (!(await this.cluster.empty(kept))) {
      // Another relay has emptied it, or knows what this one does not.
      await this.load();
      return this.removeAll(changed);
    }
    this.storage.forgetUpdates();
    this.life.settings = changed ?? this.settings;
    this.clear();
    this.life.epoch = epoch;
    this.life.discarded = discarded;
    this.writes.epochIsStored = true;
    if (this.cluster) await this.load();
    this.options.changed(this, 'emptied');
  }

  private clear(): void {
    this.parts.names.restore(new Map());
    this.parts.members.restore([]);
    this.parts.traffic.clear();
    this.parts.document.clear();
    this.parts.journal.clear();
    this.parts.islands.clear();
  }

  /** What is in memory is not what other relays have: all is read again, and what is not there is brought back. */
  private reload(reason: string): void {
    this.report(`${reason}; it is loaded anew`);
    this.reloading!.begin();
    this.writes.restart();
    this.batch.forget();
    this.confirmations.clear();
    this.loadAnew();
  }

  private loadAnew(): void {
    const work = (): Promise<void> => this.reloading!.attempt(() => this.loadAnew());
    this.readiness = this.restart(`room ${this.name} is loaded anew`, work, this.readiness.catch(() => {}));
    this.readiness.then(() => this.options.changed(this, 'emptied'), () => {});
  }

  /** Another relay has written. */
  private applyClusterUpdate(update: ClusterUpdate): void {
    const found = this.storage.applyChanges(update.changes);
    const { islands, journal, names, members, faults } = this.parts;
    faults.learn(found);
    this.reloading?.learnDiscarded(found.discarded);
    applyClusterUpdate({ islands, journal, names, members, whenDurable: (callback) => this.writes.add([], callback), changed: (change) => this.options.changed(this, change) }, update, found);
    islands.catchUpSoon();
    if (found.settings === null) return;
    this.life.settings = found.settings;
    this.options.changed(this, 'settings');
  }

  private clusterOf(shared: SharedStore): ClusterRoom {
    return new ClusterRoom(shared, {
      room: this.name,
      clock: this.options.clock,
      newEpoch: () => newEpoch(this.options.random),
      report: this.report,
      updated: (update) => this.applyClusterUpdate(update),
      outdated: (reason) => this.reload(reason),
      received: (relay, message, isOwn) => this.peerRelays?.receive(relay, message, isOwn),
      gone: (relay) => this.peerRelays?.gone(relay),
      appeared: () => this.peerRelays?.appeared(),
      reached: () => void (this.writes.hurry(), this.peerRelays?.reached()),
    });
  }

  private readonly report = (line: string): void => this.options.report(`room ${this.name}: ${line}`);
}
