/** What one strategy makes of one field: the values that a person can choose now, and what each was made of. What the rules of field-fates.ts judge by. */
import type { Dot, DotKey } from '../../clocks/dot.ts';
import type { FieldValue } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import type { Sliced } from '../slices.ts';
import type { Fate } from './fate.ts';

/** How the characters of one splice ended. What an author without a journal removed is in no count. */
export interface SplicedCharacters {
  readonly typed: number;
  /** In every value that can be chosen. */
  readonly visible: number;
  /** In some of them only. */
  readonly waiting: number;
  /** Removed by edits whose authors had seen them: how many by which, in the order of the removals. */
  readonly superseded: ReadonlyMap<DotKey, number>;
  readonly lost: number;
  /** The edit that removed lost ones without having seen them. */
  readonly lostTo: Dot | null;
  /** Of what it removed: how many are in every value, and in some only. */
  readonly back: number;
  readonly backInSome: number;
}

/** Nearly all edits are whole. */
export const noneSuperseded: ReadonlyMap<DotKey, number> = new Map();

export function countIn(counts: Map<DotKey, number>, key: DotKey): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A part of a text that one edit wrote; `key` null: initial, or nobody knows whose. Lengths count UTF-16 code units. */
export interface TextRun {
  readonly key: DotKey | null;
  readonly length: number;
}

export interface Column {
  /** One, or the siblings that wait for a person. */
  readonly values: readonly FieldValue[];
  /** Whether a value, by its index, was made of this step or choice. */
  readonly isMadeOf: (value: number, record: EditRecord) => boolean;
  /** The move that brought an item to its place in a value; null where none did. */
  readonly placedBy: (value: number, item: string) => DotKey | null;
  /** Of a splice. */
  readonly charactersOf: (record: EditRecord) => SplicedCharacters;
  /** Of a text: which edit each part of its first value comes from. */
  readonly runs: () => Sliced<readonly TextRun[]>;
  /** Whether an edit found nothing to do in this column. */
  readonly hadNothingToDo: (record: EditRecord) => boolean;
  /** Why an edit is not to be seen, and which edit won. */
  readonly lossOf: (record: EditRecord) => Pick<Fate, 'reason' | 'cause' | 'wrote' | 'rolledBack'>;
  /** The edit that replaced this one by what the column itself shows, where the history does not: a document may be ahead of the journal. */
  readonly replacedBy: (record: EditRecord) => Dot | null;
  /** A value that waits beside the ones with this edit; null where none does. */
  readonly besideOf: (record: EditRecord) => Dot | null;
  /** What only the column knows and no rule: not arrived yet, or replaced by an author without a journal. */
  readonly exceptionOf: (record: EditRecord) => Fate | null;
  /** Whether a choice was made of this edit. */
  readonly keeps: (choice: EditRecord, record: EditRecord) => boolean;
}
