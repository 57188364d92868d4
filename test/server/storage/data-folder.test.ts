import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDataFolder } from '../../../server/storage/data-folder.ts';
import { atEnd } from '../../support/lab-fixture.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rejoin-folder-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const modeOf = (folder: string): string => (statSync(folder).mode & 0o777).toString(8);
const onUnix = test.skipIf(process.platform === 'win32');

onUnix('a new data folder is for its owner alone, whatever the mask', async () => {
  const folder = join(temporaryFolder(), 'deep', 'data');
  const mask = process.umask(0);
  try {
    expect(await openDataFolder(folder)).toBeNull();
  } finally {
    process.umask(mask);
  }
  expect(modeOf(folder)).toBe('700');
  expect(await openDataFolder(folder)).toBeNull();
});

onUnix('one that others may read stays as it is, and one line says so', async () => {
  const folder = join(temporaryFolder(), 'data');
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  expect(await openDataFolder(folder)).toBe(`The data folder ${folder} can be read by other users of this machine (mode 755); to keep them out: chmod 700 ${folder}`);
  expect(modeOf(folder)).toBe('755');
});

test('where no folder can be made it rejects', async () => {
  await expect(openDataFolder('/dev/null/data')).rejects.toThrow();
});
