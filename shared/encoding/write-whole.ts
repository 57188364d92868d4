import * as encoding from 'lib0/encoding';

/** How much room there is in the beginning, and how much is kept at most, in bytes. */
const roomBytes = { first: 4 * 1024, most: 64 * 1024 } as const;

/** Room that is used again and again, as making it costs more than writing a record into it; null while somebody writes there. */
let room: encoding.Encoder | null = encoderOf(roomBytes.first);

/** What was written, as bytes of its own. */
export function writeWhole(write: (encoder: encoding.Encoder) => void): Uint8Array {
  // Whoever writes while somebody else does gets room of their own.
  const encoder = room ?? encoding.createEncoder();
  room = null;
  encoder.cpos = 0;
  encoder.bufs.length = 0;
  let next: encoding.Encoder | null = encoder;
  try {
    write(encoder);
    if (encoder.bufs.length === 0) return encoder.cbuf.slice(0, encoder.cpos);
    next = encoderOf(Math.min(roomBytes.most, 2 * encoding.length(encoder)));
    return encoding.toUint8Array(encoder);
  } finally {
    room = next;
  }
}

function encoderOf(bytes: number): encoding.Encoder {
  const encoder = encoding.createEncoder();
  encoder.cbuf = new Uint8Array(bytes);
  return encoder;
}
