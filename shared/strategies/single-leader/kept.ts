/** What a copy keeps beside its log: its term, and its own edits that are not answered. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type Dot, dotKey, type DotKey, parseDot } from '../../clocks/dot.ts';
import type { Intent } from '../../document/intent.ts';
import { type FieldId, fieldOf, type Schema } from '../../document/schema.ts';
import { readText } from '../../encoding/read-plain.ts';
import { writeWhole } from '../../encoding/write-whole.ts';
import type { MemberNetwork } from '../coordinated-strategy.ts';
import { readVersion, type Version, writeVersion } from '../version.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import { readIntent, readMany } from '../whole-value.ts';

/** An own edit that is not answered. */
export interface OpenEdit {
  readonly dot: Dot;
  readonly field: FieldId;
  readonly intent: Intent;
}

/** Kept in place of a term's beginning by who wants to lead it and does not yet. */
export const notBegun = Number.MAX_SAFE_INTEGER;

const openMax = 100_000;
const slotPrefix = 'open/';
/** Where all of them stood together. */
const listKey = 'open';

export function writeTermKept(term: Version, begun: number): Uint8Array {
  return writeWhole((encoder) => {
    writeVersion(encoder, term);
    encoding.writeVarUint(encoder, begun);
  });
}

/** The term, and the length of the log when it began. */
export function readTermKept(bytes: Uint8Array): [term: Version, begun: number] {
  return readWhole(bytes, 'a term', (decoder) => [readVersion(decoder), decoding.readVarUint(decoder)]);
}

/**
 * The own edits that are not answered, each kept in a slot of its own, which is used again when the edit is answered: so that keeping one costs the same
 * however many there are.
 */
export class OpenEditSlots {
  private readonly slots = new Map<DotKey, number>();
  private readonly free: number[] = [];
  private used = 0;

  /** What an earlier life kept, in the order in which it was made; `found` also has what older programs kept as one list. */
  readonly found: readonly OpenEdit[];

  constructor(private readonly network: Pick<MemberNetwork, 'persist'>, schema: Schema, kept: ReadonlyMap<string, Uint8Array>) {
    const found = new Map<DotKey, OpenEdit>();
    for (const [key, bytes] of kept) {
      if (!key.startsWith(slotPrefix)) continue;
      const slot = Number(key.slice(slotPrefix.length));
      this.used = Math.max(this.used, slot + 1);
      const edit = bytes.length === 0 ? undefined : readWhole(bytes, 'an open edit', (decoder) => readOpenEdit(decoder, schema));
      if (!edit || found.has(dotKey(edit.dot))) this.free.push(slot);
      else this.slots.set(dotKey(edit.dot), slot);
      if (edit) found.set(dotKey(edit.dot), edit);
    }
    const list = kept.get(listKey);
    const inList = list && list.length > 0 ? readWhole(list, 'a list of open edits', (decoder) => readMany(decoder, openMax, (at) => readOpenEdit(at, schema))) : [];
    for (const edit of inList) found.set(dotKey(edit.dot), edit);
    this.found = [...found.values()].sort((a, b) => a.dot.counter - b.dot.counter);
    if (inList.length > 0) this.moveFromList(inList);
  }

  /** Resolves when the edit is kept. */
  add(edit: OpenEdit): Promise<void> {
    const slot = this.slots.get(dotKey(edit.dot)) ?? this.free.pop() ?? this.used++;
    this.slots.set(dotKey(edit.dot), slot);
    return this.network.persist(`${slotPrefix}${slot}`, writeWhole((encoder) => {
      encoding.writeVarString(encoder, dotKey(edit.dot));
      encoding.writeVarString(encoder, edit.field);
      encoding.writeAny(encoder, edit.intent as never);
    }));
  }

  /** Nothing is kept where an edit was answered. */
  remove(dot: Dot): void {
    const slot = this.slots.get(dotKey(dot));
    if (slot === undefined) return;
    this.slots.delete(dotKey(dot));
    this.free.push(slot);
    void this.network.persist(`${slotPrefix}${slot}`, new Uint8Array()).catch(() => undefined);
  }

  private moveFromList(edits: readonly OpenEdit[]): void {
    void Promise.all(edits.map((edit) => this.add(edit))).then(() => this.network.persist(listKey, new Uint8Array())).catch(() => undefined);
  }
}

function readOpenEdit(decoder: decoding.Decoder, schema: Schema): OpenEdit {
  const dot = parseDot(readText(decoder));
  const field = fieldOf(schema, readText(decoder));
  return { dot, field: field.id, intent: readIntent(decoder, field) };
}
