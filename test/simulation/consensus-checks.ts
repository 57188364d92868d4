/** What must be true of every run of consensus. */
import { dotKey } from '../../shared/clocks/dot.ts';
import type { Consensus, ConsensusDetails } from '../../shared/strategies/consensus/consensus.ts';
import { acceptedOf, type CoordinatedRun, endOf, replay, runSchema } from './coordinated-run.ts';

/** Notes a stock below 0 and a value that goes back, at any copy at any time. */
export function watchConsensus(name: string, copy: Consensus, run: CoordinatedRun<Consensus>): void {
  const shown = new Map<string, number>();
  copy.onChange((fields) => {
    if ((copy.value('seats') as number) < 0) run.wrong.push(`${name} shows ${String(copy.value('seats'))} seats`);
    for (const field of fields) {
      const { version } = copy.tip(field);
      if (version < (shown.get(field) ?? 0)) run.wrong.push(`${field} went back at ${name}`);
      shown.set(field, version);
    }
  });
}

/** Whether the accepted edits of each field are one chain that gives the final value, and whether it keeps to real time. */
export function wrongChains(run: CoordinatedRun<Consensus>): string[] {
  return runSchema.flatMap(({ id }) => {
    const accepted = run.edits.filter((edit) => edit.field === id && endOf(edit) === 'accepted')
      .map((edit) => ({ edit, details: acceptedOf<ConsensusDetails>(edit)! })).sort((a, b) => a.details[0] - b.details[0]);
    const wrong: string[] = [];
    accepted.forEach(({ edit, details: [version, replaces] }, i) => {
      const before = accepted[i - 1];
      if (version !== i + 1 || replaces !== (before ? dotKey(before.edit.dot) : '')) wrong.push(`${id}: ${dotKey(edit.dot)} is ${version} after "${replaces}", not ${i + 1} after "${before ? dotKey(before.edit.dot) : ''}"`);
      const late = accepted.slice(i + 1).find((other) => other.edit.told[0]!.settlement.outcome === 'accepted' && other.edit.told[0]!.atMs < edit.madeMs);
      const earlier = accepted.slice(i + 1).find((other) => other.edit.dot.replica === edit.dot.replica && other.edit.dot.counter < edit.dot.counter);
      if (earlier) wrong.push(`${id}: ${dotKey(earlier.edit.dot)} comes after ${dotKey(edit.dot)}, which its author made later`);
      if (late) wrong.push(`${id}: ${dotKey(late.edit.dot)} was accepted before ${dotKey(edit.dot)} was made, and comes after it`);
    });
    const { value, wrong: impossible } = replay(id, accepted.map(({ edit }) => edit));
    for (const name of run.lines.names) {
      const shown = run.lines.at(name).value(id);
      if (shown !== value) wrong.push(`${id}: ${name} shows ${String(shown)}, the accepted edits make ${String(value)}`);
    }
    return [...wrong, ...impossible];
  });
}
