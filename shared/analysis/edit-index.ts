/** Edits of a long history, found by their names, or by field and author. */
import { dotKey, type ReplicaId } from '../clocks/dot.ts';
import type { FieldId } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import { getOrMake } from './concurrency.ts';
import { ShelvedMap } from './shelved-map.ts';
import { eachOf, type Sliced } from './slices.ts';

export type EditsByKey = Pick<ShelvedMap<EditRecord>, 'get'>;

export function* editsByKey(edits: readonly EditRecord[]): Sliced<EditsByKey> {
  const byKey = new ShelvedMap<EditRecord>();
  yield* eachOf(edits, (edit) => void byKey.set(dotKey(edit.dot), edit));
  return byKey;
}

export type EditsByAuthor = ReadonlyMap<FieldId, ReadonlyMap<ReplicaId, readonly EditRecord[]>>;

/** The edits of one author on one field stay in the order of the list. */
export function* editsByAuthor(edits: readonly EditRecord[]): Sliced<EditsByAuthor> {
  const byField = new Map<FieldId, Map<ReplicaId, EditRecord[]>>();
  yield* eachOf(edits, (edit) => void getOrMake(getOrMake(byField, edit.field, () => new Map<ReplicaId, EditRecord[]>()), edit.dot.replica, () => []).push(edit));
  return byField;
}
