/**
 * Random runs at the room of the real relay, in virtual time: whatever people and the network did, every promise that random runs check is kept; and where a
 * line of the relay is broken, some is not.
 */
import { expect, test } from 'vitest';
import { RandomRuns, wrongOf } from '../../shared/scenarios/random-runs.ts';
import { groundOf } from '../support/random-runs.ts';
import { realRoom } from '../support/real-room.ts';
import { loadShared, type Variant } from '../support/shared-variant.ts';
import { repeatWith, seedsOf } from './conversing-run.ts';

/** Runs at the relay as it is, and most runs until a broken one is noticed. */
const runs = 40;
const edits = 120;

interface Program {
  readonly RandomRuns: typeof RandomRuns;
  readonly wrongOf: typeof wrongOf;
  readonly realRoom: typeof realRoom;
}

/** What was wrong in the run of a seed, a sentence each. */
async function wrongIn(program: Program, seed: number): Promise<readonly string[]> {
  const troubles: string[] = [];
  const checked = await new program.RandomRuns(groundOf(seed), { edits, verdicts: false, relay: program.realRoom(troubles) }).run(seed);
  return [...program.wrongOf(checked), ...troubles];
}

test('at the room of the real relay, replicas under random faults converge and every ledger is complete and true', { timeout: 600_000 }, async () => {
  for (const seed of seedsOf(runs)) {
    const wrong = await wrongIn({ RandomRuns, wrongOf, realRoom }, seed).catch((error: unknown) => [String(error)]);
    expect(wrong, repeatWith(seed, 'real-room.test.ts')).toEqual([]);
  }
});

const variant = (name: string, file: string, find: string, put: string): Variant => ({ name, file: `server/relay/${file}`, find, put });

const variants: readonly Variant[] = [
  variant('who comes to another island does not hear of its document', 'faults/regrouping.ts', 'if (news) session.send(updateFrame(news));', ''),
  variant('who comes to another island does not hear of its records', 'faults/regrouping.ts', 'session.sendFrom(recordFrames(missing.map(({ bytes }) => bytes)));', ''),
  variant('what is written on an island is not kept in the room', 'faults/room-islands.ts', 'const { kept } = this.options.document.take(update);', 'const kept = update;'),
  variant('lost frames go unnoticed', 'faults/room-links.ts', 'session.missedFrames = true;', ''),
  variant('records after a gap are taken for whole', 'room/room.ts', 'session.mayLeaveGaps ? this.journal.withoutGaps(encoded) : encoded', 'encoded'),
  variant('who missed frames is not asked again', 'room/resync-session.ts', 'if (session.speaksOurs) session.askAgain();', 'if (session.speaksOurs) return;'),
  variant('who asks for a document gets none', 'room/room-protocol.ts', 'session.send(island.stepTwo(stateVector));', ''),
  variant('who comes gets no records', 'room/room-protocol.ts', 'session.sendFrom(recordFrames(room.journal.missing(hello.summary, view).map(({ bytes }) => bytes)));', ''),
  variant('nothing is ever confirmed', 'room/confirmations.ts', 'for (const session of this.owed) {', 'for (const session of [] as Session[]) {'),
  variant('an update comes to its island and not to the room', 'faults/room-islands.ts', 'if (document === this.options.document) return onIsland;', 'return onIsland;'),
  variant('messages between copies come from nobody', 'room/room-protocol.ts', 'peer: from });', "peer: 'Z' });"),
];

test.each(variants)('a broken relay is noticed: $name', { timeout: 120_000 }, async (each) => {
  const load = loadShared(each);
  const program = { ...load('shared/scenarios/random-runs.ts'), ...load('test/support/real-room.ts') } as unknown as Program;
  for (let seed = 1; seed <= runs; seed++) {
    const wrong = await wrongIn(program, seed).catch((error: unknown) => [String(error)]);
    if (wrong.length > 0) return;
  }
  expect.unreachable(`not noticed within ${runs} runs`);
});
