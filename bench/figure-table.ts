/** Figures as tables that can stand in a Markdown page. */

export function printTable(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  console.log(`\n${title}\n`);
  console.log(line(columns));
  console.log(line(widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))));
  for (const row of rows) console.log(line(row));
}

/** "12,300" or "1.23": three digits that count; "" for what was not measured. */
export function shown(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  if (value < 10) return value.toFixed(2);
  if (value < 100) return value.toFixed(1);
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

/** "1,110"; "" for none. */
export function whole(value: number | undefined): string {
  return value ? Math.round(value).toLocaleString('en-US') : '';
}

export function milliseconds(value: number | undefined): string {
  return value === undefined ? 'left out' : `${shown(value)} ms`;
}

/** "2.6 kB", "12.3 MB" */
export function size(bytes: number | undefined): string {
  if (bytes === undefined) return '';
  return bytes < 100_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** How many fit into a second. */
export function perSecond(microseconds: number | undefined): string {
  return microseconds === undefined ? '' : shown(1_000_000 / microseconds);
}
