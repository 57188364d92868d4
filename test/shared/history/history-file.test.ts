import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import { parseHistory, type ReadHistory } from '../../../shared/history/history-file.ts';
import { jsonHistoryLines, toJsonLines } from '../../../shared/history/json-lines.ts';
import type { EditRecord } from '../../../shared/history/record.ts';
import { UnreadableInput } from '../../../shared/encoding/unreadable-input.ts';
import { randomHistory } from '../../support/random-history.ts';

function read(text: string): ReadHistory {
  return parseHistory(text.replace(/\n$/, '').split('\n'));
}

describe('a saved history', () => {
  test('reads as what was written, whatever was in it', () => {
    fc.assert(fc.property(randomHistory, (history) => {
      const { lines, ...again } = read([...jsonHistoryLines(history)].join(''));
      expect(again).toEqual(history);
      expect(lines.length).toBe(history.records.length);
    }), { numRuns: 300 });
  });

  test('is written the same again', () => {
    fc.assert(fc.property(randomHistory, (history) => {
      const text = [...jsonHistoryLines(history)].join('');
      expect([...jsonHistoryLines(read(text))].join('')).toBe(text);
    }), { numRuns: 100 });
  });

  test('cut at any byte, or with any byte changed, it is a history still or one clear error', () => {
    fc.assert(fc.property(randomHistory, fc.nat(), fc.nat(127), (history, at, code) => {
      const text = [...jsonHistoryLines(history)].join('');
      const place = at % text.length;
      for (const broken of [text.slice(0, place), text.slice(0, place) + String.fromCharCode(code) + text.slice(place + 1)]) {
        try {
          read(broken);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableInput);
          expect((error as Error).message).toMatch(/^expected /);
        }
      }
    }), { numRuns: 300 });
  });

  test('an empty document is not written, as it says nothing', () => {
    expect(read(toJsonLines(labSchema, ['crdt'], [], { document: Uint8Array.of(0, 0) })).document).toBeNull();
  });
});

