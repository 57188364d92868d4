/**
 * The CRDT strategy: every field in one Y.Doc of Yjs 13, which any other Yjs client may share.
 *
 * Guarantees convergence, and that text, increments and elements of sets are never lost. Does not guarantee a rule over the whole (a stock may
 * be oversold), nor that a register keeps both of two concurrent values.
 * Source: Nicolaescu, Jahns, Derntl, Klamma: "Near Real-Time Peer-to-Peer Shared Editing on Extensible Data Types", GROUP 2016 (YATA); Yjs.
 */
import * as Y from 'yjs';
import { documentDigest } from '../../document/digest.ts';
import { fieldOf, type FieldId, type FieldSpec, type FieldValue, type Schema } from '../../document/schema.ts';
import type { Edit } from '../../history/record.ts';
import { ChangeListeners } from '../change-listeners.ts';
import type { Performed, Strategy } from '../strategy.ts';
import { listKey, readYjsField, refusalOf, rootOf, writeIntent } from './yjs-fields.ts';

/** A run of Yjs items: those of one client with clocks from `clock` on. */
export interface ItemRange {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

/** What a transaction did, as Yjs names it. */
export interface YjsDetails {
  readonly created: ItemRange;
  readonly deleted: readonly ItemRange[];
}

/** The client id that wrote all initial values, the same on every replica. [YJS9] */
export const seedClient = 1;

export class YjsStrategy implements Strategy {
  readonly id = 'crdt';
  private readonly listeners = new ChangeListeners();
  private readonly fieldsByRoot = new Map<unknown, FieldId>();

  /** `doc` must be new or hold this schema's document; its client id must never have been used before. [YJS8] */
  constructor(private readonly schema: Schema, readonly doc: Y.Doc) {
    for (const field of schema) this.fieldsByRoot.set(rootOf(doc, field), field.id);
    const seed = seedUpdate(schema);
    if (seed) Y.applyUpdate(doc, seed, 'seed');
    doc.on('afterTransaction', (transaction) => {
      const changed = new Set<FieldId>();
      for (const type of transaction.changed.keys()) {
        const field = this.fieldsByRoot.get(type);
        if (field !== undefined) changed.add(field);
      }
      this.listeners.tell(changed);
    });
  }

  value(field: FieldId): FieldValue {
    return readYjsField(this.doc, fieldOf(this.schema, field));
  }

  perform(edit: Edit): Performed {
    const field = fieldOf(this.schema, edit.field);
    const refusal = refusalOf(this.doc, field, edit.intent);
    if (refusal !== null) return { trace: { outcome: 'refused', reason: refusal } };
    let carry: Uint8Array | undefined;
    const keep = (update: Uint8Array): void => void (carry = update);
    this.doc.once('update', keep);
    const transaction = this.doc.transact((current) => {
      writeIntent(this.doc, field, edit.intent, edit.dot);
      return current;
    }, this.id);
    this.doc.off('update', keep);
    return { trace: { outcome: 'accepted', details: encodeDetails(transaction) }, ...(carry ? { carry } : {}) };
  }

  summary(): Uint8Array {
    return Y.encodeStateVector(this.doc);
  }

  delta(summary: Uint8Array): Uint8Array {
    return Y.encodeStateAsUpdate(this.doc, summary);
  }

  receive(delta: Uint8Array): void {
    // Decoding first: a malformed update must not be applied in part.
    Y.decodeUpdate(delta);
    Y.applyUpdate(this.doc, delta, 'peer');
  }

  digest(): string {
    return documentDigest(this.schema, (field) => this.value(field));
  }

  onChange(listener: (fields: ReadonlySet<FieldId>) => void): () => void {
    return this.listeners.add(listener);
  }
}

/** Flat, to be small in the journal: [client, clock, length of what was created, then triples of what was deleted]. */
function encodeDetails(transaction: Y.Transaction): number[] {
  const client = transaction.doc.clientID;
  const clock = transaction.beforeState.get(client) ?? 0;
  const details = [client, clock, (transaction.afterState.get(client) ?? 0) - clock];
  for (const [deletedClient, items] of transaction.deleteSet.clients) for (const item of items) details.push(deletedClient, item.clock, item.len);
  return details;
}

/** Reads the details of a trace; throws a TypeError on anything else. */
export function parseYjsDetails(details: unknown): YjsDetails {
  const numbers = details as number[];
  if (!Array.isArray(details) || details.length < 3 || details.length % 3 !== 0 || !details.every((each) => Number.isSafeInteger(each) && (each as number) >= 0)) {
    throw new TypeError('a CRDT trace is a list of client, clock and length');
  }
  const ranges: ItemRange[] = [];
  for (let i = 0; i < numbers.length; i += 3) ranges.push({ client: numbers[i]!, clock: numbers[i + 1]!, length: numbers[i + 2]! });
  return { created: ranges[0]!, deleted: ranges.slice(1) };
}

const seeds = new WeakMap<Schema, Uint8Array | null>();

/** [YJS9] An update that writes the initial values, byte for byte the same everywhere, so that taking it twice changes nothing; null if there are none to write. */
function seedUpdate(schema: Schema): Uint8Array | null {
  let seed = seeds.get(schema);
  if (seed === undefined) seeds.set(schema, (seed = seedAnew(schema)));
  return seed;
}

function seedAnew(schema: Schema): Uint8Array | null {
  const doc = new Y.Doc({ guid: 'seed' });
  doc.clientID = seedClient;
  doc.transact(() => schema.forEach((field) => seedField(doc, field)));
  const isEmpty = Y.encodeStateVector(doc).length <= 1;
  return isEmpty ? null : Y.encodeStateAsUpdate(doc);
}

/** Registers, counters and stocks need no seed: their initial value stands in the schema. */
function seedField(doc: Y.Doc, field: FieldSpec): void {
  const initial = field.initial;
  if (field.type === 'text' && initial !== '') doc.getText(field.id).insert(0, initial as string);
  if (field.type === 'set') (initial as readonly string[]).forEach((element, i) => writeIntent(doc, field, { kind: 'add', element }, { replica: `initial-${field.id}`, counter: i + 1 }));
  if (field.type === 'list') {
    (initial as FieldValue & readonly { id: string; label: string; done: boolean }[]).forEach((item, i, items) => {
      const map = doc.getMap(field.id);
      map.set(item.id, true);
      map.set(listKey(item.id, 'label'), item.label);
      map.set(listKey(item.id, 'done'), item.done);
      map.set(listKey(item.id, 'order'), initialOrder(i, items.length));
    });
  }
}

/** Evenly spread order keys for the items that a list starts with. */
function initialOrder(index: number, count: number): string {
  const width = String(count).length + 1;
  return `${String(index + 1).padStart(width, '0')}V`;
}
