/**
 * What the edits of a document put into it, item by item, as the journal tells: Yjs throws away the content of what
 * was deleted and keeps only its place. Where a list's item stood is found out as its author's replica did then; where
 * that one's document was some milliseconds ahead of its journal, nobody can tell what it saw there.
 */
import * as Y from 'yjs';
import { dotKey, type DotKey } from '../../clocks/dot.ts';
import type { VersionVector } from '../../clocks/version-vector.ts';
import type { ListIntent } from '../../document/intent.ts';
import type { FieldId, FieldSpec, ListItem, Schema } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import { compareItems, listKey, placeAfter } from '../../strategies/yjs/yjs-fields.ts';
import { type ItemRange, type YjsDetails, YjsStrategy } from '../../strategies/yjs/yjs-strategy.ts';
import { firstIndex, getOrMake } from '../concurrency.ts';
import { eachOf, type Sliced } from '../slices.ts';
import { stepOf } from '../step-sums.ts';

/** Of a text its code units, one an item; of all other fields one value an item. */
export type FieldContents = string | readonly unknown[];

/** An edit that the CRDT accepted, and what Yjs made of it. */
export interface CrdtEdit {
  readonly record: EditRecord;
  readonly details: YjsDetails;
}

interface Created extends ItemRange {
  readonly contents: FieldContents;
}

export class CreatedContents {
  /** By client, in the order of their clocks. */
  private readonly byClient = new Map<number, Created[]>();
  private readonly sums = new Map<string, number>();
  private readonly lists: ReadonlyMap<FieldId, ListOrders>;

  private constructor(schema: Schema, private readonly doc: Y.Doc) {
    const initial = new YjsStrategy(schema, new Y.Doc()).doc;
    const lists = schema.filter(({ type }) => type === 'list');
    this.lists = new Map(lists.map((field) => [field.id, new ListOrders(field, initial, doc)]));
  }

  /** `edits` in causal order. */
  static *of(schema: Schema, doc: Y.Doc, edits: readonly CrdtEdit[]): Sliced<CreatedContents> {
    const contents = new CreatedContents(schema, doc);
    yield* eachOf(edits, (edit) => contents.note(edit));
    for (const created of contents.byClient.values()) created.sort((a, b) => a.clock - b.clock);
    return contents;
  }

  /** The contents of the items of one client from a clock on, as far as one edit made them; null where nobody knows. */
  from(client: number, clock: number): FieldContents | null {
    const created = this.byClient.get(client) ?? [];
    const found = created[firstIndex(created, (each) => each.clock > clock) - 1];
    return found && clock < found.clock + found.length ? found.contents.slice(clock - found.clock) : null;
  }

  private note({ record, details: { created } }: CrdtEdit): void {
    const contents = this.contentsOf(record, created);
    // Otherwise it is malformed, or by a program that writes differently.
    if (created.length === 0 || contents.length !== created.length) return;
    getOrMake(this.byClient, created.client, () => []).push({ ...created, contents });
  }

  /** As `writeIntent` of yjs-fields.ts writes them, in its order. */
  private contentsOf({ dot, context, field, intent }: EditRecord, { client, clock }: ItemRange): FieldContents {
    switch (intent.kind) {
      case 'splice': return intent.inserted;
      case 'set': return [intent.value];
      case 'add': return [intent.element];
      case 'increment':
      case 'reserve':
      case 'release': return [this.sumAfter(client, field, stepOf(intent))];
      case 'remove':
      case 'resolve': return [];
      default: {
        const order = this.lists.get(field)?.take(intent, dot, context, { client, clock }) ?? '';
        return listContents(intent, order);
      }
    }
  }

  private sumAfter(client: number, field: FieldId, by: number): number {
    const key = `${client} ${field}`;
    const sum = (this.sums.get(key) ?? 0) + by;
    this.sums.set(key, sum);
    return sum;
  }
}

function listContents(intent: ListIntent, order: string): unknown[] {
  switch (intent.kind) {
    case 'insert': return [true, intent.label, order];
    case 'relabel': return [intent.label];
    case 'toggle': return [intent.done];
    case 'move': return [order];
    case 'remove-item': return [];
  }
}

