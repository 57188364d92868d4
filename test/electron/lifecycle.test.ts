/** The program ends when it should, and leaves nothing behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { desktopFlags } from '../support/desktop.ts';
import { type RunningLab, startLab } from '../support/lab.ts';
import { openScreen, type Screen } from '../support/screen.ts';
import { until } from '../support/until.ts';

const electron = process.env['REJOIN_ELECTRON'] ?? '';
const program = fileURLToPath(new URL('../..', import.meta.url));

let screen: Screen;
let data: string;
let group: ChildProcess | null = null;

beforeAll(async () => {
  screen = await openScreen();
});
afterAll(() => screen?.close());
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'rejoin-life-'));
});
afterEach(async () => {
  if (group !== null && isAlive(group)) process.kill(-group.pid!, 'SIGKILL');
  group = null;
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
});

/** Starts a command as the leader of a process group of its own, so that what it leaves behind can be seen. */
function startGroup(command: string, words: readonly string[], environment: Record<string, string>, stdin: 'pipe' | 'ignore'): ChildProcess {
  const { ELECTRON_RUN_AS_NODE: _plain, ...inherited } = process.env;
  group = spawn(command, words, { detached: true, stdio: [stdin, 'pipe', 'pipe'], env: { ...inherited, ...screen.environment, REJOIN_DATA: data, REJOIN_REPLICAS: 'A', ...environment } });
  return group;
}

/** Whether anything of the group still runs. */
function isAlive(child: ChildProcess): boolean {
  try {
    process.kill(-child.pid!, 0);
    return true;
  } catch {
    return false;
  }
}

const allGone = (child: ChildProcess) => until(() => !isAlive(child), 'the program and all that it started to be gone');
const exitCode = (child: ChildProcess) => until(() => child.exitCode !== null || child.signalCode !== null, 'the program to end').then(() => child.exitCode ?? child.signalCode);

describe('started by a lab', { skip: process.platform === 'win32' }, () => {
  let lab: RunningLab;
  beforeEach(async () => {
    lab = await startLab();
  });
  afterEach(() => lab.stop());

  const windowIsOpen = () => until(async () => (await (await fetch(`${lab.url}/-/api/rooms/lab`)).text()).includes('"A"'), 'replica A to be in the room');
  const start = (stdin: 'pipe' | 'ignore') => startGroup(electron, [...desktopFlags(), program], { REJOIN_URL: lab.url }, stdin);

  test.each(['SIGTERM', 'SIGINT'] as const)('it ends at %s', async (signal) => {
    const child = start('ignore');
    await windowIsOpen();
    child.kill(signal);
    expect(await exitCode(child)).toBe(0);
    await allGone(child);
  });

  test('it ends when its standard input does', async () => {
    const child = start('pipe');
    await windowIsOpen();
    child.stdin!.end();
    expect(await exitCode(child)).toBe(0);
    await allGone(child);
  });

  test('it ends when whoever started it was killed', async () => {
    const script = `require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: 'ignore' }); setInterval(() => {}, 1000)`;
    const parent = startGroup(process.execPath, ['-e', script, electron, ...desktopFlags(), program], { REJOIN_URL: lab.url }, 'ignore');
    await windowIsOpen();
    parent.kill('SIGKILL');
    await allGone(parent);
  });

  test('a wrong address is refused in one line', async () => {
    const child = startGroup(electron, [...desktopFlags(), program], { REJOIN_URL: 'https://example.org' }, 'ignore');
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await exitCode(child)).toBe(2);
    expect(said).toContain('the server\'s address "https://example.org" must be on this machine');
    await allGone(child);
  });
});

describe('started by itself', { skip: process.platform === 'win32' }, () => {
  test('it starts a server of its own, and ends it with itself', async () => {
    const child = startGroup(electron, [...desktopFlags(), program], { REJOIN_URL: '' }, 'ignore');
    let said = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const url = await until(() => /Rejoin is running at (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1], 'the program to say where it runs');
    await until(async () => (await (await fetch(`${url}/-/api/rooms/lab`)).text()).includes('"A"'), 'replica A to be in the room');
    child.kill('SIGTERM');
    expect(await exitCode(child)).toBe(0);
    await allGone(child);
    await expect(fetch(url)).rejects.toThrow();
  });
});
