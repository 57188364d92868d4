/** The command as a person runs it: a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atEnd, connectRaw, connectReplica, encodedRecords, joinAsApp, record, syncFrame, until, updateOf } from '../../support/lab-fixture.ts';
import { bundleProgram, programFolder } from '../../support/bundled-program.ts';
import { countOf, noteRuns } from '../../support/run-counts.ts';

let program = '';

beforeAll(async () => {
  program = join(await programFolder('rejoin-command'), 'rejoin.mjs');
  await bundleProgram('server/cli/rejoin.ts', program);
});

afterAll(() => rm(join(program, '..'), { recursive: true, force: true }));

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  out(): string;
  err(): string;
}

function run(words: readonly string[], environment: Record<string, string> = {}): Running {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ELECTRON_OVERRIDE_DIST_PATH: _electron, REJOIN_BROWSER: _browser, ...inherited } = process.env;
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...inherited, ...environment } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  atEnd(() => child.kill('SIGKILL'));
  return { child, ended, out: () => out, err: () => err };
}

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-data-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function urlOf(running: Running): Promise<string> {
  await until(() => /running at (http\S+)/.test(running.out()) || running.child.exitCode !== null);
  const url = /running at (http\S+)/.exec(running.out())?.[1];
  if (url === undefined) throw new Error(`it did not start: ${running.err()}`);
  return url;
}

test('--help tells the commands and ends with 0; so does --help of a command', async () => {
  for (const words of [['--help'], ['start', '--help'], ['relay', '-h']]) {
    const running = run(words);
    expect(await running.ended).toBe(0);
    expect(running.out()).toContain('Usage: rejoin');
    expect(running.err()).toBe('');
  }
});

test.each([[['start', '--bogus']], [['fly']], [['relay', '--port', 'many']], [[]]])('%j: one line on standard error, exit code 2', async (words) => {
  const running = run(words);
  expect(await running.ended).toBe(2);
  expect(running.out()).toBe('');
  expect(running.err()).toMatch(/^rejoin[^\n]+\n$/);
});

test('start --no-open prints where it runs; Ctrl-C ends it with 0, and its port is free', async () => {
  const running = run(['start', '--no-open', '--port', '0', '--data', await dataFolder()]);
  const url = await urlOf(running);
  expect((await fetch(`${url}/-/api/rooms`)).status).toBe(200);
  running.child.kill('SIGINT');
  expect(await running.ended).toBe(0);
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(Number(new URL(url).port), '127.0.0.1', resolve));
  await new Promise((resolve) => server.close(resolve));
});

test('start --scenario puts one of the catalogue on stage by its name, so that it is in the list once', async () => {
  const running = run(['start', '--no-open', '--scenario', 'failover', '--port', '0', '--data', await dataFolder()]);
  const url = await urlOf(running);
  const [scenario, listed] = await Promise.all(['rooms/failover/scenario', 'scenarios?room=failover'].map(async (path) => (await fetch(`${url}/-/api/${path}`)).json())) as [{ name: string; title: string }, { title: string }[]];
  expect(scenario.name).toBe('failover');
  expect(listed.filter(({ title }) => title === scenario.title)).toHaveLength(1);
});

test('relay prints where clients connect, and they can; what they wrote is there the next time', async () => {
  const data = await dataFolder();
  const first = run(['relay', '--port', '0', '--data', data]);
  const ws = (await urlOf(first)).replace('http', 'ws');
  await until(() => first.out().includes(`Connect y-websocket clients to ${ws}/ROOM`));
  const client = await connectRaw({ ws }, '/app');
  client.send(syncFrame(2, updateOf('kept', 'yes')));
  await until(async () => ((await (await fetch(`${ws.replace('ws', 'http')}/-/api/rooms/app`)).json()) as { documentBytes: number }).documentBytes > 2);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  const second = run(['relay', '--port', '0', '--data', data]);
  const app = joinAsApp({ ws: (await urlOf(second)).replace('http', 'ws') }, 'app');
  await until(() => app.doc.getMap('map').get('kept') === 'yes');
  app.destroy();
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test('relay --token lets in who brings the token that it tells, on all addresses; nothing but that telling names it', async () => {
  const running = run(['relay', '--host', '0.0.0.0', '--port', '0', '--data', await dataFolder(), '--token', '--json']);
  await until(() => running.out().includes('\n') || running.child.exitCode !== null);
  const { url, token, socket } = JSON.parse(running.out()) as { url: string; token: string; socket: string };
  expect(socket).toBe(`${url.replace('http', 'ws')}/ROOM?token=${token}`);
  const told = running.err();
  expect(told).toContain(`/ROOM?token=${token}`);
  expect((await fetch(`${url}/-/api/rooms`)).status).toBe(401);
  expect((await fetch(`${url}/-/api/rooms`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  const app = joinAsApp({ ws: url.replace('http', 'ws') }, 'app', undefined, { token });
  await until(() => app.synced);
  app.destroy();
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  expect(running.err()).toBe(told);
});

test('a token from a file or from the environment lets in, and is printed nowhere; a short one is warned of', async () => {
  const data = await dataFolder();
  const token = 'sixteen letters!';
  await writeFile(join(data, 'token.txt'), `${token}\n`);
  for (const [words, environment] of [[['--token-file', join(data, 'token.txt')], {}], [[], { REJOIN_TOKEN: token }]] as const) {
    const running = run(['relay', '--port', '0', '--data', data, '--json', ...words], environment);
    await until(() => running.out().includes('\n') || running.child.exitCode !== null);
    const { url, ...told } = JSON.parse(running.out()) as { url: string };
    expect(told).not.toHaveProperty('token');
    expect((await fetch(`${url}/-/api/rooms`)).status).toBe(401);
    expect((await fetch(`${url}/-/api/rooms`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(running.out() + running.err()).not.toContain(token);
    expect(running.err()).toContain('A token has fewer than 22 characters, so it may be guessed');
  }
  const missing = run(['relay', '--data', data, '--token-file', join(data, 'nowhere')]);
  expect(await missing.ended).toBe(2);
  expect(missing.err()).toMatch(/^rejoin relay: --token-file cannot be read: [^\n]+\n$/);
});

test('a token that is too short is refused without being repeated; so is a certificate that is not there', async () => {
  const short = run(['relay', '--host', '0.0.0.0', '--token', 'secretsecret', '--data', await dataFolder()]);
  expect(await short.ended).toBe(2);
  expect(short.err()).toMatch(/^rejoin relay: --token is 16 to 512[^\n]+\n$/);
  expect(short.err()).not.toContain('secretsecret');
  const tls = run(['relay', '--tls-cert', 'nowhere.pem', '--tls-key', 'nowhere.pem', '--data', await dataFolder()]);
  expect(await tls.ended).toBe(2);
  expect(tls.err()).toMatch(/^rejoin relay: --tls-cert cannot be read: [^\n]+\n$/);
});

test('what was confirmed as saved survives kills of the relay in the middle of writing', { timeout: 600_000, tags: ['runs'] }, async () => {
  const kills = countOf('command-kills');
  noteRuns('command-kills', kills);
  const data = await dataFolder();
  let confirmed = 0;
  const confirmedEdits: number[] = [];
  for (let cycle = 0; cycle < kills; cycle++) {
    const relay = run(['relay', '--port', '0', '--data', data]);
    const a = await connectReplica({ ws: (await urlOf(relay)).replace('http', 'ws') }, 'lab', 'A');
    const stored = a.last('welcome')!.summary.get('A');
    expect(stored).toBeGreaterThanOrEqual(confirmed);
    const keys = Array.from({ length: 30 }, (_, i) => stored + i + 1);
    for (const counter of keys) {
      a.say(encodedRecords(record('A', counter)));
      a.send(syncFrame(2, updateOf(`edit ${counter}`, counter)));
    }
    // Somewhere in the burst, another place each time.
    await until(() => (a.last('saved')?.summary.get('A') ?? 0) >= stored + 1 + cycle);
    relay.child.kill('SIGKILL');
    await relay.ended;
    confirmed = a.last('saved')!.summary.get('A');
    confirmedEdits.push(...keys.slice(0, a.last('saved')!.yjsFrames));
    expect(relay.err()).toBe('');
  }
  const last = run(['relay', '--port', '0', '--data', data]);
  const ws = (await urlOf(last)).replace('http', 'ws');
  expect((await connectReplica({ ws }, 'lab', 'B')).last('welcome')!.summary.get('A')).toBeGreaterThanOrEqual(confirmed);
  const app = joinAsApp({ ws }, 'lab');
  await until(() => app.synced);
  const edits = app.doc.getMap('map').toJSON();
  expect(confirmedEdits.length).toBeGreaterThan(kills);
  for (const counter of confirmedEdits) expect(edits[`edit ${counter}`]).toBe(counter);
  expect(last.err()).toBe('');
});

test('what was confirmed on either side of a divided room survives a kill of the relay, which comes back whole', { timeout: 60_000 }, async () => {
  const data = await dataFolder();
  const confirmed = new Map<string, number>();
  for (let cycle = 0; cycle < 5; cycle++) {
    const relay = run(['relay', '--port', '0', '--data', data]);
    const url = await urlOf(relay);
    const lab = { ws: url.replace('http', 'ws') };
    const sides = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'B')];
    const before = sides[0]!.last('welcome')!.summary;
    for (const [name, counter] of confirmed) expect(before.get(name)).toBeGreaterThanOrEqual(counter);
    expect((await fetch(`${url}/-/api/rooms/lab/islands`, { method: 'PUT', body: '[["A"],["B"]]' })).status).toBe(200);
    for (let i = 1; i <= 20; i++) {
      for (const [side, name] of [[sides[0]!, 'A'], [sides[1]!, 'B']] as const) {
        side.say(encodedRecords(record(name, before.get(name) + i)));
        side.send(syncFrame(2, updateOf(`${name} ${before.get(name) + i}`, i)));
      }
    }
    const savedOf = (side: number, name: string): number => sides[side]!.last('saved')?.summary.get(name) ?? 0;
    // Records and updates are confirmed each by themselves: the first update of both sides is to be there in the end.
    const hasUpdate = (side: number): boolean => (sides[side]!.last('saved')?.yjsFrames ?? 0) > 0;
    await until(() => savedOf(0, 'A') > before.get('A') + cycle && savedOf(1, 'B') > before.get('B') + cycle && hasUpdate(0) && hasUpdate(1));
    relay.child.kill('SIGKILL');
    await relay.ended;
    expect([savedOf(0, 'B'), savedOf(1, 'A')]).toEqual([before.get('B'), before.get('A')]);
    confirmed.set('A', savedOf(0, 'A')).set('B', savedOf(1, 'B'));
  }
  const last = run(['relay', '--port', '0', '--data', data]);
  const lab = { ws: (await urlOf(last)).replace('http', 'ws') };
  const whole = await connectReplica(lab, 'lab', 'C');
  for (const [name, counter] of confirmed) expect(whole.last('welcome')!.summary.get(name)).toBeGreaterThanOrEqual(counter);
  const app = joinAsApp(lab, 'lab');
  await until(() => app.synced);
  expect(app.doc.getMap('map').get('A 1')).toBe(1);
  expect(app.doc.getMap('map').get('B 1')).toBe(1);
});

test('--log tells of sessions and of what was refused, a JSON object a line; without it nothing is said', async () => {
  const [telling, quiet] = [run(['relay', '--port', '0', '--data', await dataFolder(), '--log', 'info']), run(['relay', '--port', '0', '--data', await dataFolder()])];
  for (const running of [telling, quiet]) {
    const ws = (await urlOf(running)).replace('http', 'ws');
    const app = await connectRaw({ ws }, '/lab?name=my%20app');
    app.send(Uint8Array.of(64, 77));
    await app.closed;
    await (await connectRaw({ ws }, '/replica/A')).closed;
  }
  const lines = (): Record<string, unknown>[] => telling.err().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
  await until(() => lines().length >= 4);
  expect(lines().map(({ level, msg }) => `${String(level)}: ${String(msg)}`)).toEqual(['info: listening', 'info: session opened', 'warn: session ended', 'warn: connection refused']);
  expect(lines()[2]).toMatchObject({ room: 'lab', session: 'my app', code: 4400, reason: expect.stringMatching(/^malformed frame: /) as string });
  quiet.child.kill('SIGINT');
  await quiet.ended;
  expect(quiet.err()).toBe('');
});

test('a port that is taken: the next free one, and it says so', async () => {
  const first = run(['relay', '--port', '0', '--data', await dataFolder()]);
  const port = Number(new URL(await urlOf(first)).port);
  const second = run(['start', '--no-open', '--port', String(port), '--data', await dataFolder()]);
  const next = Number(new URL(await urlOf(second)).port);
  expect(next).toBeGreaterThan(port);
  expect(second.out()).toContain(`Port ${port} is taken; using ${next}.`);
});

test('a data folder that is in use: one line, exit code 1', async () => {
  const data = await dataFolder();
  await urlOf(run(['relay', '--port', '0', '--data', data]));
  const second = run(['relay', '--port', '0', '--data', data]);
  expect(await second.ended).toBe(1);
  expect(second.err()).toMatch(/^rejoin relay: the data folder \S+ is in use by another Rejoin; [^\n]+\n$/);
});

test('--json: one line of JSON on standard output and nothing else', async () => {
  const running = run(['start', '--no-open', '--json', '--port', '0', '--replicas', '2', '--data', await dataFolder()]);
  await until(() => running.out().endsWith('\n'));
  const said = JSON.parse(running.out()) as { url: string };
  expect(said).toMatchObject({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), replicas: ['A', 'B'], room: 'lab' });
  running.child.kill('SIGINT');
  expect(await running.ended).toBe(0);
  expect(running.out().trim().split('\n')).toHaveLength(1);
});

test.runIf(process.platform === 'linux')('start without a display says so and prints the addresses', async () => {
  const running = run(['start', '--port', '0', '--replicas', '2', '--data', await dataFolder()]);
  const url = await urlOf(running);
  await until(() => running.out().includes('/replica/B\n'));
  expect(running.out()).toContain(`No windows were opened: there is no display. Open these addresses in a browser:\n  ${url}/\n  ${url}/replica/A\n  ${url}/replica/B\n`);
  running.child.kill('SIGINT');
  expect(await running.ended).toBe(0);
});

/** A stand-in for a browser: notes how it was called and stays until it is ended. */
async function standInBrowser(folder: string, ending = 'exec sleep 600'): Promise<string> {
  const file = join(folder, 'browser');
  await writeFile(file, `#!/bin/sh\nif [ "$1" = --version ]; then echo "Stand-in 1.0"; exit 0; fi\necho "$$ $*" >> "${folder}/calls"\n${ending}\n`);
  await chmod(file, 0o755);
  return file;
}

