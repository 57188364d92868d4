/**
 * The islands of a room. Undivided there is one, whose document is the room's own and which has all records; divided, each has a document of its own and
 * a version vector over the one journal, and the room's document and journal are the union of all, stored as ever.
 */
import { VersionVector } from '../../clocks/version-vector.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FrameCodec } from '../../protocol/codec.ts';
import type { StoredRecord } from '../storage/room-storage.ts';
import { updateFrame } from '../frames.ts';
import { Island, type IslandRecords } from './island.ts';
import { Regrouping } from './regrouping.ts';
import { newsOf } from '../document/apply-updates.ts';
import { RoomDocument } from '../document/room-document.ts';
import type { Taken } from '../document/taken.ts';
import { TooManyWaiting } from '../document/waiting-updates.ts';
import type { RoomAwarenessOptions } from '../presence/room-awareness.ts';
import type { ClusterUpdate, Guest, IslandSnapshot } from '../cluster/cluster-messages.ts';
import type { Session } from '../session/session.ts';

export interface RoomIslandsOptions {
  readonly clock: Clock;
  readonly codec: FrameCodec;
  readonly document: RoomDocument;
  readonly journal: IslandRecords;
  readonly awareness: Omit<RoomAwarenessOptions, 'nowMs'>;
  /** Brings a session up to date of which nobody knows what it has received. */
  readonly resync: (session: Session) => void;
}

export class RoomIslands {
  private readonly whole: Island;
  private islands: readonly Island[];
  private catchingUp: (() => void) | null = null;
  private readonly places = new Map<Session, Island>();
  /** What the room had when it was divided; null while it is whole. */
  private base: IslandSnapshot | null = null;

  private guests: readonly Guest[] = [];
  private division: string | null = null;

  private readonly awareness: RoomAwarenessOptions;

  constructor(private readonly options: RoomIslandsOptions) {
    this.awareness = { ...options.awareness, nowMs: () => options.clock.nowMs() };
    this.whole = new Island(null, options.document, this.awareness);
    this.islands = [this.whole];
  }

  /** The whole room, or its islands in the order of their lists; the last one is of those that no list names. */
  get all(): readonly Island[] {
    return this.islands;
  }

  get isDivided(): boolean {
    return this.base !== null;
  }

  /** The names as they were given; empty while the room is whole. */
  get lists(): string[][] {
    return this.islands.flatMap(({ names }) => (names ? [[...names]] : []));
  }

  /** Of a session that has entered. */
  of(session: Session): Island {
    return this.places.get(session) ?? this.whole;
  }

  /** Which island, counted from 0; null while the room is whole. */
  numberOf(session: Session): number | null {
    return this.isDivided ? this.islands.indexOf(this.of(session)) : null;
  }

  /** The same of a session at another relay. */
  numberOfGuest(guest: Guest): number | null {
    return this.isDivided ? this.islands.indexOf(this.placeFor(guest)) : null;
  }

  /** Where so much waits in the document of the room or of an island: integrates it when there is time, as those who wait for an update have it already. */
  catchUpSoon(island = this.whole): void {
    if (!this.catchingUp && (this.whole.document.isBehind || island.document.isBehind)) this.catchUpLater();
  }

  private catchUpLater(): void {
    this.catchingUp = this.options.clock.after(0, () => {
      this.catchingUp = null;
      for (const { document } of new Set([this.whole, ...this.islands])) document.catchUpSome();
      if (this.islands.some((each) => each.document.isWaiting) || this.whole.document.isWaiting) this.catchUpLater();
    });
  }

  viewOf(island: Island): VersionVector {
    return island.view ?? this.options.journal.summary;
  }

  /** An update that all islands have at some relay, to the room and to those here that lack it. Returns what the room has to store; null if nothing. */
  adopt(update: Uint8Array): Uint8Array | null {
    const { shown: news, kept } = this.options.document.take(update);
    for (const island of news ? this.islands : []) {
      const shown = island.view ? island.document.apply(news!) : news;
      if (shown) island.send(updateFrame(shown));
    }
    return kept;
  }

