/**
 * Which edits of one field were replaced by which, under one strategy: read from the history alone.
 *
 * An edit replaces an earlier one if its author had seen that one, both have one target, and it wants something else there. Removing an item replaces
 * all that was done to the item; a choice between siblings replaces what it does not keep; steps replace nothing.
 * One replica's contexts only grow, so that a search costs replicas · log n.
 */
import { dotKey, type DotKey, type ReplicaId } from '../../clocks/dot.ts';
import type { FieldSpec } from '../../document/schema.ts';
import { compareCausally } from '../../history/causal-order.ts';
import type { EditRecord } from '../../history/record.ts';
import { firstIndex, getOrMake } from '../concurrency.ts';
import { eachOf, type Sliced } from '../slices.ts';
import { isPlace, itemOf, present, type Target, wishesShown, wishOf } from './targets.ts';

interface Wanting {
  readonly record: EditRecord;
  readonly wish: string;
}

/** The edits of one replica on one target, in their order. */
interface Line {
  readonly edits: Wanting[];
  /** For each, where the next one stands that wants something else. */
  readonly others: number[];
}

export class Replacements {
  private readonly lines = new Map<Target, Map<ReplicaId, Line>>();
  private readonly choices: EditRecord[] = [];
  /** Edits that were put back: what is shown again stands for the new edits, and not for them. */
  private readonly restored = new Set<DotKey>();

  private constructor(private readonly field: FieldSpec, private readonly keeps: (choice: EditRecord, record: EditRecord) => boolean) {}

  /**
   * `carriedOut`: the edits of the field that were not refused, in causal order. `keeps`: whether a choice was made of this step, move or choice, where the
   * chosen value itself does not tell.
   */
  static *of(field: FieldSpec, carriedOut: readonly EditRecord[], keeps: (choice: EditRecord, record: EditRecord) => boolean): Sliced<Replacements> {
    const replacements = new Replacements(field, keeps);
    yield* eachOf(carriedOut, (record) => replacements.note(record));
    for (const byReplica of replacements.lines.values()) for (const line of byReplica.values()) yield* fillOthers(line);
    return replacements;
  }

  /** All that edits acted on. */
  get targets(): Iterable<Target> {
    return this.lines.keys();
  }

  /** The first edit that replaced this one; null where none did. */
  replacerOf(record: EditRecord): EditRecord | null {
    const wanted = wishOf(record, this.field);
    let first: EditRecord | null = null;
    if (wanted) {
      first = this.firstOther(record, wanted.target, wanted.wish);
      const item = itemOf(wanted.target);
      if (item !== null) first = earlier(first, this.firstOther(record, `item ${item}`, present));
    }
    const choice = this.choices.find((each) => each.context.includes(record.dot) && !this.isKept(each, record));
    return earlier(first, choice ?? null);
  }

  /** Of these edits that want one thing on one target, those that stand for it: the ones that nothing replaced, else those that none of the others had seen. */
  *standing(wanting: readonly EditRecord[]): Sliced<EditRecord[]> {
    const free: EditRecord[] = [];
    yield* eachOf(wanting, (record) => void (this.replacerOf(record) ?? free.push(record)));
    if (free.length > 0) return free;
    const last = new Map<ReplicaId, EditRecord>();
    for (const record of wanting) if (record.dot.counter > (last.get(record.dot.replica)?.dot.counter ?? 0)) last.set(record.dot.replica, record);
    return [...last.values()].filter((record) => ![...last.values()].some((other) => other.context.includes(record.dot)));
  }

  /** All edits that want this on this target and were not put back, in causal order within each replica. */
  wanting(target: Target, wish: string): EditRecord[] {
    return [...(this.lines.get(target)?.values() ?? [])].flatMap(({ edits }) => edits.filter((each) => each.wish === wish && !this.restored.has(dotKey(each.record.dot))).map(({ record }) => record));
  }

  private note(record: EditRecord): void {
    if (record.intent.kind === 'resolve') this.choices.push(record);
    if (record.restores !== undefined) this.restored.add(record.restores);
    const wanted = wishOf(record, this.field);
    if (!wanted) return;
    const line = getOrMake(getOrMake(this.lines, wanted.target, () => new Map<ReplicaId, Line>()), record.dot.replica, () => ({ edits: [], others: [] }));
    line.edits.push({ record, wish: wanted.wish });
  }

  private firstOther(record: EditRecord, target: Target, wish: string): EditRecord | null {
    let first: EditRecord | null = null;
    for (const { edits, others } of this.lines.get(target)?.values() ?? []) {
      const at = firstIndex(edits, (each) => each.record.context.includes(record.dot));
      const found = edits[at]?.wish === wish ? edits[others[at]!] : edits[at];
      if (found) first = earlier(first, found.record);
    }
    return first;
  }

  private isKept(choice: EditRecord, record: EditRecord): boolean {
    const wanted = wishOf(record, this.field);
    if (choice.intent.kind !== 'resolve') return true;
    if (!wanted || isPlace(wanted.target)) return this.keeps(choice, record);
    return wishesShown(this.field, choice.intent.value)(wanted.target) === wanted.wish;
  }
}

function* fillOthers({ edits, others }: Line): Sliced<void> {
  others.length = edits.length;
  yield* eachOf(edits, (_, place) => {
    const at = edits.length - 1 - place;
    others[at] = edits[at + 1]?.wish === edits[at]!.wish ? others[at + 1]! : at + 1;
  });
}

function earlier(a: EditRecord | null, b: EditRecord | null): EditRecord | null {
  if (!a || !b) return a ?? b;
  return compareCausally(a, b) <= 0 ? a : b;
}

/** The keys of these edits. */
export function keysOf(records: readonly EditRecord[]): ReadonlySet<DotKey> {
  return new Set(records.map(({ dot }) => dotKey(dot)));
}
