import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ControlConnection } from '../../../renderer/controllers/control-connection.ts';
import type { ControlMessage } from '../../../shared/control/control-message.ts';

/** A socket that the test opens, feeds and closes. */
class HandSocket extends EventTarget {
  readonly OPEN = 1;
  readyState = 0;
  readonly sent: string[] = [];

  constructor(readonly address: string) {
    super();
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  send(data: string): void {
    this.sent.push(data);
  }

  close(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

let sockets: HandSocket[];
let channel: ControlConnection;
let heard: string[];

function last(): HandSocket {
  return sockets.at(-1) as HandSocket;
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  heard = [];
  channel = new ControlConnection({
    server: { origin: 'http://127.0.0.1:1234', room: 'lab' },
    replica: 'A',
    connect: (address) => {
      sockets.push(new HandSocket(address));
      return last() as unknown as WebSocket;
    },
  });
  channel.listen({ opened: () => heard.push('opened'), received: (message) => heard.push(message.kind), closed: () => heard.push('closed') });
});

afterEach(() => {
  channel.close();
  vi.useRealTimers();
});

describe('ControlConnection', () => {
  test('connects at once and names room and replica', () => {
    expect(last().address).toBe('ws://127.0.0.1:1234/-/control?room=lab&replica=A');
  });

  test('passes messages on and drops what is none', () => {
    last().open();
    for (const data of ['{"kind":"emptied"}', '{"kind":"moment","atMs":null}', '{"kind":"unheard-of"}', 'not JSON', 'null', '7', new ArrayBuffer(2)]) last().say(data);
    expect(heard).toEqual(['opened', 'emptied', 'moment']);
  });

  test('tells a late listener that it is open', () => {
    last().open();
    const late = vi.fn();
    channel.listen({ opened: late });
    expect(late).toHaveBeenCalledOnce();
  });

  test('connects again after each loss, waiting longer up to four seconds, and quickly again once it was connected', () => {
    for (const waitMs of [250, 500, 1000, 2000, 4000, 4000]) {
      const before = sockets.length;
      last().close();
      vi.advanceTimersByTime(waitMs - 1);
      expect(sockets.length).toBe(before);
      vi.advanceTimersByTime(1);
      expect(sockets.length).toBe(before + 1);
    }
    last().open();
    last().close();
    vi.advanceTimersByTime(250);
    expect(sockets.length).toBe(8);
  });

  test('says whether a message went out', () => {
    const message: ControlMessage = { kind: 'network', replica: 'B', online: false };
    expect(channel.send(message)).toBe(false);
    last().open();
    expect(channel.send(message)).toBe(true);
    expect(last().sent).toEqual([JSON.stringify(message)]);
  });

  test('stays closed once closed', () => {
    last().open();
    channel.close();
    vi.advanceTimersByTime(60_000);
    expect(sockets.length).toBe(1);
  });
});
