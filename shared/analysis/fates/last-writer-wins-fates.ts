/**
 * What last writer wins made of each edit. [LWW7] A value is made of the writes that the greatest one descends from, read from the write that each
 * replaced: having been *seen* is not enough, as a peer may have received a losing write, dropped it, and written on.
 */
import { dotKey, type DotKey } from '../../clocks/dot.ts';
import type { FieldSpec, Schema } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import type { LastWriterWins } from '../../strategies/last-writer-wins/last-writer-wins.ts';
import { type ChainedWrite, compareWrites, rootKey, type WriteChain } from '../../strategies/last-writer-wins/write-chain.ts';
import { trueMsOf } from '../acknowledgements.ts';
import { firstIndex } from '../concurrency.ts';
import { type EditsByKey, editsByKey } from '../edit-index.ts';
import { eachOf, mapped, type Sliced } from '../slices.ts';
import type { Column } from './column.ts';
import { fatesByField, type StrategyFates } from './strategy-fates.ts';
import { treeColumn } from './tree-column.ts';
import { inOrderOf, type TreeWrite, WriteTree } from './write-tree.ts';

/** `edits` in causal order. */
export function* lastWriterWinsFates(schema: Schema, edits: readonly EditRecord[], strategy: LastWriterWins): Sliced<StrategyFates> {
  const recordByKey = yield* editsByKey(edits);
  return yield* fatesByField(strategy.id, schema, edits, (field) => columnOf(field, strategy.chain(field.id), recordByKey), (field) => strategy.value(field));
}

function* columnOf(field: FieldSpec, chain: WriteChain, recordByKey: EditsByKey): Sliced<Column> {
  const recordOf = (key: DotKey): EditRecord | undefined => recordByKey.get(key);
  const writes = yield* mapped(chain.writes(), ({ key, dot, intent, replaces }): TreeWrite => {
    const parents = replaces === rootKey ? [] : [replaces];
    return { key, dot, intent, parents, kept: parents };
  });
  const tree = yield* WriteTree.of(yield* inOrderOf(writes, recordOf), chain.tip === rootKey ? [] : [chain.tip]);
  const winnerOver = yield* winners(chain, recordByKey);
  const branchLoss = (record: EditRecord): ReturnType<Column['lossOf']> => {
    const write = chain.get(dotKey(record.dot));
    const winner = write && winnerOver(write);
    const reason = winner && isSkewed(record, winner, recordByKey.get(winner.key)) ? 'skew' : 'concurrent';
    return winner ? { reason, cause: winner.dot, ...(field.type === 'counter' ? { wrote: chain.valueAfter(winner.key) as number } : {}) } : { reason };
  };
  return yield* treeColumn(field, { tree, values: [chain.value], recordOf, branchLoss });
}

/** Whether the winner was older causally, or concurrent and earlier in true time, by a faster clock. */
function isSkewed(lost: EditRecord, { dot }: ChainedWrite, winner: EditRecord | undefined): boolean {
  if (lost.context.includes(dot)) return true;
  return winner !== undefined && trueMsOf(winner) < trueMsOf(lost) && (winner.skewMs ?? 0) > (lost.skewMs ?? 0);
}

/** The write that beat a losing one: the one it had seen and could not beat, else the last one of the winning line that had not seen it. */
function* winners(chain: WriteChain, recordByKey: EditsByKey): Sliced<(lost: ChainedWrite) => ChainedWrite | undefined> {
  const lineage = chain.lineage();
  const placeInLineage = new Map<string, number>();
  yield* eachOf(lineage, ({ key }, place) => void placeInLineage.set(key, place));
  const branchStarts = new Map<string, ChainedWrite>();

  /** The first write of the losing branch that this write is on. */
  function branchStart(write: ChainedWrite): ChainedWrite {
    const path: ChainedWrite[] = [];
    let start = write;
    while (start.replaces !== rootKey && !placeInLineage.has(start.replaces) && !branchStarts.has(start.key)) {
      path.push(start);
      start = chain.get(start.replaces)!;
    }
    start = branchStarts.get(start.key) ?? start;
    for (const each of path) branchStarts.set(each.key, start);
    return start;
  }

  return (lost) => {
    const start = branchStart(lost);
    const fork = placeInLineage.get(start.replaces) ?? -1;
    const seen = lineage[fork];
    if (seen && compareWrites(start, seen) < 0) return seen;
    const awareFrom = firstIndex(lineage, (write) => recordByKey.get(write.key)?.context.includes(lost.dot) ?? false);
    return lineage[Math.max(awareFrom - 1, fork + 1)] ?? lineage.at(-1);
  };
}
