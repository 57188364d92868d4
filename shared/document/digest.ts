/** Short digests of values: equal values have equal digests, different ones different digests but for a chance of 2^−48. */
import { digest as sha256 } from 'lib0/hash/sha256';
import * as string from 'lib0/string';
import type { FieldValue, Schema } from './schema.ts';

/** JSON with the keys of objects in order, so that equal values are written alike. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** The digest of a whole document: twelve hexadecimal digits. */
export function documentDigest(schema: Schema, value: (field: string) => FieldValue): string {
  const text = canonicalJson(schema.map(({ id }) => [id, value(id)]));
  const bytes = sha256(string.encodeUtf8(text)) as Uint8Array;
  return [...bytes.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
