import { expect, test } from 'vitest';
import { addresses } from '../../../../server/cli/start/open-windows.ts';

test('addresses name the room where it is not the usual one', () => {
  expect(addresses({ url: 'http://127.0.0.1:1234', token: null, room: 'lab', replicas: ['A'] })).toEqual(['http://127.0.0.1:1234/', 'http://127.0.0.1:1234/replica/A']);
  expect(addresses({ url: 'http://127.0.0.1:1234', token: null, room: 'x', replicas: ['A'] })[1]).toBe('http://127.0.0.1:1234/replica/A?room=x');
  expect(addresses({ url: 'http://127.0.0.1:1234', token: 'a+b&c', room: 'org/my doc', replicas: [] })).toEqual(['http://127.0.0.1:1234/?room=org%2Fmy%20doc&token=a%2Bb%26c']);
  expect(addresses({ url: 'http://127.0.0.1:1234', token: 'T', room: 'x', replicas: [] })).toEqual(['http://127.0.0.1:1234/?room=x&token=T']);
});
