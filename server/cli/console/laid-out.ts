/**
 * Text for a terminal of some width: lines are broken between words, and what goes on below is indented, so that each line of the text is found by its
 * beginning. Commands go on after a backslash, so that a shell takes them as they stand. Lines of tables are laid out where they are made.
 *
 * Guarantees: no line is wider than asked for, but for lines of tables, addresses alone on a line, and words of commands that are wider by themselves. No word is left out.
 */
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** The least width that is worth breaking lines for: what is narrower breaks as if it had so many columns. */
const columnsMin = 20;
/** Where less than this is left beside a term, its text stands below it. */
const textMin = 24;

const tableLine = /^[┌│├└]/;
/** Such as an address, which is to be copied. */
const oneWord = /^ *\S+$/;
/** "- ", "✗ ", or a term that stands before its text: "  --seed S       ", "last-seat  ". */
const term = /^ *(?:[-✓✗?!] )?(?:\S(?:.{0,40}?\S)? {2,}(?=\S))?/;
const command = /^( +(?:repeat it: )?)(?:npx rejoin|rejoin|curl|psql) /;

/** The text with its line ends. `columns` null: as it is. `hang`: how far lines go on to the right that begin with no term. */
export function laidOut(text: string, columns: number | null, hang = 2): string {
  if (columns === null) return text;
  return text.split('\n').map((line) => broken(line, Math.max(columns, columnsMin), hang)).join('\n');
}

function broken(line: string, columns: number, hang: number): string {
  if (stringWidth(line) <= columns || tableLine.test(line) || oneWord.test(line)) return line;
  const [, beforeCommand] = command.exec(line) ?? [];
  if (beforeCommand !== undefined) return wrapped(line.slice(beforeCommand.length), columns, { first: beforeCommand, rest: `${/^ */.exec(line)![0]}    `, end: ' \\' });
  const [first] = term.exec(line)!;
  const text = line.slice(first.length);
  const [indentation] = /^ */.exec(line)!;
  if (first === indentation) return wrapped(text, columns, { first, rest: `${first}${' '.repeat(hang)}` });
  const rest = ' '.repeat(stringWidth(first));
  const below = `${indentation}    `;
  if (columns - rest.length >= textMin || rest.length <= below.length) return wrapped(text, columns, { first, rest });
  return `${first.trimEnd()}\n${wrapped(text, columns, { first: below, rest: below })}`;
}

/** What lines begin and end with, the first one and the others. */
interface LineParts {
  readonly first: string;
  readonly rest: string;
  /** Where the text goes on in the next line. */
  readonly end?: string;
}

/** A text without line ends, broken at words. */
export function wrapped(text: string, columns: number, { first, rest, end = '' }: LineParts): string {
  const width = columns - Math.max(stringWidth(first), stringWidth(rest)) - end.length;
  const [start, ...others] = wrapAnsi(text, width, { hard: end === '' }).split('\n');
  return [`${first}${start!}`, ...others.map((line) => `${rest}${line}`)].join(`${end}\n`);
}
