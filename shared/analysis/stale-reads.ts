/**
 * Stale reads under one strategy: what was read was older than an edit that had been acknowledged before the read began.
 *
 * Of fields of every type. An edit that was rolled back is not missed: it is lost. Where the strategy ranks its values, an edit is missing that ranks
 * above what was read; else one that the answering replica did not have. Never accuses a read of which it is not known what it read. Two things at one
 * millisecond are in no order. Times are true times as in acknowledgements.ts.
 */
import { dotKey, type DotKey, type ReplicaId } from '../clocks/dot.ts';
import type { FieldId, FieldValue, Schema } from '../document/schema.ts';
import { compareCausally } from '../history/causal-order.ts';
import { type EditRecord, isEdit, isRead, type JournalRecord, type ReadRecord, type Seen, type StrategyId } from '../history/record.ts';
import { type CoordinatedId, isCoordinated } from '../strategies/registry.ts';
import { Acknowledgements, trueMsOf } from './acknowledgements.ts';
import { firstIndex, getOrMake } from './concurrency.ts';
import { filtered } from './filtered.ts';
import { Outcomes } from './outcomes.ts';
import { ShelvedMap } from './shelved-map.ts';
import { eachOf, inParts, runWhole, type Sliced, sorted } from './slices.ts';
import { latestPlace } from './version-ranks.ts';
import { comparePlaces, type Place } from '../strategies/place.ts';

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
  return runWhole(staleReadsSliced(schema, records, strategy));
}

export function* staleReadsSliced(schema: Schema, records: readonly JournalRecord[], strategy: StrategyId): Sliced<StaleRead[]> {
  const reads = yield* filtered(records, isRead);
  // Most histories have no reads, and the ledger asks for every strategy after each change.
  if (reads.length === 0) return [];
  const ordered = yield* sorted(records, compareCausally);
  const edits = yield* filtered(ordered, isEdit);
  const acknowledged = yield* acknowledgedEdits(edits, yield* Acknowledgements.sliced(ordered, strategy));
  const missing = isCoordinated(strategy) ? yield* missingByPlace(strategy, edits, acknowledged, ordered) : yield* missingByDot(acknowledged);
  const fields = new Set(schema.map(({ id }) => id));
  const stale: StaleRead[] = [];
  for (const part of inParts(yield* sorted(reads, compareCausally))) {
    for (const read of part) {
      for (const seen of read.seen) {
        if (seen.strategy !== strategy || !fields.has(seen.field)) continue;
        const newest = missing(read, seen, trueMsOf(read) - Math.max(0, seen.tookMs));
        if (newest !== null) stale.push({ read: dotKey(read.dot), field: seen.field, value: seen.value, missing: newest });
      }
    }
    yield;
  }
  return stale;
}

/** Finds the newest edit that a read lacks of those acknowledged before a time. */
type Missing = (read: ReadRecord, seen: Seen, beforeMs: number) => DotKey | null;

interface Acknowledged {
  readonly edit: EditRecord;
  readonly key: DotKey;
  readonly atMs: number;
}

function* acknowledgedEdits(edits: readonly EditRecord[], told: Acknowledgements): Sliced<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  for (const part of inParts(edits)) {
    for (const edit of part) {
      const answer = told.of(edit);
      if (answer?.answer === 'accepted') acknowledged.push({ edit, key: dotKey(edit.dot), atMs: answer.atMs });
    }
    yield;
  }
  return acknowledged;
}

/** For the strategies that hold just what the journal brought. */
function* missingByDot(acknowledged: readonly Acknowledged[]): Sliced<Missing> {
  const byField = new Map<FieldId, Map<ReplicaId, Acknowledged[]>>();
  for (const part of inParts(acknowledged)) {
    for (const each of part) {
      const { field, dot } = each.edit;
      const edits = getOrMake(getOrMake(byField, field, () => new Map<ReplicaId, Acknowledged[]>()), dot.replica, () => []);
      // A clock that was set back must not bring the list out of order.
      edits.push({ ...each, atMs: Math.max(each.atMs, edits.at(-1)?.atMs ?? -Infinity) });
    }
    yield;
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
function* missingByPlace(strategy: CoordinatedId, edits: readonly EditRecord[], acknowledged: readonly Acknowledged[], records: readonly JournalRecord[]): Sliced<Missing> {
  const outcomes = yield* Outcomes.sliced(edits, records);
  const places = new ShelvedMap<Place | null>();
  yield* eachOf(edits, (edit) => void places.set(dotKey(edit.dot), latestPlace(outcomes.of(strategy, edit))));
  const newest = yield* newestByTime(yield* standing(strategy, acknowledged, outcomes));
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

/** Those that are not lost. Of an edit that two leaders took, the lower place: whoever has that has the edit. */
function* standing(strategy: CoordinatedId, acknowledged: readonly Acknowledged[], outcomes: Outcomes): Sliced<Placed[]> {
  const placed: Placed[] = [];
  for (const part of inParts(acknowledged)) {
    for (const each of part) {
      const place = outcomes.of(strategy, each.edit)?.places[0];
      if (place) placed.push({ ...each, place });
    }
    yield;
  }
  return placed;
}

/** By field, in the order in which edits were acknowledged: which of those so far ranks highest. */
function* newestByTime(acknowledged: readonly Placed[]): Sliced<ReadonlyMap<FieldId, readonly { readonly atMs: number; readonly newest: Placed }[]>> {
  const byField = new Map<FieldId, { atMs: number; newest: Placed }[]>();
  for (const part of inParts(yield* sorted(acknowledged, (a, b) => a.atMs - b.atMs))) {
    for (const each of part) {
      const ofField = getOrMake(byField, each.edit.field, () => []);
      const before = ofField.at(-1)?.newest;
      ofField.push({ atMs: each.atMs, newest: before && comparePlaces(before.place, each.place) > 0 ? before : each });
    }
    yield;
  }
  return byField;
}

function lastBefore<Item extends { readonly atMs: number }>(items: readonly Item[], beforeMs: number): Item | undefined {
  return items[firstIndex(items, ({ atMs }) => atMs >= beforeMs) - 1];
}
