/** The document: a set of named, typed fields that every replica and every strategy holds. */

export type FieldId = string;

export type FieldType = 'register' | 'text' | 'counter' | 'set' | 'list' | 'stock';

/** One item of a list field; its id is the dot of the edit that inserted it. */
export interface ListItem {
  readonly id: string;
  readonly label: string;
  readonly done: boolean;
}

export type Scalar = string | number | boolean;

/** What a field of each type holds. Sets are kept in ascending order of code units, so that equal sets are written alike. */
export interface FieldValues {
  register: Scalar;
  text: string;
  counter: number;
  set: readonly string[];
  list: readonly ListItem[];
  stock: number;
}

export type FieldValue = FieldValues[FieldType];

export interface FieldSpec<Type extends FieldType = FieldType> {
  readonly id: FieldId;
  readonly type: Type;
  /** What people call the field: "Title", "Seats left". */
  readonly label: string;
  readonly initial: FieldValues[Type];
}

export type Schema = readonly FieldSpec[];

/** The lab's own document, when no scenario says otherwise: one field of every type. */
export const labSchema: Schema = [
  { id: 'title', type: 'register', label: 'Title', initial: 'Weekend trip' },
  { id: 'notes', type: 'text', label: 'Notes', initial: '' },
  { id: 'votes', type: 'counter', label: 'Votes', initial: 0 },
  { id: 'tags', type: 'set', label: 'Tags', initial: [] },
  { id: 'tasks', type: 'list', label: 'Tasks', initial: [] },
  { id: 'seats', type: 'stock', label: 'Seats left', initial: 3 },
];

/** The field of this name; throws a RangeError that lists the fields there are. */
export function fieldOf(schema: Schema, id: FieldId): FieldSpec {
  const field = schema.find((candidate) => candidate.id === id);
  if (!field) throw new RangeError(`there is no field "${id}"; the document has ${schema.map((each) => each.id).join(', ')}`);
  return field;
}
