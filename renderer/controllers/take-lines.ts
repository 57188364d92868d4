import { inParts, type SliceOptions } from '../../shared/analysis/slices.ts';
import type { HistoryReader } from '../../shared/history/history-file.ts';

/** Reads lines of a history, with pauses. Rejects with an UnreadableInput that names the line. */
export async function takeLines(reader: HistoryReader, lines: readonly string[], { pause }: Pick<SliceOptions, 'pause'>): Promise<void> {
  for (const part of inParts(lines)) {
    for (const line of part) reader.take(line);
    await pause();
  }
}
