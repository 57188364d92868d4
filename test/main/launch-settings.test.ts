import { expect, test } from 'vitest';
import { readLaunchSettings } from '../../main/launch-settings.ts';

test('with nothing set the program starts its own server for three replicas', () => {
  expect(readLaunchSettings({})).toEqual({ server: null, room: 'lab', replicas: ['A', 'B', 'C'], dataFolder: null });
});

test('all that can be set', () => {
  expect(readLaunchSettings({ REJOIN_URL: 'http://127.0.0.1:1234/', REJOIN_ROOM: 'trip', REJOIN_REPLICAS: 'A, B,B,', REJOIN_DATA: '/data' }))
    .toEqual({ server: 'http://127.0.0.1:1234', room: 'trip', replicas: ['A', 'B'], dataFolder: '/data' });
});

test.each([
  { REJOIN_URL: 'https://example.org' }, { REJOIN_URL: 'http://127.0.0.1.example.org' }, { REJOIN_URL: 'http://192.168.0.1:1234' }, { REJOIN_URL: 'file:///x' }, { REJOIN_URL: 'no address' },
  { REJOIN_ROOM: 'replica/A' }, { REJOIN_ROOM: '../x' }, { REJOIN_REPLICAS: 'A,../B' }, { REJOIN_REPLICAS: 'A B' },
])('%j is refused in one line that quotes it', (environment) => {
  const [value] = Object.values(environment);
  expect(() => readLaunchSettings(environment)).toThrow(RangeError);
  expect(() => readLaunchSettings(environment)).toThrow(/^[^\n]*$/);
  expect(() => readLaunchSettings(environment)).toThrow(value!.split(',').at(-1));
});
