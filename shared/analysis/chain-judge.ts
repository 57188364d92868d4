/**
 * What the strategies that talk have in common: each makes a chain of a field's edits, in which each was applied to the value of the one before it.
 * On the chain nothing is lost; how the chain is found, and what becomes of accepted edits beside it, is each strategy's own.
 *
 * A pure function of the records: who runs no strategies judges as well. It knows no more than what copies said: until all have told, and are at one,
 * two leaders' edits can stand in one chain, and a value can be other than what a copy shows.
 */
import { dotKey, type DotKey } from '../clocks/dot.ts';
import { applyIntent } from '../document/apply-intent.ts';
import { type FieldId, fieldOf, type FieldSpec, type FieldValue, type Schema } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import type { TalkingId } from '../strategies/conversing.ts';
import type { Fate } from './fate.ts';
import { comparePlaces, type Ending, isTalkedAbout, type Place, type RolledBack, type Settlements } from './settlements.ts';
import { charactersLost, effectsOf } from './value-effects.ts';

export interface ConversingJudge {
  /** Judges edits that every replica has. */
  readonly fateOf: (record: EditRecord) => Fate;
  /** What the surviving edits make of a field. */
  readonly valueOf: (field: FieldId) => FieldValue;
}

/** An edit that was pending, and what was said of it; undefined where nothing was. */
export interface TalkedEdit {
  readonly record: EditRecord;
  readonly ending: Ending | undefined;
}

/** The edits of one field by key. */
export type FieldEdits = ReadonlyMap<DotKey, TalkedEdit>;

export interface FieldChain {
  /** Oldest first. */
  readonly writes: readonly EditRecord[];
  /** What became of an edit that was accepted at this place and is not on the chain. */
  readonly beside: (record: EditRecord, place: Place) => Fate;
}

/** Finds the chains of all fields and judges by them. */
export function chainJudge(strategy: TalkingId, schema: Schema, edits: readonly EditRecord[], settlements: Settlements, findChain: (edits: FieldEdits) => FieldChain): ConversingJudge {
  const byField = new Map(schema.map(({ id }) => [id, new Map<DotKey, TalkedEdit>()]));
  for (const record of edits) {
    if (isTalkedAbout(record, strategy)) byField.get(record.field)?.set(dotKey(record.dot), { record, ending: settlements.of(strategy, record) });
  }
  const fields = new Map(schema.map((field) => {
    const chain = findChain(byField.get(field.id)!);
    const writes = chain.writes.map(({ dot, intent }) => ({ key: dotKey(dot), dot, intent }));
    return [field.id, { ...chain, effects: effectsOf(field, writes) }];
  }));
  return {
    fateOf(record) {
      const { effects, beside } = fields.get(fieldOf(schema, record.field).id)!;
      return fateOf(record, settlements.of(strategy, record), effects.get(dotKey(record.dot)), beside);
    },
    valueOf: (id) => replayed(fieldOf(schema, id), fields.get(fieldOf(schema, id).id)!.writes),
  };
}

function fateOf(record: EditRecord, ending: Ending | undefined, kept: Fate | undefined, beside: FieldChain['beside']): Fate {
  // That others built on it shows that it happened, not that its maker knows.
  if (!ending) return { disposition: 'pending' };
  const { refusal, unknown } = ending;
  const wasUnknown = unknown ? { wasUnknown: true } as const : {};
  if (kept) return { ...kept, ...wasUnknown };
  const place = ending.places.at(-1);
  if (place) return beside(record, place);
  if (refusal !== null) return { disposition: 'refused', refusal, ...wasUnknown };
  const rolledBack = ending.rolledBack.at(-1);
  if (rolledBack) return rolledBackFate(record, rolledBack);
  return unknown ? { disposition: 'unknown', refusal: unknown.reason } : { disposition: 'pending' };
}

function rolledBackFate(record: EditRecord, { place, by, reason }: RolledBack): Fate {
  const leader = place.version.replica;
  return { disposition: 'lost', reason: 'rolled-back', rolledBack: { leader, alone: by.every((each) => each === leader), because: reason }, ...charactersLost(record.intent) };
}

/** The value after these edits, one after the other; one that cannot be carried out changes nothing. */
function replayed(field: FieldSpec, writes: readonly EditRecord[]): FieldValue {
  return writes.reduce((value, { dot, intent }) => {
    const applied = applyIntent(field.type, value, intent, dotKey(dot));
    return applied.ok ? applied.value : value;
  }, field.initial as FieldValue);
}

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

/** All accepted edits that still stand, in the order of their places: the chain of a strategy that has but one order. */
export function orderedChain(edits: FieldEdits): FieldChain {
  const accepted = [...edits.values()].flatMap(({ record, ending }) => {
    const place = ending?.places.at(-1);
    return place ? [{ record, place }] : [];
  }).sort((a, b) => comparePlaces(a.place, b.place));
  const writes = new Set<EditRecord>();
  for (const { record, place } of accepted) {
    const before = builtOn(edits, place);
    if (before) writes.add(before);
    writes.add(record);
  }
  return { writes: [...writes], beside: () => ({ disposition: 'visible' }) };
}
