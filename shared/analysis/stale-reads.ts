/**
 * Stale reads under one strategy: what was read was older than an edit that had been acknowledged before the read began.
 *
 * Of fields of every type. An edit that was rolled back is not missed: it is lost. Where the strategy ranks its values, an edit is missing that ranks
 * above what was read; else one that the answering replica did not have. Never accuses a read of which it is not known what it read. Two things at one
 * millisecond are in no order. Times are true times as in acknowledgements.ts.
 */
import { dotKey, type DotKey, type ReplicaId } from '../clocks/dot.ts';
import type { FieldId, FieldValue, Schema } from '../document/schema.ts';
import { inCausalOrder } from '../history/causal-order.ts';
import { type EditRecord, isEdit, isRead, type JournalRecord, type ReadRecord, type Seen, type StrategyId } from '../history/record.ts';
import { type TalkingId, isTalking } from '../strategies/conversing.ts';
import { Acknowledgements, trueMsOf } from './acknowledgements.ts';
import { firstIndex, getOrMake } from './concurrency.ts';
import { comparePlaces, type Place, Settlements } from './settlements.ts';
import { latestPlace } from './version-ranks.ts';

export interface StaleRead {
  /** The event of reading; it may have read several fields. */
  readonly read: DotKey;
  readonly field: FieldId;
  /** What was shown. */
  readonly value: FieldValue;
  /** The newest edit that it should have contained. */
  readonly missing: DotKey;
}

/** In causal order of the reads. Costs time in proportion to the history, times the logarithm of its length. */
export function staleReads(schema: Schema, records: readonly JournalRecord[], strategy: StrategyId): StaleRead[] {
  // Most histories have no reads, and the ledger asks for every strategy after each change.
  if (!records.some(isRead)) return [];
  const ordered = inCausalOrder(records);
  const edits = ordered.filter(isEdit);
  const fields = new Set(schema.map(({ id }) => id));
  const acknowledged = acknowledgedEdits(edits, new Acknowledgements(ordered, strategy), strategy);
  const missing = isTalking(strategy) ? missingByPlace(strategy, edits, acknowledged, ordered) : missingByDot(acknowledged);
  return ordered.filter(isRead).flatMap((read) => read.seen.flatMap((seen) => {
    if (seen.strategy !== strategy || !fields.has(seen.field)) return [];
    const newest = missing(read, seen, trueMsOf(read) - Math.max(0, seen.tookMs));
    return newest === null ? [] : [{ read: dotKey(read.dot), field: seen.field, value: seen.value, missing: newest }];
  }));
}

/** Finds the newest edit that a read lacks of those acknowledged before a time. */
type Missing = (read: ReadRecord, seen: Seen, beforeMs: number) => DotKey | null;

interface Acknowledged {
  readonly edit: EditRecord;
  readonly key: DotKey;
  readonly atMs: number;
}

function acknowledgedEdits(edits: readonly EditRecord[], told: Acknowledgements, strategy: StrategyId): Acknowledged[] {
  return edits.flatMap((edit) => {
    const answer = edit.traces[strategy] && told.of(edit);
    return answer?.answer === 'accepted' ? [{ edit, key: dotKey(edit.dot), atMs: answer.atMs }] : [];
  });
}

/** For the strategies that hold just what the journal brought. */
function missingByDot(acknowledged: readonly Acknowledged[]): Missing {
  const byField = new Map<FieldId, Map<ReplicaId, Acknowledged[]>>();
  for (const each of acknowledged) {
    const { field, dot } = each.edit;
    const edits = getOrMake(getOrMake(byField, field, () => new Map<ReplicaId, Acknowledged[]>()), dot.replica, () => []);
    // A clock that was set back must not bring the list out of order.
    edits.push({ ...each, atMs: Math.max(each.atMs, edits.at(-1)?.atMs ?? -Infinity) });
  }
  return ({ had }, { field }, beforeMs) => {
    let newest: Acknowledged | undefined;
    for (const edits of byField.get(field)?.values() ?? []) {
      const last = lastBefore(edits, beforeMs);
      if (last && !had.includes(last.edit.dot) && (!newest || last.atMs > newest.atMs)) newest = last;
    }
    return newest?.key ?? null;
  };
}

/** For the strategies that rank their values. */
function missingByPlace(strategy: TalkingId, edits: readonly EditRecord[], acknowledged: readonly Acknowledged[], records: readonly JournalRecord[]): Missing {
  const settlements = Settlements.whole(edits, records);
  const places = new Map(edits.map((edit) => [dotKey(edit.dot), latestPlace(settlements.of(strategy, edit))]));
  const newest = newestByTime(acknowledged.flatMap((each) => {
    // Of an edit that two leaders took, the lower place: whoever has that has the edit.
    const place = settlements.of(strategy, each.edit)?.places[0];
    return place ? [{ ...each, place }] : [];
  }));
  return (_, { field, last }, beforeMs) => {
    if (last === null) return null;
    const candidate = lastBefore(newest.get(field) ?? [], beforeMs)?.newest;
    if (!candidate || candidate.key === last) return null;
    if (last === '') return candidate.key;
    const seen = places.get(last);
    return seen && comparePlaces(candidate.place, seen) > 0 ? candidate.key : null;
  };
}

type Placed = Acknowledged & { readonly place: Place };

/** By field, in the order in which edits were acknowledged: which of those so far ranks highest. */
function newestByTime(acknowledged: readonly Placed[]): Map<FieldId, { readonly atMs: number; readonly newest: Placed }[]> {
  const byField = new Map<FieldId, { atMs: number; newest: Placed }[]>();
  for (const each of [...acknowledged].sort((a, b) => a.atMs - b.atMs)) {
    const ofField = getOrMake(byField, each.edit.field, () => []);
    const before = ofField.at(-1)?.newest;
    ofField.push({ atMs: each.atMs, newest: before && comparePlaces(before.place, each.place) > 0 ? before : each });
  }
  return byField;
}

function lastBefore<Item extends { readonly atMs: number }>(items: readonly Item[], beforeMs: number): Item | undefined {
  return items[firstIndex(items, ({ atMs }) => atMs >= beforeMs) - 1];
}
