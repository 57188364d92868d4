/** Which origins `--allow-origin` takes, and whom each lets in: web pages, and the shells that apps run in. */
import { expect, test } from 'vitest';
import { AllowedOrigins, readOrigin } from '../../../../server/relay/admission/allowed-origins.ts';
import { connectRaw, refusedHandshake, startLab } from '../../../support/lab-fixture.ts';

test.each([
  ['http://localhost:5173', 'http://localhost:5173'],
  ['https://App.example/', 'https://app.example'],
  ['https://app.example:443', 'https://app.example'],
  ['https://*.Example.com', 'https://*.example.com'],
  ['http://*.localhost:5173', 'http://*.localhost:5173'],
  ['null', 'null'],
  ['file://', 'file://'],
  ['capacitor://localhost', 'capacitor://localhost'],
  ['tauri://localhost', 'tauri://localhost'],
  ['app://x', 'app://x'],
  ['vscode-webview://*', 'vscode-webview://*'],
  ['chrome-extension://abcdefghijklmnop', 'chrome-extension://abcdefghijklmnop'],
])('%s is taken', (text, origin) => {
  expect(readOrigin(text)).toBe(origin);
});

test.each(['', '*', 'localhost:5173', 'http://', 'http://*', 'https://*.com', 'https://*.', 'https://a.*.com', 'https://*a.example.com', 'https://a.example/x', 'https://user@a.example', 'https://a.example:99999', 'app://', 'app://x/y', 'app://x:99999', 'file://host:1/', 'javascript:alert(1)', 'NULL ', 'https://a b.example'])('%j is none', (text) => {
  expect(readOrigin(text)).toBeNull();
  expect(() => new AllowedOrigins([text])).toThrow(/^an allowed origin is such as http:\/\/localhost:5173, [^\n]+$/);
});

test.each<[allowed: string, inside: readonly string[], outside: readonly string[]]>([
  ['https://*.example.com', ['https://a.example.com', 'https://a.b.example.com', 'HTTPS://A.Example.com'], ['https://example.com', 'http://a.example.com', 'https://a.example.com:8443', 'https://aexample.com', 'https://a.example.com.evil.net', 'https://.example.com', 'https://*.example.com', 'https://evil.net/.example.com', 'https://a.exampleXcom']],
  ['https://*.example.com:8443', ['https://a.example.com:8443'], ['https://a.example.com']],
  ['vscode-webview://*', ['vscode-webview://1a2b3c', 'vscode-webview://a.b'], ['vscode-webview://', 'vscode-webviews://a', 'https://a', 'vscode-webview://a:1']],
  ['null', ['null'], ['', 'file://', 'http://null']],
  ['file://', ['file://'], ['null', 'file:///etc', 'file://host']],
  ['capacitor://localhost', ['capacitor://localhost'], ['capacitor://localhost.evil', 'http://localhost', 'ionic://localhost']],
])('%s lets in those and no others', (allowed, inside, outside) => {
  const origins = new AllowedOrigins([allowed]);
  expect(inside.filter((origin) => !origins.includes(origin))).toEqual([]);
  expect(outside.filter((origin) => origins.includes(origin))).toEqual([]);
});

test.each(['null', 'file://', 'capacitor://localhost', 'tauri://localhost', 'app://my.app', 'vscode-webview://0abc1', 'chrome-extension://abcdefghijklmnop', 'moz-extension://11111111-2222-3333-4444-555555555555', 'http://localhost:5173', 'https://APP.example'])(
  'the Origin %s is refused by default, with an advice that lets this very origin in',
  async (origin) => {
    const lab = await startLab();
    const { status, body } = await refusedHandshake(lab, '/lab', { origin });
    expect(status).toBe(403);
    const advice = / start with --allow-origin (\S+)\n$/.exec(body)![1]!;
    const again = await startLab({ allowOrigins: [advice] });
    (await connectRaw(again, '/lab', { origin })).socket.close();
    const answer = await fetch(`${again.url}/-/api/rooms`, { headers: { origin } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
  },
);

test('an Origin that nothing can let in gets no advice', async () => {
  const lab = await startLab();
  for (const origin of ['nonsense', 'https://*.example.com', 'a://b/c']) expect((await refusedHandshake(lab, '/lab', { origin })).body).toBe(`Origin "${origin}" may not use this server\n`);
});