  /** An update that no island here is known to have. */
  applyToRoom(update: Uint8Array): void {
    this.options.document.apply(update);
  }

  /** The same. Returns what the room has to store; null if nothing. */
  takeIntoRoom(update: Uint8Array): Uint8Array | null {
    return this.options.document.take(update).kept;
  }

  /** An update to the room's document and an island's, or to neither. `shown`: what was new on the island; `kept`: what the room has to store. Throws a Refusal. */
  apply({ document }: Island, update: Uint8Array): Taken {
    const onIsland = document.take(update);
    if (document === this.options.document) return onIsland;
    try {
      const { kept } = this.options.document.take(update);
      if (document.wantsCompaction) document.compact();
      return { ...onIsland, kept };
    } catch (error) {
      if (onIsland.kept) document.takeBack();
      throw error;
    }
  }

  /**
   * As `apply`, of an update that may have lost others on its way: where too many wait for lost ones, these are given up, and
   * whoever sent them has to be asked again.
   */
  applyWithGaps(island: Island, update: Uint8Array): Taken & { readonly gaveUp: boolean } {
    try {
      return { ...this.apply(island, update), gaveUp: false };
    } catch (error) {
      if (!(error instanceof TooManyWaiting)) throw error;
      for (const document of new Set([island.document, this.options.document])) document.giveUpWaiting();
      return { ...this.apply(island, update), gaveUp: true };
    }
  }

  /**
   * Takes note of records that came to an island and are in the journal. Returns what is new there, each after all that its author had seen: whoever has a
   * record has its causal past too, so that comes with it where the journal has it.
   */
  advance(island: Island, encoded: readonly Uint8Array[]): StoredRecord[] {
    const { codec, journal } = this.options;
    const before = this.viewOf(island);
    const reached = encoded.map((bytes) => codec.decodeRecord(bytes)).reduce((view, { dot, context }) => view.merge(context).with(dot), VersionVector.empty);
    island.view = before.merge(reached.meet(journal.summary));
    return journal.missing(before, island.view);
  }

  /** Names an island for other relays; empty for the whole room. */
  placeOf(island: Island): string {
    return island === this.whole ? '' : `${this.division}/${this.islands.indexOf(island)}`;
  }

  /** The island of this name, or the whole room; null where the room is divided otherwise. */
  at(place: string): Island | null {
    return this.islands.find((island) => this.placeOf(island) === place) ?? null;
  }

  /**
   * Where news of a place are to be shown. From a relay that had not heard yet that the room is divided: everywhere, as each of its islands will have them. From one that had
   * not heard yet of another division: nowhere, unless the room is whole; that relay will say which of its islands has them.
   */
  reached(place: string): readonly Island[] {
    const island = this.at(place);
    if (island) return [island];
    return place === '' || !this.isDivided ? this.islands : [];
  }

  /** What the room had when it was divided, or has now. */
  get baseSnapshot(): IslandSnapshot {
    return this.base ?? this.snapshotOf(this.whole);
  }

  /** What each island has beyond this. */
  beyond(base: IslandSnapshot): { readonly place: string; readonly update: Uint8Array | null; readonly records: readonly StoredRecord[] }[] {
    return this.islands.map((island) => ({
      place: this.placeOf(island),
      update: newsOf(base.snapshot, island.document.snapshot(), island.document.gc),
      records: this.options.journal.missing(base.view, this.viewOf(island)),
    }));
  }

  /** Makes the islands anew from what is stored, while no session is in the room. */
  restore(division: string | null, lists: readonly (readonly string[])[], base: IslandSnapshot | null, since: readonly ClusterUpdate[]): void {
    this.close();
    this.division = division;
    this.islands = division === null ? [this.whole] : this.islandsOf(lists);
    this.base = division === null ? null : (base ?? { snapshot: Uint8Array.of(0, 0), view: VersionVector.empty, members: [] });
    if (this.base) for (const island of this.islands) {
      island.document.restore(this.base.snapshot);
      island.view = this.base.view.meet(this.options.journal.summary);
      island.members = this.base.members;
    }
    for (const { updates, records } of since) {
      for (const { place, update } of updates) for (const island of this.reached(place)) island.document.restore(update);
      for (const { place, records: encoded } of records) for (const island of this.reached(place)) this.advance(island, encoded);
    }
    this.setGuests(this.guests);
  }

