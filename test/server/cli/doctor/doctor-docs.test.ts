/** docs/doctor.md says what is: each command that it shows prints what is shown, every finding has its chapter, and the limits are the real ones. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { documentLimits } from '../../../../server/cli/doctor/doctor-source.ts';
import { updateLimits } from '../../../../shared/document/decoded-update.ts';
import { headings } from '../../../../shared/analysis/doctor/finding-words.ts';
import { docOf, write } from '../../../shared/analysis/doctor/documents.ts';
import { runHere } from '../../../support/command-here.ts';
import { projectRoot } from '../../../tidy/source-files.ts';
import { writeDoctorFiles } from './doctor-files.ts';
import { call, divide } from '../../../support/faults-fixture.ts';
import { joinAsApp, startLab, type TestLab, until } from '../../../support/lab-fixture.ts';

const writeAnew = 'REJOIN_WRITE_DOCS=1 npx vitest run --project unit test/server/cli/doctor/doctor-docs.test.ts';
const isWriting = process.env['REJOIN_WRITE_DOCS'] === '1';
const page = `${projectRoot}docs/doctor.md`;
const markdown = readFileSync(page, 'utf8');
const consoles = [...markdown.matchAll(/```console\n\$ npx rejoin ([^\n]*)\n([^]*?)```\n/g)].map(([, command, text]) => ({ command: command!, text: text! }));
const anew = new Map<string, string>();

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rejoin-doctor-docs-'));
  await writeDoctorFiles(folder);
}, 60_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  if (!isWriting) return;
  writeFileSync(page, markdown.replaceAll(/(```console\n\$ npx rejoin ([^\n]*)\n)[^]*?(\$ echo[^]*?)?```\n/g, (_, head: string, command: string, status: string | undefined) => `${head}${anew.get(command)!}${status ?? ''}\`\`\`\n`));
});

/** A room in which A and B wrote on an island each. */
async function dividedRoom(): Promise<TestLab> {
  const lab = await startLab();
  const docs = [docOf(101, [], write('hello')), docOf(102)] as const;
  for (const [i, doc] of docs.entries()) joinAsApp(lab, 'lab', doc, { name: 'AB'[i]! });
  await until(() => docs[1].getText('text').toString() === 'hello');
  await divide(lab, ['A'], ['B']);
  write(' from A')(docs[0]);
  write(' from B')(docs[1]);
  await until(async () => (await Promise.all([0, 1].map((island) => textOf(lab, island)))).join() === 'hello from A,hello from B');
  return lab;
}

async function textOf(lab: TestLab, island: number): Promise<string> {
  const answer = await fetch(`${lab.url}/-/api/rooms/lab/document?island=${island}`);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new Uint8Array(await answer.arrayBuffer()));
  return doc.getText('text').toString();
}

test.each(consoles)('rejoin $command', async ({ command, text }) => {
  const lab = command.includes('ws:') ? await dividedRoom() : null;
  const { code, out, err } = await runHere(command.replace('127.0.0.1:1234', lab?.url.replace('http://', '') ?? '').split(' '), folder);
  anew.set(command, out + err);
  if (isWriting) return;
  const [shown, status] = text.split('$ echo $?\n');
  if (status !== undefined) expect(code).toBe(Number(status));
  expect(out + err, `write it anew by: ${writeAnew}`).toBe(shown);
  if (lab) expect((await call(lab, 'GET', '/islands')).json).toEqual([['A'], ['B']]);
});

test('every finding has its chapter', () => {
  const chapters = [...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  expect(chapters).toEqual(expect.arrayContaining(Object.values(headings)));
  const shown = consoles.map(({ text }) => text).join('');
  expect(Object.values(headings).filter((heading) => !shown.includes(`\n${heading}. `))).toEqual([]);
});

test('the limits', () => {
  for (const limit of Object.values(updateLimits)) expect(markdown).toContain(limit.toLocaleString('en-US'));
  expect(markdown).toContain(`at most ${documentLimits.updateBytesMax / 2 ** 20} MiB of an update (${documentLimits.historyBytesMax / 2 ** 20} MiB of a history)`);
});
