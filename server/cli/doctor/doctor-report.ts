/** What `rejoin doctor` prints: sentences for people, or JSON. */
import { type Contents, contentsLines, contentsOf } from './doctor-contents.ts';
import { type Comparison, compareDocuments, symptomsOf } from '../../../shared/analysis/doctor/compare-documents.ts';
import type { Finding, Symptom } from '../../../shared/analysis/doctor/finding.ts';
import { differenceWords, headings, type Names, remarkWords, symptomWords, type Words } from '../../../shared/analysis/doctor/finding-words.ts';
import type { SavedDocument } from '../../../shared/analysis/doctor/saved-document.ts';

export interface Examined {
  readonly name: string;
  readonly document: SavedDocument;
}

export interface Examination {
  /** Whether these are islands of a room, or files. */
  readonly areIslands: boolean;
  readonly examined: readonly Examined[];
  /** What each document suffers from, in their order. */
  readonly symptoms: readonly (readonly Symptom[])[];
  /** Each with each. */
  readonly pairs: readonly (Comparison & { readonly first: number; readonly second: number })[];
}

/** Most entries of a list in JSON; the whole number stands beside it. */
const listMax = 1_000;

export function examine(examined: readonly Examined[], areIslands: boolean): Examination {
  const documents = examined.map(({ document }) => document);
  const symptoms = documents.map((document) => symptomsOf(document, documents.filter((each) => each !== document)));
  const pairs = documents.flatMap((a, first) => documents.flatMap((b, second) => (first < second ? [{ first, second, ...compareDocuments(a, b) }] : [])));
  return { examined, areIslands, symptoms, pairs };
}

export function isEqual({ pairs }: Examination): boolean {
  return pairs.every(({ differences }) => differences.length === 0);
}

/** Whether files are equal, and one file alone has nothing wrong with it. */
export function isSound(examination: Examination): boolean {
  return isEqual(examination) && !(isOneFile(examination) && examination.symptoms[0]!.length > 0);
}

function isOneFile({ examined, areIslands }: Examination): boolean {
  return examined.length === 1 && !areIslands;
}

export function examinationLines(examination: Examination): string[] {
  const { examined, symptoms, pairs } = examination;
  const lines = examined.map((each) => summaryOf(each));
  if (isOneFile(examination)) for (const line of contentsLines(contentsOf(examined[0]!.document))) lines.push(line);
  const add = (more: readonly string[]): void => more.forEach((line) => lines.push(line));
  for (const [i, { name }] of examined.entries()) add(findingLines(symptoms[i]!, (symptom) => symptomWords(symptom, name)));
  for (const pair of pairs) {
    const names = namesOf(examination, pair);
    lines.push('', pair.differences.length === 0 ? `${names.first} and ${names.second} are equal.` : `${names.first} and ${names.second} differ.`);
    add(findingLines(pair.differences, (difference) => differenceWords(difference, names, pair.differences)));
    add(findingLines(pair.remarks, (remark) => remarkWords(remark, names)));
  }
  if (pairs.length === 0 && !isOneFile(examination)) lines.push('', 'The room is whole: all of it is one island, so there is nothing to compare.');
  return lines;
}

export function examinationJson(examination: Examination): object {
  const { examined, symptoms, pairs } = examination;
  const told = <Kind extends Finding>(finding: Kind, { says, mend }: Words): object => ({ ...bounded(finding), says, mend });
  return {
    equal: isEqual(examination),
    ...(isOneFile(examination) ? { contents: bounded(contentsOf(examined[0]!.document)) } : {}),
    documents: examined.map(({ name, document }, i) => ({ name, ...figuresOf(document), symptoms: symptoms[i]!.map((symptom) => told(symptom, symptomWords(symptom, name))) })),
    comparisons: pairs.map((pair) => {
      const names = namesOf(examination, pair);
      return {
        first: names.first,
        second: names.second,
        equal: pair.differences.length === 0,
        differences: pair.differences.map((difference) => told(difference, differenceWords(difference, names, pair.differences))),
        remarks: pair.remarks.map((remark) => told(remark, remarkWords(remark, names))),
      };
    }),
  };
}

function namesOf({ examined, areIslands }: Examination, { first, second }: { readonly first: number; readonly second: number }): Names {
  return { first: examined[first]!.name, second: examined[second]!.name, areIslands };
}

function findingLines<Kind extends Finding>(findings: readonly Kind[], words: (finding: Kind) => Words): string[] {
  return findings.flatMap((finding) => {
    const { says, mend } = words(finding);
    return ['', `${headings[finding.kind]}. ${says}`, ...(mend === null ? [] : [`  To mend it: ${mend}`])];
  });
}

function figuresOf({ format, runs, present, deleted }: SavedDocument): { format: string; clients: number; units: number; deleted: number } {
  return { format, clients: runs.size, units: present.units, deleted: deleted.and(present).units };
}

function summaryOf({ name, document }: Examined): string {
  const { format, clients, units, deleted } = figuresOf(document);
  const counted = (count: number, what: string): string => `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
  return `${name}: an update of Yjs, version ${format.slice(1)}, of ${counted(clients, 'client')}: ${counted(units, 'unit')} (characters or elements), ${deleted.toLocaleString('en-US')} deleted.`;
}

/** Long lists are cut, and say how long they were. */
function bounded(finding: Finding | Contents): object {
  return Object.fromEntries(Object.entries(finding).flatMap(([name, value]): [string, unknown][] => (Array.isArray(value) && value.length > listMax ? [[name, value.slice(0, listMax)], [`${name}Count`, value.length]] : [[name, value]])));
}
