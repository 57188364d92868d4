/** Requests that a proxy hands on: to whom the control API answers then, and whose connections they are. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClientAddresses, isAddressRange } from '../../../../server/relay/admission/client-addresses.ts';
import type { RelayEvent } from '../../../../server/relay/relay.ts';
import { projectRoot } from '../../../tidy/source-files.ts';
import { atEnd, connectRaw, joinAsApp, refusedHandshake, startLab, type TestLab, until } from '../../../support/lab-fixture.ts';

type Headers = Readonly<Record<string, string>>;

const controlCalls = ['/-/api/rooms', '/-/api/relay', '/-/api/rooms/lab/document', '/-/metrics', '/%2D/api/rooms', '/./-/api/rooms', '/x/../-/api/rooms'];

/** The status of a call whose path is sent as it stands. */
function statusOf(lab: { url: string }, path: string, headers: Headers = {}, method = 'GET'): Promise<number> {
  const { hostname, port } = new URL(lab.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers, method, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on('error', reject).end();
  });
}

const strangers: readonly Headers[] = [
  { 'x-forwarded-for': '203.0.113.9' },
  { 'X-Forwarded-Proto': 'https' },
  { 'x-forwarded-host': 'lab.example' },
  { forwarded: 'for=203.0.113.9' },
  { 'x-real-ip': '203.0.113.9' },
  { via: '1.1 vegur' },
  // Anybody can write this.
  { 'x-forwarded-for': '127.0.0.1' },
];

test.each(strangers)('without a token the control API is not for those who come through a proxy: %j', async (headers) => {
  const lab = await startLab();
  for (const path of controlCalls) {
    expect([path, await statusOf(lab, path, headers)]).toEqual([path, 403]);
    expect([path, await statusOf(lab, path)]).toEqual([path, 200]);
  }
  expect(await statusOf(lab, '/-/api/rooms/lab', headers, 'DELETE')).toBe(403);
  expect((await refusedHandshake(lab, '/-/control?room=lab', headers)).status).toBe(403);
  const client = await connectRaw(lab, '/lab', headers);
  client.socket.close();
});

