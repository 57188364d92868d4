import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { CausalBuffer } from '../../../shared/history/causal-order.ts';
import type { EditRecord, OutcomeRecord, ReadRecord } from '../../../shared/history/record.ts';
import { decodeRecord, decodeRecords, decodeSummary, encodeRecord, encodeRecords, encodeSummary } from '../../../shared/history/record-codec.ts';
import { decodeMessage, encodeMessage } from '../../../shared/protocol/codec.ts';
import type { Message } from '../../../shared/protocol/messages.ts';

const record: EditRecord = {
  dot: { replica: 'A', counter: 3 },
  context: VersionVector.of([['A', 2], ['B', 4]]),
  field: 'notes',
  intent: { kind: 'splice', index: 2, removed: 'x', inserted: 'ä👍' },
  wallMs: 1_700_000_000_123,
  hybrid: { ms: 1_700_000_000_200, counter: 2 },
  only: ['last-writer-wins'],
  restores: 'A:1',
  traces: { crdt: { outcome: 'accepted', details: [7, 0, 2] }, 'last-writer-wins': { outcome: 'refused', reason: '0 left, 1 wanted' } },
};

describe('records as bytes', () => {
  test('come back as they went', () => {
    expect(decodeRecord(encodeRecord(record))).toEqual(record);
    expect(decodeRecords(encodeRecords([record, record]))).toEqual([record, record]);
    expect(decodeSummary(encodeSummary(record.context)).toString()).toBe('{A:2 B:4}');
  });

  test('a settlement comes back as it went, whatever its outcome; a half one is refused', () => {
    const { dot, context, wallMs, hybrid } = record;
    for (const settlement of [{ outcome: 'accepted', details: [1, 'A:1'] }, { outcome: 'refused', reason: 'no' }, { outcome: 'unknown', reason: 'nobody knows' }, { outcome: 'unknown', reason: 'nobody knows', details: [2, 'B', 'A:1'] }, { outcome: 'rolled-back', reason: 'C leads now', details: [1, 'A', 4] }] as const) {
      const settled: OutcomeRecord = { dot, context, wallMs, hybrid, settles: { replica: 'A', counter: 2 }, strategy: 'consensus', settlement };
      expect(decodeRecord(encodeRecord(settled))).toEqual(settled);
    }
    const half = { dot, context, wallMs, hybrid, settles: { replica: 'A', counter: 2 }, strategy: 'consensus', settlement: { outcome: 'refused' } } as unknown as OutcomeRecord;
    expect(() => decodeRecord(encodeRecord(half))).toThrow('an outcome is "accepted", or "refused", "unknown" or "rolled-back" with a reason, not "refused" with nothing');
  });

  test('a read comes back as it went; one that is malformed is refused', () => {
    const { dot, context, wallMs, hybrid } = record;
    const seen = [{ field: 'votes', strategy: 'quorum', value: 5, last: 'B:4', tookMs: 12 }, { field: 'tags', strategy: 'crdt', value: ['x'], last: null, tookMs: 0 }, { field: 'title', strategy: 'siblings', value: 'a', last: '', tookMs: 0 }] as const;
    const read: ReadRecord = { dot, context, wallMs, hybrid, readAt: 'B', had: VersionVector.of([['A', 2], ['B', 4]]), skewMs: -5, seen };
    expect(decodeRecord(encodeRecord(read))).toEqual(read);
    for (const wrong of [{ readAt: '' }, { skewMs: 0.5 }, { had: { toJSON: () => ({ B: 0 }) } }, { readAt: 'B', seen: 7 }, { seen: [{ ...seen[0], tookMs: -1 }] }, { seen: [{ ...seen[0], last: 'nobody' }] }, { seen: [{ ...seen[0], strategy: 'none' }] }]) {
      expect(() => decodeRecord(encodeRecord({ ...read, ...wrong } as unknown as ReadRecord)), JSON.stringify(wrong)).toThrow();
    }
  });

  test('cut short at any byte, or longer by one, they are refused', () => {
    const bytes = encodeRecord(record);
    for (let length = 0; length < bytes.length; length++) expect(() => decodeRecord(bytes.slice(0, length)), `cut at ${length}`).toThrow(/^not a record: /);
    expect(() => decodeRecord(Uint8Array.from([...bytes, 0]))).toThrow('not a record: bytes after its end');
  });

  test('whatever bytes come, the answer is a record or one clear error', () => {
    const bytes = encodeRecord(record);
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
      const mutated = bytes.slice();
      for (const [at, value] of changes) mutated[at] = value;
      try {
        decodeRecord(mutated);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }), { numRuns: 2_000 });
  });

  test('a record that does not follow its own predecessor is refused', () => {
    expect(() => decodeRecord(encodeRecord({ ...record, context: VersionVector.empty }))).toThrow('its context has A:0, not A:2');
  });
});

describe('messages as bytes', () => {
  const messages: Message[] = [
    { kind: 'hello', version: 1, replica: 'A', instance: 'abc', summary: record.context },
    { kind: 'welcome', version: 1, epoch: 'e1', discarded: ['e0'], summary: record.context },
    { kind: 'records', records: [encodeRecord(record)] },
    { kind: 'saved', summary: record.context, yjsFrames: 7 },
  ];

  test.each(messages)('$kind comes back as it went, and cut short it is refused', (message) => {
    const frame = encodeMessage(message);
    expect(encodeMessage(decodeMessage(frame))).toEqual(frame);
    expect(decodeMessage(frame).kind).toBe(message.kind);
    for (let length = 0; length < frame.length; length++) expect(() => decodeMessage(frame.slice(0, length))).toThrow(/^not a message: /);
  });

  test('a frame of somebody else is refused', () => {
    expect(() => decodeMessage(Uint8Array.of(0, 1, 2))).toThrow('it starts with 0, not 64');
  });
});

describe('causal delivery', () => {
  const chainOf = (replica: string, contexts: Record<string, number>[]): EditRecord[] =>
    contexts.map((context, i) => ({ ...record, dot: { replica, counter: i + 1 }, context: VersionVector.of(Object.entries({ ...context, [replica]: i })) }));
  const all = [...chainOf('A', [{}, { B: 1 }, { B: 2 }]), ...chainOf('B', [{}, { A: 2 }]), ...chainOf('C', [{ A: 3, B: 2 }])];

  test('whatever the order of arrival, all come out once, and each after what it had seen', () => {
    fc.assert(fc.property(fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }), (arrivals) => {
      const buffer = new CausalBuffer();
      let seen = VersionVector.empty;
      const out = arrivals.flatMap((arrival) => buffer.offer([arrival]));
      for (const { dot, context } of out) {
        expect(seen.covers(context)).toBe(true);
        seen = seen.with(dot);
      }
      expect(out.length).toBe(all.length);
      expect(buffer.waitingCount).toBe(0);
    }));
  });
});
