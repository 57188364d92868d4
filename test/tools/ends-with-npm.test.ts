/** A relay that npm or npx started does not outlive it: a shell stands between them, which passes no signals on. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';

const program = fileURLToPath(new URL('../../tools/rejoin.mjs', import.meta.url));

// It builds the command line first, where that is out of date.
test.skipIf(process.platform === 'win32')('rejoin relay ends when the shell has gone in which npx runs it', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rejoin-npx-'));
  const shell = spawn('sh', ['-c', `'${process.execPath}' '${program}' relay --port 0 --data '${folder}' & wait`], {
    env: { ...process.env, npm_lifecycle_event: 'npx' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  shell.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  shell.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise((resolve) => shell.stdout.once('close', resolve));
  try {
    await until(() => /running at http\S+/.test(said), `the relay to start; it said: ${said}`, { withinMs: 100_000 });
    shell.kill('SIGKILL');
    // The relay holds the other end of this pipe for as long as it lives.
    await ended;
    expect(await fetch(`${/running at (http\S+)/.exec(said)![1]}/healthz`).catch(() => 'gone')).toBe('gone');
  } finally {
    shell.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
