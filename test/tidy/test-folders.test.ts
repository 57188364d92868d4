import { describe, expect, test } from 'vitest';
import { readSources } from './source-files.ts';
import { mirroredFolders, misplacedTests, ownFolders } from './test-folders.ts';

const paths = readSources([...mirroredFolders, 'test'], ['.ts', '.mjs']).map(({ path }) => path);

describe('test/ mirrors the source', () => {
  test('each test file is in the folder of what it tests', () => {
    expect(misplacedTests(paths)).toEqual([]);
  });

  test.each([...mirroredFolders, ...ownFolders])('test/%s has files', (folder) => {
    expect(paths.some((path) => path.startsWith(`test/${folder}/`))).toBe(true);
  });

  const sources = ['main/main.ts', 'server/relay/relay.ts', 'shared/relay/room/room.ts'];

  test.each([
    ['directly in a folder without source files', 'test/server/relay.test.ts'],
    ['in a folder that the source does not have', 'test/server/sockets/relay.test.ts'],
    ['in a folder whose source files are all in folders of it', 'test/shared/relay/room.test.ts'],
    ['in a folder of another source folder', 'test/shared/relay/room/odds/room.test.ts'],
    ['in a folder of test/ that is not listed', 'test/integration/relay.test.ts'],
    ['directly in test/', 'test/relay.test.ts'],
    ['without a test, in a wrong folder', 'test/server/lab-fixture.ts'],
  ])('a file %s is found: %s', (_where, path) => {
    expect(misplacedTests([...sources, path])).toEqual([expect.stringContaining(path)]);
  });

  test.each([
    'test/main/main.test.ts',
    'test/server/relay/y-websocket-client.test.ts',
    'test/shared/relay/room/room.test.ts',
    'test/simulation/random-runs/first-half.test.ts',
    'test/support/until.ts',
  ])('%s is in its folder', (path) => {
    expect(misplacedTests([...sources, path])).toEqual([]);
  });
});
