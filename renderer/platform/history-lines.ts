/**
 * The lines of a long answer, without their ends, as they come. Rejects with an Error of one line where the
 * server does not give it.
 */
export async function* historyLines(address: string): AsyncGenerator<readonly string[], void, undefined> {
  const response = await fetch(address);
  if (!response.ok || !response.body)
    throw new Error(`the history cannot be read: the server answered ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const lines = (rest + next.value).split('\n');
    rest = lines.pop()!;
    yield lines;
  }
  if (rest !== '') yield [rest];
}
