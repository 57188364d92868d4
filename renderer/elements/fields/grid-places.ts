/** Where each part of the fields stands: rows and columns of a CSS grid, as styles. A field whose edits need a note takes one row more. */

export interface GridCounts {
  readonly fields: number;
  readonly strategies: number;
  /** Which fields have a note, by their index, in ascending order. */
  readonly notedAt: readonly number[];
}

export interface GridPlaces {
  readonly corner: string;
  readonly metHead: string;
  readonly fold: string;
  readonly head: (column: number) => string;
  readonly rail: (field: number) => string;
  readonly met: (field: number) => string;
  readonly note: (field: number) => string;
  readonly cell: (field: number, column: number) => string;
}

/** Names, what met, and a column a strategy. */
export function tablePlaces({ fields, notedAt }: GridCounts, hasMet: boolean): GridPlaces {
  const rowOf = (field: number): number => 2 + field + notedAt.filter((each) => each < field).length;
  const columnOf = (column: number): number => column + (hasMet ? 3 : 2);
  return {
    corner: at(1, 1),
    metHead: at(1, 2),
    fold: across(rowOf(fields)),
    head: (column) => at(1, columnOf(column)),
    rail: (field) => at(rowOf(field), 1),
    met: (field) => at(rowOf(field), 2),
    note: (field) => across(rowOf(field) + 1),
    cell: (field, column) => at(rowOf(field), columnOf(column)),
  };
}

/** A list of verdicts, then the cards: name, note, what met, and a row a strategy. */
export function cardPlaces({ fields, strategies }: GridCounts, columns: number): GridPlaces {
  const headRows = Math.ceil(strategies / columns);
  const cardRows = strategies + 3;
  const rowOf = (field: number): number => headRows + 1 + Math.floor(field / columns) * cardRows;
  const columnOf = (field: number): number => 1 + (field % columns);
  return {
    corner: at(1, 1),
    metHead: at(1, 1),
    fold: across(rowOf(Math.ceil(fields / columns) * columns)),
    head: (column) => at(1 + Math.floor(column / columns), 1 + (column % columns)),
    rail: (field) => at(rowOf(field), columnOf(field)),
    note: (field) => at(rowOf(field) + 1, columnOf(field)),
    met: (field) => at(rowOf(field) + 2, columnOf(field)),
    cell: (field, column) => at(rowOf(field) + 3 + column, columnOf(field)),
  };
}

function at(row: number, column: number): string {
  return `grid-area: ${row} / ${column}`;
}

function across(row: number): string {
  return `grid-area: ${row} / 1 / auto / -1`;
}
