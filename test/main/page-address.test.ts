import { mkdtempSync, mkdirSync, writeFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../shared/encoding/content-security-policy.ts';
import { answerRequest, isPermitted } from '../../main/guard-session.ts';
import { checkedReplica } from '../../main/host-channel.ts';
import { isOwnPage, pageAddress, pageFile, replicaIn } from '../../main/page-address.ts';

const server = 'http://127.0.0.1:1234';
const sockets = 'ws://127.0.0.1:1234';

describe('addresses of pages', () => {
  test('a page is told where the server and the room are', () => {
    expect(pageAddress({ kind: 'control-room' }, server, 'lab')).toBe('rejoin://lab/?server=http%3A%2F%2F127.0.0.1%3A1234&room=lab');
    expect(pageAddress({ kind: 'replica', replica: 'A.2' }, server, 'lab')).toMatch(/^rejoin:\/\/lab\/replica\/A\.2\?/);
  });

  test('the address of a replica window gives its name back', () => {
    for (const replica of ['A', 'a', 'A.2', 'ship_1-x']) expect(replicaIn(pageAddress({ kind: 'replica', replica }, server, 'lab'))).toBe(replica);
  });

  test.each(['rejoin://lab/', 'rejoin://lab/replica/', 'rejoin://lab/replica/A/B', 'rejoin://lab/replica/..%2FA', 'rejoin://lab/replica/%', 'https://lab/replica/A', 'rejoin://other/replica/A', 'A', ''])(
    '%j names no replica', (address) => expect(replicaIn(address)).toBeNull());

  test.each(['rejoin://lab/', 'rejoin://lab/replica/A?server=x'])('%s is a page of the program', (address) => expect(isOwnPage(address)).toBe(true));

  test.each(['rejoin://lab.example/', 'rejoin://lab@example/', 'rejoin://user@lab/', 'rejoin:lab/', 'https://lab/', 'file:///lab/', 'about:blank', 'data:text/html,rejoin://lab/', ''])(
    '%j is not', (address) => expect(isOwnPage(address)).toBe(false));
});

describe('files of pages', () => {
  const pages = resolve('/pages');

  test('the control room, replicas and assets', () => {
    expect(pageFile('rejoin://lab/?room=lab', pages)).toBe(join(pages, 'index.html'));
    expect(pageFile('rejoin://lab/replica/A', pages)).toBe(join(pages, 'replica.html'));
    expect(pageFile('rejoin://lab/assets/a-1.js', pages)).toBe(join(pages, 'assets', 'a-1.js'));
  });

  test.each([
    'rejoin://lab/../secret', 'rejoin://lab/%2e%2e/secret', 'rejoin://lab/..%2fsecret', 'rejoin://lab/assets/..%2f..%2fsecret', 'rejoin://lab/..%5csecret', 'rejoin://lab/%2fetc%2fpasswd/../../x%00',
    'rejoin://lab/%', 'rejoin://other/index.html', 'https://lab/index.html', 'rejoin://lab/replica/a%20b',
  ])('%s gives nothing outside of the folder', (address) => {
    const file = pageFile(address, pages);
    expect(file === null || file.startsWith(pages + sep)).toBe(true);
  });
});

describe('answers', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rejoin-pages-'));
    mkdirSync(join(folder, 'pages'));
    writeFileSync(join(folder, 'pages', 'index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'secret'), 'secret');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const ask = (url: string, method = 'GET') => answerRequest({ url, method }, join(folder, 'pages'), server);

  test('a page comes with its type and under the policy', async () => {
    const response = await ask('rejoin://lab/');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<!doctype html>');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicy(server, sockets));
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test.each(['rejoin://lab/none.js', 'rejoin://lab/..%2fsecret', 'rejoin://lab/assets', 'https://example.org/'])('%s is not found', async (url) => {
    const response = await ask(url);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('secret');
  });

  test('nothing can be sent to a page', async () => {
    expect((await ask('rejoin://lab/', 'POST')).status).toBe(405);
  });
});

describe('content security policy', () => {
  const directives = Object.fromEntries(contentSecurityPolicy(server, sockets).split('; ').map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)]));

  test('only own scripts, nothing evaluated or inline, and no connection but to the server', () => {
    expect(directives['default-src']).toEqual(["'none'"]);
    expect(directives['script-src']).toEqual(["'self'"]);
    expect(directives['connect-src']).toEqual(["'self'", 'data:', server, 'ws://127.0.0.1:1234']);
    for (const name of ['base-uri', 'form-action', 'frame-ancestors']) expect(directives[name]).toEqual(["'none'"]);
  });
});

describe('permissions and requests', () => {
  test('pages may only write to the clipboard', () => {
    expect(isPermitted('clipboard-sanitized-write', 'rejoin://lab/')).toBe(true);
    expect(isPermitted('clipboard-sanitized-write', 'https://example.org/')).toBe(false);
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'fileSystem', 'openExternal', 'hid', 'midi', 'pointerLock']) expect(isPermitted(permission, 'rejoin://lab/')).toBe(false);
  });

  test('a page of the program may ask for a replica window', () => {
    expect(checkedReplica('rejoin://lab/', 'D')).toBe('D');
  });

  test.each([['https://example.org/', 'D'], ['rejoin://lab.example.org/', 'D'], [null, 'D'], ['rejoin://lab/', '../D'], ['rejoin://lab/', ''], ['rejoin://lab/', { name: 'D' }], ['rejoin://lab/', 'D'.repeat(33)]])(
    'a request from %s for %j is refused', (sender, name) => expect(() => checkedReplica(sender, name)).toThrow());
});
