/**
 * Touching edits of the CRDT's texts: what two people wrote without having seen each other, and what now stands together ("FridayTuesday").
 *
 * Two concurrent actions of different authors touch if both wrote something that is still shown and, in the text that both had seen, they inserted at one
 * place, removed a same character, or one inserted strictly inside what the other removed. Actions that are joined by touching are one place.
 * Read from the Y.Doc: the order of its items, and which edits made and removed each. Costs time in proportion to the text, its tombstones and its journal, and, where
 * people wrote into one place, to what they wrote there. Source: 3-semantics, "Touching edits"; the order of items: Nicolaescu et al., "Near Real-Time Peer-to-Peer
 * Shared Editing on Extensible Data Types" (YATA), 2016.
 */
import * as Y from 'yjs';
import type { DotKey, ReplicaId } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { FieldId, Schema } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import { firstIndex, getOrMake } from './concurrency.ts';
import { filtered } from './filtered.ts';
import { eachOf, type Sliced } from './slices.ts';
import type { LedgerAction } from './fates/fate.ts';
import { detailsOf } from './fates/yjs-witness.ts';

/** Characters of one author that stand together in the text as it is shown. */
export interface TouchingPart {
  readonly author: ReplicaId;
  /** The action that wrote the first of them. */
  readonly action: DotKey;
  /** Where they stand in the whole text, in UTF-16 code units. */
  readonly index: number;
  readonly text: string;
}

/** Actions that met at one place of a text, in the order in which they were begun. */
export interface TouchingPlace {
  readonly field: FieldId;
  readonly actions: readonly DotKey[];
  /** What is shown of them, from left to right. */
  readonly parts: readonly TouchingPart[];
}

/** An action, and what it touches. */
interface ActionNode {
  readonly action: LedgerAction;
  /** Whether something that it wrote is shown. */
  isShown: boolean;
  /** One of the actions of its place, at the end of a path itself; null: it touches nothing. */
  leader: ActionNode | null;
  /** The edit whose neighbours were compared with it last. */
  triedFor: EditRecord | null;
}

/** One edit, and the action that it is of. */
interface Writer {
  readonly record: EditRecord;
  readonly node: ActionNode;
}

/** Characters of one action beside each other, all shown or none, that nobody removed who has a journal: who has seen none of them goes past all at once. */
interface Stretch {
  readonly node: ActionNode;
  readonly isShown: boolean;
  readonly author: ReplicaId;
  readonly from: number;
  end: number;
  /** Of the edits that wrote them, the first one. */
  firstCounter: number;
}

/** One character of a text, shown or not. */
interface Character {
  /** Null: initial, or of somebody without a journal. */
  readonly maker: Writer | null;
  readonly removers: readonly Writer[];
  readonly isShown: boolean;
  /** Null where nobody with a journal wrote it, or somebody removed it. */
  readonly stretch: Stretch | null;
  /** Empty where it is no character, but something that another app put into the text. */
  readonly text: string;
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
  private readonly nodes: ActionNode[] = [];
  private readonly makers = new Map<number, Map<number, Writer>>();
  private readonly removers = new Map<number, Map<number, Writer[]>>();
  private readonly byAuthor = new Map<ReplicaId, EditRecord[]>();
  private readonly characters: Character[] = [];

  private constructor(private readonly field: FieldId) {}

