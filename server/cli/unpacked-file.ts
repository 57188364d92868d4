/** A file's content, piece by piece, unpacked where it is packed by gzip; which shows in its first bytes, never in its name. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UnreadableInput } from '../../shared/encoding/unreadable-input.ts';

/** The name of a file that stands for standard input. */
export const standardInput = '-';

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** A file's text may begin with a byte order mark, which is no part of it; no update of Yjs begins so. */
export async function* unpacked(file: string, stream: Readable = file === standardInput ? process.stdin : createReadStream(file)): AsyncGenerator<Buffer> {
  let start: Buffer | null = Buffer.alloc(0);
  for await (const chunk of unzipped(stream)) {
    if (start === null) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < byteOrderMark.length) continue;
    yield start.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? start.subarray(byteOrderMark.length) : start;
    start = null;
  }
  if (start !== null) yield start;
}

/** However much it is: the reader stops when it has enough. What goes wrong is for `asUnreadable`. */
async function* unzipped(stream: Readable): AsyncGenerator<Buffer> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let start = Buffer.alloc(0);
  while (start.length < 2) {
    const { value, done } = await chunks.next();
    if (done) break;
    start = Buffer.concat([start, value]);
  }
  const all = (async function* (): AsyncGenerator<Buffer> {
    yield start;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  })();
  try {
    if (start[0] !== 0x1f || start[1] !== 0x8b) return yield* all;
    const source = Readable.from(all);
    const gunzip = createGunzip();
    source.once('error', (error) => gunzip.destroy(error));
    yield* source.pipe(gunzip) as AsyncIterable<Buffer>;
  } finally {
    await chunks.return?.();
  }
}

/** The text of these bytes. Throws an UnreadableInput where they are no UTF-8. */
export function decodedText(bytes: Uint8Array, line: number | null = null): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const [first, second] = bytes;
    const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
    throw new UnreadableInput(`expected text in UTF-8; ${isUtf16 ? 'it is UTF-16' : 'its bytes are something else'}`, line);
  }
}

/** What reading a file threw, as an UnreadableInput where the file is to blame. */
export function asUnreadable(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new UnreadableInput('there is no such file');
  if (code === 'EISDIR') return new UnreadableInput('expected a file; it is a folder');
  if (code === 'EACCES' || code === 'EPERM') return new UnreadableInput('it may not be read');
  if (code === 'Z_BUF_ERROR') return new UnreadableInput('expected a whole gzip file; it is cut short');
  if (code?.startsWith('Z_')) return new UnreadableInput('expected a sound gzip file; its data is damaged');
  return error;
}
