/**
 * A column of a strategy that holds whole values: all that the rules ask is read from its tree of writes. An edit is lost to the last write on its target,
 * where the shown value was made of both; else to what its branch lost to.
 */
import { dotKey, type DotKey } from '../../clocks/dot.ts';
import type { FieldSpec, FieldValue } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import { eachOf, type Sliced } from '../slices.ts';
import { ChoiceLineages } from './choice-lineages.ts';
import type { Column } from './column.ts';
import { Lineage } from './lineage.ts';
import { itemOf, present, type Target, wishesShown, wishOf } from './targets.ts';
import { TreeText } from './tree-text.ts';
import { isChoice, type TreeWrite, type WriteTree } from './write-tree.ts';

type Loss = ReturnType<Column['lossOf']>;

export interface TreeColumnOptions {
  readonly tree: WriteTree;
  /** The values that can be chosen: of the tree's tips, in their order, or the initial value. */
  readonly values: readonly FieldValue[];
  readonly recordOf: (key: DotKey) => EditRecord | undefined;
  /** Why an edit is lost that no shown value was made of. */
  readonly branchLoss: (record: EditRecord) => Loss;
}

export function* treeColumn(field: FieldSpec, options: TreeColumnOptions): Sliced<Column> {
  const { tree, values, recordOf, branchLoss } = options;
  const made: Lineage[] = [];
  const last: Map<Target, DotKey>[] = [];
  for (const tip of tree.tips) {
    const lineage = yield* tree.lineageOf(tip);
    made.push(yield* Lineage.of(lineage, recordOf));
    last.push(yield* lastOnTargets(field, lineage));
  }
  const choices = yield* ChoiceLineages.of(tree);
  const text = field.type === 'text' ? yield* TreeText.of(tree, field.initial as string) : null;
  const idle = field.type === 'set' ? yield* idleRemovals(field, tree) : null;
  const winnerOn = (record: EditRecord): EditRecord | undefined => {
    const target = wishOf(record, field)?.target;
    if (target === undefined) return undefined;
    const item = itemOf(target);
    const removed = item !== null && values[0] !== undefined && wishesShown(field, values[0])(`item ${item}`) !== present;
    const key = last[0]?.get(removed ? `item ${item}` : target);
    return key === undefined || key === dotKey(record.dot) ? undefined : recordOf(key);
  };
  return {
    values,
    isMadeOf: (value, record) => made[value]?.keys.has(dotKey(record.dot)) ?? false,
    placedBy: (value, item) => last[value]?.get(`place ${item}`) ?? null,
    charactersOf: (record) => text!.charactersOf(record, recordOf),
    runs: () => text!.runs(),
    hadNothingToDo: ({ dot, intent }) => intent.kind === 'remove' && idle!.has(dotKey(dot)),
    lossOf: (record) => {
      if (!made[0]?.keys.has(dotKey(record.dot))) return branchLoss(record);
      const winner = winnerOn(record) ?? made[0].newestApart(record);
      return { reason: 'concurrent', ...(winner ? { cause: winner.dot } : {}) };
    },
    replacedBy: () => null,
    besideOf: (record) => {
      const key = dotKey(record.dot);
      const other = tree.tips.find((tip) => tip !== key && !recordOf(tip)?.context.includes(record.dot));
      return (other === undefined ? undefined : tree.get(other)?.dot) ?? null;
    },
    exceptionOf: () => null,
    keeps: (choice, record) => choices.isMadeOf(dotKey(choice.dot), dotKey(record.dot)),
  };
}

/** The removals of elements that were not there in the value that they were applied to. On several kept values there was something to do, as far as is known. */
function* idleRemovals(field: FieldSpec, tree: WriteTree): Sliced<ReadonlySet<DotKey>> {
  // A choice may put anything there.
  if (tree.writes.some(isChoice)) return new Set();
  const idle = new Set<DotKey>();
  const isThere = new Map((field.initial as readonly string[]).map((element) => [element, true]));
  const before: boolean[] = [];
  const enter = ({ key, intent, kept }: TreeWrite): void => {
    const element = elementOf(intent);
    if (element === null) return;
    const wasThere = isThere.get(element) ?? false;
    if (intent!.kind === 'remove' && !wasThere && kept.length < 2) idle.add(key);
    before.push(wasThere);
    isThere.set(element, intent!.kind === 'add');
  };
  const leave = ({ intent }: TreeWrite): void => {
    const element = elementOf(intent);
    if (element !== null) isThere.set(element, before.pop()!);
  };
  yield* tree.walk(enter, leave);
  return idle;
}

function elementOf(intent: TreeWrite['intent']): string | null {
  return intent?.kind === 'add' || intent?.kind === 'remove' ? intent.element : null;
}

/** For each target the last write on it. */
function* lastOnTargets(field: FieldSpec, lineage: readonly TreeWrite[]): Sliced<Map<Target, DotKey>> {
  const last = new Map<Target, DotKey>();
  yield* eachOf(lineage, ({ key, dot, intent }) => {
    const wanted = intent && wishOf({ intent, dot }, field);
    if (wanted) last.set(wanted.target, key);
  });
  return last;
}
