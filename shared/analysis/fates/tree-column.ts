/**
 * A column of a strategy that holds whole values: all that the rules ask is read from its tree of writes. An edit is lost to the last write on its target,
 * where the shown value was made of both; else to what its branch lost to.
 */
import { dotKey, type DotKey } from '../../clocks/dot.ts';
import type { FieldSpec, FieldValue } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import { getOrMake } from '../concurrency.ts';
import type { Column } from './column.ts';
import { itemOf, present, type Target, wishesShown, wishOf } from './targets.ts';
import { TreeText } from './tree-text.ts';
import type { TreeWrite, WriteTree } from './write-tree.ts';

type Loss = ReturnType<Column['lossOf']>;

export interface TreeColumnOptions {
  readonly tree: WriteTree;
  /** The values that can be chosen: of the tree's tips, in their order, or the initial value. */
  readonly values: readonly FieldValue[];
  readonly recordOf: (key: DotKey) => EditRecord | undefined;
  /** Why an edit is lost that no shown value was made of. */
  readonly branchLoss: (record: EditRecord) => Loss;
}

export function treeColumn(field: FieldSpec, options: TreeColumnOptions): Column {
  const { tree, values, recordOf, branchLoss } = options;
  const lineages = tree.tips.map((tip) => tree.lineageOf(tip));
  const made = lineages.map((lineage) => new Set(lineage.map(({ key }) => key)));
  const last = lineages.map((lineage) => lastOnTargets(field, lineage));
  const keptLineages = new Map<DotKey, ReadonlySet<DotKey>>();
  const lineageKeys = (tip: DotKey): ReadonlySet<DotKey> => getOrMake(keptLineages, tip, () => new Set(tree.lineageOf(tip).map(({ key }) => key)));
  let text: TreeText | null = null;
  let idle: ReadonlySet<DotKey> | null = null;
  const winnerOn = (record: EditRecord): EditRecord | undefined => {
    const target = wishOf(record, field)?.target;
    if (target === undefined) return undefined;
    const item = itemOf(target);
    const removed = item !== null && values[0] !== undefined && wishesShown(field, values[0])(`item ${item}`) !== present;
    const key = last[0]?.get(removed ? `item ${item}` : target);
    return key === undefined || key === dotKey(record.dot) ? undefined : recordOf(key);
  };
  /** The newest write of the shown value that had not seen the edit, nor the edit it. */
  const besideOnTheWay = (record: EditRecord): EditRecord | undefined => {
    for (const { key } of [...(lineages[0] ?? [])].reverse()) {
      const other = recordOf(key);
      if (other && other !== record && !other.context.includes(record.dot) && !record.context.includes(other.dot)) return other;
    }
    return undefined;
  };
  return {
    values,
    isMadeOf: (value, record) => made[value]?.has(dotKey(record.dot)) ?? false,
    placedBy: (value, item) => last[value]?.get(`place ${item}`) ?? null,
    charactersOf: (record) => (text ??= new TreeText(tree, field.initial as string)).charactersOf(record, recordOf),
    hadNothingToDo: ({ dot, intent }) => intent.kind === 'remove' && (idle ??= idleRemovals(field, tree)).has(dotKey(dot)),
    lossOf: (record) => {
      if (!made[0]?.has(dotKey(record.dot))) return branchLoss(record);
      const winner = winnerOn(record) ?? besideOnTheWay(record);
      return { reason: 'concurrent', ...(winner ? { cause: winner.dot } : {}) };
    },
    replacedBy: () => null,
    besideOf: (record) => {
      const key = dotKey(record.dot);
      const other = tree.tips.find((tip) => tip !== key && !recordOf(tip)?.context.includes(record.dot));
      return (other === undefined ? undefined : tree.get(other)?.dot) ?? null;
    },
    exceptionOf: () => null,
    keeps: (choice, record) => (tree.get(dotKey(choice.dot))?.kept ?? []).some((kept) => lineageKeys(kept).has(dotKey(record.dot))),
  };
}

/** The removals of elements that were not there in the value that they were applied to. On several kept values there was something to do, as far as is known. */
function idleRemovals(field: FieldSpec, tree: WriteTree): ReadonlySet<DotKey> {
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
  // A choice may put anything there.
  tree.walk(enter, leave);
  return tree.writes.some(({ intent }) => intent?.kind === 'resolve') ? new Set() : idle;
}

function elementOf(intent: TreeWrite['intent']): string | null {
  return intent?.kind === 'add' || intent?.kind === 'remove' ? intent.element : null;
}

/** For each target the last write on it. */
function lastOnTargets(field: FieldSpec, lineage: readonly TreeWrite[]): Map<Target, DotKey> {
  const last = new Map<Target, DotKey>();
  for (const { key, dot, intent } of lineage) {
    const wanted = intent && wishOf({ intent, dot }, field);
    if (wanted) last.set(wanted.target, key);
  }
  return last;
}
