/** Tables for a terminal, in plain text: they may end in a file or an issue. */
import Table from 'cli-table3';

/** What is known of some things: a row each, a figure a column. */
export interface Figures {
  /** What the things are. */
  readonly corner: string;
  /** The names of the figures. A line end is where a name may be broken. */
  readonly heads: readonly string[];
  readonly align: 'center' | 'right';
  readonly rows: readonly { readonly name: string; readonly cells: readonly string[] }[];
}

/**
 * The figures as a table, or turned, a column a thing, where that is too wide; or as several such tables, one below the other. No figure is ever left out:
 * of a single thing the table is as wide as it gets. `columns` null: any width will do. Ends without a line end.
 */
export function figuresTable(figures: Figures, columns: number | null): string {
  const { corner, heads, align, rows } = figures;
  const upright = tableOf([corner, ...heads], align, rows.map(({ name, cells }) => [name, ...cells]));
  if (columns === null || upright.width <= columns || rows.length === 0) return upright.toString();
  const oneLine = heads.map((head) => head.replaceAll('\n', ' '));
  for (let count = 1; ; count++) {
    const size = Math.ceil(rows.length / count);
    for (const names of [oneLine, heads]) {
      const tables = inGroups(rows, size).map((group) => turned(names, align, group));
      if (tables.every(({ width }) => width <= columns) || (size === 1 && names === heads)) return tables.join('\n');
    }
  }
}

function turned(heads: readonly string[], align: Figures['align'], rows: Figures['rows']): Table.Table {
  return tableOf(['', ...rows.map(({ name }) => name.replaceAll(' ', '\n'))], align, heads.map((head, at) => [head, ...rows.map(({ cells }) => cells[at]!)]));
}

function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) => items.slice(group * size, (group + 1) * size));
}

function tableOf(head: string[], align: Figures['align'], rows: readonly string[][]): Table.Table {
  const colAligns = head.map((_, at) => (at === 0 ? 'left' : align));
  const table = new Table({ head, colAligns, style: { head: [], border: [] }, chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' } });
  for (const row of rows) table.push(row);
  return table;
}
