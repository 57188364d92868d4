/** A file that a person opens: a saved history, or else a scenario. */

/** Larger ones make a page run out of memory. */
const bytesMax = 200_000_000;

export interface ReadFile {
  readonly kind: 'history' | 'scenario';
  readonly text: string;
}

/** Rejects with an Error of one line. */
export async function readFile(file: Pick<File, 'name' | 'size' | 'text'>): Promise<ReadFile> {
  if (file.size > bytesMax) throw new Error(`${file.name} has more than ${bytesMax / 1_000_000} MB.`);
  const text = await file.text();
  // The first line of a history is its header.
  return { kind: /^\s*\{\s*"format"/.test(text) ? 'history' : 'scenario', text };
}
