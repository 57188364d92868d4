/** A long text as the body of an answer, made while it is sent: the relay has other things to do in between. */

/** So many characters are made at a time. */
const sliceCharacters = 65_536;

export function slicedBody(parts: Iterable<string>): ReadableStream<Uint8Array> {
  const source = parts[Symbol.iterator]();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let slice = '';
      while (slice.length < sliceCharacters) {
        const next = source.next();
        if (next.done) {
          if (slice !== '') controller.enqueue(encoder.encode(slice));
          return controller.close();
        }
        slice += next.value;
      }
      controller.enqueue(encoder.encode(slice));
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
}
