import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import { writeWhole } from '../../../shared/encoding/write-whole.ts';

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

describe('what is written whole', () => {
  test('is bytes of its own, whatever is written next', () => {
    const first = writeWhole((encoder) => encoding.writeUint8Array(encoder, filled(20, 1)));
    writeWhole((encoder) => encoding.writeUint8Array(encoder, filled(20, 2)));
    expect(first).toEqual(filled(20, 1));
    expect(first.buffer.byteLength).toBe(20);
  });

  test('may be longer than all before it', () => {
    for (const length of [5_000, 40, 300_000, 300_000, 1]) expect(Buffer.compare(writeWhole((encoder) => encoding.writeUint8Array(encoder, filled(length, 3))), filled(length, 3))).toBe(0);
  });

  test('may be made while something else is being written', () => {
    const outer = writeWhole((encoder) => {
      encoding.writeUint8(encoder, 1);
      encoding.writeVarUint8Array(encoder, writeWhole((inner) => encoding.writeUint8Array(inner, filled(5_000, 2))));
      encoding.writeUint8(encoder, 3);
    });
    expect([outer[0], outer[3], outer.at(-2), outer.at(-1), outer.length]).toEqual([1, 2, 2, 3, 5_004]);
  });

  test('leaves nothing behind when writing fails', () => {
    expect(() => writeWhole((encoder) => {
      encoding.writeUint8Array(encoder, filled(100_000, 4));
      throw new RangeError('enough');
    })).toThrow('enough');
    expect(writeWhole((encoder) => encoding.writeUint8(encoder, 5))).toEqual(filled(1, 5));
  });
});
