/** The program as it is packaged, in a folder of its own: what the build makes, and nothing of the repository. */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '../../../tidy/source-files.ts';
import { atEnd } from '../../../support/lab-fixture.ts';

/** A folder with the built command line, and the native package that is never bundled. */
async function packaged(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-packaged-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  await cp(join(projectRoot, 'package.json'), join(folder, 'package.json'));
  await cp(join(projectRoot, 'dist/server'), join(folder, 'dist/server'), { recursive: true, filter: (path) => !path.endsWith('.map') });
  await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

test('plays the scenario of a preset, and one of the catalogue, by the names that it lists', async () => {
  const folder = await packaged();
  const run = (...words: string[]) => spawnSync(process.execPath, [join(folder, 'dist/server/rejoin.mjs'), 'run', ...words], { cwd: folder, encoding: 'utf8' });
  const listed = run('--list').stdout.split('\n').map((line) => line.split(' ')[0]);
  expect(listed).toEqual(expect.arrayContaining(['last-seat', 'presets/cassandra']));
  const played = run('presets/cassandra', 'last-seat', '--json');
  expect([played.stderr, played.status]).toEqual(['', 0]);
  expect((JSON.parse(played.stdout) as { runs: { file: string; outcome: string }[] }).runs.map(({ file, outcome }) => `${file} ${outcome}`)).toEqual(['presets/cassandra holds', 'last-seat holds']);
});

test('the desktop program takes all scenarios along, as plain files', async () => {
  const { files, asarUnpack } = parse(await readFile(join(projectRoot, 'electron-builder.yml'), 'utf8')) as { files: string[]; asarUnpack: string[] };
  for (const list of [files, asarUnpack]) expect(list).toContain('dist/server/**');
  for (const name of ['catalogue', 'presets']) {
    expect(await readdir(join(projectRoot, 'dist/server/scenarios', name))).toEqual(await readdir(join(projectRoot, 'shared/scenarios', name)));
  }
});
