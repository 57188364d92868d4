/** The example's test for Playwright's own runner, which docs/control-api.md shows. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../tidy/source-files.ts';

test('passes', { timeout: 120_000, tags: ['gate'] }, async () => {
  const output = await mkdtemp(join(tmpdir(), 'rejoin-playwright-'));
  try {
    const words = [join(projectRoot, 'node_modules/@playwright/test/cli.js'), 'test', '--reporter=line', `--output=${output}`];
    const { VITEST: _vitest, NODE_OPTIONS: _options, ...environment } = process.env;
    const child = spawn(process.execPath, words, { cwd: join(projectRoot, 'examples/codemirror'), env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code, said).toBe(0);
    expect(said).toContain('1 passed');
  } finally {
    await rm(output, { recursive: true, force: true });
  }
});
