/**
 * What the coordinated strategies have in common: each makes a chain of a field's edits, in which each was applied to the value of the one before it; what
 * was accepted and is not on the chain stands on branches beside it. How both are found is each strategy's own; how edits end is not.
 *
 * A pure function of the records: who runs no strategies judges as well. It knows no more than what copies said: until all have told, and are at one,
 * two leaders' edits can stand in one chain, and a value can be other than what a copy shows.
 */
import { dotKey, type DotKey } from '../../clocks/dot.ts';
import { applyIntent } from '../../document/apply-intent.ts';
import { type FieldId, fieldOf, type FieldSpec, type FieldValue, type Schema } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import type { CoordinatedId } from '../../strategies/registry.ts';
import { type Ending, isTalkedAbout, type Outcomes, type RolledBack } from '../outcomes.ts';
import { eachOf, mapped, type Sliced, sorted } from '../slices.ts';
import type { Column } from './column.ts';
import type { Fate } from './fate.ts';
import { fieldFates } from './field-fates.ts';
import type { StrategyFates } from './strategy-fates.ts';
import { treeColumn } from './tree-column.ts';
import { type TreeWrite, WriteTree } from './write-tree.ts';
import { comparePlaces, type Place } from '../../strategies/place.ts';

/** An edit that was pending, and what was said of it; undefined where nothing was. */
export interface CoordinatedEdit {
  readonly record: EditRecord;
  readonly ending: Ending | undefined;
}

/** The edits of one field by key. */
export type FieldEdits = ReadonlyMap<DotKey, CoordinatedEdit>;

export interface FieldChain {
  /** Oldest first. */
  readonly writes: readonly EditRecord[];
  /** Why nobody can say what became of an edit that was accepted at this place and is not on the chain; null where the rules can. */
  readonly doubt: (place: Place) => string | null;
  /** Why an edit is lost that was accepted at this place and is not on the chain. */
  readonly lossOf: (place: Place) => ReturnType<Column['lossOf']>;
}

/** Finds the chains of all fields and judges by them. `edits` in causal order. */
export function* coordinatedFates(
  strategy: CoordinatedId,
  schema: Schema,
  edits: readonly EditRecord[],
  outcomes: Outcomes,
  findChain: (edits: FieldEdits) => Sliced<FieldChain>,
): Sliced<StrategyFates> {
  const byField = new Map(schema.map(({ id }) => [id, new Map<DotKey, CoordinatedEdit>()]));
  yield* eachOf(edits, (record) => {
    if (isTalkedAbout(record, strategy)) byField.get(record.field)?.set(dotKey(record.dot), { record, ending: outcomes.of(strategy, record) });
  });
  const fields = new Map<FieldId, ChainFates>();
  for (const field of schema) fields.set(field.id, yield* chainFates(field, byField.get(field.id)!, findChain));
  return {
    strategy,
    fateOf: (record) => fields.get(fieldOf(schema, record.field).id)!.fateOf(record, outcomes.of(strategy, record)),
    valueOf: (id) => fields.get(fieldOf(schema, id).id)!.value,
    runsOf: (id) => fields.get(fieldOf(schema, id).id)!.runs(),
  };
}

interface ChainFates {
  readonly value: FieldValue;
  readonly fateOf: (record: EditRecord, ending: Ending | undefined) => Fate;
  readonly runs: Column['runs'];
}

function* chainFates(field: FieldSpec, edits: FieldEdits, findChain: (edits: FieldEdits) => Sliced<FieldChain>): Sliced<ChainFates> {
  const chain = yield* findChain(edits);
  const onChain = new Set<EditRecord>();
  yield* eachOf(chain.writes, (record) => void onChain.add(record));
  const value = yield* replayed(field, chain.writes);
  const recordOf = (key: DotKey): EditRecord | undefined => edits.get(key)?.record;
  const branchLoss = ({ dot }: EditRecord): ReturnType<Column['lossOf']> => {
    const ending = edits.get(dotKey(dot))?.ending;
    const place = ending?.places.at(-1);
    if (place) return chain.lossOf(place);
    const rolledBack = ending?.rolledBack.at(-1);
    return rolledBack ? { reason: 'rolled-back', rolledBack: rollBackOf(rolledBack) } : { reason: 'concurrent' };
  };
  const carriedOut: EditRecord[] = [];
  yield* eachOf([...edits.values()], ({ record, ending }) => {
    if (onChain.has(record) || !isRefused(ending)) carriedOut.push(record);
  });
  const isSettled = (record: EditRecord): boolean => onChain.has(record) || placeOf(edits.get(dotKey(record.dot))?.ending) !== undefined;
  const column = yield* treeColumn(field, { tree: yield* treeOf(edits, chain.writes), values: [value], recordOf, branchLoss });
  const rule = yield* fieldFates(field, carriedOut, column, isSettled);
  return { value, runs: column.runs, fateOf: (record, ending) => fateOf(record, ending, onChain.has(record), chain, rule) };
}

