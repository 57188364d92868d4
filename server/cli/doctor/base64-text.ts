/** Text in base64, as documents are kept in databases and pasted from them. */

const prefix = 'base64:';
const text = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** Whether bytes may begin a text in base64: none of an update of Yjs does, unless by chance. */
export function mayBeBase64(bytes: Uint8Array): boolean {
  return /^["']?[A-Za-z0-9+/_-]/.test(Buffer.from(bytes.subarray(0, 2)).toString('latin1'));
}

/**
 * The bytes of a text in base64 (RFC 4648, either alphabet), in quotation marks or after "base64:",
 * in one line or many; null where it is something else.
 */
export function fromBase64(bytes: Buffer): Buffer | null {
  if (!mayBeBase64(bytes)) return null;
  const trimmed = bytes.toString('latin1').trim().replace(/^(["'])(.*)\1$/s, '$2');
  const lines = trimmed.startsWith(prefix) ? trimmed.slice(prefix.length) : trimmed;
  const joined = lines.replace(/[\r\n]+/g, '');
  if (!text.test(joined) || joined.replace(/=+$/, '').length % 4 === 1) return null;
  return Buffer.from(joined, 'base64');
}
