/**
 * Why two saved documents of Yjs differ.
 *
 * Guarantees: no differences if and only if both have the same units, at the same places and with the same content as far as it is still known, and the same of
 * them deleted; then Yjs shows the same from both. Every unit that one has and the other lacks is named. Content that was deleted and thrown away on one side
 * cannot be compared: that is no difference. Says what is, never how it came about: a beginning that is there twice (same-beginnings.ts) is a guess.
 */
import { type ClockRange, ClockRanges, lastFrom } from './clock-ranges.ts';
import { excerpt, isKnown, placeAt, type Run, sameContent, samePlace, type UnitId } from './content-run.ts';
import { isMixed, rootsOf } from './document-roots.ts';
import type { Difference, Remark, ShownRange, Side, Symptom } from './finding.ts';
import { sameBeginnings } from './same-beginnings.ts';
import type { SavedDocument } from './saved-document.ts';

export interface Comparison {
  /** None: the documents are equal. What explains others comes first. */
  readonly differences: readonly Difference[];
  readonly remarks: readonly Remark[];
}

/** What is to be said of one document; `others` are those in which what it waits for may be. */
export function symptomsOf(document: SavedDocument, others: readonly SavedDocument[]): Symptom[] {
  const symptoms: Symptom[] = [];
  const whereabouts = ({ client, clock }: UnitId): 'waiting-too' | 'elsewhere' | 'nowhere' =>
    document.present.has(client, clock) ? 'waiting-too' : others.some(({ present }) => present.has(client, clock)) ? 'elsewhere' : 'nowhere';
  if (document.waits.length > 0) symptoms.push({ kind: 'pending-structs', waits: document.waits.map((wait) => ({ ...wait, is: whereabouts(wait.for) })) });
  if (!document.waitingDeletions.isEmpty) symptoms.push({ kind: 'pending-deletions', ranges: document.waitingDeletions.list() });
  const mixed = rootsOf(document).filter(isMixed);
  if (mixed.length > 0) symptoms.push({ kind: 'mixed-root', roots: mixed.map(({ name, uses }) => ({ name, uses })) });
  const everybody = [document.runs, [...document.runs.keys()]] as const;
  // Of two values under one key only one is left: nothing is there twice.
  const beginnings = sameBeginnings(everybody, everybody, false).filter(({ clients }) => !clients.some((client) => document.deleted.has(client, 0)));
  if (beginnings.length > 0) symptoms.push({ kind: 'seeded-twice', beginnings });
  return symptoms;
}

export function compareDocuments(first: SavedDocument, second: SavedDocument): Comparison {
  return {
    differences: [...sharedClientIds(first, second), ...reSeeded(first, second), ...missingUpdates(first, second, 'second'), ...missingUpdates(second, first, 'first'), ...deletions(first, second)],
    remarks: remarks(first, second),
  };
}

/** What `lacking` does not have. */
function missingUpdates(having: SavedDocument, lacking: SavedDocument, on: Side): Difference[] {
  const ranges = having.present.minus(lacking.present);
  return ranges.isEmpty ? [] : [{ kind: 'missing-updates', on, ranges: shownRanges(having, ranges) }];
}

function deletions(first: SavedDocument, second: SavedDocument): Difference[] {
  const sameStateVectors = first.stateVector.size === second.stateVector.size && [...first.stateVector].every(([client, clock]) => second.stateVector.get(client) === clock);
  const onOne = (here: SavedDocument, there: SavedDocument, deletedOn: Side): Difference[] => {
    const deleted = here.deleted.minus(there.deleted);
    if (deleted.isEmpty) return [];
    // What the other side lacks altogether comes with its deletion.
    const ranges = deleted.minus(here.present.minus(there.present));
    return ranges.isEmpty ? [] : [{ kind: 'deletions-differ', deletedOn, ranges: shownRanges(there, ranges), sameStateVectors }];
  };
  return [...onOne(first, second, 'first'), ...onOne(second, first, 'second')];
}

