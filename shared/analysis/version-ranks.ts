/**
 * How each strategy itself ranks the edits of a field, and which edit a value came from.
 *
 * Last writer wins by time stamp, quorum by version, consensus by the number of the edit, a single leader by term and place in its log, what was rolled
 * back included: it was the newest value once. The CRDT and siblings rank nothing. Details come from outside: edits with malformed ones have no rank.
 */
import { dotKey, type DotKey } from '../clocks/dot.ts';
import type { FieldId } from '../document/schema.ts';
import type { EditRecord, JournalRecord, StrategyId } from '../history/record.ts';
import { writesOf } from '../strategies/last-writer-wins/last-writer-wins.ts';
import { type ChainedWrite, compareWrites, rootKey } from '../strategies/last-writer-wins/write-chain.ts';
import { isCoordinated, type CoordinatedId } from '../strategies/registry.ts';
import { getOrMake } from './concurrency.ts';
import { type Ending, Outcomes } from './outcomes.ts';
import { ShelvedMap } from './shelved-map.ts';
import { eachOf, inParts, runWhole, type Sliced, sorted } from './slices.ts';
import { comparePlaces, type Place } from '../strategies/place.ts';

export interface VersionRanks {
  /** The edits of a field that the strategy ranks, oldest first; null for strategies that rank nothing. */
  readonly order: (field: FieldId) => readonly DotKey[] | null;
  /** The edit of the field itself whose value one can see where this edit made it; '' for the initial value. */
  readonly originOf: (field: FieldId, last: DotKey | '') => DotKey | '';
  /** The edit whose value an edit was applied to; '' for the initial value, undefined where it is not known. */
  readonly appliedTo: (key: DotKey) => DotKey | '' | undefined;
  /** Whether some copy took the edit at some time, whatever its maker was told. */
  readonly wasTaken: (edit: EditRecord) => boolean;
  /** Whether it was taken off again. */
  readonly isGone: (key: DotKey) => boolean;
}

/** `edits` in causal order. */
export function versionRanks(edits: readonly EditRecord[], records: readonly JournalRecord[], strategy: StrategyId): VersionRanks {
  return runWhole(versionRanksSliced(edits, records, strategy));
}

export function* versionRanksSliced(edits: readonly EditRecord[], records: readonly JournalRecord[], strategy: StrategyId): Sliced<VersionRanks> {
  if (strategy === 'last-writer-wins') return yield* stampRanks(edits);
  if (isCoordinated(strategy)) return yield* placeRanks(edits, yield* Outcomes.sliced(edits, records), strategy);
  return { order: () => null, originOf: (_, last) => last, appliedTo: () => undefined, wasTaken: () => false, isGone: () => false };
}

interface Placed {
  readonly key: DotKey;
  readonly place: Place;
}

function* placeRanks(edits: readonly EditRecord[], outcomes: Outcomes, strategy: CoordinatedId): Sliced<VersionRanks> {
  const endings = new ShelvedMap<Ending | undefined>();
  const placed = new Map<FieldId, Placed[]>();
  for (const part of inParts(edits)) {
    for (const edit of part) {
      const key = dotKey(edit.dot);
      const ending = outcomes.of(strategy, edit);
      endings.set(key, ending);
      const place = latestPlace(ending);
      if (place) getOrMake(placed, edit.field, () => []).push({ key, place });
    }
    yield;
  }
  const orders = yield* keysInOrder(placed, (a, b) => comparePlaces(a.place, b.place));
  return {
    order: (field) => orders.get(field) ?? [],
    originOf: (_, last) => last,
    appliedTo: (key) => latestPlace(endings.get(key))?.replaces,
    wasTaken: ({ dot }) => hasStood(endings.get(dotKey(dot))),
    isGone: (key) => hasStood(endings.get(key)) && endings.get(key)!.places.length === 0,
  };
}

/** Where an edit stands; else where it stood, or would stand if it happened. */
export function latestPlace(ending: Ending | undefined): Place | null {
  return ending?.places.at(-1) ?? ending?.rolledBack.at(-1)?.place ?? ending?.unknown?.place ?? null;
}

function hasStood(ending: Ending | undefined): boolean {
  return ending !== undefined && ending.places.length + ending.rolledBack.length > 0;
}

/** By field, the keys of its edits, the lowest first. */
function* keysInOrder<Item extends { readonly key: DotKey }>(byField: ReadonlyMap<FieldId, readonly Item[]>, compare: (a: Item, b: Item) => number): Sliced<ReadonlyMap<FieldId, readonly DotKey[]>> {
  const orders = new Map<FieldId, readonly DotKey[]>();
  for (const [field, items] of byField) {
    const inOrder = yield* sorted(items, compare);
    orders.set(field, inOrder.map(({ key }) => key));
    yield;
  }
  return orders;
}

function* stampRanks(edits: readonly EditRecord[]): Sliced<VersionRanks> {
  const own = new Map<FieldId, ChainedWrite[]>();
  const origins = new ShelvedMap<DotKey | ''>();
  const replaced = new ShelvedMap<DotKey | ''>();
  const keyIn = (field: FieldId, key: DotKey): string => `${field} ${key}`;
  const note = (field: FieldId, write: ChainedWrite): void => {
    if (write.intent === null) {
      // A write of the whole document carries along what its writer saw.
      origins.set(keyIn(field, write.key), origins.get(keyIn(field, write.replaces)) ?? rootKey);
      return;
    }
    origins.set(keyIn(field, write.key), write.key);
    replaced.set(write.key, write.replaces);
    getOrMake(own, field, () => []).push(write);
  };
  yield* eachOf(edits, (edit) => {
    for (const [field, write] of wellFormedWrites(edit)) note(field, write);
  });
  const orders = yield* keysInOrder(own, compareWrites);
  return {
    order: (field) => orders.get(field) ?? [],
    originOf: (field, last) => (last === rootKey ? rootKey : (origins.get(keyIn(field, last)) ?? last)),
    appliedTo: (key) => replaced.get(key),
    wasTaken: () => false,
    isGone: () => false,
  };
}

/** The writes of an edit under last writer wins; none where its trace is malformed. */
export function wellFormedWrites(edit: EditRecord): [FieldId, ChainedWrite][] {
  try {
    return writesOf(edit);
  } catch {
    return [];
  }
}
