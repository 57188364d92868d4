/** Who comes in where a token is wanted, and who does not. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as tlsRequest } from 'node:https';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { AccessTokens, isToken, newToken } from '../../../../server/relay/admission/access-token.ts';
import { createRelay } from '../../../../server/relay/relay.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { atEnd, connectRaw, joinAsApp, refusedHandshake, startLab, until } from '../../../support/lab-fixture.ts';

const token = 'AbCdEfGhIjKlMnOpQrStUv';
const wrong = 'AbCdEfGhIjKlMnOpQrStUw';
const bearer = (value: string): Record<string, string> => ({ authorization: `Bearer ${value}` });

test('a new token has 128 bits, and is another each time', () => {
  const made = new Set(Array.from({ length: 100 }, newToken));
  expect(made.size).toBe(100);
  for (const each of made) expect([isToken(each), Buffer.from(each, 'base64url').length]).toEqual([true, 16]);
});

test.each(['', 'short', 'x'.repeat(15), 'x'.repeat(513), `${token}\n`, `${token} `, ` ${token}`, `${token}\u0000x`])('%j is no token, and the error does not say it', (text) => {
  const rule = /^a token is 16 to 512 characters, none of them a control character, without spaces at its ends$/;
  expect(() => new AccessTokens({ all: text, read: null, query: null })).toThrow(rule);
  expect(() => new AccessTokens({ all: token, read: text, query: null })).toThrow(rule);
});

test('without the token nothing is answered but what is missing: pages, API, channel and rooms', async () => {
  const lab = await startLab({ token });
  for (const path of ['/', '/-/api/rooms', '/-/api/relay', '/replica/A', '/assets/x.js', `/-/api/rooms?token=${wrong}`, '/-/api/rooms?token=', `/-/api/rooms?Token=${token}`]) {
    const answer = await fetch(`${lab.url}${path}`);
    expect([path, answer.status, answer.headers.get('www-authenticate'), answer.headers.get('set-cookie')]).toEqual([path, 401, 'Bearer', null]);
    expect(await answer.text()).toBe('This server wants its token: "Authorization: Bearer TOKEN", or ?token=TOKEN in the address\n');
  }
  for (const path of ['/lab', '/-/control?room=lab', `/lab?token=${wrong}`, `/lab?token=${token.slice(0, -1)}`, `/lab?token=${token}x`]) expect((await refusedHandshake(lab, path)).status).toBe(401);
  for (const headers of [bearer(wrong), { authorization: token }, { authorization: `Basic ${token}` }, { cookie: `rejoin-token-${lab.port}=${wrong}` }, { cookie: `rejoin-token-1=${token}` }]) {
    expect((await refusedHandshake(lab, '/lab', headers)).status).toBe(401);
    expect((await fetch(`${lab.url}/-/api/rooms`, { headers })).status).toBe(401);
  }
  // A wrong token is not made good by a right cookie.
  expect((await refusedHandshake(lab, `/lab?token=${wrong}`, { cookie: `rejoin-token-${lab.port}=${token}` })).status).toBe(401);
  expect(lab.relay.roomNames()).toEqual([]);
  expect(lab.lines).toEqual([]);
});

test('with it everything is as ever: as a header, in the address, or as the cookie that an address brought', async () => {
  const lab = await startLab({ token });
  expect((await fetch(`${lab.url}/-/api/rooms`, { headers: bearer(token) })).status).toBe(200);
  const first = await fetch(`${lab.url}/-/api/rooms?token=${token}`);
  expect(first.status).toBe(200);
  const cookie = first.headers.get('set-cookie')!;
  expect(cookie).toBe(`rejoin-token-${lab.port}=${token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000`);
  const headers = { cookie: `other=1; ${cookie.split(';')[0]!}` };
  const second = await fetch(`${lab.url}/-/api/rooms`, { headers });
  expect([second.status, second.headers.get('set-cookie')]).toEqual([200, null]);
  for (const each of [headers, bearer(token)]) {
    (await connectRaw(lab, '/lab', each)).socket.close();
    (await connectRaw(lab, '/-/control?room=lab', each)).socket.close();
  }
  const app = joinAsApp(lab, 'lab', undefined, { token });
  await until(() => app.synced);
});

test('a page of an allowed origin may ask whether it may call, and must bring the token when it does', async () => {
  const origin = 'http://localhost:5173';
  const lab = await startLab({ token, allowOrigins: [origin] });
  const preflight = await fetch(`${lab.url}/-/api/rooms`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' } });
  expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([204, 'content-type, authorization']);
  expect((await fetch(`${lab.url}/-/api/rooms`, { method: 'OPTIONS' })).status).toBe(401);
  expect((await fetch(`${lab.url}/-/api/rooms`, { headers: { origin } })).status).toBe(401);
  expect((await fetch(`${lab.url}/-/api/rooms`, { headers: { origin, ...bearer(token) } })).status).toBe(200);
});

test('a strange Host or Origin is refused before the token counts', async () => {
  const lab = await startLab({ token });
  expect((await refusedHandshake(lab, `/lab?token=${token}`, { host: 'evil.example' })).status).toBe(403);
  expect((await refusedHandshake(lab, `/lab?token=${token}`, { origin: 'http://evil.example' })).status).toBe(403);
});

test.each(['0.0.0.0', '::', '192.168.1.7', 'lab.example', '128.0.0.1'])('a relay at %s needs a token', async (host) => {
  await expect(createRelay({ store: new MemoryStore(), host })).rejects.toThrow(`other machines can reach ${host}, so a relay there needs a token`);
});

test('on all addresses: other machines come in by their own way with the token, and their pages are our own', async () => {
  const lab = await startLab({ host: '0.0.0.0', token, hostNames: ['lab.test'] });
  const outside = Object.values(networkInterfaces()).flatMap((each) => each ?? []).find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
  const origin = `http://${outside}:${lab.port}`;
  expect((await fetch(`${origin}/-/api/rooms`)).status).toBe(401);
  expect((await fetch(`${origin}/-/api/rooms?token=${token}`, { headers: { origin } })).status).toBe(200);
  const client = await connectRaw({ ws: origin.replace('http', 'ws') }, `/lab?token=${token}`, { origin });
  client.socket.close();
  (await connectRaw(lab, `/lab?token=${token}`, { host: `lab.test:${lab.port}`, origin: `http://lab.test:${lab.port}` })).socket.close();
});

/** Certificates for tests are made by it. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

test.skipIf(!hasOpenssl)('over TLS: https and wss, a Secure cookie, and origins with https', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rejoin-tls-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'ignore' });
  const tls = { key: readFileSync(key), cert: readFileSync(cert) };
  const lab = await startLab({ token, tls });
  expect(lab.url).toBe(`https://127.0.0.1:${lab.port}`);
  const answer = await new Promise<{ status: number | undefined; cookie: string }>((resolve, reject) => {
    tlsRequest(`${lab.url}/-/api/rooms?token=${token}`, { ca: tls.cert }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, cookie: String(response.headers['set-cookie']) });
    }).on('error', reject).end();
  });
  expect(answer.status).toBe(200);
  expect(answer.cookie).toMatch(/; Secure$/);
  const open = (origin: string): Promise<string> => new Promise((resolve) => {
    const socket = new WebSocket(`${lab.ws}/lab?token=${token}`, { ca: tls.cert, origin });
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    }).on('unexpected-response', (_request, { statusCode }) => resolve(String(statusCode))).on('error', () => {});
  });
  expect(lab.ws).toMatch(/^wss:/);
  expect(await open(lab.url)).toBe('open');
  expect(await open(lab.url.replace('https', 'http'))).toBe('403');
});
