/** Files for the tests of `rejoin doctor` and for the examples of docs/doctor.md, by name; made by real Yjs documents with client ids that stay. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { labSchema } from '../../../../shared/document/schema.ts';
import { toJsonLines } from '../../../../shared/history/json-lines.ts';
import { docOf, saved, updatesOf, write } from '../../../shared/analysis/doctor/documents.ts';

const base = saved(docOf(101, [], write('hello')));
const world = docOf(102, [base], write(' world'));
const gap = updatesOf(103, write('one '), write('two '), write('three'), (doc) => doc.getText('text').delete(4, 4));

/** A program that takes the root "text" for a map. */
function mixed(doc: Y.Doc): void {
  const other = new Y.Doc();
  other.clientID = 109;
  other.getMap('text').set('title', 'Hello');
  Y.applyUpdate(doc, saved(other));
}

export const doctorFiles: Readonly<Record<string, Uint8Array>> = {
  'phone.bin': saved(docOf(1, [base])),
  'laptop.bin': saved(world),
  'laptop-v2.bin': Y.encodeStateAsUpdateV2(world),
  'laptop-v2.bin.gz': gzipSync(Y.encodeStateAsUpdateV2(world)),
  'laptop.jsonl': Buffer.from(toJsonLines(labSchema, [], [], { document: saved(world) })),
  'tablet.bin': saved(docOf(2, [saved(world)], (doc) => doc.getText('text').delete(0, 6))),
  'collected.bin': saved(docOf(2, [saved(world)], (doc) => doc.getText('text').delete(0, 6))),
  'kept.bin': saved(docOf(3, [saved(docOf(2, [saved(world)], (doc) => doc.getText('text').delete(0, 6), { gc: false }))], () => {}, { gc: false })),
  'sender.bin': saved(docOf(1, gap)),
  'receiver.bin': saved(docOf(2, [gap[0]!, gap[2]!, gap[3]!])),
  'restored.bin': saved(docOf(104, [base], write(', Rome'))),
  'running.bin': saved(docOf(104, [base], write(', Oslo'))),
  'left.bin': saved(docOf(105, [], write('Shopping list'))),
  'right.bin': saved(docOf(106, [], write('Shopping list'))),
  'merged.bin': saved(docOf(1, [saved(docOf(105, [], write('Shopping list'))), saved(docOf(106, [], write('Shopping list')))])),
  'empty.bin': saved(docOf(1)),
  'joined.bin': Buffer.concat([base, saved(world)]),
  'page.bin': saved(docOf(107, [base], (doc) => {
    doc.getMap('settings').set('theme', 'dark');
    doc.getArray('items').push(['milk', new Y.Map([['done', true]])]);
    doc.getText('text').delete(0, 1);
  })),
  'mixed.bin': saved(docOf(108, [base], mixed)),
  'laptop.txt': Buffer.from(`${Buffer.from(saved(world)).toString('base64')}\n`),
  'notes.txt': Buffer.from('Buy milk\n'),
};

export async function writeDoctorFiles(folder: string): Promise<void> {
  for (const [name, bytes] of Object.entries(doctorFiles)) await writeFile(join(folder, name), bytes);
}
