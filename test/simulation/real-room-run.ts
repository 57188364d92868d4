/** One random run at the room of the real relay, in virtual time. */
import type { RandomRuns, wrongOf } from '../../shared/scenarios/random-runs.ts';
import { runTemplateOf } from '../support/random-run-template.ts';
import type { realRoom } from '../support/real-room.ts';

const edits = 120;

/** The program under test, whole or with one line broken. */
export interface Program {
  readonly RandomRuns: typeof RandomRuns;
  readonly wrongOf: typeof wrongOf;
  readonly realRoom: typeof realRoom;
}

/** What was wrong in the run of a seed, a sentence each; an error that is thrown is wrong too. */
export async function wrongIn(program: Program, seed: number): Promise<readonly string[]> {
  const troubles: string[] = [];
  const relay = program.realRoom(troubles);
  const runs = new program.RandomRuns(runTemplateOf(seed), { edits, verdicts: false, relay });
  try {
    return [...program.wrongOf(await runs.run(seed)), ...troubles];
  } catch (error) {
    return [String(error)];
  }
}