const withStandIns = test.runIf(process.platform === 'linux');
const noElectron = { ELECTRON_OVERRIDE_DIST_PATH: '/nowhere', DISPLAY: ':99' };

withStandIns('start opens a tiled browser window for the control room and each replica, a profile each, and Ctrl-C ends them all', async () => {
  const data = await dataFolder();
  const browser = await standInBrowser(data);
  const running = run(['start', '--port', '0', '--replicas', '2', '--data', data], { ...noElectron, REJOIN_BROWSER: browser });
  const url = await urlOf(running);
  const calls = async (): Promise<string[]> => (await readFile(join(data, 'calls'), 'utf8').catch(() => '')).trim().split('\n').filter((line) => line !== '');
  await until(async () => (await calls()).length === 3);
  expect(running.out()).toMatch(new RegExp(`Opening windows of ${browser}: [^\\n]+\\.\\n`));
  const lines = await calls();
  for (const page of [`${url}/`, `${url}/replica/A`, `${url}/replica/B`]) expect(lines.some((line) => line.includes(`--app=${page} `))).toBe(true);
  expect(new Set(lines.map((line) => /--user-data-dir=(\S+)/.exec(line)?.[1])).size).toBe(3);
  expect(new Set(lines.map((line) => /--window-position=(\S+)/.exec(line)?.[1])).size).toBe(3);
  running.child.kill('SIGINT');
  expect(await running.ended).toBe(0);
  for (const line of lines) expect(await hasEnded(Number(line.split(' ')[0]))).toBe(true);
});

