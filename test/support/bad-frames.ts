/** What a broken or hostile client sends: messages, bytes below them, and handshakes. The same random numbers give the same bytes. */
import { deflateRawSync } from 'node:zlib';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { type FrameMessage, readFrame } from '../../shared/relay/frames.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { EditRecord } from '../../shared/history/record.ts';
import { encodeRecord } from '../../shared/history/record-codec.ts';
import { encodeMessage } from '../../shared/protocol/codec.ts';
import type { SeededRandom } from '../../shared/network/seeded-random.ts';
import { hostileUpdate } from './hostile-updates.ts';

function frame(...parts: readonly (number | Uint8Array)[]): Uint8Array {
  return encoding.encode((encoder) => {
    for (const part of parts) {
      if (typeof part === 'number') encoding.writeVarUint(encoder, part);
      else encoding.writeVarUint8Array(encoder, part);
    }
  });
}

function presence(random: SeededRandom): Uint8Array {
  const states = ['{"name":"Ann"}', 'null', '{', '[]', '5', '{"__proto__":1}', `{"a":"${'x'.repeat(70_000)}"}`];
  return encoding.encode((encoder) => {
    const count = random.below(4);
    encoding.writeVarUint(encoder, random.chance(0.1) ? 5_000 : count);
    for (let left = count; left > 0; left--) {
      encoding.writeVarUint(encoder, random.below(100));
      encoding.writeVarUint(encoder, random.below(10));
      encoding.writeVarString(encoder, random.pick(states));
    }
  });
}

function record(replica: string, counter: number): EditRecord {
  return { dot: { replica, counter }, context: VersionVector.of([[replica, counter - 1]]), field: 'title', intent: { kind: 'set', value: 'x' }, wallMs: 1, hybrid: { ms: 1, counter: 0 }, traces: {} };
}

function ownMessage(random: SeededRandom): Uint8Array {
  const summary = VersionVector.of([['M', random.below(5)]]);
  switch (random.below(7)) {
    case 0: return encodeMessage({ kind: 'hello', version: random.pick([0, 1, 1, 2, 99]), replica: random.pick(['M', 'X']), instance: random.pick(['m', 'other']), summary });
    case 1: return encodeMessage({ kind: 'records', records: [encodeRecord(record('M', 1 + random.below(3))), encodeRecord(record(random.pick(['M', 'Z']), 1 + random.below(4)))] });
    case 2: return encodeMessage({ kind: 'caught-up', members: random.pick([['M'], ['W', 'M'], ['Q'], []]) });
    case 3: return encodeMessage({ kind: 'direct', peer: random.pick(['nobody', 'M']), channel: 'quorum', roster: random.below(4), payload: new Uint8Array(random.below(20)) });
    case 4: return encodeMessage({ kind: 'saved', summary, yjsFrames: 3 });
    case 5: return encodeMessage({ kind: 'again' });
    default: return Uint8Array.of(64, random.below(12), random.below(256), random.below(256));
  }
}

function changed(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const list = [...bytes];
  for (let left = random.below(4); left > 0; left--) {
    const at = random.below(list.length + 1);
    switch (random.below(5)) {
      case 0: list[Math.min(at, list.length - 1)] = random.below(256); break;
      case 1: list.splice(at, 1 + random.below(3)); break;
      case 2: list.splice(at, 0, random.below(256)); break;
      case 3: list.length = at; break;
      default: list.push(...list.slice(0, 8));
    }
    if (list.length === 0) break;
  }
  return Uint8Array.from(list);
}

/** One binary message, mostly one that the relay must refuse. */
export function badMessage(random: SeededRandom, doc: Y.Doc): Uint8Array {
  const update = (): Uint8Array => hostileUpdate({ doc, random, malice: random.pick([0.05, 0.3, 0.6]) });
  switch (random.below(8)) {
    case 0: return changed(frame(0, 0, changed(Y.encodeStateVector(doc), random)), random);
    case 1: case 2: case 3: return frame(0, random.pick([1, 2, 2]), random.chance(0.3) ? changed(update(), random) : update());
    case 4: return changed(frame(0, 2, update()), random);
    case 5: return frame(1, random.chance(0.3) ? changed(presence(random), random) : presence(random));
    case 6: return changed(ownMessage(random), random);
    default: return ownMessage(random);
  }
}

