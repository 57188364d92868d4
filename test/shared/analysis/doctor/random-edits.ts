/** Real Yjs documents that people edit at random, alone and after hearing of one another. */
import fc from 'fast-check';
import * as Y from 'yjs';

const at = fc.nat(30);

const edit = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('write' as const), at, text: fc.constantFrom('a', 'hello', '👍', 'x👍y', '  ', 'né') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cut' as const), at, length: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('format' as const), at, length: fc.integer({ min: 1, max: 6 }), bold: fc.constantFrom(true, null) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('embed' as const), at, size: fc.constantFrom(1, Number.NaN) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('set' as const), key: fc.constantFrom('k', 'm'), value: fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constantFrom(null, true, undefined), fc.dictionary(fc.string(), fc.integer(), { maxKeys: 3, noNullPrototype: true })) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('erase' as const), key: fc.constantFrom('k', 'm', 'nested') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('insert' as const), at, values: fc.array(fc.oneof(fc.integer(), fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), at, length: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('nest' as const), value: fc.integer() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('xml' as const), name: fc.constantFrom('p', 'h1') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bytes' as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('subdocument' as const), guid: fc.constantFrom('one', 'two') }) },
);
type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

const who = fc.nat(2);
const step = fc.oneof({ weight: 5, arbitrary: fc.record({ who, edit }) }, { weight: 2, arbitrary: fc.record({ who, hears: who }) });

/** What three people do, and whether each one's Yjs keeps the content of what is deleted. */
export const story = fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 30 }), keeps: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()) });
export type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

/** The documents in the end, and each update that somebody made, in the order in which they were made. */
export interface Told {
  readonly docs: readonly Y.Doc[];
  readonly updates: readonly Uint8Array[];
}

export function tell({ steps, keeps }: Story, clients: readonly number[] = [101, 102, 103]): Told {
  const updates: Uint8Array[] = [];
  const docs = keeps.map((keep, i) => {
    const doc = new Y.Doc({ gc: !keep });
    doc.clientID = clients[i]!;
    doc.on('update', (update: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => void (transaction.local && updates.push(update)));
    return doc;
  });
  for (const each of steps) {
    if ('edit' in each) carryOut(docs[each.who]!, each.edit);
    else hear(docs[each.who]!, docs[each.hears]!);
  }
  return { docs, updates };
}

/** Brings a document up to date with another. */
export function hear(doc: Y.Doc, other: Y.Doc): void {
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)));
}

/** Until nobody has anything new for anybody: hearing may make Yjs clear away formats, which is an edit. */
export function syncAll(docs: readonly Y.Doc[]): void {
  for (let before = '', now = digest(docs); before !== now; before = now, now = digest(docs)) for (const a of docs) for (const b of docs) hear(a, b);
}

function digest(docs: readonly Y.Doc[]): string {
  return docs.map((doc) => Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64')).join();
}

function carryOut(doc: Y.Doc, each: Edit): void {
  const [text, map, list] = [doc.getText('text'), doc.getMap('map'), doc.getArray('list')];
  const place = 'at' in each ? each.at % (text.length + 1) : 0;
  const index = 'at' in each ? each.at % (list.length + 1) : 0;
  switch (each.kind) {
    case 'write': return text.insert(place, each.text);
    case 'cut': return text.delete(place, Math.min(each.length, text.length - place));
    case 'format': return text.format(place, Math.min(each.length, text.length - place), { bold: each.bold });
    case 'embed': return text.insertEmbed(place, { size: each.size });
    case 'set': return void map.set(each.key, each.value);
    case 'erase': return map.delete(each.key);
    case 'insert': return list.insert(index, each.values);
    case 'remove': return list.delete(index, Math.min(each.length, list.length - index));
    case 'nest': return nest(map, each.value);
    case 'xml': return doc.getXmlFragment('xml').insert(0, [new Y.XmlElement(each.name)]);
    case 'bytes': return list.insert(index, [Uint8Array.of(1, 2, 3)]);
    case 'subdocument': return void map.set(each.guid, new Y.Doc({ guid: each.guid }));
  }
}

function nest(map: Y.Map<unknown>, value: number): void {
  const nested = map.get('nested');
  if (nested instanceof Y.Array) nested.push([value]);
  else map.set('nested', new Y.Array());
}
