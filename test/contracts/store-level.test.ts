import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLevelStore } from '../../server/storage/level-store.ts';
import { storeContract } from '../../library/contracts.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rejoin-store-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

storeContract({ describe, test }, 'LevelDB', (location) => openLevelStore(join(folder, location)));

test('a folder that another process uses is refused in one line that names it and says what to do', async () => {
  const place = join(folder, 'locked');
  const first = await openLevelStore(place);
  try {
    await expect(openLevelStore(place)).rejects.toThrow(`the data folder ${place} is in use by another Rejoin; end that one or choose another folder with --data`);
  } finally {
    await first.close();
  }
});

test('a folder that cannot be one is refused in one line that names it', async () => {
  const place = join(folder, 'a-file');
  await writeFile(place, 'not a folder');
  await expect(openLevelStore(place)).rejects.toThrow(/^the data folder .*a-file cannot be opened: [^\n]+$/);
});