/** The kinds of the messages that a frame begins, as far as they can be read; 'malformed' for the one that cannot. */
export function messagesOf(bytes: Uint8Array): (FrameMessage['kind'] | 'malformed')[] {
  const kinds: (FrameMessage['kind'] | 'malformed')[] = [];
  try {
    for (const { kind } of readFrame(bytes)) kinds.push(kind);
  } catch {
    kinds.push('malformed');
  }
  return kinds;
}

/** A masked WebSocket frame; the mask is zero. `first`: FIN, RSV bits and opcode. */
function masked(first: number, payload: Uint8Array, claimed: number | bigint = payload.length): Buffer {
  const header = claimed < 126 ? Buffer.from([first, 0x80 | Number(claimed)]) : claimed < 65_536 ? Buffer.from([first, 0xfe, Number(claimed) >> 8, Number(claimed) & 0xff]) : Buffer.alloc(10);
  if (claimed >= 65_536) {
    header.set([first, 0xff]);
    header.writeBigUInt64BE(BigInt(claimed), 2);
  }
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}

const bomb = deflateRawSync(Buffer.alloc(8 * 1024 * 1024));
const some = (random: SeededRandom, most: number): Uint8Array => Uint8Array.from({ length: random.below(most) }, () => random.below(256));

/** Bytes after a good handshake that are no good messages; `payloadBytesMax` is the relay's. None of them holds a message that the relay could take. */
export const badBytes: Readonly<Record<string, (random: SeededRandom, payloadBytesMax: number) => Buffer>> = {
  'a text frame': (random) => masked(0x81, random.pick([some(random, 100), Buffer.from('hello'), Buffer.from([0xff])])),
  'a deflate bomb': () => masked(0xc2, bomb),
  'reserved bits': (random) => masked(0x82 | random.pick([0x10, 0x20, 0x30, 0x50, 0x70]), some(random, 50)),
  'a reserved opcode': (random) => masked(0x80 | random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), some(random, 50)),
  'no mask': (random) => Buffer.concat([Buffer.from([0x82, 5]), Buffer.from(some(random, 6))]),
  'a length that is too large': (random, max) => masked(0x82, some(random, 50), random.pick<bigint>([BigInt(max) + 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n])),
  'a large length and nothing behind it': (random, max) => masked(0x82, some(random, 50), max),
  'a control frame that is too long': (random) => masked(random.pick([0x88, 0x89, 0x8a]), new Uint8Array(126 + random.below(1_000))),
  'a control frame in pieces': (random) => masked(random.pick([0x08, 0x09, 0x0a]), new Uint8Array(5)),
  'an end without a beginning': (random) => masked(random.pick([0x80, 0x00]), some(random, 50)),
  'two beginnings': () => Buffer.concat([masked(0x02, Uint8Array.of(0)), masked(0x02, Uint8Array.of(0))]),
  'too many pieces': () => Buffer.concat([masked(0x02, Uint8Array.of(0)), ...Array.from({ length: 3_000 }, () => masked(0x00, Uint8Array.of(0)))]),
  'empty pieces without end': () => Buffer.concat([masked(0x02, new Uint8Array(0)), ...Array.from({ length: 3_000 }, () => masked(0x00, new Uint8Array(0)))]),
  'a bad close': (random) => masked(0x88, random.pick([Uint8Array.of(3), Uint8Array.of(0, 1), Uint8Array.of(3, 237), Uint8Array.of(255, 255), Uint8Array.of(3, 232, 0xff)])),
  'many pings': (random) => Buffer.concat(Array.from({ length: 500 }, () => masked(0x89, some(random, 20)))),
  'half a frame': (random) => masked(0x82, new Uint8Array(300)).subarray(0, 1 + random.below(200)),
  noise: (random) => Buffer.from([0x70 | random.below(16), ...some(random, 500)]),
};

/** Handshakes that are none. */
export function badHandshake(random: SeededRandom): Buffer {
  const good = 'GET /lab HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
  return Buffer.from(random.pick([
    good.replace('13', '99'),
    good.replace('AAAAAAAAAAAAAAAAAAAAAA==', 'short'),
    good.replace('Host: 127.0.0.1', 'Host: evil.example'),
    good.replace('GET', 'POST'),
    good.replace('/lab', '/../lab'),
    good.replace('/lab', `/${'x'.repeat(20_000)}`),
    good.replace('HTTP/1.1', 'HTTP/9.9'),
    good.replace('\r\n\r\n', `\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`),
    good.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n'),
    good.slice(0, random.below(good.length - 1)),
    'GET / HTTP/1.1\r\n\r\n',
    '\u0016\u0003\u0001\u0002',
    Buffer.from(some(random, 200)).toString('latin1'),
  ]), 'latin1');
}
