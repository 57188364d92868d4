/**
 * What a Y.Doc can testify about its items: which are known, which are deleted, and which edit made or deleted them.
 * A snapshot: make a new one after the document has changed. Costs time in proportion to the document and its journal.
 */
import * as Y from 'yjs';
import type { EditRecord } from '../../history/record.ts';
import { dotKey, type DotKey } from '../../clocks/dot.ts';
import { eachOf, type Sliced } from '../slices.ts';
import type { TextRun } from './column.ts';
import { type ItemRange, parseYjsDetails, seedClient, type YjsDetails } from '../../strategies/yjs/yjs-strategy.ts';

type Client = number;
type Clock = number;

export type ItemEnd =
  | { readonly kind: 'visible' }
  | { readonly kind: 'lost' }
  /** `by`: null for somebody without a journal. */
  | { readonly kind: 'superseded'; readonly by: EditRecord | null };

/** So many items of a text are gone through between two yields. */
const itemsInSlice = 256;

const visible: ItemEnd = { kind: 'visible' };

export class YjsWitness {
  private readonly state: Map<Client, Clock>;
  private readonly deletions: ReturnType<typeof Y.createDeleteSetFromStructStore>;
  private readonly makers = new Map<Client, Map<Clock, EditRecord>>();
  private readonly deleters = new Map<Client, Map<Clock, EditRecord>>();
  /** Clients that made something without a journal. */
  hasOthers = false;

  private constructor(private readonly doc: Y.Doc) {
    this.state = Y.decodeStateVector(Y.encodeStateVector(doc));
    this.deletions = Y.createDeleteSetFromStructStore(doc.store);
  }

  static *of(doc: Y.Doc, records: readonly EditRecord[]): Sliced<YjsWitness> {
    const witness = new YjsWitness(doc);
    yield;
    yield* eachOf(records, (record) => witness.noteEdit(record));
    witness.hasOthers = [...witness.state.keys()].some((client) => client !== seedClient && !witness.makers.has(client));
    return witness;
  }

  /** Whether the document has all items of a range. */
  knows(range: { readonly client: Client; readonly clock: Clock; readonly length: number }): boolean {
    return range.length === 0 || (this.state.get(range.client) ?? 0) >= range.clock + range.length;
  }

  /** What became of an item: visible, deleted by an edit or by somebody without a journal, or by nobody (a map key keeps one of two concurrent values). */
  endOf(client: Client, clock: Clock): ItemEnd {
    if (!Y.isDeleted(this.deletions, Y.createID(client, clock))) return visible;
    const deleter = this.deleters.get(client)?.get(clock);
    if (deleter) return { kind: 'superseded', by: deleter };
    const next = this.nextOnKey(client, clock);
    if (next) return this.hadSeen(next, client, clock) && !this.makerAt(next) ? { kind: 'superseded', by: null } : { kind: 'lost' };
    return this.hasOthers ? { kind: 'superseded', by: null } : { kind: 'lost' };
  }

  /** Whether somebody without a journal replaced or deleted this item, having seen it. */
  isReplacedElsewhere(client: Client, clock: Clock): boolean {
    const end = this.endOf(client, clock);
    return end.kind === 'superseded' && end.by === null;
  }

  /** The edit whose value is the visible entry of a map field's key; null where there is none. */
  makerOf(field: string, key: string): EditRecord | null {
    const entry = this.entry(field, key);
    return entry && this.makerAt(entry);
  }

  /** Who won a map field's key over an edit: not who has seen that edit, as one who put it back. A key's older entries stand to the left. */
  winnerOver({ dot }: EditRecord, field: string, key: string): EditRecord | null {
    for (let entry = this.entry(field, key); entry; entry = entry.left) {
      const maker = this.makerAt(entry);
      if (!maker?.context.includes(dot)) return maker;
    }
    return null;
  }

  /** The visible entry of a map field's key. */
  entry(field: string, key: string): Y.Item | null {
    const item = this.doc.getMap(field)._map.get(key);
    return item && !item.deleted ? item : null;
  }

  /** The edit that removed a list item. */
  removerOf(field: string, item: string): EditRecord | null {
    const marker = this.doc.getMap(field)._map.get(item);
    return (marker && this.deleters.get(marker.id.client)?.get(marker.id.clock)) ?? null;
  }

  /** Which edit each part of a text that is shown comes from. */
  *runsOf(field: string): Sliced<TextRun[]> {
    const runs: { key: DotKey | null; length: number }[] = [];
    let items = 0;
    for (let item = this.doc.getText(field)._start; item; item = item.right) {
      if (++items % itemsInSlice === 0) yield;
      if (item.deleted || !item.countable) continue;
      const { client, clock } = item.id;
      for (let at = clock; at < clock + item.length; at++) {
        const maker = this.makers.get(client)?.get(at);
        const key = maker ? dotKey(maker.dot) : null;
        if (runs.at(-1)?.key === key) runs.at(-1)!.length++;
        else runs.push({ key, length: 1 });
      }
    }
    return runs;
  }

  private makerAt({ id }: Y.Item): EditRecord | null {
    return this.makers.get(id.client)?.get(id.clock) ?? null;
  }

  /** The next value on the same map key; null where there is none, or the item is no map entry. */
  private nextOnKey(client: Client, clock: Clock): Y.Item | null {
    const item = Y.getItem(this.doc.store, Y.createID(client, clock));
    return item instanceof Y.Item && item.parentSub !== null ? item.right : null;
  }

  /** Whether a later value on the key was written by somebody who saw this one: a map entry's origin is the value that its author replaced. */
  private hadSeen(next: Y.Item, client: Client, clock: Clock): boolean {
    for (let item: Y.Item | null = next; item; item = item.right) if (item.origin && item.origin.client === client && item.origin.clock === clock) return true;
    return false;
  }

  private noteEdit(record: EditRecord): void {
    const details = detailsOf(record);
    if (!details) return;
    this.note(this.makers, details.created, record);
    for (const range of details.deleted) this.note(this.deleters, range, record);
  }

  private note(index: Map<Client, Map<Clock, EditRecord>>, range: ItemRange, record: EditRecord): void {
    let clocks = index.get(range.client);
    if (!clocks) index.set(range.client, (clocks = new Map()));
    // A malformed record may name more than there is.
    const end = Math.min(range.clock + range.length, this.state.get(range.client) ?? 0);
    for (let clock = range.clock; clock < end; clock++) clocks.set(clock, record);
  }
}

/** What a record says its Yjs transaction did; null if the CRDT did not accept it or the trace is malformed. */
export function detailsOf(record: EditRecord): YjsDetails | null {
  const trace = record.traces.crdt;
  if (trace?.outcome !== 'accepted') return null;
  try {
    return parseYjsDetails(trace.details);
  } catch {
    return null;
  }
}
