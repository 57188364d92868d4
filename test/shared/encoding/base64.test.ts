import fc from 'fast-check';
import { toBase64 } from 'lib0/buffer';
import { expect, test } from 'vitest';
import { bytesOfBase64 } from '../../../shared/encoding/base64.ts';

test('what was written as base64 is read as it was', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(bytesOfBase64(toBase64(bytes))).toEqual(bytes);
    }),
  );
});
