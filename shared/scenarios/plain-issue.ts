/** What the checking of shapes complains of, in words for whoever wrote the file. */
import type { z } from 'zod';
import { strategyIds } from '../history/record.ts';
import { figures } from './scenario.ts';
import { deedShapes, eventShapes } from './scenario-format.ts';
import type { At } from './scenario-trouble.ts';

/** The one to tell, where it stands, and what was expected there. */
export function plainIssue(issues: readonly z.core.$ZodIssue[]): { readonly path: At; readonly message: string } {
  // A member that is misspelt is missing too; its own name helps more.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const path = issue.path as At;
  switch (issue.code) {
    case 'unrecognized_keys': return { path: [...path, issue.keys[0]!], message: `there is no such member here${meant(issue.keys[0]!)}` };
    case 'invalid_key': return { path, message: issue.issues[0]?.message ?? 'this cannot be a name here' };
    case 'invalid_type': return { path, message: typeWords(issue.expected, issue.message) };
    case 'invalid_value': return { path, message: `expected ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}` };
    case 'too_small': return { path, message: issue.message.startsWith('Too small') ? `expected at least ${amount(issue.origin, issue.minimum)}` : issue.message };
    case 'too_big': return { path, message: `expected at most ${amount(issue.origin, issue.maximum)}` };
    default: return { path, message: issue.message.replace(/^Invalid input: /, '') };
  }
}

const typeNames: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'members and values', record: 'members and values', null: 'nothing' };

function typeWords(expected: string, message: string): string {
  const received = / received (\w+)$/.exec(message)?.[1];
  if (received === undefined && !message.startsWith('Invalid')) return message;
  const wanted = typeNames[expected] ?? expected;
  if (received === 'undefined') return `it is missing; ${wanted} was expected`;
  return `expected ${wanted}${received === undefined ? '' : expected === 'int' && received === 'number' ? '' : `, not ${typeNames[received] ?? received}`}`;
}

function amount(origin: string, limit: number | bigint): string {
  const number = Number(limit).toLocaleString('en');
  if (origin === 'string') return `${number} ${limit === 1 ? 'character' : 'characters'}`;
  return origin === 'array' ? `${number} ${limit === 1 ? 'entry' : 'entries'}` : number;
}

/** All words that a scenario may have as members. */
const words = [
  'title', 'lookAt', 'fields', 'replicas', 'leader', 'strategies', 'preset', 'settings', 'steps', 'expect', 'type', 'label', 'initial', 'say', 'at', 'in', 'times', 'together', 'every',
  'converged', 'holds', 'breaks', 'strongest', 'value', 'neverBelow', 'upstream', 'downstream', 'latencyMs', 'jitterMs', 'bandwidthKbps', 'dropRate', 'duplicateRate', 'reorderRate', 'cut',
  'lastWriterWins', 'singleLeader', 'granularity', 'clock', 'sets', 'numbers', 'readRepair', 'writeBack', 'sloppy', 'antiEntropy', 'localReads', 'replication', 'promotion',
  ...figures, ...strategyIds, ...Object.keys(deedShapes), ...Object.keys(eventShapes),
];

/** What somebody meant who wrote something like it. */
function meant(written: string): string {
  if (written.length > 40) return '';
  const near = words.filter((word) => word !== written && distance(word.toLowerCase(), written.toLowerCase()) <= (word.length < 5 ? 1 : 2));
  const best = near.sort((a, b) => distance(a, written) - distance(b, written))[0];
  return best === undefined ? '' : `; did you mean "${best}"?`;
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