  static *of(field: FieldId, actions: readonly LedgerAction[], doc: Y.Doc): Sliced<TextPlaces> {
    const places = new TextPlaces(field);
    yield* eachOf(actions, (action) => {
      const node: ActionNode = { action, isShown: false, leader: null, triedFor: null };
      places.nodes.push(node);
      for (const { record } of action.rows) places.note({ record, node });
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
      for (const [index, remover] of removers.entries()) for (const other of removers.slice(0, index)) join(remover, other);
    }
    const groups = new Map<ActionNode, DotKey[]>();
    yield* eachOf(this.nodes, (node) => {
      if (node.leader) getOrMake(groups, leaderOf(node), () => []).push(node.action.key);
    });
    const parts = yield* this.parts();
    return [...groups].map(([leader, keys]) => ({ field: this.field, actions: keys, parts: parts.get(leader) ?? [] }));
  }

  /** What is shown of each place, by its leader. */
  private *parts(): Sliced<ReadonlyMap<ActionNode, TouchingPart[]>> {
    const parts = new Map<ActionNode, TouchingPart[]>();
    let index = 0;
    for (const [at, { isShown, maker, text }] of this.characters.entries()) {
      if (at % charactersInSlice === 0) yield;
      if (!isShown) continue;
      if (maker?.node.leader && text !== '') {
        const ofPlace = getOrMake(parts, leaderOf(maker.node), () => []);
        const last = ofPlace.at(-1);
        const author = maker.record.dot.replica;
        if (last?.author === author && last.index + last.text.length === index) ofPlace[ofPlace.length - 1] = { ...last, text: last.text + text };
        else ofPlace.push({ author, action: maker.node.action.key, index, text });
      }
      index += text.length;
    }
    return parts;
  }

  private note(writer: Writer): void {
    const details = detailsOf(writer.record);
    if (!details) return;
    getOrMake(this.byAuthor, writer.record.dot.replica, () => []).push(writer.record);
    const { client, clock, length } = details.created;
    const made = getOrMake(this.makers, client, () => new Map<number, Writer>());
    for (let each = clock; each < clock + length; each++) made.set(each, writer);
    for (const range of details.deleted) {
      const removed = getOrMake(this.removers, range.client, () => new Map<number, Writer[]>());
      for (let each = range.clock; each < range.clock + range.length; each++) getOrMake(removed, each, () => []).push(writer);
    }
  }

  private addItem({ id: { client, clock }, length, deleted, content }: Y.Item): void {
    const text = content instanceof Y.ContentString ? content.str : '';
    for (let each = clock; each < clock + length; each++) {
      const maker = this.makers.get(client)?.get(each) ?? null;
      if (maker && !deleted) maker.node.isShown = true;
      const removers = this.removers.get(client)?.get(each) ?? none;
      const stretch = maker && removers.length === 0 ? this.stretched(maker, !deleted) : null;
      this.characters.push({ maker, removers, isShown: !deleted, stretch, text: text.slice(each - clock, each - clock + 1) });
    }
  }

  /** The stretch of the next character. */
  private stretched({ record: { dot }, node }: Writer, isShown: boolean): Stretch {
    const at = this.characters.length;
    const last = this.characters[at - 1]?.stretch;
    if (last?.node !== node || last.isShown !== isShown) return { node, isShown, author: dot.replica, from: at, end: at + 1, firstCounter: dot.counter };
    last.end = at + 1;
    last.firstCounter = Math.min(last.firstCounter, dot.counter);
    return last;
  }

  /**
   * Goes left, to the first character that the writer and all who wrote apart from them had before them. Whoever wrote in between, with nothing that both had
   * before them, wrote at the same place; and whoever removed the characters on both sides wrote around.
   */
  private *joinNeighbours(at: number, writer: Writer): Sliced<void> {
    const { record, node } = writer;
    const previous = this.characters[at - 1];
    // Of a run of typing the first character tells: the next ones stand at the same place, and their author had seen no less.
    if (previous?.isShown && previous.maker?.node === node) return;
    yield;
    const known = this.knownToAll(record);
    const removers = new Map<ActionNode, Writer>();
    for (let left = at - 1; left >= 0; left--) {
      const character = this.characters[left]!;
      const { maker, isShown } = character;
      // What stands between the writer and the nearest character of an action stands between all of it.
      if (maker && isShown && isApart(maker.record, record) && maker.node.triedFor !== record && !areJoined(node, maker.node)) {
        maker.node.triedFor = record;
        if ((yield* this.boundary(at, -1, record, maker.record, left)) === null) join(writer, maker);
      }
      for (const remover of character.removers) if (isApart(remover.record, record)) removers.set(remover.node, remover);
      if (isBefore(character, known, record.context)) break;
      // The nearest character of an action has told what stands between the two; and of the writer's own characters there is nothing to tell.
      if (isUnseen(character.stretch, character.stretch?.author === record.dot.replica ? known : record.context)) left = character.stretch.from;
      if (left % charactersInSlice === 0) yield;
    }
    for (const [other, remover] of removers) {
      if (!other.isShown || areJoined(node, other)) continue;
      const sides = [yield* this.boundary(at, -1, record, remover.record), yield* this.boundary(at, 1, record, remover.record)];
      if (sides.every((side) => side?.removers.some((each) => each.node === other))) join(writer, remover);
    }
  }

  /** The next character on one side that both had before them, up to a place; null: there is none. */
  private *boundary(at: number, step: 1 | -1, writer: EditRecord, other: EditRecord, end = step === 1 ? this.characters.length : -1): Sliced<Character | null> {
    for (let next = at + step; next !== end && next >= 0 && next < this.characters.length; next += step) {
      const character = this.characters[next]!;
      if (isBefore(character, writer.context, other.context)) return character;
      if (isUnseen(character.stretch, writer.context) || isUnseen(character.stretch, other.context)) next = step === 1 ? Math.min(character.stretch.end, end) - 1 : Math.max(character.stretch.from, end + 1);
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
}

const none: readonly Writer[] = [];

function join({ record: a, node: one }: Writer, { record: b, node: other }: Writer): void {
  if (one === other || a.dot.replica === b.dot.replica || hadSeen(a, b) || hadSeen(b, a) || !one.isShown || !other.isShown) return;
  for (const each of [one, other]) each.leader ??= each;
  leaderOf(one).leader = leaderOf(other);
}

function areJoined(one: ActionNode, other: ActionNode): boolean {
  return one.leader !== null && other.leader !== null && leaderOf(one) === leaderOf(other);
}

/** Of an action that touches another one. */
function leaderOf(node: ActionNode): ActionNode {
  let leader = node;
  while (leader.leader !== leader) leader = leader.leader!;
  node.leader = leader;
  return leader;
}

/** Whether it is of somebody else, and was not seen by who made the later one: nobody touches what they wrote themselves. */
function isApart(other: EditRecord, record: EditRecord): boolean {
  return other.dot.replica !== record.dot.replica && !record.context.includes(other.dot);
}

/** An edit had seen itself. */
function hadSeen(later: EditRecord, earlier: EditRecord): boolean {
  return later === earlier || later.context.includes(earlier.dot);
}

/** Whether who has this has seen nothing of a stretch. */
function isUnseen(stretch: Stretch | null, context: VersionVector): stretch is Stretch {
  return stretch !== null && context.get(stretch.author) < stretch.firstCounter;
}

/** Whether it stood there for whoever had seen no more than both had: made, and not removed. */
function isBefore({ maker, removers }: Character, one: VersionVector, other: VersionVector): boolean {
  const isMade = maker === null || (one.includes(maker.record.dot) && other.includes(maker.record.dot));
  return isMade && !removers.some(({ record: { dot } }) => one.includes(dot) && other.includes(dot));
}
