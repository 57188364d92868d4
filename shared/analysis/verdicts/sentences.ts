/** How witnesses speak of operations: who did what, short and plain. */
import { listOf } from '../phrases.ts';
import { counted, quoted, signed } from '../phrases.ts';
import { isPure, type Operation, type Read, type Value, writtenBy } from './operation.ts';

/** “Rome”, 12, the initial value */
export function shown(value: Value): string {
  if (value === null) return 'the initial value';
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** "A's write of “Rome”", "B's reservation of 2"; with the field if several are spoken of. */
export function named(operation: Operation, withField = false): string {
  return `${operation.session}'s ${deedOf(operation)}${withField ? ` (${operation.field})` : ''}`;
}

/** "B read “Paris”" */
export function readBy(read: Read, withField = false): string {
  return `${read.session} read ${shown(read.value)}${withField ? ` from ${read.field}` : ''}`;
}

/** More in one sentence is hard to read; the witness has them all. */
const partsMax = 8;

/** "a, b and c"; of many the first ones "and 5 more" */
export function shortListOf(all: readonly string[]): string {
  const parts = all.length > partsMax ? [...all.slice(0, partsMax - 1), `${all.length - partsMax + 1} more`] : all;
  return listOf(parts);
}

export function spansFields(operations: readonly Operation[]): boolean {
  return new Set(operations.map(({ field }) => field)).size > 1;
}

/** What nothing simpler describes: "No order of these 3 operations explains all answers: …". Of many the witness has the names. */
export function noOrderOf(operations: readonly Operation[], keeping: string): string {
  const several = spansFields(operations);
  if (operations.length === 1) return `Nothing explains ${named(operations[0]!)}${answerOf(operations[0]!)}.`;
  const fields = shortListOf([...new Set(operations.map(({ field }) => field))]);
  if (operations.length > partsMax) return `No order of these ${operations.length} operations on ${fields} that keeps ${keeping} explains all answers.`;
  return `No order of these ${counted(operations.length, 'operation')} that keeps ${keeping} explains all answers: ${shortListOf(operations.map((each) => named(each, several) + answerOf(each)))}.`;
}

/** " that showed 3": what the client was told of an update. */
function answerOf(operation: Operation): string {
  return operation.kind === 'update' && operation.returned !== undefined ? ` that showed ${shown(operation.returned)}` : '';
}

/** "write of “Rome”", "change by +1" */
export function deedOf(operation: Operation): string {
  if (operation.kind === 'read') return `read of ${shown(operation.value)}`;
  const value = writtenBy(operation);
  if (value !== undefined) return `write of ${shown(value)}`;
  if (operation.kind === 'write') return 'write';
  const what = operation.step.kind === 'add' ? `change by ${signed(operation.step.by)}` : operation.step.kind === 'reserve' ? `reservation of ${operation.step.amount}` : 'write';
  return isPure(operation) ? `refused ${what}` : what;
}
