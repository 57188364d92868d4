/** Binary messages as the bytes of unmasked, unfragmented WebSocket frames (RFC 6455, section 5.2), as a server sends them. */

const finalBinary = 0x82;
/** Longer messages are not copied to be together with others. */
const copiedMax = 16_384;

/** The bytes of these messages, in as few pieces as are worth it. */
export function webSocketBytes(messages: readonly Uint8Array[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let together: Uint8Array[] = [];
  for (const message of messages) {
    if (message.length <= copiedMax) {
      together.push(message);
      continue;
    }
    for (const piece of joined(together)) pieces.push(piece);
    pieces.push(header(message.length), message);
    together = [];
  }
  return [...pieces, ...joined(together)];
}

function joined(messages: readonly Uint8Array[]): Uint8Array[] {
  if (messages.length === 0) return [];
  let length = 0;
  for (const message of messages) length += headerBytes(message.length) + message.length;
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const message of messages) {
    at = writeHeader(bytes, at, message.length);
    bytes.set(message, at);
    at += message.length;
  }
  return [bytes];
}

function headerBytes(length: number): number {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10;
}

function header(length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(headerBytes(length));
  writeHeader(bytes, 0, length);
  return bytes;
}

/** Returns where it ends. */
function writeHeader(bytes: Buffer, at: number, length: number): number {
  bytes[at] = finalBinary;
  if (length < 126) {
    bytes[at + 1] = length;
    return at + 2;
  }
  if (length < 65_536) {
    bytes[at + 1] = 126;
    return bytes.writeUInt16BE(length, at + 2);
  }
  bytes[at + 1] = 127;
  return bytes.writeBigUInt64BE(BigInt(length), at + 2);
}
