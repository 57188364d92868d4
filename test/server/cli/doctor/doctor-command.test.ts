/** `rejoin doctor` as a person runs it: on files, sound, broken and hostile, and on rooms of a real relay. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { labSchema } from '../../../../shared/document/schema.ts';
import { toJsonLines } from '../../../../shared/history/json-lines.ts';
import { docOf, saved, updatesOf, write } from '../../../shared/analysis/doctor/documents.ts';
import { structBomb } from '../../../shared/analysis/doctor/hostile-bytes.ts';
import { type BuiltCommand, buildCommand, type Ended } from '../../../support/built-command.ts';
import { runHere } from '../../../support/command-here.ts';
import { doctorFiles, writeDoctorFiles } from './doctor-files.ts';
import { divide, haveEqualDocuments, heal } from '../../../support/faults-fixture.ts';
import { atEnd, connectRaw, documentOf, joinAsApp, startLab, syncFrame, type TestLab, until } from '../../../support/lab-fixture.ts';

let rejoin: BuiltCommand;
let folder: string;

beforeAll(async () => {
  rejoin = await buildCommand();
  folder = await mkdtemp(join(tmpdir(), 'rejoin-doctor-'));
  await writeDoctorFiles(folder);
}, 60_000);

afterAll(async () => {
  await rejoin?.remove();
  await rm(folder, { recursive: true, force: true });
});

function doctor(...words: string[]): Promise<Ended> {
  return runHere(['doctor', ...words], folder);
}

interface Said {
  readonly equal: boolean;
  readonly documents: readonly { readonly name: string; readonly format: string; readonly units: number; readonly symptoms: readonly { readonly kind: string }[] }[];
  readonly comparisons: readonly { readonly first: string; readonly second: string; readonly equal: boolean; readonly differences: readonly { readonly kind: string }[]; readonly remarks: readonly { readonly kind: string }[] }[];
}

async function said(...words: string[]): Promise<Said & { readonly code: number | null }> {
  const { code, out, err } = await doctor(...words, '--json');
  expect(err).toBe('');
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  return { ...(JSON.parse(out) as Said), code };
}

describe('two files', () => {
  test.each([['version 2', 'laptop-v2.bin', ['formats']], ['version 2, gzipped', 'laptop-v2.bin.gz', ['formats']], ['a history', 'laptop.jsonl', []]])('equal, the other one %s: exit code 0', async (_, other, remarks) => {
    const { code, equal, comparisons } = await said('laptop.bin', other);
    expect([code, equal]).toEqual([0, true]);
    expect(comparisons).toMatchObject([{ first: 'laptop.bin', second: other, equal: true, differences: [] }]);
    expect(comparisons[0]!.remarks.map(({ kind }) => kind)).toEqual(remarks);
  });

  test.each([
    ['phone.bin', 'laptop.bin', ['missing-updates']],
    ['laptop.bin', 'tablet.bin', ['deletions-differ']],
    ['restored.bin', 'running.bin', ['shared-client-id']],
    ['left.bin', 'right.bin', ['re-seeded', 'missing-updates', 'missing-updates']],
    ['sender.bin', 'receiver.bin', ['missing-updates']],
  ])('%s and %s differ: exit code 1, each cause with its figures and both sentences', async (first, second, kinds) => {
    const { code, equal, documents, comparisons } = await said(first, second);
    expect([code, equal, documents.map(({ name }) => name)]).toEqual([1, false, [first, second]]);
    expect(comparisons[0]!.differences.map(({ kind }) => kind)).toEqual(kinds);
    for (const finding of comparisons[0]!.differences) expect(finding).toMatchObject({ says: expect.stringMatching(/^[^\n]+\.$/) as string, mend: expect.stringMatching(/^[^\n]+\.$/) as string });
  });

  test('a missing update in JSON: side, client, clock, length', async () => {
    const { comparisons, documents } = await said('phone.bin', 'laptop.bin');
    expect(comparisons[0]!.differences[0]).toMatchObject({ on: 'first', ranges: [{ client: 102, clock: 0, length: 6, shown: '“ world”' }] });
    expect(documents[1]).toMatchObject({ format: 'v1', clients: 2, units: 11, deleted: 0, symptoms: [] });
  });

  test('what waits is a symptom of the one document', async () => {
    const { documents } = await said('sender.bin', 'receiver.bin');
    expect(documents.map(({ symptoms }) => symptoms)).toMatchObject([[], [{ kind: 'pending-structs', waits: [{ client: 103, clock: 8, units: 5, for: { client: 103, clock: 4 }, is: 'elsewhere' }] }, { kind: 'pending-deletions' }]]);
  });

  test('long lists are cut in JSON, and say how long they were', async () => {
    const doc = docOf(1);
    for (let i = 0; i < 1_500; i++) Y.applyUpdate(doc, saved(docOf(1_000 + i, [], (each) => each.getMap('m').set(`k${i}`, i))));
    await writeFile(join(folder, 'crowd.bin'), saved(doc));
    const { comparisons } = await said('crowd.bin', 'empty.bin');
    const [missing] = comparisons[0]!.differences as readonly { readonly kind: string; readonly ranges?: readonly object[]; readonly rangesCount?: number }[];
    expect([missing!.ranges!.length, missing!.rangesCount]).toEqual([1_000, 1_500]);
    expect((await doctor('crowd.bin', 'empty.bin')).out).toContain('; and 1,495 more.');
  });

  test('what a document holds moves no cursor', async () => {
    await writeFile(join(folder, 'evil.bin'), saved(docOf(5, [], (doc) => doc.getMap('m').set('k', '\u001b[2J\u0007gone'))));
    const { out } = await doctor('evil.bin', 'empty.bin');
    expect(out).toContain('gone');
    expect(out).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test('20,000 edits after a gap are read in no time, though Yjs would take long to apply them one by one', async () => {
    const doc = docOf(7);
    doc.transact(() => Array.from({ length: 20_001 }, (_, i) => doc.getArray('a').insert(0, [i])));
    await writeFile(join(folder, 'late.bin'), Y.diffUpdate(saved(doc), Y.encodeStateVector(docOf(8, updatesOf(7, (each) => each.getArray('a').insert(0, [0]))))));
    const { documents } = await said('late.bin', 'empty.bin');
    expect(documents[0]!.symptoms).toMatchObject([{ kind: 'pending-structs', waits: [{ client: 7, clock: 1, units: 20_000, for: { client: 7, clock: 0 }, is: 'nowhere' }] }]);
  });
});

const mebibyte = 1024 * 1024;

describe('in base64', () => {
  const base64 = Buffer.from(doctorFiles['laptop.bin']!).toString('base64');
  const urlSafe = base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  test.each([
    ['one line', `${base64}\n`],
    ['many lines', base64.replace(/(.{20})/g, '$1\r\n')],
    ['in quotation marks', `"${base64}"`],
    ['with its name before it', `base64:${base64}`],
    ['for addresses, without padding', urlSafe],
    ['gzipped', gzipSync(base64)],
  ])('%s', async (_, content) => {
    await writeFile(join(folder, 'laptop.base64'), content);
    const { code, documents } = await said('laptop.bin', 'laptop.base64');
    expect([code, documents[1]!.units]).toEqual([0, 11]);
  });

  test('from standard input', async () => {
    const words = ['doctor', 'laptop.bin', '-', '--json'];
    const { code, out } = await rejoin.run(words, { folder, input: Buffer.from(base64) });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ equal: true, comparisons: [{ second: 'standard input' }] });
  });
});

describe('one file', () => {
  test('roots with their types and sizes, and clients: exit code 0', async () => {
    const { code, out } = await doctor('page.bin', '--json');
    expect(code).toBe(0);
    const { contents } = JSON.parse(out) as { contents: unknown };
    expect(contents).toEqual({
      roots: [
        { name: 'items', uses: ['array'], units: 3, deleted: 0, nested: 1 },
        { name: 'settings', uses: ['map'], units: 1, deleted: 0, nested: 0 },
        { name: 'text', uses: ['text'], units: 5, deleted: 1, nested: 0 },
      ],
      clients: [
        { client: 101, units: 5, deleted: 1, applied: 5 },
        { client: 107, units: 4, deleted: 0, applied: 4 },
      ],
    });
  });

  test('what waits, and for what: exit code 1', async () => {
    const { code, out } = await doctor('receiver.bin');
    expect(code).toBe(1);
    expect(out).toContain('client 103: 9 units, 0 deleted, 5 of them wait');
    expect(out).toContain('What waits: client 103 from clock 8 (5 units) for client 103, clock 4');
  });

  test('one root used as two types', async () => {
    const { code, documents } = await said('mixed.bin');
    expect([code, documents[0]!.symptoms]).toMatchObject([
      1,
      [{ kind: 'mixed-root', roots: [{ name: 'text', uses: ['text', 'map'] }] }],
    ]);
  });
});

test('a document is read that is as large as the relay takes', async () => {
  const doc = docOf(1, [], (made) => {
    for (let i = 0; i < 10; i++) made.getArray('blobs').push([new Uint8Array(12 * mebibyte)]);
  });
  const large = saved(doc);
  expect(large.length).toBeGreaterThan(100 * mebibyte);
  const { code, out } = await rejoin.run(['doctor', '-'], { input: Buffer.from(large) });
  expect([code, out.split('\n')[0]]).toEqual([0, expect.stringContaining('10 units')]);
}, 60_000);

describe('a bad file: one line that names it and says what was expected, exit code 2, nothing on standard output', () => {
  test.each<[what: string, content: () => string | Uint8Array, message: RegExp]>([
    ['nothing', () => '', /expected a document of Yjs; it is empty/],
    ['text', () => 'hello\n', /expected an update of Yjs, version 1 or 2; it is cut short, or something else/],
    ['other JSON', () => '{"name":"rejoin"}\n', /expected an update of Yjs/],
    ['half an update', () => doctorFiles['laptop.bin']!.subarray(0, 20), /it is cut short, or something else/],
    ['two updates in one file', () => doctorFiles['joined.bin']!, /31 more bytes follow its end/],
    ['half a gzip file', () => gzipSync(Buffer.alloc(1_000, 1)).subarray(0, 15), /expected a whole gzip file; it is cut short/],
    ['40 bytes that claim 2^40 structs', () => structBomb(2 ** 40), /at most 1,000,000 structs/],
    ['a gzip bomb', () => gzipSync(Buffer.alloc(140 * mebibyte)), /at most 128 MiB, unpacked/],
    ['a gzip bomb that begins like a history', () => gzipSync(Buffer.alloc(270 * mebibyte, '{')), /at most 256 MiB, unpacked/],
    ['a history without the document', () => toJsonLines(labSchema, [], []), /expected a history with the CRDT's document as its last line; this one has none/],
    ['a damaged history', () => `${toJsonLines(labSchema, [], [])}{"kind":"document","payload":{"yjs":"!"}}\n`, /line 2: expected a document \{"yjs":"…"\}/],
    ['a history with a document that is none', () => `${toJsonLines(labSchema, [], [])}{"kind":"document","payload":{"yjs":"AAAA"}}\n`, /expected/],
  ])('%s', async (what, content, message) => {
    await writeFile(join(folder, 'bad'), content());
    // What is small and claims to be large, in a process with little memory.
    const isBomb = /bomb|claim/.test(what);
    for (const words of [['bad', 'phone.bin'], ['phone.bin', 'bad', '--json']]) {
      const { code, out, err } = await (isBomb ? rejoin.run(['doctor', ...words], { folder, nodeOptions: ['--max-old-space-size=1024'] }) : doctor(...words));
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/^rejoin doctor: bad: [^\n]+\n$/);
      expect(err).toMatch(message);
    }
  }, 60_000);

  test.each([['there-is-none.bin', /there is no such file/], ['.', /expected a file; it is a folder/]])('%s', async (file, message) => {
    const { code, out, err } = await doctor('phone.bin', file);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});

describe('a room', () => {
  test('two islands that both wrote: each lacks what the other has; healed, the room is whole and its exit code 0', async () => {
    const lab = await startLab();
    const [a, b] = ['A', 'B'].map((name, i) => joinAsApp(lab, 'lab', docOf(101 + i), { name }).doc) as [Y.Doc, Y.Doc];
    write('both')(a);
    await until(() => haveEqualDocuments([a, b]) && b.getText('text').toString() === 'both');
    await divide(lab, ['A'], ['B']);
    expect((await said(`${lab.ws}/lab`)).code).toBe(0);
    write(' A')(a);
    write(' B')(b);
    await islandsHave(lab, ['both A', 'both B']);
    const { code, documents, comparisons } = await said(`${lab.ws}/lab`);
    expect(code).toBe(1);
    expect(documents.map(({ name }) => name)).toEqual(['island 0 (A)', 'island 1 (B)']);
    expect(comparisons).toMatchObject([{ equal: false, differences: [
      { kind: 'missing-updates', on: 'second', ranges: [{ client: 101, clock: 4, length: 2, shown: '“ A”' }], mend: expect.stringContaining('Heal the room') as string },
      { kind: 'missing-updates', on: 'first', ranges: [{ client: 102, clock: 0, length: 2, shown: '“ B”' }] },
    ] }]);
    await heal(lab);
    const whole = await doctor(`${lab.url}/lab`);
    expect(whole.code).toBe(0);
    expect(whole.out).toMatch(/^room lab: an update of Yjs[^\n]*\n\nThe room is whole: [^\n]*nothing to compare\.\n$/);
  });

  test('three islands, one of them of those that no list names: each with each', async () => {
    const lab = await startLab();
    for (const name of ['A', 'B', 'C']) await connectRaw(lab, `/lab?name=${name}`);
    await divide(lab, ['A'], ['B']);
    const { code, comparisons } = await said(`${lab.ws}/lab`);
    expect([code, comparisons.map(({ first, second }) => `${first}, ${second}`)]).toEqual([0, ['island 0 (A), island 1 (B)', 'island 0 (A), island 2 (C)', 'island 1 (B), island 2 (C)']]);
  });

  test('one island with a name is compared with the other one, where nobody is', async () => {
    const lab = await startLab();
    const { doc } = joinAsApp(lab, 'lab', docOf(101), { name: 'A' });
    await divide(lab, ['A']);
    write('alone')(doc);
    await islandsHave(lab, ['alone', '']);
    const { code, comparisons } = await said(`${lab.ws}/lab`);
    expect([code, comparisons]).toMatchObject([1, [{ first: 'island 0 (A)', second: 'island 1 (nobody)', differences: [{ kind: 'missing-updates', on: 'second' }] }]]);
  });

  test('a whole room in which edits wait: told, and exit code 0', async () => {
    const lab = await startLab();
    const client = await connectRaw(lab, '/lab');
    client.send(syncFrame(2, updatesOf(7, write('aa'), write('bb'))[1]!));
    await until(async () => (await documentOf(lab, 'lab')).snapshot.length > 4);
    const { code, documents } = await said(`${lab.ws}/lab`);
    expect([code, documents[0]!.symptoms]).toMatchObject([0, [{ kind: 'pending-structs', waits: [{ client: 7, clock: 2, units: 2, for: { client: 7, clock: 0 }, is: 'nowhere' }] }]]);
  });

  test('nobody there, or something else: exit code 2, one line', async () => {
    const page = await serve((_, response) => void response.end('<p>hello</p>'));
    const endless = await serve((_, response) => {
      const more = (): void => void (response.write(Buffer.alloc(mebibyte, 32)), response.once('drain', more));
      more();
    });
    const free = await serve(() => {}, true);
    for (const [address, message] of [[page, /expected a relay of Rejoin; this answered something else/], [endless, /expected an answer of at most 4 MiB/], [free, /no relay can be reached there \(ECONNREFUSED\)/]] as const) {
      const { code, out, err } = await doctor(`${address}/lab`);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/^rejoin doctor: http:\/\/127\.0\.0\.1:\d+\/lab: [^\n]+\n$/);
      expect(err).toMatch(message);
    }
  });

  test('a token is sent where one was given, and asked for where it is needed', async () => {
    const lab = await startLab();
    const guarded = await serve((request, response) => {
      if (request.headers.authorization !== 'Bearer s3cret') return void response.writeHead(401).end();
      void fetch(`${lab.url}${request.url}`).then(async (answer) => response.end(Buffer.from(await answer.arrayBuffer())));
    });
    expect((await doctor(`${guarded}/lab`)).err).toMatch(/the relay asks for a token: --token T\n$/);
    expect((await doctor(`${guarded}/lab`, '--token', 'wrong')).err).toMatch(/the relay does not take this token\n$/);
    expect((await doctor(`${guarded}/lab`, '--token', 's3cret')).code).toBe(0);
  });
});

test.each([
  [['-', '-'], /only one of two can be standard input/],
  [[], /a file, two, or the address of a room is missing/],
  [['a', 'b', 'c'], /two files or one room, not also "c"/],
  [['a', 'ws://127.0.0.1:1/lab'], /two files or one room, not both/],
  [['ftp://host/lab'], /a room is ws:\/\/HOST:PORT\/ROOM/],
  [['ws://127.0.0.1:1'], /the room is missing/],
  [['ws://127.0.0.1:1/a%2F..%2Fb'], /cannot name a room/],
  [['a', 'b', '--token', 'x'], /--token is for a room/],
  [['ws://127.0.0.1:1/lab', '--token', 'a b'], /--token is a word/],
  [['a', 'b', '--bogus'], /unknown option '--bogus'/],
])('%j is refused in one line, exit code 2', async (words, message) => {
  const { code, out, err } = await doctor(...words);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/^rejoin doctor: [^\n]+\n$/);
  expect(err).toMatch(message);
});

test('--help tells everything, with examples', async () => {
  const { code, out } = await doctor('--help');
  expect(code).toBe(0);
  for (const each of ['Usage: rejoin doctor FILE FILE', '--token T', '--json', 'Exit code: 0', 'Examples:']) expect(out).toContain(each);
});

/** Waits until the relay's islands have these texts. */
async function islandsHave(lab: TestLab, texts: readonly string[]): Promise<void> {
  await until(async () => {
    const lease = await lab.relay.lease('lab');
    lease.release();
    return lease.room.islands.all.slice(0, texts.length).every(({ document }, i) => document.doc.getText('text').toString() === texts[i]);
  });
}

/** A server that is no relay; `closed`: its address, with nobody there any more. */
async function serve(answer: RequestListener, closed = false): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const end = (): Promise<void> => new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  if (closed) await end();
  else atEnd(end);
  return `http://127.0.0.1:${port}`;
}
