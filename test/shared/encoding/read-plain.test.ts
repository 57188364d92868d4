import fc from 'fast-check';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import { readPlain, readText } from '../../../shared/encoding/read-plain.ts';
import { readWhole } from '../../../shared/encoding/read-whole.ts';

type Any = Parameters<typeof encoding.writeAny>[1];
const plain = (bytes: Uint8Array): unknown => readWhole(bytes, 'a value', (decoder) => readPlain(decoder));
const written = (value: unknown): Uint8Array => encoding.encode((encoder) => encoding.writeAny(encoder, value as Any));
const text = (bytes: Uint8Array): string => readWhole(bytes, 'a text', readText);

describe('plain values', () => {
  test('are read as lib0 writes them, and as lib0 reads them', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), (value) => {
      // What JSON cannot tell apart, and lone surrogates, which UTF-8 has no bytes for.
      const sayable = JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto').replaceAll(/\\u[dD][89abAB][0-9a-fA-F]{2}/g, '?')) as unknown;
      const bytes = written(sayable);
      expect(plain(bytes)).toEqual(sayable);
      expect(plain(bytes)).toEqual(decoding.readAny(decoding.createDecoder(bytes)));
    }));
  });

  test('that JSON could not say are refused', () => {
    const refusal = (value: unknown): string => {
      try {
        return `was taken: ${JSON.stringify(plain(written(value)))}`;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect([undefined, 1n, new Uint8Array(3), NaN, -Infinity, [1, undefined]].map(refusal)).toEqual([
      'not a value: nothing cannot be part of a record',
      'not a value: a bigint cannot be part of a record',
      'not a value: an array of bytes cannot be part of a record',
      'not a value: NaN cannot be part of a record',
      'not a value: -Infinity cannot be part of a record',
      'not a value: nothing cannot be part of a record',
    ]);
    expect(refusal(JSON.parse('{"a":{"__proto__":{"isAdmin":true}}}'))).toBe('not a value: no value can have a member __proto__');
    expect(() => plain(Uint8Array.of(3))).toThrow('a value of kind 3 cannot be part of a record');
  });

  test('are refused where they are nested too deep, before the stack ends', () => {
    const nested = (depth: number): Uint8Array => Uint8Array.from([...Array.from({ length: depth }, () => [117, 1]).flat(), 126]);
    expect(plain(nested(8))).toEqual([[[[[[[[null]]]]]]]]);
    for (const depth of [9, 100_000]) expect(() => plain(nested(depth))).toThrow('values are nested deeper than 8');
  });

  test('are refused where the bytes end before them', () => {
    const bytes = written({ kind: 'splice', index: 10, inserted: 'a somewhat longer text', removed: 'ü' });
    for (let length = 0; length < bytes.length; length++) expect(() => plain(bytes.slice(0, length))).toThrow('not a value');
    // In a view of a longer frame as well, whose bytes go on.
    for (let length = 0; length < bytes.length; length++) expect(() => plain(bytes.subarray(0, length))).toThrow('not a value');
  });
});

describe('texts', () => {
  test('of any length and letters are read as they were written', () => {
    for (const each of ['', 'A', 'twelve bytes', 'thirteen bytes', 'Zürich', 'ééééééé', '🛰️', '\u0000', 'x'.repeat(200), '名前']) {
      expect(text(encoding.encode((encoder) => encoding.writeVarString(encoder, each)))).toBe(each);
    }
  });

  test('that are no UTF-8 are refused', () => {
    expect(() => text(Uint8Array.of(2, 0xc3, 0x28))).toThrow('not a text');
  });
});
