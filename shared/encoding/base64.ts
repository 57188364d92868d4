/** Reads base64 wherever the code runs: lib0's way needs a window or Node, and a worker is neither. */

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const places = new Uint8Array(128);
for (let place = 0; place < digits.length; place++) places[digits.charCodeAt(place)] = place;

/** `text` must be well formed: whole groups of four, padded with "=". */
export function bytesOfBase64(text: string): Uint8Array {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const digitAt = (at: number): number => places[text.charCodeAt(at)] ?? 0;
  for (let at = 0, end = 0; at < text.length; at += 4) {
    const group = (digitAt(at) << 18) | (digitAt(at + 1) << 12) | (digitAt(at + 2) << 6) | digitAt(at + 3);
    for (let shift = 16; shift >= 0 && end < bytes.length; shift -= 8) bytes[end++] = (group >> shift) & 0xff;
  }
  return bytes;
}