  private islandsOf(lists: readonly (readonly string[])[]): Island[] {
    return [...lists.map((names) => new Set(names)), null].map((names) => new Island(names, new RoomDocument(this.options.document.gc), this.awareness));
  }

  /** Those who are in the room through other relays are these. */
  setGuests(guests: readonly Guest[]): void {
    this.guests = guests;
    for (const island of this.islands) island.guests = new Set(guests.flatMap((guest) => (guest.replica !== null && this.placeFor(guest) === island ? [guest.replica] : [])));
  }

  enter(session: Session): Island {
    return this.put(session, this.placeFor(session));
  }

  leave(session: Session): Island {
    const island = this.of(session);
    island.sessions.delete(session);
    this.places.delete(session);
    return island;
  }

  /** A session has said which replica it is, and may belong elsewhere by that name. */
  renamed(session: Session): void {
    if (this.placeFor(session) !== this.of(session)) this.regroup(this.islands);
  }

  /** Divides the room, or what is divided already into other islands. No lists: the room is whole again. `division` names it, for other relays. */
  divide(lists: readonly (readonly string[])[], division: string | null = null): void {
    if (lists.length === 0 && !this.isDivided) return;
    this.division = division;
    this.regroup(lists.length === 0 ? [this.whole] : [...lists.map((names) => ({ names: new Set(names) })), { names: null }]);
  }

  /** The room was emptied: nobody has anything. */
  clear(): void {
    for (const island of this.islands) {
      island.awareness.clear();
      island.members = [];
      island.told = null;
      if (!this.base) continue;
      island.document.clear();
      island.view = VersionVector.empty;
    }
    if (this.base) this.base = { snapshot: this.options.document.snapshot(), view: VersionVector.empty, members: [] };
  }

  close(): void {
    this.catchingUp?.();
    this.catchingUp = null;
    for (const island of this.islands) if (island !== this.whole) island.document.destroy();
  }

  private placeFor({ replica, name }: Guest): Island {
    const named = (wanted: string): Island | undefined => this.islands.find(({ names }) => names?.has(wanted));
    return named(name) ?? named(replica ?? name) ?? this.islands.at(-1)!;
  }

  private put(session: Session, island: Island): Island {
    this.places.set(session, island);
    island.sessions.add(session);
    return island;
  }

  private regroup(wanted: readonly Pick<Island, 'names'>[]): void {
    const former = this.islands;
    const from = new Map(this.places);
    const snapshots = new Map(former.map((island) => [island, this.snapshotOf(island)] as const));
    const base = this.base ?? snapshots.get(this.whole)!;
    const heals = wanted[0] === this.whole;
    this.islands = heals ? [this.whole] : wanted.map(({ names }) => new Island(names, new RoomDocument(this.options.document.gc), this.awareness));
    this.base = heals ? null : base;
    for (const island of former) island.sessions.clear();
    for (const session of from.keys()) this.put(session, this.placeFor(session));
    this.setGuests(this.guests);
    const regrouping = new Regrouping({ ...this.options, former, islands: this.islands, from, snapshots, base, hasGuests: this.guests.length > 0 });
    for (const island of this.islands) regrouping.fill(island, heals);
    for (const island of this.islands) regrouping.tell(island);
    for (const island of former) {
      if (island !== this.whole) island.document.destroy();
      // The whole one is used again, by windows that have heard other things meanwhile.
      island.awareness.clear();
      island.told = null;
    }
  }

  private snapshotOf(island: Island): IslandSnapshot {
    return { snapshot: island.document.snapshot(), view: this.viewOf(island), members: island.members };
  }
}
