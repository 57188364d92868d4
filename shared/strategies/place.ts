/** Where an accepted edit stands in its strategy's order of a field's values. Coordinated strategies say so in the details of an outcome. */
import { dotKey, type DotKey, parseDot, type ReplicaId } from '../clocks/dot.ts';
import { compareVersions, type Version } from './version.ts';

export interface Place {
  /** Quorum: the version. Consensus: the number of edits, of nobody. Single leader: the term. */
  readonly version: Version;
  /** Single leader: the place in the log; else 0. */
  readonly index: number;
  /** The edit whose value it was applied to; '' for the initial value. */
  readonly replaces: DotKey | '';
}

export function comparePlaces(a: Place, b: Place): number {
  return compareVersions(a.version, b.version) || a.index - b.index;
}

/** The same for all that say where an edit stands, whatever they say that it was applied to. */
export function nameOfPlace({ version, index }: Place): string {
  return `${version.counter} ${version.replica} ${index}`;
}

/** A place of parts that came from outside; null where one of them is malformed. */
export function placeFrom(counter: unknown, replica: ReplicaId | '', index: number, replaces: unknown): Place | null {
  return isPlaceCount(counter) && isKey(replaces) ? { version: { counter, replica }, index, replaces } : null;
}

/** Versions, terms and places in a log are counted from 1. */
export function isPlaceCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function isKey(value: unknown): value is DotKey | '' {
  if (typeof value !== 'string') return false;
  if (value === '') return true;
  try {
    return dotKey(parseDot(value)) === value;
  } catch {
    return false;
  }
}