withStandIns('when a person closes all windows the relay goes on and says so', async () => {
  const data = await dataFolder();
  const running = run(['start', '--port', '0', '--replicas', '1', '--data', data], { ...noElectron, REJOIN_BROWSER: await standInBrowser(data, 'exit 0') });
  const url = await urlOf(running);
  await until(() => running.out().includes('All windows are closed; the relay goes on. Ctrl-C ends it.'));
  expect((await fetch(`${url}/-/api/rooms`)).status).toBe(200);
});

withStandIns('windows that do not end when they are asked to are ended at once by a second Ctrl-C', async () => {
  const data = await dataFolder();
  const browser = await standInBrowser(data, "trap '' TERM; echo trapped >> \"$0.ready\"; while :; do sleep 0.05; done");
  const running = run(['start', '--port', '0', '--replicas', '1', '--data', data], { ...noElectron, REJOIN_BROWSER: browser });
  await urlOf(running);
  await until(async () => (await readFile(`${browser}.ready`, 'utf8').catch(() => '')).length === 2 * 'trapped\n'.length);
  const pids = (await readFile(join(data, 'calls'), 'utf8')).trim().split('\n').map((line) => Number(line.split(' ')[0]));
  running.child.kill('SIGINT');
  await until(() => running.out().includes('Ctrl-C again ends everything at once.'));
  running.child.kill('SIGINT');
  expect(await running.ended).toBe(130);
  for (const pid of pids) await until(() => hasEnded(pid));
});

/** Gone, or only waiting for somebody to take note of its end. */
async function hasEnded(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return state === null || / Z /.test(state);
}
