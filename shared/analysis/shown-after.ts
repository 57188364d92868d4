/**
 * What a window showed of a counter or a stock right after a click, for the strategies that answer at once with one number.
 *
 * Reckoned from what the edit's maker had seen. Last writer wins: exact, as its state is a function of the journal. CRDT: the sum of the steps seen; the
 * Y.Doc travels by itself and may have been some milliseconds ahead of the journal or behind it. Siblings show one of several values: nothing is said.
 * What a replica has seen only grows, so the cost is in proportion to edits times replicas.
 */
import { dotKey, type ReplicaId } from '../clocks/dot.ts';
import type { FieldId, FieldSpec } from '../document/schema.ts';
import { compareCausally } from '../history/causal-order.ts';
import type { EditRecord, StrategyId } from '../history/record.ts';
import { WriteChain } from '../strategies/last-writer-wins/write-chain.ts';
import { getOrMake } from './concurrency.ts';
import { filtered } from './filtered.ts';
import { ShelvedMap } from './shelved-map.ts';
import { eachOf, type Sliced, sorted } from './slices.ts';
import { stepOf, StepSums } from './step-sums.ts';
import { wellFormedWrites } from './version-ranks.ts';

/** By edit. */
export type ShownAfter = Pick<ShelvedMap<number>, 'get'>;

/** `fields` are counters and stocks; `edits` in causal order. */
export function* shownAfter(fields: readonly FieldSpec[], edits: readonly EditRecord[], strategy: StrategyId): Sliced<ShownAfter> {
  if (strategy === 'crdt') return yield* sumsAfter(fields, edits);
  return strategy === 'last-writer-wins' ? yield* winnersAfter(fields, edits) : new ShelvedMap();
}

function* sumsAfter(fields: readonly FieldSpec[], edits: readonly EditRecord[]): Sliced<ShownAfter> {
  const initial = new Map(fields.map((field) => [field.id, field.initial as number]));
  const accepted = yield* filtered(edits, ({ field, traces }) => initial.has(field) && traces.crdt?.outcome === 'accepted');
  const sums = yield* StepSums.sliced(accepted);
  const shown = new ShelvedMap<number>();
  yield* eachOf(accepted, ({ dot, context, field, intent }) => void shown.set(dotKey(dot), initial.get(field)! + sums.of(field, context) + stepOf(intent)));
  return shown;
}

function* winnersAfter(fields: readonly FieldSpec[], edits: readonly EditRecord[]): Sliced<ShownAfter> {
  const ids = new Set(fields.map(({ id }) => id));
  const byMaker = yield* editsByMaker(edits);
  const shown = new ShelvedMap<number>();
  for (const own of byMaker.values()) {
    const view = new View(fields, byMaker);
    for (const edit of own) {
      yield* view.see(edit);
      const value = ids.has(edit.field) && edit.traces['last-writer-wins']?.outcome === 'accepted' ? view.value(edit.field) : null;
      if (typeof value === 'number') shown.set(dotKey(edit.dot), value);
    }
  }
  return shown;
}

function* editsByMaker(edits: readonly EditRecord[]): Sliced<ReadonlyMap<ReplicaId, readonly EditRecord[]>> {
  const byMaker = new Map<ReplicaId, EditRecord[]>();
  yield* eachOf(edits, (edit) => void getOrMake(byMaker, edit.dot.replica, () => []).push(edit));
  return byMaker;
}

/** The writes that one replica has, as it goes on. */
class View {
  private readonly taken = new Map<ReplicaId, number>();
  private readonly chains: ReadonlyMap<FieldId, WriteChain>;

  constructor(fields: readonly FieldSpec[], private readonly byMaker: ReadonlyMap<ReplicaId, readonly EditRecord[]>) {
    this.chains = new Map(fields.map((field) => [field.id, new WriteChain(field)]));
  }

  /** Takes what the edit's maker had seen, and the edit. */
  *see(edit: EditRecord): Sliced<void> {
    const arrived = yield* sorted(this.arrivedWith(edit), compareCausally);
    arrived.push(edit);
    yield* eachOf(arrived, (each) => {
      for (const [field, write] of wellFormedWrites(each)) this.chains.get(field)?.add(write);
    });
  }

  private arrivedWith({ context }: EditRecord): EditRecord[] {
    const arrived: EditRecord[] = [];
    for (const [maker, edits] of this.byMaker) {
      let at = this.taken.get(maker) ?? 0;
      while (at < edits.length && context.includes(edits[at]!.dot)) arrived.push(edits[at++]!);
      this.taken.set(maker, at);
    }
    return arrived;
  }

  value(field: FieldId): unknown {
    return this.chains.get(field)!.value;
  }
}
