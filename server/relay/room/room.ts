/**
 * One room: its document, journal, presence and sessions, and what of it is on disk.
 *
 * Guarantees: whatever a session hears as saved is on disk; a frame that is refused has changed nothing and reached nobody; while the
 * room loads or is being emptied, its sessions wait.
 */
import type { ReplicaId } from '../../../shared/clocks/dot.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { isEdit, type JournalRecord } from '../../../shared/history/record.ts';
import type { Store } from '../../../shared/ports/store.ts';
import { encodeMessage } from '../../../shared/protocol/codec.ts';
import { withDiscarded } from '../../../shared/protocol/room-life.ts';
import { RoomStorage } from '../../storage/room-storage.ts';
import { type SharedStore, StoreUnavailable } from '../../storage/shared-store.ts';
import { awarenessFrame, updateFrame, updateIn } from '../frames.ts';
import { Confirmations } from './confirmations.ts';
import { DocumentSync } from './document-sync.ts';
import { DroppedPresence } from '../presence/dropped-presence.ts';
import { emptyRoom } from './empty-room.ts';
import { GatheredUpdates, updatesMax } from './gathered-updates.ts';
import { HeldFrames } from '../session/held-frames.ts';
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
import { RoomReload } from './room-reload.ts';
import type { RoomNews } from '../peers/room-news.ts';
import { RoomPeers } from './room-peers.ts';
import { RoomShare } from '../peers/room-share.ts';
import { resyncSession } from './resync-session.ts';
import { RoomWrites } from './room-writes.ts';
import { RoomTraffic } from '../../../shared/protocol/room-traffic.ts';
import type { Session } from '../session/session.ts';
import { takeNews } from './take-news.ts';

export class Room {
  readonly document: RoomDocument;
  readonly journal: RoomJournal;
  readonly islands: RoomIslands;
  readonly links: RoomLinks;
  readonly members: RoomMembers;
  readonly names: RoomNames;
  readonly faults: RoomFaults;
  readonly held: HeldFrames;
  readonly droppedPresence: DroppedPresence;
  readonly traffic = new RoomTraffic();
  readonly sync = new DocumentSync((session) => this.islands.of(session));
  /** Those who are here through other relays; null where no other relay has the room. */
  readonly peers: RoomPeers | null;
  /** Names this life of the room. */
  epoch = newEpoch();
  /** The lives that people have thrown away. */
  discarded: readonly string[] = [];
  /** The JSON that was stored as the room's settings; null if none was. */
  settings: unknown = null;

  private readonly attached = new Set<Session>();
  private readonly storage: RoomStorage;
  private readonly share: RoomShare | null;
  private readonly store: Store;
  private readonly decisions: RoomDecisions;
  private readonly writes: RoomWrites;
  private readonly confirmations = new Confirmations(() => this.journal.stored, (session) => this.islands.of(session).view);
  private readonly gathered: GatheredUpdates;
  private readonly reloading: RoomReload | null;
  private readiness: Promise<void>;

