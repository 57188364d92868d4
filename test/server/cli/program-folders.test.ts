import { expect, test } from 'vitest';
import { defaultDataFolder } from '../../../server/cli/program-folders.ts';

test("data folders by each system's habits", () => {
  expect(defaultDataFolder({}, 'linux', '/home/ann')).toBe('/home/ann/.local/share/rejoin');
  expect(defaultDataFolder({ XDG_DATA_HOME: '/data' }, 'linux', '/home/ann')).toBe('/data/rejoin');
  expect(defaultDataFolder({}, 'darwin', '/Users/ann')).toBe('/Users/ann/Library/Application Support/Rejoin');
  expect(defaultDataFolder({ APPDATA: '/roaming' }, 'win32', '/home/ann')).toBe('/roaming/Rejoin');
});
