/** The checks of random runs: where a line of the relay is broken, some run shows it. */
import { expect, test } from 'vitest';
import { noticedIn } from '../support/random-run-variant.ts';
import { noteRuns, someOf } from '../support/run-counts.ts';
import type { Variant } from '../support/shared-variant.ts';

/** Most runs until a broken relay is noticed. */
const seedsMax = 40;

const variant = (name: string, file: string, find: string, put: string): Variant => ({
  name,
  file: `shared/relay/${file}`,
  find,
  put,
});

const variants: readonly Variant[] = [
  variant(
    'who comes to another island does not hear of its document',
    'faults/regrouping.ts',
    'if (news) session.send(updateFrame(news));',
    '',
  ),
  variant(
    'who comes to another island does not hear of its records',
    'faults/regrouping.ts',
    'session.sendFrom(recordFrames(missing.map(({ bytes }) => bytes), codec.encode));',
    '',
  ),
  variant(
    'what is written on an island is not kept in the room',
    'faults/room-islands.ts',
    'const { kept } = this.options.document.take(update);',
    'const kept = update;',
  ),
  variant(
    'lost frames go unnoticed',
    'session/session-sync-state.ts',
    'this.leavesGaps = true;\n    this.missedFrames = true;',
    'this.leavesGaps = true;',
  ),
  variant(
    'records after a gap are taken for whole',
    'room/room-edits.ts',
    'session.syncState.mayLeaveGaps ? journal.withoutGaps(encoded) : encoded',
    'encoded',
  ),
  variant(
    'who missed frames is not asked again',
    'room/resync-session.ts',
    'if (session.speaksOurs) session.askAgain();',
    'if (session.speaksOurs) return;',
  ),
  variant(
    'who asks for a document gets none',
    'room/room-protocol.ts',
    'sync.send(session, stateVector);',
    '',
  ),
  variant(
    'who comes gets no records',
    'room/room-protocol.ts',
    'session.sendFrom(recordFrames(journal.missing(hello.summary, view).map(({ bytes }) => bytes), codec.encode));',
    '',
  ),
  variant(
    'nothing is ever confirmed',
    'room/confirmations.ts',
    'for (const session of this.owed) {',
    'for (const session of [] as Session[]) {',
  ),
  variant(
    'an update comes to its island and not to the room',
    'faults/room-islands.ts',
    'if (document === this.options.document) return onIsland;',
    'return onIsland;',
  ),
  variant(
    'messages between copies come from nobody',
    'room/room-protocol.ts',
    'peer: from });',
    "peer: 'Z' });",
  ),
];

test.each(someOf('relay-variants', variants))(
  'a broken relay is noticed: $name',
  { timeout: 600_000, tags: ['runs'] },
  async (each) => {
    noteRuns('relay-variants', 1);
    expect(await noticedIn(each, seedsMax), `in ${seedsMax} runs`).not.toBe(null);
  },
);
