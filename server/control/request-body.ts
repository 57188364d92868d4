import { Problem } from './problem.ts';

/** The text of a request's body; throws a Problem 413 as soon as it has more than `bytesMax` bytes. */
export async function bodyText(request: Request, bytesMax: number): Promise<string> {
  if (!request.body) return '';
  const reader = request.body.getReader();
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    bytes += read.value.length;
    if (bytes > bytesMax) {
      void reader.cancel().catch(() => {});
      throw new Problem(413, `a body may have ${bytesMax} bytes at most`);
    }
    text += decoder.decode(read.value, { stream: true });
  }
  return text + decoder.decode();
}
