import { describe, expect, test } from 'vitest';
import { hideToken, serverAddress, socketAddress } from '../../../renderer/platform/server-address.ts';

describe('serverAddress', () => {
  test('is the origin of a page that the server itself serves, whatever the page is told', () => {
    expect(serverAddress({ protocol: 'http:', origin: 'http://127.0.0.1:1234', search: '?server=http://stranger.example' })).toEqual({ origin: 'http://127.0.0.1:1234', room: 'lab' });
  });

  test('is told to a page of the desktop program', () => {
    expect(serverAddress({ protocol: 'rejoin:', origin: 'null', search: '?server=http%3A%2F%2F127.0.0.1%3A4000&room=demo' })).toEqual({ origin: 'http://127.0.0.1:4000', room: 'demo' });
  });

  test.each(['', '?server=', '?server=nowhere', '?server=file:///etc'])('says what is wrong with "%s"', (search) => {
    expect(() => serverAddress({ protocol: 'rejoin:', origin: 'null', search })).toThrow(/http:\/\/127\.0\.0\.1:1234/);
  });

  test.each(['a/../b', '../up', '', 'x'.repeat(513), '-/api'])('refuses the room "%s"', (room) => {
    expect(() => serverAddress({ protocol: 'http:', origin: 'http://localhost:1', search: `?room=${encodeURIComponent(room)}` })).toThrow(RangeError);
  });
});

describe('hideToken', () => {
  test.each([
    ['/', '?token=T', '', '/'],
    ['/replica/A', '?room=demo&token=T', '#x', '/replica/A?room=demo#x'],
    ['/replica/A', '?room=demo', '', null],
  ])('leaves of %s%s%s only what may be seen', (pathname, search, hash, expected) => {
    const seen: unknown[] = [];
    hideToken({ pathname, search, hash }, { state: 7, replaceState: (state: unknown, _unused: string, address?: string | URL | null) => void seen.push([state, address]) });
    expect(seen).toEqual(expected === null ? [] : [[7, expected]]);
  });
});

describe('socketAddress', () => {
  test('keeps the security of the server', () => {
    expect(socketAddress({ origin: 'https://lab.example', room: 'lab' }, '/-/control')).toBe('wss://lab.example/-/control');
    expect(socketAddress({ origin: 'http://127.0.0.1:1', room: 'lab' }, '/x')).toBe('ws://127.0.0.1:1/x');
  });
});
