import { Problem } from './problem.ts';

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
      void reader.cancel().catch(() => {});
      throw new Problem(413, `a body may have ${bytesMax} bytes at most`);
    }
    pieces.push(read.value);
  }
  return Buffer.concat(pieces);
}
