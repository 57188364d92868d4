/**
 * What the CRDT made of each edit, read from the Y.Doc: an inserted range is visible, or deleted by an edit that had seen it (superseded), or
 * deleted by no edit (lost by integration, as a map key's losing value is).
 *
 * Other Yjs clients may share the document; they keep no journal, so what they deleted counts as superseded, with no edit to name.
 */
import type * as Y from 'yjs';
import type { ListIntent, SetIntent, TextIntent } from '../document/intent.ts';
import { fieldOf, type FieldSpec, type Schema } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import type { YjsDetails } from '../strategies/yjs/yjs-strategy.ts';
import type { Fate } from './fate.ts';
import { detailsOf, YjsWitness } from './yjs-witness.ts';

/** Judges accepted edits that every replica has. */
export function crdtJudge(schema: Schema, records: readonly EditRecord[], doc: Y.Doc): (record: EditRecord) => Fate {
  const witness = new YjsWitness(doc, records);
  return (record) => {
    const details = detailsOf(record);
    // The journal may be ahead of the Y.Doc, as they travel apart.
    if (!details || !witness.knows(details.created)) return { disposition: 'pending' };
    return judge(fieldOf(schema, record.field), record, details, witness);
  };
}

function judge(field: FieldSpec, record: EditRecord, details: YjsDetails, witness: YjsWitness): Fate {
  switch (field.type) {
    case 'text': return judgeText(record, details, witness);
    case 'register': return witness.fateOfItem(details.created.client, details.created.clock);
    case 'counter':
    case 'stock': return judgeStep(field, details, witness);
    case 'set': return judgeSet(field, record, details, witness);
    case 'list': return judgeList(field, record, details, witness);
  }
}

/** [YJS1] By character. */
function judgeText(record: EditRecord, details: YjsDetails, witness: YjsWitness): Fate {
  const typed = (record.intent as TextIntent).inserted.length;
  let visible = 0;
  let lost = 0;
  let replaced: Fate | null = null;
  for (let i = 0; i < details.created.length; i++) {
    const fate = witness.fateOfItem(details.created.client, details.created.clock + i);
    if (fate.disposition === 'visible') visible++;
    else if (fate.disposition === 'lost') lost++;
    else replaced = fate;
  }
  const characters = { typed, lost };
  if (lost > 0) return { disposition: 'lost', reason: 'concurrent', characters };
  if (visible > 0 || typed === 0) return { disposition: 'visible', characters };
  return { ...(replaced ?? { disposition: 'visible' as const }), characters };
}

/** [YJS2] A step is in the sum as long as its client's key is there and no older than it. */
function judgeStep(field: FieldSpec, { created }: YjsDetails, witness: YjsWitness): Fate {
  const entry = witness.entry(field.id, String(created.client));
  return entry && entry.id.client === created.client && entry.id.clock >= created.clock ? { disposition: 'visible' } : { disposition: 'lost', reason: 'concurrent' };
}

function judgeSet(field: FieldSpec, record: EditRecord, details: YjsDetails, witness: YjsWitness): Fate {
  const intent = record.intent as SetIntent;
  if (intent.kind === 'add') return witness.fateOfItem(details.created.client, details.created.clock);
  if (details.deleted.length === 0) return { disposition: 'visible' };
  // [YJS3] The element may be back: by an add that had not seen the removal (it came back), or by one that had (somebody wanted it again).
  const adds = witness.visibleAdds(field.id, intent.element);
  if (adds.length === 0) return { disposition: 'visible' };
  const unaware = adds.find((add) => add === null || !add.context.includes(record.dot));
  if (unaware === undefined) return { disposition: 'superseded', cause: adds[0]!.dot };
  return { disposition: 'resurrected', ...(unaware ? { cause: unaware.dot } : {}) };
}

function judgeList(field: FieldSpec, record: EditRecord, details: YjsDetails, witness: YjsWitness): Fate {
  const intent = record.intent as ListIntent;
  const { client, clock } = details.created;
  if (intent.kind === 'remove-item') return { disposition: 'visible' };
  if (intent.kind === 'insert') return witness.fateOfItem(client, clock);
  const fate = witness.fateOfItem(client, clock);
  if (fate.disposition !== 'visible' || witness.entry(field.id, intent.item)) return fate;
  // [YJS6] Its key is there, but its item is not: somebody removed the item without having seen this change.
  const remover = witness.removerOf(field.id, intent.item);
  return { disposition: 'lost', reason: 'concurrent', ...(remover ? { cause: remover.dot } : {}) };
}