interface Place {
  readonly client: number;
  readonly clock: number;
}

interface OrderWrite {
  /** Null: the initial one. */
  readonly dot: EditRecord['dot'] | null;
  readonly order: string;
  /** Null: the initial one, before all others. */
  readonly place: Place | null;
}

interface KnownItem {
  readonly id: string;
  readonly inserted: EditRecord['dot'] | null;
  readonly orders: OrderWrite[];
  readonly removals: EditRecord['dot'][];
}

/** The order keys of one list: those that stand in the document, and those that its authors must have made. */
class ListOrders {
  private readonly items = new Map<string, KnownItem>();
  private readonly ranks = new Map<string, ReadonlyMap<string, number>>();

  constructor(private readonly field: FieldSpec, initial: Y.Doc, private readonly doc: Y.Doc) {
    const seeded = initial.getMap(field.id);
    for (const { id } of field.initial as readonly ListItem[]) {
      const order = String(seeded.get(listKey(id, 'order')));
      this.items.set(id, { id, inserted: null, orders: [{ dot: null, order, place: null }], removals: [] });
    }
  }

  /** Takes the next edit in causal order. Returns the order key that it made, '' where it made none. */
  take(intent: ListIntent, dot: EditRecord['dot'], context: VersionVector, { client, clock }: Place): string {
    if (intent.kind === 'remove-item') this.items.get(intent.item)?.removals.push(dot);
    if (intent.kind !== 'insert' && intent.kind !== 'move') return '';
    const id: DotKey = intent.kind === 'insert' ? dotKey(dot) : intent.item;
    // An insert writes that the item is there, and its label, before its place.
    const place = { client, clock: intent.kind === 'insert' ? clock + 2 : clock };
    const order = this.standing(place) ?? placeAfter(this.itemsAt(context, id, intent.after), intent.after, dot);
    const item = getOrMake(this.items, id, () => ({ id, inserted: dot, orders: [], removals: [] }));
    item.orders.push({ dot, order, place });
    return order;
  }

  /** The key as it stands in the document; null where Yjs has thrown it away. */
  private standing({ client, clock }: Place): string | null {
    if (Y.getState(this.doc.store, client) <= clock) return null;
    const item = Y.getItem(this.doc.store, Y.createID(client, clock));
    const content: unknown = item instanceof Y.Item && item.content instanceof Y.ContentAny ? item.content.arr[clock - item.id.clock] : null;
    return typeof content === 'string' ? content : null;
  }

  /** What the list showed to somebody who had seen this, but for one item; `after`, too, as the document may be ahead of the journal. */
  private itemsAt(context: VersionVector, except: string, after: string | null): { readonly id: string; readonly order: string }[] {
    const has = (dot: EditRecord['dot'] | null): boolean => dot === null || context.includes(dot);
    const there = [...this.items.values()].filter(({ id, inserted, removals }) => id !== except && (id === after || has(inserted)) && !removals.some(has));
    return there.map((item) => ({ id: item.id, order: this.latestOf(item, has(item.inserted) ? has : () => true) })).sort(compareItems);
  }

  /** Of several keys the one that Yjs puts last. */
  private latestOf({ id, orders }: KnownItem, has: (dot: EditRecord['dot'] | null) => boolean): string {
    const known = orders.filter(({ dot }) => has(dot));
    const rank = ({ place }: OrderWrite): number => (place ? (this.ranksOf(id).get(`${place.client} ${place.clock}`) ?? -1) : -2);
    return known.reduce((latest, each) => (rank(each) > rank(latest) ? each : latest)).order;
  }

  /** By client and clock, where each key of an item stands in Yjs's order. */
  private ranksOf(id: string): ReadonlyMap<string, number> {
    return getOrMake(this.ranks, id, () => {
      const places: string[] = [];
      let item: Y.Item | null = this.doc.getMap(this.field.id)._map.get(listKey(id, 'order')) ?? null;
      for (; item; item = item.left) {
        for (let at = item.length - 1; at >= 0; at--) places.push(`${item.id.client} ${item.id.clock + at}`);
      }
      return new Map(places.reverse().map((place, at) => [place, at]));
    });
  }
}