const vote = (counter: number, seen: Record<string, number> = {}, replica = 'A'): EditRecord => ({
  dot: { replica, counter },
  context: VersionVector.of(Object.entries({ ...seen, [replica]: counter - 1 })),
  field: 'votes',
  intent: { kind: 'increment', by: 1 },
  wallMs: 1_000,
  hybrid: { ms: 1_000 + counter, counter: 0 },
  traces: {},
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a test spoils has no type
type Spoilt = Record<string, any>;

/** A header and three events, of which a test spoils one. */
function spoilt(line: number, change: (event: Spoilt) => unknown): string {
  const lines = toJsonLines(labSchema, ['crdt'], [vote(1), vote(2), vote(3, { A: 2 }, 'B')].map((each, i) => (i === 2 ? { ...each, dot: { replica: 'B', counter: 1 }, context: VersionVector.of([['A', 2]]) } : each))).trimEnd().split('\n');
  const value = JSON.parse(lines[line - 1]!) as Record<string, unknown>;
  const changed = change(value);
  lines[line - 1] = typeof changed === 'string' ? changed : JSON.stringify(changed ?? value);
  return lines.join('\n');
}

test('the history that the next tests spoil is sound', () => {
  expect(read(spoilt(2, () => undefined)).records.map(({ dot }) => `${dot.replica}${dot.counter}`)).toEqual(['A1', 'A2', 'B1']);
});

describe('what is wrong is named with its line', () => {
  test.each<[what: string, line: number, change: (event: Spoilt) => unknown, message: RegExp]>([
    ['another format', 1, (header) => void (header['format'] = 'git'), /expected a header .*rejoin-history.*, not the format "git"/],
    ['a later version', 1, (header) => void (header['version'] = 3), /expected version 1 or 2 .*, not 3/],
    ['no schema', 1, (header) => void delete header['schema'], /expected a schema of 1 to/],
    ['a field of no type', 1, (header) => void (header['schema'][0].type = 'constructor'), /expected register, text, .* as the type of the field "title", not "constructor"/],
    ['a field twice', 1, (header) => void header['schema'].push(header['schema'][0]), /expected each field once/],
    ['a text that begins as a number', 1, (header) => void (header['schema'][1].initial = 7), /to begin with what a text can hold/],
    ['an unknown strategy', 1, (header) => void (header['strategies'] = ['paxos']), /expected a list of strategies, of crdt, .*, not /],
    ['a replica that is no name', 1, (header) => void (header['replicas'] = ['a b']), /expected replicas' names such as "A", not "a b"/],
    ['a half line', 3, (event) => JSON.stringify(event).slice(0, 40), /JSON that is cut short/],
    ['no JSON', 3, () => 'hello', /on one line, not “hello”/],
    ['an empty line', 3, () => ' ', /not nothing/],
    ['a list', 3, () => [], /expected an object as JSON on one line, not a list/],
    ['deep nesting', 3, () => `{"kind":"send","wallMs":0,"payload":${'['.repeat(100)}${']'.repeat(100)}}`, /nested deeper/],
    ['very deep nesting', 3, () => `{"kind":"send","payload":${'['.repeat(1_000_000)}`, /nested deeper than 12 levels/],
    ['a key that changes what objects are', 3, () => '{"kind":"send","wallMs":0,"payload":{"__proto__":{"polluted":true}}}', /the key "__proto__"/],
    ['the same key, escaped', 3, () => '{"kind":"send","wallMs":0,"\\u005f_proto__":{}}', /the key "__proto__"/],
    ['an unknown kind', 3, (event) => void (event['kind'] = 'party'), /expected an event \(intent, outcome, read, send, .*\), not "party"/],
    ['an id that is no dot', 3, (event) => void (event['id'] = 'A'), /"A" is not a dot/],
    ['an id of another spelling', 3, (event) => void (event['id'] = 'A:02'), /expected an id such as "A:12"/],
    ['another replica than the id says', 3, (event) => void (event['replica'] = 'B'), /expected A as the replica of A:2/],
    ['a gap', 3, (event) => void Object.assign(event, { id: 'A:3', vector: { A: 3 } }), /expected A:2, not A:3: .*without gaps/],
    ['a dot twice', 3, (event) => void Object.assign(event, { id: 'A:1', vector: { A: 1 } }), /expected A:2, not A:1: .* once/],
    ['a replica that the header does not name', 3, (event) => void Object.assign(event, { id: 'Z:1', replica: 'Z', vector: { Z: 1 } }), /a replica that the header names, not of Z/],
    ['something seen that does not come before', 4, (event) => void (event['vector'].A = 3), /expected all that B:1 had seen to come before it; A:3 does not/],
    ['a vector without itself', 3, (event) => void (event['vector'] = {}), /expected 2 for A in the version vector of A:2, not 0/],
    ['a vector that is a list', 3, (event) => void (event['vector'] = [2]), /expected a version vector such as/],
    ['half an event seen', 3, (event) => void (event['vector'].B = 0.5), /"B": 0.5 is no entry of a version vector/],
    ['times out of order', 3, (event) => void (event['hybrid'] = [5, 0]), /expected events in the order of their hybrid times/],
    ['a time that is none', 3, (event) => void (event['wallMs'] = 'noon'), /expected milliseconds since the Unix epoch as wallMs, not "noon"/],
    ['a hybrid time that is none', 3, (event) => void (event['hybrid'] = 7), /expected a hybrid time/],
    ['an unknown field', 3, (event) => void (event['payload'].field = '__proto__'), /there is no field "__proto__"/],
    ['another type of intent', 3, (event) => void (event['payload'].intent = { kind: 'set', value: 1 }), /a counter takes increment, not "set"/],
    ['a step that is no number', 3, (event) => void (event['payload'].intent.by = '1'), /by is a whole number/],
    ['no traces', 3, (event) => void delete event['payload'].traces, /traces are an object/],
    ['a trace of no strategy', 3, (event) => void (event['payload'].traces = { constructor: { outcome: 'pending' } }), /"constructor" is no strategy/],
    ['no payload', 3, (event) => void delete event['payload'], /expected a payload that is an object, not nothing/],
    ['a document that is not base64', 4, () => '{"kind":"document","payload":{"yjs":"*"}}', /expected a document/],
  ])('%s', (_, line, change, message) => {
    const text = spoilt(line, change);
    let found: unknown;
    try {
      read(text);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(UnreadableInput);
    expect((found as UnreadableInput).message).toMatch(message);
    expect((found as UnreadableInput).message).toMatch(/^expected [^\n]+$/);
    expect((found as UnreadableInput).line).toBe(line);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('who saw something has seen all that this had seen, and forgets nothing', () => {
    const [header, , second] = spoilt(2, () => undefined).split('\n') as [string, string, string];
    const event = (id: string, vector: object, ms: number): string => JSON.stringify({ ...JSON.parse(second), id, replica: id[0], vector, hybrid: [ms, 0] });
    expect(() => read([header, event('A:1', { A: 1 }, 1), event('B:1', { A: 1, B: 1 }, 2), event('B:2', { B: 2 }, 3)].join('\n'))).toThrow('expected B:2 to have seen all that B:1 had');
    const three = header.replace('["A","B"]', '["A","B","C"]');
    expect(() => read([three, event('A:1', { A: 1 }, 1), event('B:1', { A: 1, B: 1 }, 2), event('C:1', { B: 1, C: 1 }, 3)].join('\n'))).toThrow('expected C:1, which had seen B:1, to have seen all that this had');
  });

  test('nothing may follow the document, and a file without a line is none', () => {
    const document = '{"kind":"document","payload":{"yjs":"AQID"}}';
    expect(() => read(`${spoilt(4, () => document)}\n${document}`)).toThrow('expected nothing after the document');
    expect(() => parseHistory([])).toThrow('expected a history, not an empty file');
  });
});
