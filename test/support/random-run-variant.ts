/** Whether the checks of random runs, as `rejoin run --random` makes them, notice a broken line. */
import type { RandomRuns, wrongOf } from '../../shared/scenarios/random-runs.ts';
import { runTemplateOf } from './random-run-template.ts';
import { loadShared, type Variant } from './shared-variant.ts';

interface RandomRunProgram {
  readonly RandomRuns: typeof RandomRuns;
  readonly wrongOf: typeof wrongOf;
}

/** What was wrong in the first run in which anything was. */
export interface NoticedVariant {
  readonly seed: number;
  readonly sentence: string;
}

const edits = 120;

/** Tries seeds from 1 on; null where none of them shows anything. Null for the program as it is. */
export async function noticedIn(
  change: Variant | null,
  seedsMax: number,
): Promise<NoticedVariant | null> {
  const load = loadShared(change);
  const program = load('shared/scenarios/random-runs.ts') as unknown as RandomRunProgram;
  for (let seed = 1; seed <= seedsMax; seed++) {
    const [sentence] = await wrongIn(program, seed);
    if (sentence !== undefined) return { seed, sentence };
  }
  return null;
}

/** An error that is thrown is wrong too. */
async function wrongIn(program: RandomRunProgram, seed: number): Promise<readonly string[]> {
  const options = { edits, verdicts: false, slowDocumentStore: hasSlowStore(seed) };
  try {
    const runs = new program.RandomRuns(runTemplateOf(seed), options);
    return program.wrongOf(await runs.run(seed));
  } catch (error) {
    return [String(error)];
  }
}

/** Some runs have it: a crash loses the same of the document and of the journal in the others. */
function hasSlowStore(seed: number): boolean {
  return seed % 3 === 0;
}
