/**
 * Keys as bytes whose order is that of the keys' UTF-16 code units, which the Store port promises and UTF-8 does not keep for
 * characters beyond U+FFFF. Each code unit is written as UTF-8 would write it by itself (known as CESU-8); for ASCII that is UTF-8.
 */
export function keyToBytes(key: string): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    if (unit < 0x80) bytes.push(unit);
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f));
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
  }
  return Uint8Array.from(bytes);
}

/** Reads what keyToBytes wrote. */
export function keyFromBytes(bytes: Uint8Array): string {
  let key = '';
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i++] ?? 0;
    if (first < 0x80) key += String.fromCharCode(first);
    else if (first < 0xe0) key += String.fromCharCode(((first & 0x1f) << 6) | continued(bytes[i++]));
    else key += String.fromCharCode(((first & 0x0f) << 12) | (continued(bytes[i++]) << 6) | continued(bytes[i++]));
  }
  return key;
}

function continued(byte: number | undefined): number {
  return (byte ?? 0) & 0x3f;
}

/** Above every key that starts with the prefix: the byte 255 never occurs in a key. */
export function afterPrefix(prefix: string): Uint8Array {
  return Uint8Array.from([...keyToBytes(prefix), 0xff]);
}
