/** Pages and assets are sent compressed to those who take it: the same page, with headers that caches can rely on. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { atEnd, startLab } from '../../support/lab-fixture.ts';

const script = 'export const words = "offline first";\n'.repeat(200);

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Not fetch: that decodes by itself. */
async function open(): Promise<(path: string, headers?: Record<string, string>, method?: string) => Promise<Answer>> {
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-pages-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), `<title>control room</title>${' '.repeat(3_000)}`);
  await writeFile(join(folder, 'assets', 'page-abc.js'), script);
  await writeFile(join(folder, 'assets', 'icon-abc.png'), Buffer.alloc(5_000));
  const lab = await startLab({ pagesDir: folder });
  return (path, headers = {}, method = 'GET') => new Promise((resolve, reject) => {
    const asked = request(`${lab.url}${path}`, { method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(parts) }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

const asset = '/assets/page-abc.js';

test('with gzip for those who take it, as they are for those who do not; both say that it depends on that', async () => {
  const get = await open();
  for (const path of ['/', asset]) {
    const [plain, gzip] = [await get(path), await get(path, { 'accept-encoding': 'gzip, deflate, br' })];
    expect([plain.headers['content-encoding'], plain.headers['content-length']]).toEqual([undefined, String(plain.body.length)]);
    expect([gzip.headers['content-encoding'], gzip.headers['content-length']]).toEqual(['gzip', undefined]);
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    expect(gzip.body.length).toBeLessThan(plain.body.length / 3);
    for (const { headers } of [plain, gzip]) expect(headers.vary).toBe('Accept-Encoding, Origin');
  }
  expect((await get(asset, { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding']).toBeUndefined();
});

test('other bytes of the same page have its ETag as a weak one, and either is answered with 304', async () => {
  const get = await open();
  const [plain, gzip] = [await get('/'), await get('/', { 'accept-encoding': 'gzip' })];
  expect(plain.headers.etag).toMatch(/^"[^"]+"$/);
  expect(gzip.headers.etag).toBe(`W/${plain.headers.etag!}`);
  for (const { headers } of [plain, gzip]) {
    const again = await get('/', { 'accept-encoding': 'gzip', 'if-none-match': headers.etag! });
    expect([again.status, again.body.length, again.headers.vary]).toEqual([304, 0, 'Accept-Encoding, Origin']);
  }
});

test('HEAD has the headers of the whole page and no body; a range is answered with the whole page', async () => {
  const get = await open();
  const head = await get(asset, { 'accept-encoding': 'gzip' }, 'HEAD');
  expect([head.status, head.body.length, head.headers['content-length'], head.headers.vary]).toEqual([200, 0, String(script.length), 'Accept-Encoding, Origin']);
  const ranged = await get(asset, { range: 'bytes=0-9' });
  expect([ranged.status, ranged.body.toString()]).toEqual([200, script]);
});

test('what is compressed already, what is small and what is no page are sent as they are', async () => {
  const get = await open();
  for (const path of ['/assets/icon-abc.png', '/-/api/relay', '/nothing']) {
    const { headers } = await get(path, { 'accept-encoding': 'gzip' });
    expect(headers['content-encoding'], path).toBeUndefined();
  }
  expect((await get('/assets/icon-abc.png')).headers.vary).toBe('Origin');
});
