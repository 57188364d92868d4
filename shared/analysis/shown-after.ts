/**
 * What a window showed of a counter or a stock right after a click, for the strategies that answer at once with one number.
 *
 * Reckoned from what the edit's maker had seen. Last writer wins: exact, as its state is a function of the journal. CRDT: the sum of the steps seen; the
 * Y.Doc travels by itself and may have been some milliseconds ahead of the journal or behind it. Siblings show one of several values: nothing is said.
 * What a replica has seen only grows, so the cost is in proportion to edits times replicas.
 */
import { dotKey, type DotKey, type ReplicaId } from '../clocks/dot.ts';
import type { Intent } from '../document/intent.ts';
import type { FieldId, FieldSpec } from '../document/schema.ts';
import { inCausalOrder } from '../history/causal-order.ts';
import type { EditRecord, StrategyId } from '../history/record.ts';
import { WriteChain } from '../strategies/last-writer-wins/write-chain.ts';
import { firstIndex, getOrMake } from './concurrency.ts';
import { wellFormedWrites } from './version-ranks.ts';

/** By edit. `fields` are counters and stocks; `edits` in causal order. */
export function shownAfter(fields: readonly FieldSpec[], edits: readonly EditRecord[], strategy: StrategyId): ReadonlyMap<DotKey, number> {
  if (strategy === 'crdt') return sumsAfter(fields, edits);
  return strategy === 'last-writer-wins' ? winnersAfter(fields, edits) : new Map();
}

/** The steps of one replica on one field: after each, their sum so far. */
interface Steps {
  readonly counters: number[];
  readonly sums: number[];
}

function sumsAfter(fields: readonly FieldSpec[], edits: readonly EditRecord[]): Map<DotKey, number> {
  const steps = new Map(fields.map(({ id }) => [id, new Map<ReplicaId, Steps>()]));
  const accepted = edits.filter(({ field, traces }) => steps.has(field) && traces.crdt?.outcome === 'accepted');
  for (const { dot, field, intent } of accepted) {
    const { counters, sums } = getOrMake(steps.get(field)!, dot.replica, () => ({ counters: [], sums: [] }));
    counters.push(dot.counter);
    sums.push((sums.at(-1) ?? 0) + stepOf(intent));
  }
  const initial = new Map(fields.map((field) => [field.id, field.initial as number]));
  return new Map(accepted.map(({ dot, context, field, intent }) => {
    let shown = initial.get(field)! + stepOf(intent);
    for (const [replica, { counters, sums }] of steps.get(field)!) shown += sums[firstIndex(counters, (each) => each > context.get(replica)) - 1] ?? 0;
    return [dotKey(dot), shown];
  }));
}

/** By how much an intent changes a counter or a stock; 0: it is no step. */
export function stepOf(intent: Intent): number {
  if (intent.kind === 'increment') return intent.by;
  return intent.kind === 'release' ? intent.amount : intent.kind === 'reserve' ? -intent.amount : 0;
}

function winnersAfter(fields: readonly FieldSpec[], edits: readonly EditRecord[]): Map<DotKey, number> {
  const ids = new Set(fields.map(({ id }) => id));
  const byMaker = new Map<ReplicaId, EditRecord[]>();
  for (const edit of edits) getOrMake(byMaker, edit.dot.replica, () => []).push(edit);
  const shown = new Map<DotKey, number>();
  for (const own of byMaker.values()) {
    const view = new View(fields, byMaker);
    for (const edit of own) {
      view.see(edit);
      const value = ids.has(edit.field) && edit.traces['last-writer-wins']?.outcome === 'accepted' ? view.value(edit.field) : null;
      if (typeof value === 'number') shown.set(dotKey(edit.dot), value);
    }
  }
  return shown;
}

/** The writes that one replica has, as it goes on. */
class View {
  private readonly taken = new Map<ReplicaId, number>();
  private readonly chains: ReadonlyMap<FieldId, WriteChain>;

  constructor(fields: readonly FieldSpec[], private readonly byMaker: ReadonlyMap<ReplicaId, readonly EditRecord[]>) {
    this.chains = new Map(fields.map((field) => [field.id, new WriteChain(field)]));
  }

  /** Takes what the edit's maker had seen, and the edit. */
  see(edit: EditRecord): void {
    const arrived: EditRecord[] = [];
    for (const [maker, edits] of this.byMaker) {
      let at = this.taken.get(maker) ?? 0;
      while (at < edits.length && edit.context.includes(edits[at]!.dot)) arrived.push(edits[at++]!);
      this.taken.set(maker, at);
    }
    for (const each of [...inCausalOrder(arrived), edit]) for (const [field, write] of wellFormedWrites(each)) this.chains.get(field)?.add(write);
  }

  value(field: FieldId): unknown {
    return this.chains.get(field)!.value;
  }
}
