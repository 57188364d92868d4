import { Problem } from '../../shared/control/problem.ts';

/** So much more of a body that is too large is read and thrown away, in bytes. */
const discardedBytesMax = 16 * 1024 * 1024;

/** Whoever closes a connection before a body has come takes the answer away from a client that is still sending. */
async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  for (let left = discardedBytesMax; left > 0; ) {
    const { done, value } = await reader.read();
    if (done) return;
    left -= value.length;
  }
  await reader.cancel();
}

/** The text of a request's body; throws a Problem 413 as soon as it has more than `bytesMax` bytes. */
export async function bodyText(request: Request, bytesMax: number): Promise<string> {
  return new TextDecoder().decode(await bodyBytes(request, bytesMax));
}

/** The same as bytes. */
export async function bodyBytes(request: Request, bytesMax: number): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array(0);
  const reader = request.body.getReader();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    bytes += read.value.length;
    if (bytes > bytesMax) {
      void discard(reader).catch(() => {});
      throw new Problem(413, `a body may have ${bytesMax} bytes at most`);
    }
    pieces.push(read.value);
  }
  return Buffer.concat(pieces);
}