test('the refusal says what to do', async () => {
  const lab = await startLab();
  const answer = await fetch(`${lab.url}/-/api/rooms`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
  expect(await answer.json()).toMatchObject({ status: 403, detail: 'a proxy hands this call on, and a relay without a token answers control calls only to its own machine: start it with --token' });
  expect((await refusedHandshake(lab, '/-/control?room=lab', { 'x-forwarded-for': '203.0.113.9' })).body).toContain('start it with --token');
});

test('with a token who brings it may call, through any proxy', async () => {
  const token = 'AbCdEfGhIjKlMnOpQrStUv';
  const lab = await startLab({ token });
  const forwarded = { 'x-forwarded-for': '203.0.113.9' };
  expect(await statusOf(lab, '/-/api/rooms', forwarded)).toBe(401);
  expect(await statusOf(lab, '/-/api/rooms', { ...forwarded, authorization: `Bearer ${token}` })).toBe(200);
});

test('a trusted proxy is believed: calls of this machine are answered, those of others are not', async () => {
  const lab = await startLab({ trustedProxies: ['127.0.0.1'] });
  for (const [chain, status] of [['127.0.0.1', 200], ['203.0.113.9, 127.0.0.1', 403], ['::1', 200], ['203.0.113.9', 403], ['127.0.0.1, 203.0.113.9', 403], ['nonsense', 403], ['', 403]] as const) {
    expect([chain, await statusOf(lab, '/-/api/rooms', { 'x-forwarded-for': chain })]).toEqual([chain, status]);
  }
  const other = await startLab({ trustedProxies: ['10.0.0.0/8'] });
  expect(await statusOf(other, '/-/api/rooms', { 'x-forwarded-for': '127.0.0.1' })).toBe(403);
});

test('behind a trusted proxy connections are counted by the address that it tells', async () => {
  const lab = await startLab({ trustedProxies: ['127.0.0.0/8'], sessionsPerAddressMax: 2 });
  const from = (address: string): Headers => ({ 'x-forwarded-for': address });
  for (const address of ['203.0.113.1', '203.0.113.1', '203.0.113.2']) await connectRaw(lab, '/lab', from(address));
  expect(await refusedHandshake(lab, '/lab', from('203.0.113.1'))).toEqual({ status: 429, body: '2 connections from 203.0.113.1 are open, which is the most\n' });
  // What a client wrote itself before its proxy did counts for nothing.
  expect((await refusedHandshake(lab, '/lab', from('198.51.100.7, 203.0.113.1'))).status).toBe(429);
  await connectRaw(lab, '/lab', from('203.0.113.2'));
});

test('behind an untrusted proxy it is the proxy that is counted', async () => {
  const lab = await startLab({ sessionsPerAddressMax: 1 });
  await connectRaw(lab, '/lab', { 'x-forwarded-for': '203.0.113.1' });
  expect((await refusedHandshake(lab, '/lab', { 'x-forwarded-for': '203.0.113.2' })).status).toBe(429);
});

test('pages that a trusted proxy serves over https are our own', async () => {
  const lab = await startLab({ trustedProxies: ['127.0.0.1'], hostNames: ['lab.example'] });
  const through = (origin: string): Headers => ({ host: 'lab.example', origin, 'x-forwarded-for': '203.0.113.1', 'x-forwarded-proto': 'https' });
  (await connectRaw(lab, '/lab', through('https://lab.example'))).socket.close();
  for (const origin of ['http://lab.example', 'https://evil.example', 'https://lab.example:8443']) expect((await refusedHandshake(lab, '/lab', through(origin))).status).toBe(403);
});

test('addresses in all the spellings that proxies have', () => {
  const addresses = new ClientAddresses(['10.0.0.0/8', 'fd00::/8']);
  const of = (remoteAddress: string, forwarded?: string): string => addresses.of({ headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress } as never });
  expect(of('::ffff:10.0.0.1', '203.0.113.9:51234')).toBe('203.0.113.9');
  expect(of('fd00::1', '[2001:db8::7]:443')).toBe('2001:db8::7');
  expect(of('10.0.0.1', '203.0.113.9, 10.1.1.1 , ::ffff:10.2.2.2')).toBe('203.0.113.9');
  expect(of('10.0.0.1', '10.0.0.2')).toBe('10.0.0.2');
  expect(of('203.0.113.5', '198.51.100.1')).toBe('203.0.113.5');
  expect(of('10.0.0.1')).toBe('10.0.0.1');
  for (const text of ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '0.0.0.0/0']) expect(isAddressRange(text)).toBe(true);
  for (const text of ['', 'proxy', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/', '::/129', '10.0.0.1 ']) expect(isAddressRange(text)).toBe(false);
  expect(() => new ClientAddresses(['lab.example'])).toThrow('a trusted proxy is an address or a range such as 10.0.0.0/8, not "lab.example"');
});

test('what is refused over HTTP is counted and told, as upgrades are', async () => {
  const lab = await startLab({ token: 'AbCdEfGhIjKlMnOpQrStUv' });
  const events: RelayEvent[] = [];
  lab.relay.onEvent((event) => events.push(event));
  expect(await statusOf(lab, '/-/api/rooms')).toBe(401);
  expect(await statusOf(lab, '/-/api/rooms', { host: 'evil.example' })).toBe(403);
  expect([lab.relay.meter.refused.get('http-401'), lab.relay.meter.refused.get('http-403')]).toEqual([1, 1]);
  expect(events).toMatchObject([
    { kind: 'request-refused', address: '127.0.0.1', status: 401, reason: expect.stringContaining('token') as string },
    { kind: 'request-refused', address: '127.0.0.1', status: 403, reason: expect.stringContaining('evil.example') as string },
  ]);
  const open = await startLab();
  expect(await statusOf(open, '/-/api/rooms', { 'x-forwarded-for': '203.0.113.9' })).toBe(403);
  expect(open.relay.meter.refused.get('http-403')).toBe(1);
});

/** nginx with the configuration of docs/many-relays.md, on ports of its own and as whoever runs the test. */
async function startNginx(relays: readonly TestLab[], edit: (config: string) => string = (config) => config): Promise<{ url: string; ws: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'rejoin-nginx-'));
  const port = await freePort();
  const documented = /```nginx\n([^]*?)```/.exec(readFileSync(`${projectRoot}docs/many-relays.md`, 'utf8'))![1]!;
  const site = edit(documented)
    .replace(/server 127\.0\.0\.1:4001;/, `server 127.0.0.1:${relays[0]!.port};`)
    .replace(/server 127\.0\.0\.1:4002;/, `server 127.0.0.1:${relays.at(-1)!.port};`)
    .replace(/listen 80;/, `listen 127.0.0.1:${port};`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;\nevents {}\nhttp { access_log off; ${temporary}\n${site}\n}\n`);
  const nginx = spawn('nginx', ['-p', folder, '-c', file, '-e', `${folder}/error.log`], { stdio: 'ignore' });
  atEnd(async () => {
    const ended = new Promise((resolve) => nginx.once('exit', resolve));
    if (nginx.exitCode === null) nginx.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await until(() => {
    if (nginx.exitCode !== null) throw new Error(readFileSync(`${folder}/error.log`, 'utf8'));
    return fetch(url).then(() => true, () => false);
  });
  return { url, ws: url.replace('http', 'ws') };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const hasNginx = ((): boolean => {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    console.error('not run: the configuration of docs/many-relays.md in nginx: there is no nginx on the PATH');
    return false;
  }
})();

test.skipIf(!hasNginx)('the nginx configuration of the documentation: clients work, control calls of strangers do not', async () => {
  const options = { hostNames: ['lab.example'], trustedProxies: ['127.0.0.1'] };
  const lab = await startLab(options);
  const proxy = await startNginx([lab]);
  const app = joinAsApp(proxy, 'notes');
  app.doc.getMap('map').set('one', 1);
  const other = joinAsApp(proxy, 'notes');
  await until(() => other.doc.getMap('map').get('one') === 1);
  for (const host of ['lab.example', '127.0.0.1']) {
    // The client of this test is on this machine: as a stranger it says that it was handed on before.
    for (const path of controlCalls) expect([path, await statusOf(proxy, path, { host, 'x-forwarded-for': '203.0.113.9' })]).toEqual([path, 200]);
  }
  expect(await statusOf(proxy, '/-/api/rooms', { host: 'evil.example' })).toBe(403);
  expect((await refusedHandshake(proxy, '/notes', { host: 'evil.example' })).status).toBe(403);
  const plain = await startLab({ hostNames: ['lab.example'] });
  const guarded = await startNginx([plain]);
  for (const path of controlCalls) expect([path, await statusOf(guarded, path, { host: 'lab.example' })]).toEqual([path, 403]);
  expect((await refusedHandshake(guarded, '/-/control?room=lab', { host: 'lab.example' })).status).toBe(403);
  const through = joinAsApp(guarded, 'notes');
  await until(() => through.synced);
});
