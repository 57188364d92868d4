/** What is in one document, for `rejoin doctor FILE`: its roots and its clients. */
import { type Root, rootsOf } from '../../../shared/analysis/doctor/document-roots.ts';
import { useWords } from '../../../shared/analysis/doctor/finding-words.ts';
import type { SavedDocument } from '../../../shared/analysis/doctor/saved-document.ts';

/** What one client wrote. */
interface ClientPart {
  readonly client: number;
  readonly units: number;
  readonly deleted: number;
  /** Units that Yjs can apply, from clock 0 on: the client's entry in the state vector. */
  readonly applied: number;
}

export interface Contents {
  readonly roots: readonly Root[];
  /** Those who wrote most come first. */
  readonly clients: readonly ClientPart[];
}

/** Most roots, and clients, that are printed for people. */
const printedMax = 20;

export function contentsOf(document: SavedDocument): Contents {
  return { roots: rootsOf(document), clients: clientsOf(document) };
}

export function contentsLines({ roots, clients }: Contents): string[] {
  return [
    '',
    ...printed(roots, 'roots', rootLine),
    '',
    ...printed(clients, 'clients', ({ client, units, deleted, applied }) => {
      const waiting = applied < units ? `, ${number(units - applied)} of them wait` : '';
      return `client ${client}: ${unitWords(units)}, ${number(deleted)} deleted${waiting}`;
    }),
  ];
}

function rootLine({ name, uses, units, deleted, nested }: Root): string {
  const as = uses.map((use) => useWords[use]).join(' and ') || 'nothing shows of which type';
  const types = nested === 0 ? '' : `, ${number(nested)} nested ${nested === 1 ? 'type' : 'types'}`;
  return `root “${name}”: ${as}, ${unitWords(units)}, ${number(deleted)} deleted${types}`;
}

function clientsOf({ runs, present, deleted, stateVector }: SavedDocument): ClientPart[] {
  const sums = new Map([...runs.keys()].map((client) => [client, { units: 0, deleted: 0 }]));
  for (const { client, length } of present.list()) sums.get(client)!.units += length;
  for (const { client, length } of deleted.and(present).list()) sums.get(client)!.deleted += length;
  return [...sums]
    .map(([client, sum]) => ({ client, ...sum, applied: stateVector.get(client) ?? 0 }))
    .sort((a, b) => b.units - a.units || a.client - b.client);
}

function printed<Item>(items: readonly Item[], what: string, line: (item: Item) => string): string[] {
  const left = items.length - printedMax;
  const rest = left > 0 ? [`  and ${number(left)} more ${what}`] : [];
  return items.slice(0, printedMax).map((item) => `  ${line(item)}`).concat(rest);
}

function unitWords(count: number): string {
  return `${number(count)} ${count === 1 ? 'unit' : 'units'}`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
