/** The data folder of the command `rejoin relay`: what it says when the folder cannot be used or is damaged, and how it ends. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltCommand, buildCommand } from '../../../support/built-command.ts';
import { filesFull } from '../../../support/disk-faults.ts';
import { atEnd, connectReplica, syncFrame, until, updateOf } from '../../../support/lab-fixture.ts';

let command: BuiltCommand;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => command.remove());

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-data-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface RunningRelay {
  readonly pid: number;
  readonly ws: string;
  err(): string;
  /** Resolves to the exit code. */
  end(): Promise<number | null>;
}

async function startRelay(folder: string, ...words: string[]): Promise<RunningRelay> {
  const child = spawn(process.execPath, [command.program, 'relay', '--port', '0', '--data', folder, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  atEnd(() => child.kill('SIGKILL'));
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await until(() => /running at http/.test(out) || child.exitCode !== null);
  return {
    pid: child.pid!,
    ws: /running at http(\S+)/.exec(out)?.[1]?.replace(/^/, 'ws') ?? '',
    err: () => err,
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

test('ending with changes that could not be stored is exit code 1, and names the rooms', async ({ skip }) => {
  skip(filesFull.trouble !== null, filesFull.trouble ?? '');
  const folder = await newFolder();
  const relay = await startRelay(folder);
  const a = await connectReplica(relay, 'lab', 'A');
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => a.last('saved')?.yjsFrames === 1);
  const log = (await readdir(join(folder, 'rooms'))).find((name) => name.endsWith('.log'))!;
  const { size } = await stat(join(folder, 'rooms', log));
  execFileSync('prlimit', ['--pid', String(relay.pid), `--fsize=${size + 100}:`]);
  a.send(syncFrame(2, updateOf('two', 'x'.repeat(1_000))));
  await until(() => relay.err().includes('storing failed'));
  expect(await relay.end()).toBe(1);
  expect(relay.err()).toContain('room lab: the last changes could not be stored');
});

test('a folder without CURRENT is refused with what to do; --repair does that, keeps a copy, and all is there', async () => {
  const folder = await newFolder();
  const first = await startRelay(folder);
  const a = await connectReplica(first, 'lab', 'A');
  a.send(syncFrame(2, updateOf('one', '1')));
  await until(() => a.last('saved')?.yjsFrames === 1);
  expect(await first.end()).toBe(0);
  await rm(join(folder, 'rooms', 'CURRENT'));
  const refused = await command.run(['relay', '--port', '0', '--data', folder]);
  expect([refused.code, refused.out]).toEqual([1, '']);
  expect(refused.err).toMatch(/^rejoin relay: the data folder \S+ has \d+ data files but no file CURRENT, [^\n]+ --repair, [^\n]+\n$/);
  const repaired = await startRelay(folder, '--repair');
  expect(repaired.err()).toBe(`The data folder ${join(folder, 'rooms')} was rebuilt from what could be read; as it was before, it is in ${join(folder, 'rooms.before-repair')}\n`);
  const b = await connectReplica(repaired, 'lab', 'B');
  expect(b.last('welcome')!.epoch).toBe(a.last('welcome')!.epoch);
  expect(await repaired.end()).toBe(0);
});

test('--repair does not go with --redis', async () => {
  const refused = await command.run(['relay', '--redis', 'redis://127.0.0.1:1', '--repair']);
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(/^rejoin relay: --repair [^\n]+\n$/);
});
