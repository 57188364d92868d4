/** Tables for a terminal, in plain text: they may end in a file or an issue. */
import Table from 'cli-table3';

export function plainTable(head: string[], colAligns: ('left' | 'center' | 'right')[]): Table.Table {
  return new Table({ head, colAligns, style: { head: [], border: [] }, chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' } });
}
