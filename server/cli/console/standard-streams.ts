/** Where a command prints, so that a test can read it without a process of its own. */
import { laidOut } from './laid-out.ts';

export interface StandardStreams {
  /** How wide people see what goes to standard output; null: as wide as it gets, as in a file or a pipe. */
  readonly columns: number | null;
  /** To standard output: text as it is, with its line ends. */
  out(text: string): void;
  /** To standard error. */
  err(text: string): void;
}

/** What this process has. */
export const standardStreams: StandardStreams = {
  get columns() {
    return columnsOf(process.stdout);
  },
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(laidOut(text, columnsOf(process.stderr))),
};

/** How wide a stream is shown: as the variable COLUMNS says, else as the terminal says; null where it is no terminal. */
export function columnsOf(
  { isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number },
  wanted: string | undefined = process.env['COLUMNS'],
): number | null {
  if (wanted !== undefined && /^[1-9][0-9]{0,4}$/.test(wanted)) return Number(wanted);
  return isTTY && columns ? columns : null;
}