  constructor(readonly name: string, private readonly options: RoomOptions<Room>) {
    const { store, clock } = options;
    this.journal = new RoomJournal(options.limits, options.heldRecords);
    this.document = new RoomDocument(options.gc);
    this.share = 'enter' in store ? this.shareOf(store) : null;
    this.store = 'enter' in store ? this.share!.store : store;
    this.storage = new RoomStorage(this.store, name, this.report, 'enter' in store ? store.relay : null);
    this.writes = new RoomWrites({
      store: this.store, clock, pace: options.pace, report: this.report, isShared: this.share !== null,
      flushed: () => this.confirmations.send(), epoch: () => this.storage.setEpoch(this.epoch),
    });
    this.gathered = new GatheredUpdates({
      document: this.document, storage: this.storage, saving: options.meter.saving,
      write: (changes, stored) => this.writes.add(changes, stored), stored: (session) => this.confirmations.owe(session),
    });
    const decisions = (this.decisions = new RoomDecisions({ storage: this.storage, share: this.share, stored: (changes) => this.writes.stored(changes) }));
    this.held = new HeldFrames(this.report);
    this.droppedPresence = new DroppedPresence({ meter: options.meter, report: this.report });
    this.names = new RoomNames({ room: name, max: options.limits.replicasPerRoomMax, isShared: this.share !== null, store: (found, asked) => decisions.name(found, asked), hasEditsOf: (replica) => this.journal.summary.get(replica) > 0 });
    const sessions = (): readonly Session[] => this.sessions;
    const resync = (session: Session): void => this.resync(session);
    this.islands = new RoomIslands({ clock, document: this.document, journal: this.journal, awareness: awarenessLimits(options.limits), resync });
    this.links = new RoomLinks({ clock, sessions, stateVector: (session) => this.islands.of(session).document.stateVector, resync });
    this.members = new RoomMembers({ clock, leader: () => options.leaderOf?.(this.settings) ?? null, islands: () => this.islands.all, store: (members, former) => decisions.members(members, former), settled: () => this.peers?.sessionsChanged() });
    const { islands, members, share } = this;
    this.faults = new RoomFaults({
      islands, links: this.links, members, share, storage: this.storage,
      changed: () => this.announce('faults'),
      adopt: (snapshot) => {
        const news = islands.adopt(snapshot);
        if (news) share?.addUpdate('', news);
        if (news) this.writes.add(() => this.storage.addUpdates([news]));
      },
      regrouped: () => void (this.writes.add([]), this.peers?.appeared()),
    });
    this.peers = share && new RoomPeers({ clock, relay: 'enter' in store ? store.relay : '', islands, members, sessions, epoch: () => this.epoch, tell: (told) => share.tell(told), changed: () => this.announce('sessions') });
    this.reloading = share && new RoomReload(this, {
      clock, share, islands, members, decisions, document: this.document, journal: this.journal, names: this.names, storage: this.storage, report: this.report,
      load: () => this.load(), write: (changes, stored) => this.writes.add(changes, stored),
    });
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

  /** All records, each after all that its author had seen. */
  records(): JournalRecord[] {
    return this.journal.missing(VersionVector.empty).map((entry) => entry.record);
  }

  /** Stores the room's settings; resolves when they are on disk. */
  async setSettings(settings: unknown): Promise<void> {
    await this.ready();
    this.settings = settings;
    this.options.changed(this, 'settings');
    await this.decisions.setting(this.storage.setSettings(settings));
  }

  attach(session: Session): void {
    this.attached.add(session);
    const { awareness } = this.islands.enter(session);
    this.links.bind(session);
    const present = awareness.all();
    if (present) session.send(awarenessFrame(present));
    this.peers?.sessionsChanged();
    this.options.changed(this, 'sessions');
  }

  /** Resolves when nothing of the session is under way any more. */
  async detach(session: Session): Promise<void> {
    if (!this.attached.has(session)) return;
    const held = session.hasDeparted ? this.held.released(session) : null;
    if (held) await held;
    this.leave(session);
  }

  private leave(session: Session): void {
    if (!this.attached.delete(session)) return;
    this.confirmations.forget(session);
    this.held.forget(session);
    this.links.release(session);
    const island = this.islands.leave(session);
    if (session.replica !== null) this.members.depart(session.replica);
    const gone = island.awareness.leave(session);
    if (gone) this.passAwareness(island, gone);
    this.peers?.detached(session);
    this.options.changed(this, 'sessions');
  }

  /** Brings a session up to date that missed frames. */
  resync(session: Session): void {
    if (this.attached.has(session)) resyncSession(session, this.islands.of(session), this.sync);
  }

  /** A session has said hello, as this replica's. */
  identify(session: Session, replica: ReplicaId): void {
    if (!session.identify(replica)) return;
    this.links.bind(session);
    this.islands.renamed(session);
  }

  /** Tells an island, here and at other relays, what was new in its presence. */
  passAwareness(island: Island, news: Uint8Array): void {
    island.send(awarenessFrame(news));
    this.peers?.tellAwareness(island, news);
  }

  /** Says that something changed elsewhere: a session said hello. */
  announce(change: RoomChange): void {
    this.options.changed(this, change);
  }

  /** Takes a Yjs update from a session: to those it reaches, and to disk. `receipt`: null where it was counted with its frame. */
  takeUpdate(session: Session, update: Uint8Array, isStepTwo: boolean, receipt: number | null): void {
    const island = this.islands.of(session);
    this.gathered.add(session, receipt, isStepTwo, this.spread(island, update, session));
    this.islands.catchUpSoon(island);
  }

  /** Takes an update of a program's to an island. Resolves to whether anything of it was new, when that is on disk. Rejects with a Refusal. */
  async merge(island: Island, update: Uint8Array): Promise<boolean> {
    const kept = this.spread(island, update, null);
    await this.writes.stored(kept ? this.storage.addUpdates([kept]) : []);
    return kept !== null;
  }

  /** Applies an update and tells those whom it reaches. Returns what is to be stored of it; null if nothing. Throws a Refusal. */
  private spread(island: Island, update: Uint8Array, from: Session | null): Uint8Array | null {
    this.document.mustHold(update, this.options.limits.documentBytesMax);
    // The bytes that go out are those that are kept.
    const frame = updateFrame(update);
    const own = updateIn(frame);
    const before = this.sync.beforeLarge(update, island.document);
    const { shown, kept, mayRelease, gaveUp } = from?.syncState.mayLeaveGaps ? this.islands.applyWithGaps(island, own) : { ...this.islands.apply(island, own), gaveUp: false };
    if (gaveUp) this.links.askForLost(island);
    if (kept) this.share?.addUpdate(this.islands.placeOf(island), kept);
    if (!shown) return kept;
    this.traffic.count('crdt', update.length);
    const except = mayRelease ? null : from;
    this.options.outgoing.noteEdits(before ? this.sync.sendLarge(island, before, except) : island.send(shown === own ? frame : updateFrame(shown), except));
    this.options.changed(this, 'document');
    return kept;
  }

  /** Whether writing fails, and since when something waits (performance.now()). */
  get unsaved(): Pick<RoomWrites, 'isFailing' | 'oldestMs'> {
    return this.writes;
  }

  /** Takes encoded records from a session: to the replicas that it reaches, and to disk. */
  takeRecords(session: Session, encoded: readonly Uint8Array[]): void {
    const whole = session.syncState.mayLeaveGaps ? this.journal.withoutGaps(encoded) : encoded;
    if (whole.length < encoded.length) this.links.noteLoss(session);
    const fresh = this.journal.add(whole);
    for (const { record, bytes } of fresh) if (isEdit(record)) this.traffic.count('records', bytes.length);
    const island = this.islands.of(session);
    const news = island.view ? this.islands.advance(island, whole) : fresh;
    if (news.length > 0) {
      const message = encodeMessage({ kind: 'records', records: news.map(({ bytes }) => bytes) });
      this.options.outgoing.noteEdits(news.length * island.sendToReplicas(message, session));
      this.share?.addRecords(this.islands.placeOf(island), news);
    }
    const sinceMs = performance.now();
    this.writes.add(fresh.map((entry) => this.storage.addRecord(entry)), () => {
      this.options.meter.saving.add(performance.now() - sinceMs, fresh.length);
      this.journal.markStored(fresh);
      this.confirmations.owe(session);
    });
    if (news.length > 0) this.options.changed(this, 'records');
  }

  /** Says `saved` to a session as soon as all that the room knows now is on disk. */
  confirmTo(session: Session): void {
    this.writes.add([], () => this.confirmations.owe(session));
  }

  /** Names a replica: the name it has, the wanted one or its next life, or the next free letter. Resolves when that is on disk. Rejects with a Refusal when there are too many. */
  async nameReplica(instance: string, wanted: string | null): Promise<ReplicaId> {
    await this.ready();
    return this.names.name(instance, wanted);
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
    this.members.close();
    const stored = (await this.writes.close()) && !this.awaitsReload;
    this.peers?.close();
    this.share?.leave();
    this.islands.close();
    this.journal.clear();
    this.document.destroy();
    return stored;
  }

  private async load(): Promise<void> {
    const found = await this.storage.load();
    this.clear();
    if (found.epoch !== null) [this.epoch, this.writes.epochIsStored] = [found.epoch, true];
    this.discarded = found.discarded;
    this.settings = found.settings;
    this.names.restore(found.instances);
    for (const update of found.updates) if (!this.document.restore(update)) this.report('a stored update is malformed and was skipped');
    for (const line of this.journal.restore(found.records)) this.report(line);
    this.faults.restore(found);
    this.members.restore(found.members);
    if (this.storage.updateCount > (this.share ? updatesMax(this.document.bytesAtMost) : 1)) this.writes.add(this.storage.replaceUpdates(this.document.compact()));
    this.peers?.appeared();
  }

  /** Ends all sessions. Windows of ours may come back, and wait until this work is done; whether others may is known only then. */
  private restart(reason: string, work: () => Promise<void>, before = this.readiness): Promise<void> {
    const done = before.then(work);
    endSessions(this, this.sessions, done, reason, (session) => this.leave(session));
    this.readiness = done.catch(() => {});
    return done;
  }

  private async removeAll(changed?: object): Promise<void> {
    if (this.writes.isFailing) throw new StoreUnavailable('the store takes no writes now');
    await this.writes.idle();
    const epoch = epochAfter(this.epoch);
    const discarded = withDiscarded(this.discarded, this.epoch);
    const settings = changed ?? this.settings;
    const kept = [this.storage.setEpoch(epoch), this.storage.setDiscarded(discarded), ...(settings === null ? [] : [this.storage.setSettings(settings)]), ...this.faults.kept];
    if (!this.share) await emptyRoom({ store: this.store, storage: this.storage, clock: this.options.clock, epoch, kept });
    else if (!(await this.share.empty(kept))) {
      // Another relay has emptied it, or knows what this one does not.
      await this.load();
      return this.removeAll(changed);
    }
    this.storage.forgetUpdates();
    this.settings = changed ?? this.settings;
    this.clear();
    this.epoch = epoch;
    this.discarded = discarded;
    this.writes.epochIsStored = true;
    if (this.share) await this.load();
    this.options.changed(this, 'emptied');
  }

  private clear(): void {
    this.names.restore(new Map());
    this.members.restore([]);
    this.traffic.clear();
    this.document.clear();
    this.journal.clear();
    this.islands.clear();
  }

  /** What is in memory is not what other relays have: all is read again, and what is not there is brought back. */
  private reload(reason: string): void {
    this.report(`${reason}; it is loaded anew`);
    this.reloading!.begin();
    this.writes.restart();
    this.gathered.forget();
    this.confirmations.clear();
    this.loadAnew();
  }

  private loadAnew(): void {
    const work = (): Promise<void> => this.reloading!.attempt(() => this.loadAnew());
    this.readiness = this.restart(`room ${this.name} is loaded anew`, work, this.readiness.catch(() => {}));
    this.readiness.then(() => this.options.changed(this, 'emptied'), () => {});
  }

  /** Another relay has written. */
  private takeNews(news: RoomNews): void {
    const found = this.storage.takeNews(news.changes);
    const { islands, journal, names, members } = this;
    this.faults.learn(found);
    this.reloading?.learnDiscarded(found.discarded);
    takeNews({ islands, journal, names, members, whenDurable: (callback) => this.writes.add([], callback), changed: (change) => this.announce(change) }, news, found);
    islands.catchUpSoon();
    if (found.settings === null) return;
    this.settings = found.settings;
    this.options.changed(this, 'settings');
  }

  private shareOf(shared: SharedStore): RoomShare {
    return new RoomShare(shared, {
      room: this.name,
      clock: this.options.clock,
      newEpoch,
      report: this.report,
      news: (news) => this.takeNews(news),
      outdated: (reason) => this.reload(reason),
      told: (relay, told, isOwn) => this.peers?.hear(relay, told, isOwn),
      gone: (relay) => this.peers?.gone(relay),
      appeared: () => this.peers?.appeared(),
      reached: () => void (this.writes.hurry(), this.peers?.reached()),
    });
  }

  private readonly report = (line: string): void => this.options.report(`room ${this.name}: ${line}`);
}
