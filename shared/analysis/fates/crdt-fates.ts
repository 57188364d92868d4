/**
 * What the CRDT made of each edit, read from the Y.Doc: what it shows, which items it shows it by, and which edits deleted the others.
 *
 * Other Yjs clients may share the document; they keep no journal, so what they deleted counts as superseded, with no edit to name.
 */
import type * as Y from 'yjs';
import { type Dot, dotKey, type DotKey } from '../../clocks/dot.ts';
import { type FieldId, fieldOf, type FieldSpec, type FieldValue, type Schema } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import { listKey, readYjsField } from '../../strategies/yjs/yjs-fields.ts';
import type { YjsDetails } from '../../strategies/yjs/yjs-strategy.ts';
import { getOrMake } from '../concurrency.ts';
import type { Sliced } from '../slices.ts';
import { type Column, countIn, noneSuperseded, type SplicedCharacters } from './column.ts';
import type { Fate } from './fate.ts';
import { fatesByField, type StrategyFates } from './strategy-fates.ts';
import { itemOf, present, wishesShown, wishOf } from './targets.ts';
import { detailsOf, YjsWitness } from './yjs-witness.ts';

/** `edits` in causal order. */
export function* crdtFates(schema: Schema, edits: readonly EditRecord[], doc: Y.Doc): Sliced<StrategyFates> {
  const witness = yield* YjsWitness.of(doc, edits);
  const values = new Map<FieldId, FieldValue>();
  const valueOf = (field: FieldId): FieldValue => getOrMake(values, field, () => readYjsField(doc, fieldOf(schema, field)));
  // The journal may be ahead of the Y.Doc, as they travel apart: what has not arrived replaces nothing that is shown here.
  const arrived = (record: EditRecord): boolean => witness.knows(detailsOf(record)?.created ?? nothing);
  return yield* fatesByField('crdt', schema, edits, (field) => columnOf(field, valueOf(field.id), witness), valueOf, arrived);
}

const nothing = { client: 0, clock: 0, length: 0 };

function* columnOf(field: FieldSpec, value: FieldValue, witness: YjsWitness): Sliced<Column> {
  const shows = wishesShown(field, value);
  yield;
  return {
    values: [value],
    isMadeOf: (_, record) => isInSum(field, detailsOf(record), witness),
    placedBy: (_, item) => keyOf(witness.makerOf(field.id, listKey(item, 'order'))),
    charactersOf: (record) => charactersOf(record, detailsOf(record), witness),
    runs: () => witness.runsOf(field.id),
    hadNothingToDo: (record) => record.intent.kind === 'remove' && detailsOf(record)?.deleted.length === 0,
    lossOf: (record) => {
      const wanted = wishOf(record, field);
      const item = wanted && itemOf(wanted.target);
      // [YJS6] Its key may be there, but its item is not: somebody removed the item without having seen this change.
      if (item !== null && shows(`item ${item}`) !== present) return because('concurrent', witness.removerOf(field.id, item));
      const key = wanted ? mapKeyOf(wanted.target) : null;
      return key === null ? { reason: 'concurrent' } : because('client-id', witness.winnerOver(record, field.id, key));
    },
    replacedBy: (record) => deleterOf(record, field, witness),
    besideOf: () => null,
    exceptionOf: (record) => exceptionOf(record, witness),
    keeps: () => false,
  };
}

function because(reason: 'concurrent' | 'client-id', winner: EditRecord | null): Pick<Fate, 'reason' | 'cause'> {
  return { reason, ...(winner ? { cause: winner.dot } : {}) };
}

function keyOf(record: EditRecord | null): DotKey | null {
  return record && dotKey(record.dot);
}

/** The key of the Y.Map that keeps a target, where one value of several is kept. */
function mapKeyOf(target: string): string | null {
  const gap = target.indexOf(' ');
  const item = target.slice(gap + 1);
  switch (target.slice(0, Math.max(0, gap))) {
    case '': return 'value';
    case 'label': return listKey(item, 'label');
    case 'done': return listKey(item, 'done');
    case 'place': return listKey(item, 'order');
    default: return null;
  }
}

/** [YJS2] A step is in the sum as long as its client's key is there and no older than it. */
function isInSum(field: FieldSpec, details: YjsDetails | null, witness: YjsWitness): boolean {
  if (!details) return false;
  const { client, clock } = details.created;
  const entry = witness.entry(field.id, String(client));
  return entry !== null && entry.id.client === client && entry.id.clock >= clock;
}

function exceptionOf(record: EditRecord, witness: YjsWitness): Fate | null {
  const details = detailsOf(record);
  if (!details || !witness.knows(details.created)) return { disposition: 'pending' };
  if (!witness.hasOthers || record.intent.kind === 'splice' || details.created.length === 0) return null;
  return witness.isReplacedElsewhere(details.created.client, details.created.clock) ? { disposition: 'superseded' } : null;
}

/**
 * [YJS3] Who deleted or overwrote what an edit made had it in the document, though its record may not
 * have arrived there yet. Who wrote the same once more has replaced nothing.
 */
function deleterOf(record: EditRecord, field: FieldSpec, witness: YjsWitness): Dot | null {
  const { client, clock, length } = detailsOf(record)?.created ?? nothing;
  const end = length === 0 ? null : witness.endOf(client, clock);
  if (end?.kind !== 'superseded' || !end.by) return null;
  const [wanted, instead] = [wishOf(record, field), wishOf(end.by, field)];
  const isSame = wanted !== null && wanted.target === instead?.target && wanted.wish === instead.wish;
  return isSame ? null : end.by.dot;
}

/** [YJS1] By character. What was deleted does not come back. */
function charactersOf({ intent }: EditRecord, details: YjsDetails | null, witness: YjsWitness): SplicedCharacters {
  let [visible, lost] = [0, 0];
  let superseded: Map<DotKey, number> | null = null;
  const { client, clock, length } = details?.created ?? nothing;
  for (let at = clock; at < clock + length; at++) {
    const end = witness.endOf(client, at);
    if (end.kind === 'visible') visible++;
    else if (end.kind === 'lost') lost++;
    else if (end.by) countIn(superseded ??= new Map(), dotKey(end.by.dot));
  }
  return {
    typed: intent.kind === 'splice' ? intent.inserted.length : 0, visible, lost, waiting: 0, superseded: superseded ?? noneSuperseded, lostTo: null,
    back: 0, backInSome: 0,
  };
}