function sharedClientIds(first: SavedDocument, second: SavedDocument): Difference[] {
  const clashes: ClockRange[] = [];
  let example: (Difference & { kind: 'shared-client-id' })['example'] | null = null;
  for (const [client, own] of first.runs) {
    for (const [a, b, from, to] of overlaps(own, second.runs.get(client) ?? [])) {
      const clash = clashIn(a, b, from, to);
      if (!clash) continue;
      clashes.push(clash);
      const { clock, length } = clash;
      example ??= { client, clock, first: excerpt(a, clock, length), second: excerpt(b, clock, length) };
    }
  }
  return example ? [{ kind: 'shared-client-id', ranges: ClockRanges.of(clashes).list(), example }] : [];
}

/** Where two lists of runs of one client have the same clocks: both runs, the first clock, and the one after the last. */
function* overlaps(first: readonly Run[], second: readonly Run[]): Generator<[a: Run, b: Run, from: number, to: number]> {
  for (let i = 0, j = 0; i < first.length && j < second.length; ) {
    const [a, b] = [first[i]!, second[j]!];
    const [from, endA, endB] = [Math.max(a.clock, b.clock), a.clock + a.length, b.clock + b.length];
    const to = Math.min(endA, endB);
    if (from < to) yield [a, b, from, to];
    if (endA === to) i++;
    if (endB === to) j++;
  }
}

const isSameUnit = (a: UnitId, b: UnitId): boolean => a.client === b.client && a.clock === b.clock;

/** Units that are not the same, though they have the same name: from the first to the last of them. */
function clashIn(a: Run, b: Run, from: number, to: number): ClockRange | null {
  const [placeA, placeB] = [placeAt(a, from), placeAt(b, from)];
  if (!placeA || !placeB) return null;
  if (!samePlace(placeA, placeB, isSameUnit)) return { client: a.client, clock: from, length: to - from };
  if (!isKnown(a) || !isKnown(b)) return null;
  const isSame = (clock: number): boolean => sameContent(a, clock - a.clock, b, clock - b.clock);
  let [first, last] = [from, to - 1];
  while (first < to && isSame(first)) first++;
  if (first === to) return null;
  while (isSame(last)) last--;
  return { client: a.client, clock: first, length: last + 1 - first };
}

/** Beginnings that are the same, each on one side alone: merged, they would be there twice. */
function reSeeded(first: SavedDocument, second: SavedDocument): Difference[] {
  const [own, others] = [first.runs, second.runs].map((runs, i, both) => [...runs.keys()].filter((client) => !both[1 - i]!.has(client)));
  const sharesNothing = own!.length === first.runs.size;
  const beginnings = sameBeginnings([first.runs, own!], [second.runs, others!], sharesNothing);
  return beginnings.length === 0 ? [] : [{ kind: 're-seeded', beginnings, sharesNothing }];
}

function remarks(first: SavedDocument, second: SavedDocument): Remark[] {
  const found: Remark[] = [];
  if (first.format !== second.format) found.push({ kind: 'formats', first: first.format, second: second.format });
  const isEmpty = ({ present, deleted }: SavedDocument): boolean => present.isEmpty && deleted.isEmpty;
  if (isEmpty(first) !== isEmpty(second)) found.push({ kind: 'empty', which: isEmpty(first) ? 'first' : 'second' });
  const collected = (here: SavedDocument, there: SavedDocument, on: Side): Remark[] => {
    const { units } = here.emptied.minus(there.emptied).and(there.deleted).and(there.present);
    return units > 0 ? [{ kind: 'collected', on, units }] : [];
  };
  return [...found, ...collected(first, second, 'first'), ...collected(second, first, 'second')];
}

/** With what is in them, as this document has it. */
function shownRanges({ runs }: SavedDocument, ranges: ClockRanges): ShownRange[] {
  return ranges.list().map((range) => {
    const own = runs.get(range.client) ?? [];
    const run = own[lastFrom(own, range.clock)];
    return { ...range, shown: run && range.clock < run.clock + run.length ? excerpt(run, range.clock, range.length) : null };
  });
}