function fateOf(record: EditRecord, ending: Ending | undefined, isOnChain: boolean, chain: FieldChain, rule: (record: EditRecord) => Fate): Fate {
  // That others built on it shows that it happened, not that its maker knows.
  if (!ending) return { disposition: 'pending' };
  const { refusal, unknown } = ending;
  const wasUnknown = unknown ? { wasUnknown: true } as const : {};
  if (isOnChain) return { ...rule(record), ...wasUnknown };
  const place = ending.places.at(-1);
  const doubt = place ? chain.doubt(place) : null;
  if (doubt !== null) return { disposition: 'unknown', refusal: doubt };
  if (place) return rule(record);
  if (refusal !== null) return { disposition: 'refused', refusal, ...wasUnknown };
  if (ending.rolledBack.length > 0) return rule(record);
  return unknown ? { disposition: 'unknown', refusal: unknown.reason } : { disposition: 'pending' };
}

/** Where an edit was accepted, be it that it was rolled back. */
function placeOf(ending: Ending | undefined): Place | undefined {
  return ending?.places.at(-1) ?? ending?.rolledBack.at(-1)?.place;
}

function isRefused(ending: Ending | undefined): boolean {
  return ending !== undefined && ending.places.length === 0 && ending.refusal !== null;
}

/** The chain, with what was accepted beside it on the write that it was applied to. */
function* treeOf(edits: FieldEdits, chain: readonly EditRecord[]): Sliced<WriteTree> {
  const known = new Set<DotKey>();
  const writes = yield* mapped(chain, (record, at) => {
    known.add(dotKey(record.dot));
    return writeOf(record, at === 0 ? '' : dotKey(chain[at - 1]!.dot));
  });
  const beside: PlacedEdit[] = [];
  yield* eachOf([...edits.values()], ({ record, ending }) => {
    const place = known.has(dotKey(record.dot)) ? undefined : placeOf(ending);
    if (place && !isRefused(ending)) beside.push({ record, place });
  });
  yield* eachOf(yield* sorted(beside, byPlace), ({ record, place }) => {
    writes.push(writeOf(record, known.has(place.replaces) ? place.replaces : ''));
    known.add(dotKey(record.dot));
  });
  const tip = chain.at(-1);
  return yield* WriteTree.of(writes, tip ? [dotKey(tip.dot)] : []);
}

interface PlacedEdit {
  readonly record: EditRecord;
  readonly place: Place;
}

function byPlace(a: PlacedEdit, b: PlacedEdit): number {
  return comparePlaces(a.place, b.place);
}

function writeOf({ dot, intent }: EditRecord, before: DotKey | ''): TreeWrite {
  const parents = before === '' ? [] : [before];
  return { key: dotKey(dot), dot, intent, parents, kept: parents };
}

function rollBackOf({ place, by, reason }: RolledBack): NonNullable<Fate['rolledBack']> {
  const leader = place.version.replica;
  return { leader, alone: by.every((each) => each === leader), because: reason };
}

/** The value after these edits, one after the other; one that cannot be carried out changes nothing. */
function* replayed(field: FieldSpec, writes: readonly EditRecord[]): Sliced<FieldValue> {
  let value: FieldValue = field.initial;
  yield* eachOf(writes, ({ dot, intent }) => {
    const applied = applyIntent(field.type, value, intent, dotKey(dot));
    if (applied.ok) value = applied.value;
  }, valuesInSlice);
  return value;
}

/** Each change of a long list or text makes a new one. */
const valuesInSlice = 8;

/**
 * The edit that a write was applied to, if nobody said yes or no about it: it did happen, as somebody built on it. Where its outcome was said, that
 * counts.
 */
export function builtOn(edits: FieldEdits, { replaces }: Place): EditRecord | undefined {
  const edit = edits.get(replaces);
  if (!edit) return undefined;
  const { ending } = edit;
  return !ending || (ending.places.length === 0 && ending.rolledBack.length === 0 && ending.refusal === null) ? edit.record : undefined;
}

/**
 * All accepted edits that still stand, in the order of their places. Consensus: numbered without gaps, so that nothing accepted drops out
 * [CAS1]; a whole value that was set without having seen the one before it still takes its place. Single leader: in the log's order; of an edit
 * every entry by which it was acknowledged can be rolled back [LEAD6], and while two leaders have not met, the edits of both stand.
 */
export function* orderedChain(edits: FieldEdits): Sliced<FieldChain> {
  const accepted: PlacedEdit[] = [];
  yield* eachOf([...edits.values()], ({ record, ending }) => {
    const place = ending?.places.at(-1);
    if (place) accepted.push({ record, place });
  });
  const writes = new Set<EditRecord>();
  yield* eachOf(yield* sorted(accepted, byPlace), ({ record, place }) => {
    const before = builtOn(edits, place);
    if (before) writes.add(before);
    writes.add(record);
  });
  return { writes: [...writes], doubt: () => null, lossOf: () => ({ reason: 'concurrent' }) };
}
