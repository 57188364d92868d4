/**
 * What the siblings strategy made of each edit. The values that wait are the tips of its graph of writes; where a resolver decides, there is one value:
 * made of all of them by a union or a sum, of the greatest by a maximum.
 */
import { type Dot, dotKey, type DotKey } from '../../clocks/dot.ts';
import type { FieldSpec, Schema } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import { decides } from '../../strategies/siblings/resolvers.ts';
import type { SiblingGraph, SiblingWrite } from '../../strategies/siblings/sibling-graph.ts';
import type { Siblings } from '../../strategies/siblings/siblings.ts';
import { type EditsByKey, editsByKey } from '../edit-index.ts';
import { eachOf, mapped, type Sliced } from '../slices.ts';
import type { Column } from './column.ts';
import { Lineage } from './lineage.ts';
import { fatesByField, type StrategyFates } from './strategy-fates.ts';
import { treeColumn } from './tree-column.ts';
import { inOrderOf, type TreeWrite, WriteTree } from './write-tree.ts';

/** `edits` in causal order. */
export function* siblingsFates(schema: Schema, edits: readonly EditRecord[], strategy: Siblings): Sliced<StrategyFates> {
  const recordByKey = yield* editsByKey(edits);
  return yield* fatesByField(strategy.id, schema, edits, (field) => columnOf(field, strategy, recordByKey), (field) => strategy.value(field));
}

function* columnOf(field: FieldSpec, strategy: Siblings, recordByKey: EditsByKey): Sliced<Column> {
  const graph = strategy.graph(field.id);
  const waiting = strategy.waiting(field.id);
  const recordOf = (key: DotKey): EditRecord | undefined => recordByKey.get(key);
  const known = yield* mapped(graph.inOrder(), (write): TreeWrite => ({ key: write.key, dot: write.dot, intent: write.intent, parents: write.covers, kept: keptBy(graph, write) }));
  const writes = yield* inOrderOf(known, recordOf);
  const tips = waiting.length > 1 ? waiting.map(({ key }) => key) : decidedTip(field, strategy, graph, writes);
  const tree = yield* WriteTree.of(writes, tips);
  const values = waiting.length > 1 ? waiting.map(({ value }) => value) : [strategy.value(field.id)];
  const line = tips[0] === undefined ? [] : yield* tree.lineageOf(tips[0]);
  const causes = yield* droppedBy(tree, line);
  const lineage = yield* Lineage.of(line, recordOf);
  const branchLoss = (record: EditRecord): ReturnType<Column['lossOf']> => {
    const cause = causes.get(dotKey(record.dot)) ?? lineage.newestUnaware(record)?.dot;
    return { reason: 'concurrent', ...(cause ? { cause } : {}) };
  };
  return yield* treeColumn(field, { tree, values, recordOf, branchLoss });
}

/** Where nothing waits: the only tip, or the one that stands for what the resolver made of several; that one is added to the writes. */
function decidedTip(field: FieldSpec, strategy: Siblings, graph: SiblingGraph, writes: TreeWrite[]): DotKey[] {
  const { heads } = graph;
  if (heads.length < 2) return [...heads];
  const resolver = strategy.resolverOf(field.type);
  if (!decides(resolver, field.type) || resolver === 'maximum') return [graph.greatestOf(heads)];
  const merged: TreeWrite = { key: heads.join(' '), dot: graph.get(heads[0]!)!.dot, intent: null, parents: heads, kept: heads };
  writes.push(merged);
  return [merged.key];
}

/** Which of the covered writes live on in a write: those that a person kept, all of a union or a sum, the greatest of a maximum, none that a set replaced. */
function keptBy(graph: SiblingGraph, { intent, covers, resolver }: SiblingWrite): readonly DotKey[] {
  if (intent.kind === 'resolve') return covers.filter((key) => intent.keeps.includes(key));
  if (covers.length < 2 || resolver === 'union' || resolver === 'sum') return covers;
  if (intent.kind === 'set') return [];
  return [graph.greatestOf(covers)];
}

/** For each write that a line left out on its way: the dot of the one that was taken in its place. */
function* droppedBy(tree: WriteTree, line: readonly TreeWrite[]): Sliced<Map<DotKey, Dot>> {
  const made = new Set<DotKey>();
  yield* eachOf(line, ({ key }) => void made.add(key));
  const dropped = new Map<DotKey, Dot>();
  yield* eachOf(line, ({ parents, kept, dot }) => {
    const cause = (kept[0] === undefined ? undefined : tree.get(kept[0])?.dot) ?? dot;
    const open = parents.filter((key) => !kept.includes(key));
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (made.has(key) || dropped.has(key)) continue;
      dropped.set(key, cause);
      for (const below of tree.get(key)?.parents ?? []) open.push(below);
    }
  });
  return dropped;
}
