/**
 * Touching edits of the CRDT's texts: what two people wrote without having seen each other, and what now stands together ("FridayTuesday").
 *
 * Two concurrent actions of different authors touch if both wrote something that is still shown and, in the text that both had seen, they inserted at one
 * place, removed a same character, or one inserted strictly inside what the other removed. Actions that are joined by touching are one place.
 * Read from the Y.Doc: the order of its items, and which edits made and removed each. Costs time in proportion to the text, its tombstones and its journal, and, where
 * people wrote into one place, to what they wrote there. Source: 3-semantics, "Touching edits"; the order of items: Nicolaescu et al., "Near Real-Time Peer-to-Peer
 * Shared Editing on Extensible Data Types" (YATA), 2016.
 */
import type * as Y from 'yjs';
import type { DotKey, ReplicaId } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { FieldId, Schema } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import { firstIndex, getOrMake } from './concurrency.ts';
import { filtered } from './filtered.ts';
import { eachOf, type Sliced } from './slices.ts';
import type { LedgerAction } from './fates/fate.ts';
import { detailsOf } from './fates/yjs-witness.ts';

/** Actions that met at one place of a text, in the order in which they were begun. */
export interface TouchingPlace {
  readonly field: FieldId;
  readonly actions: readonly DotKey[];
}

/** One character of a text, shown or not. */
interface Character {
  /** Null: initial, or of somebody without a journal. */
  readonly maker: EditRecord | null;
  readonly removers: readonly EditRecord[];
  readonly isShown: boolean;
}

/** `actions` in the order in which they were begun. */
export function* touchingPlaces(schema: Schema, actions: readonly LedgerAction[], doc: Y.Doc): Sliced<TouchingPlace[]> {
  const places: TouchingPlace[] = [];
  for (const { id, type } of schema) {
    const ofField = type === 'text' ? yield* filtered(actions, ({ rows }) => rows[0]!.record.field === id) : [];
    if ((yield* filtered(ofField, ({ concurrent }) => concurrent)).length < 2) continue;
    const text = yield* TextPlaces.of(id, ofField, doc);
    yield* eachOf(yield* text.places(), (place) => void places.push(place));
  }
  return places;
}

/** So many items, or characters, of a text are gone through between two yields. */
const charactersInSlice = 256;

class TextPlaces {
  private readonly actionOf = new Map<EditRecord, LedgerAction>();
  private readonly makers = new Map<number, Map<number, EditRecord>>();
  private readonly removers = new Map<number, Map<number, EditRecord[]>>();
  private readonly byAuthor = new Map<ReplicaId, EditRecord[]>();
  private readonly characters: Character[] = [];
  /** The actions that wrote something that is shown. */
  private readonly shown = new Set<LedgerAction>();
  private readonly leaders = new Map<LedgerAction, LedgerAction>();

  private constructor(private readonly field: FieldId, private readonly actions: readonly LedgerAction[]) {}

  static *of(field: FieldId, actions: readonly LedgerAction[], doc: Y.Doc): Sliced<TextPlaces> {
    const places = new TextPlaces(field, actions);
    yield* eachOf(actions, (action) => {
      for (const { record } of action.rows) places.note(record, action);
    });
    let items = 0;
    for (let item = doc.getText(field)._start; item; item = item.right) {
      places.addItem(item);
      if (++items % charactersInSlice === 0) yield;
    }
    return places;
  }

  *places(): Sliced<TouchingPlace[]> {
    for (const [at, { isShown, maker, removers }] of this.characters.entries()) {
      if (isShown && maker) yield* this.joinNeighbours(at, maker);
      else if (at % charactersInSlice === 0) yield;
      for (const [index, remover] of removers.entries()) for (const other of removers.slice(0, index)) this.join(remover, other);
    }
    const groups = new Map<LedgerAction, DotKey[]>();
    yield* eachOf(this.actions, (action) => {
      if (this.leaders.has(action)) getOrMake(groups, this.leaderOf(action), () => []).push(action.key);
    });
    return [...groups.values()].map((keys) => ({ field: this.field, actions: keys }));
  }

  private note(record: EditRecord, action: LedgerAction): void {
    const details = detailsOf(record);
    if (!details) return;
    this.actionOf.set(record, action);
    getOrMake(this.byAuthor, record.dot.replica, () => []).push(record);
    const { client, clock, length } = details.created;
    const made = getOrMake(this.makers, client, () => new Map<number, EditRecord>());
    for (let each = clock; each < clock + length; each++) made.set(each, record);
    for (const range of details.deleted) {
      const removed = getOrMake(this.removers, range.client, () => new Map<number, EditRecord[]>());
      for (let each = range.clock; each < range.clock + range.length; each++) getOrMake(removed, each, () => []).push(record);
    }
  }

