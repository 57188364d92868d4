/**
 * What last writer wins made of each edit. [LWW7] An edit is lost iff its write is not among those that the current value descends from.
 *
 * Having been *seen* is not enough: a peer may have received a losing write, dropped it, and written on. So descent is read from the writes
 * that each write replaced, not from version vectors; the vectors then say why: concurrent, or seen and yet beaten by a clock that was ahead.
 */
import { dotKey } from '../clocks/dot.ts';
import type { FieldSpec, Schema } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import type { LastWriterWins } from '../strategies/last-writer-wins/last-writer-wins.ts';
import { compareWrites, rootKey, type Write, type WriteChain } from '../strategies/last-writer-wins/write-chain.ts';
import { firstIndex } from './concurrency.ts';
import type { Fate } from './fate.ts';
import { charactersLost, effectsOf } from './value-effects.ts';

/** Judges accepted edits that every replica has. */
export function lastWriterWinsJudge(schema: Schema, records: readonly EditRecord[], strategy: LastWriterWins): (record: EditRecord) => Fate {
  const recordByKey = new Map(records.map((record) => [dotKey(record.dot), record]));
  const judges = new Map(schema.map((field) => [field.id, chainJudge(field, strategy.chain(field.id), recordByKey)]));
  return (record) => judges.get(record.field)!(record);
}

function chainJudge(field: FieldSpec, chain: WriteChain, recordByKey: ReadonlyMap<string, EditRecord>): (record: EditRecord) => Fate {
  const lineage = chain.lineage();
  const placeInLineage = new Map(lineage.map((write, place) => [write.key, place]));
  const effects = effectsOf(field, lineage);
  const branchStarts = new Map<string, Write>();

  /** The first write of the losing branch that this write is on. */
  function branchStart(write: Write): Write {
    const path: Write[] = [];
    let start = write;
    while (start.replaces !== rootKey && !placeInLineage.has(start.replaces) && !branchStarts.has(start.key)) {
      path.push(start);
      start = chain.get(start.replaces)!;
    }
    start = branchStarts.get(start.key) ?? start;
    for (const each of path) branchStarts.set(each.key, start);
    return start;
  }

  /** The write that beat a losing one: the one it had seen and could not beat, else the last one of the winning line that had not seen it. */
  function winnerOver(lost: Write): Write | undefined {
    const start = branchStart(lost);
    const fork = placeInLineage.get(start.replaces) ?? -1;
    const seen = lineage[fork];
    if (seen && compareWrites(start, seen) < 0) return seen;
    const awareFrom = firstIndex(lineage, (write) => recordByKey.get(write.key)?.context.includes(lost.dot) ?? false);
    return lineage[Math.max(awareFrom - 1, fork + 1)] ?? lineage.at(-1);
  }

  return (record) => {
    const key = dotKey(record.dot);
    const kept = effects.get(key);
    if (kept) return kept;
    const write = chain.get(key);
    const winner = write && winnerOver(write);
    const reason = winner && record.context.includes(winner.dot) ? 'skew' : 'concurrent';
    return { disposition: 'lost', reason, ...(winner ? { cause: winner.dot } : {}), ...charactersLost(record.intent) };
  };
}
