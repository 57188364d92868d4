import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import type { Receiver } from '../../../../shared/relay/session/frame-sender.ts';
import { Outgoing, type OutgoingOptions } from '../../../../server/relay/sockets/outgoing.ts';
import { RelayMeter } from '../../../../shared/relay/relay-meter.ts';
import { webSocketBytes } from '../../../../server/relay/sockets/web-socket-bytes.ts';
import { atEnd, until } from '../../../support/lab-fixture.ts';

class Reader implements Receiver {
  waitingFrames: Uint8Array[] = [];
  readonly writes: Uint8Array[] = [];

  constructor(private readonly takesMs: () => void = () => {}) {}

  write(bytes: readonly Uint8Array[]): void {
    this.takesMs();
    this.writes.push(...bytes);
  }

  /** Frames of fewer than 126 bytes. */
  get frames(): number[][] {
    const frames: number[][] = [];
    const bytes = this.writes.flatMap((write) => [...write]);
    for (let at = 0; at < bytes.length; at += 2 + bytes[at + 1]!) frames.push(bytes.slice(at + 2, at + 2 + bytes[at + 1]!));
    return frames;
  }
}

const outgoing = (nowMs: () => number = () => performance.now(), after?: OutgoingOptions['after']): Outgoing => new Outgoing({ nowMs, meter: new RelayMeter(), ...(after ? { after } : {}) });

test('what is sent in one turn goes out in one write, in its order, and those who get the same share the bytes', async () => {
  const out = outgoing();
  const [a, b, c] = [new Reader(), new Reader(), new Reader()];
  const frames = [1, 2, 3].map((each) => Uint8Array.of(each));
  for (const frame of frames) for (const reader of [a, b]) out.send(reader, frame);
  out.send(c, frames[0]!);
  await until(() => a.writes.length + b.writes.length + c.writes.length === 3);
  expect(a.frames).toEqual([[1], [2], [3]]);
  expect(a.writes[0]).toBe(b.writes[0]);
  expect(c.frames).toEqual([[1]]);
});

/** All that is due now has run. */
const turn = async (): Promise<void> => {
  for (let left = 2; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
};

test('after a pause a few writes go at once; then the next one waits a little, however often something is sent', async () => {
  let nowMs = 0;
  const due: (() => void)[] = [];
  const out = outgoing(() => nowMs, (callback) => due.push(callback));
  const reader = new Reader(() => (nowMs += 0.5));
  for (const pauseMs of [0, 1_000]) {
    nowMs += pauseMs;
    reader.writes.length = 0;
    for (const each of [1, 2, 3, 4]) {
      out.send(reader, Uint8Array.of(each));
      await turn();
      expect(reader.frames.at(-1)).toEqual([each]);
    }
    out.send(reader, Uint8Array.of(5));
    await turn();
    out.send(reader, Uint8Array.of(6));
    expect([reader.writes.length, due.length]).toEqual([4, 1]);
    due.pop()!();
    expect(reader.writes.length).toBe(5);
    expect(reader.frames).toEqual([[1], [2], [3], [4], [5], [6]]);
  }
});

test('a hundred edits a second never wait', async () => {
  let nowMs = 0;
  const out = outgoing(() => nowMs);
  const reader = new Reader(() => (nowMs += 0.2));
  for (let each = 1; each <= 50; each++) {
    // Now and then two come close together, as people type.
    nowMs += each % 5 === 0 ? 2 : 12;
    out.send(reader, Uint8Array.of(each));
    await turn();
    expect(reader.writes.length).toBe(each);
  }
});

test('where writing takes long, frames wait longer for company, but never long', async () => {
  let nowMs = 0;
  const after = (run: () => void, ms: number): void => {
    nowMs += ms;
    setTimeout(run, 0);
  };
  const out = new Outgoing({ nowMs: () => nowMs, meter: new RelayMeter(), after });
  // A twentieth of the time is for writing, or, where that would be long, a fifth; who cannot write that fast waits for nothing else.
  for (const [tookMs, everyMs] of [[0, 0], [0.1, 2], [0.25, 5], [0.5, 5], [1, 5], [2, 10], [4, 20], [50, 50]] as const) {
    const startsMs: number[] = [];
    const reader = new Reader(() => {
      startsMs.push(nowMs);
      nowMs += tookMs;
    });
    for (let each = 0; each < 40; each++) {
      out.send(reader, Uint8Array.of(each));
      while (reader.writes.length <= each) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    expect((startsMs[39]! - startsMs[19]!) / 20, `${tookMs} ms a write`).toBeCloseTo(everyMs, 5);
  }
});

test('what is flushed to one goes at once and once; what is forgotten does not go', async () => {
  const out = outgoing();
  const [a, b, c] = [new Reader(), new Reader(), new Reader()];
  for (const reader of [a, b, c]) out.send(reader, Uint8Array.of(7));
  out.flushTo(a);
  out.forget(b);
  expect(a.frames).toEqual([[7]]);
  await until(() => c.writes.length === 1);
  expect([a.writes.length, b.writes.length]).toEqual([1, 0]);
});

test('messages of any length arrive as they were, whatever is written together', async () => {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  atEnd(() => server.close());
  atEnd(() => http.close());
  const line = new Promise<NodeJS.WritableStream>((resolve) => server.on('connection', (_socket, request) => resolve(request.socket)));
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  atEnd(() => client.terminate());
  const got: Uint8Array[] = [];
  client.on('message', (data: Buffer, isBinary: boolean) => isBinary && got.push(new Uint8Array(data)));
  await new Promise((resolve) => client.once('open', resolve));
  const out = await line;
  const lengths = [0, 1, 125, 126, 127, 16_383, 16_384, 16_385, 65_535, 65_536, 70_000];
  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...lengths), { minLength: 1, maxLength: 12 }), async (sizes) => {
    got.length = 0;
    const messages = sizes.map((size, i) => new Uint8Array(size).fill(i + 1));
    for (const piece of webSocketBytes(messages)) out.write(piece);
    await until(() => got.length >= messages.length);
    expect(got.map((each) => [each.length, each[0]])).toEqual(messages.map((each) => [each.length, each[0]]));
  }), { numRuns: 40 });
});
