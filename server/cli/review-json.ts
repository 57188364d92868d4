/** The sentences about what did not simply survive, for programs. */
import type { ReviewEntry } from '../../shared/analysis/review.ts';
import { parseDot } from '../../shared/clocks/dot.ts';
import { EditNumbers } from '../../shared/history/edit-numbers.ts';
import type { JournalRecord } from '../../shared/history/record.ts';

export type ReviewJson = Pick<ReviewEntry, 'key' | 'field' | 'sentence' | 'actions' | 'edits' | 'charactersLost'> & { readonly dot: string };

/** `key`: the first edit that it tells of, as its sentence names it. `dot`: the same edit in the journal, which also counts outcomes and reads. */
export function reviewJson(entries: readonly ReviewEntry[], records: readonly JournalRecord[]): ReviewJson[] {
  const numbers = new EditNumbers().take(records);
  return entries.map(({ key, field, sentence, actions, edits, charactersLost }) => {
    const dot = parseDot(key);
    return { key: `${dot.replica}:${numbers.rangeOf(dot)[0]}`, dot: key, field, sentence, actions, edits, charactersLost };
  });
}
