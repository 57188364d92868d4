/**
 * What the checking of shapes complains of, in words for whoever wrote the file: what was expected, and what stands there.
 *
 * Guarantees: zod's own words are never shown; each of its complaints has words here, or has those that stand beside the shape.
 */
import type { z } from 'zod';
import type { At } from './scenario-error.ts';

/** For `safeParse`: makes zod complain in these words. */
export const zodMessages: { readonly error: z.core.$ZodErrorMap } = { error: wordsOf };

/** The complaint to show, of those about this value. `path`: where it stands. */
export function describeIssue(issues: readonly z.core.$ZodIssue[], value: unknown): { readonly path: At; readonly message: string } {
  // A member that is misspelt is missing too; its own name helps more.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const path = issue.path as At;
  if (issue.code === 'unrecognized_keys') return { path: [...path, issue.keys[0]!], message: issue.message };
  const name = path.at(-1);
  if (issue.code === 'invalid_key') return { path, message: `${issue.issues[0]?.message ?? issue.message}, not ${standing(name)}` };
  const there = foundAt(value, path);
  if (there === undefined) return { path, message: `it is missing; ${issue.message}` };
  return { path, message: `${issue.message}, not ${measured(issue, there)}${isTextInQuotes(issue, there) ? '; in quotes it is a text' : ''}` };
}

function wordsOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys': return `there is no such member here${meant(issue.keys[0]!, membersOf(issue.inst))}`;
    case 'invalid_type': return `expected ${typeNames[issue.expected] ?? 'something else'}`;
    case 'invalid_value': return `expected ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'too_small': return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${amount(issue.origin, issue.minimum)}`;
    case 'too_big': return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${amount(issue.origin, issue.maximum)}`;
    default: return 'expected something else';
  }
}

const typeNames: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'members and values', record: 'members and values', null: 'nothing' };

function amount(origin: string, limit: number | bigint): string {
  const number = Number(limit).toLocaleString('en');
  if (origin === 'string') return `${number} ${limit === 1 ? 'character' : 'characters'}`;
  return origin === 'array' ? `${number} ${limit === 1 ? 'entry' : 'entries'}` : number;
}

function foundAt(value: unknown, path: At): unknown {
  return path.reduce<unknown>((found, name) => (typeof found === 'object' && found !== null && Object.hasOwn(found, name) ? (found as Record<string | number, unknown>)[name] : undefined), value);
}

/** Of what is too long or too short, its length. */
function measured({ code }: z.core.$ZodIssue, value: unknown): string {
  const hasLength = Array.isArray(value) || (typeof value === 'string' && value.length > 0);
  return (code === 'too_big' || code === 'too_small') && hasLength ? (value as { readonly length: number }).length.toLocaleString('en') : standing(value);
}

function isTextInQuotes(issue: z.core.$ZodIssue, value: unknown): boolean {
  return issue.code === 'invalid_type' && issue.expected === 'string' && ['number', 'boolean'].includes(typeof value);
}

/** Longest text, and most entries of a list, that are shown whole. */
const [lettersMax, entriesMax] = [40, 3];

/** A value as its file may have it, in short. */
export function standing(value: unknown, depth = 2): string {
  if (value === undefined || value === null) return depth === 2 ? 'nothing' : 'null';
  if (typeof value === 'string') return value.length > lettersMax ? `${JSON.stringify(value.slice(0, lettersMax)).slice(0, -1)}…"` : JSON.stringify(value);
  if (typeof value === 'number') return Number.isNaN(value) ? '.nan' : Number.isFinite(value) ? String(value) : `${value < 0 ? '-' : ''}.inf`;
  if (typeof value !== 'object') return String(value);
  const isList = Array.isArray(value);
  const names = isList ? Object.keys(value.slice(0, entriesMax + 1)) : Object.keys(value);
  if (names.length === 0) return isList ? '[]' : '{}';
  const entryOf = (name: string): string => `${isList ? '' : `${name.slice(0, lettersMax)}: `}${standing((value as Record<string, unknown>)[name], depth - 1)}`;
  const shown = depth === 0 ? ['…'] : [...names.slice(0, entriesMax).map(entryOf), ...(names.length > entriesMax ? ['…'] : [])];
  return isList ? `[${shown.join(', ')}]` : `{ ${shown.join(', ')} }`;
}

/** The names that a shape takes as members. */
function membersOf(shape: z.core.$ZodType | z.core.$ZodCheck | undefined): readonly string[] {
  const { shape: members, keyType } = (shape?._zod.def ?? {}) as { readonly shape?: object; readonly keyType?: z.core.$ZodType };
  return members ? Object.keys(members) : [...(keyType?._zod.values ?? [])].map(String);
}

/** So many names are all told; of more, only one that is like what was written. */
const namesMax = 16;

/** What somebody meant who wrote something like it, or else what there is. */
function meant(written: string, names: readonly string[]): string {
  const limitOf = (name: string): number => (name.length < 5 ? 1 : 2);
  const near = written.length > 40 ? [] : names.filter((name) => distance(name.toLowerCase(), written.toLowerCase()) <= limitOf(name));
  const best = near.sort((a, b) => distance(a, written) - distance(b, written))[0];
  if (best !== undefined) return `; did you mean "${best}"?`;
  return names.length === 0 || names.length > namesMax ? '; docs/scenarios.md names all' : `; there are ${names.join(', ')}`;
}

/** Letters to insert, leave out, change, or swap with their neighbour. Source: Damerau, 1964 (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