  private addItem({ id: { client, clock }, length, deleted }: Y.Item): void {
    for (let each = clock; each < clock + length; each++) {
      const maker = this.makers.get(client)?.get(each) ?? null;
      const action = maker && this.actionOf.get(maker);
      if (action && !deleted) this.shown.add(action);
      this.characters.push({ maker, removers: this.removers.get(client)?.get(each) ?? none, isShown: !deleted });
    }
  }

  /**
   * Goes left, to the first character that the writer and all who wrote apart from them had before them. Whoever wrote in between, with nothing that both had
   * before them, wrote at the same place; and whoever removed the characters on both sides wrote around.
   */
  private *joinNeighbours(at: number, writer: EditRecord): Sliced<void> {
    const previous = this.characters[at - 1];
    // Of a run of typing the first character tells: the next ones stand at the same place, and their author had seen no less.
    if (previous?.isShown && previous.maker && this.actionOf.get(previous.maker) === this.actionOf.get(writer)) return;
    yield;
    const known = this.knownToAll(writer);
    const removers = new Map<LedgerAction, EditRecord>();
    // What stands between the writer and the nearest character of an action stands between all of it.
    const tried = new Set<LedgerAction>();
    for (let left = at - 1; left >= 0; left--) {
      const character = this.characters[left]!;
      const { maker, isShown } = character;
      if (maker && isShown && !hadSeen(writer, maker) && !tried.has(this.actionOf.get(maker)!) && !this.areJoined(writer, maker)) {
        tried.add(this.actionOf.get(maker)!);
        if ((yield* this.boundary(at, -1, writer, maker, left)) === null) this.join(writer, maker);
      }
      for (const remover of character.removers) if (!hadSeen(writer, remover)) removers.set(this.actionOf.get(remover)!, remover);
      if (isBefore(character, known, writer.context)) break;
      if (left % charactersInSlice === 0) yield;
    }
    for (const [action, remover] of removers) {
      if (!this.shown.has(action) || this.areJoined(writer, remover)) continue;
      const sides = [yield* this.boundary(at, -1, writer, remover), yield* this.boundary(at, 1, writer, remover)];
      if (sides.every((side) => side?.removers.some((each) => this.actionOf.get(each) === action))) this.join(writer, remover);
    }
  }

  /** The next character on one side that both had before them, up to a place; null: there is none. */
  private *boundary(at: number, step: 1 | -1, writer: EditRecord, other: EditRecord, end = step === 1 ? this.characters.length : -1): Sliced<Character | null> {
    for (let next = at + step; next !== end && next >= 0 && next < this.characters.length; next += step) {
      const character = this.characters[next]!;
      if (isBefore(character, writer.context, other.context)) return character;
      if (next % charactersInSlice === 0) yield;
    }
    return null;
  }

  /** What all had seen who wrote apart from the writer: of each author, the first that did had seen least. */
  private knownToAll(writer: EditRecord): VersionVector {
    let known = writer.context;
    for (const [author, records] of this.byAuthor) {
      if (author === writer.dot.replica) continue;
      const first = records[firstIndex(records, ({ dot }) => !writer.context.includes(dot))];
      if (first && !first.context.includes(writer.dot)) known = known.meet(first.context);
    }
    return known;
  }

  private join(a: EditRecord, b: EditRecord): void {
    const [one, other] = [this.actionOf.get(a)!, this.actionOf.get(b)!];
    if (one === other || a.dot.replica === b.dot.replica || hadSeen(a, b) || hadSeen(b, a) || !this.shown.has(one) || !this.shown.has(other)) return;
    for (const each of [one, other]) if (!this.leaders.has(each)) this.leaders.set(each, each);
    this.leaders.set(this.leaderOf(one), this.leaderOf(other));
  }

  private areJoined(a: EditRecord, b: EditRecord): boolean {
    const [one, other] = [this.actionOf.get(a)!, this.actionOf.get(b)!];
    return this.leaders.has(one) && this.leaders.has(other) && this.leaderOf(one) === this.leaderOf(other);
  }

  private leaderOf(action: LedgerAction): LedgerAction {
    let leader = action;
    while (this.leaders.get(leader) !== leader) leader = this.leaders.get(leader)!;
    this.leaders.set(action, leader);
    return leader;
  }
}

const none: readonly EditRecord[] = [];

/** An edit had seen itself. */
function hadSeen(later: EditRecord, earlier: EditRecord): boolean {
  return later === earlier || later.context.includes(earlier.dot);
}

/** Whether it stood there for whoever had seen no more than both had: made, and not removed. */
function isBefore({ maker, removers }: Character, one: VersionVector, other: VersionVector): boolean {
  const isMade = maker === null || (one.includes(maker.dot) && other.includes(maker.dot));
  return isMade && !removers.some(({ dot }) => one.includes(dot) && other.includes(dot));
}
