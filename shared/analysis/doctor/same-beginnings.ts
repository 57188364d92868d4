/**
 * Finds documents that were created from the same content on two sides: Yjs takes that for two different edits, and merging gives "hellohello".
 *
 * It is a guess, and a careful one: two clients count only if both made the same things at the same places, from their first clock on and next to nothing of
 * anybody else's. What was deleted and thrown away cannot be compared, so a beginning that was deleted is not found. The lowest client ids are looked at first,
 * at most `clientsMax` a side, so that the time stays bounded.
 */
import { excerpt, isKnown, type Run, sameContent, samePlace, placeAt } from './content-run.ts';
import type { SameBeginning } from './finding.ts';

const clientsMax = 200;

/** Text that two people begin with by chance is shorter. In UTF-16 code units. */
const textMin = 4;

/** A document's runs, and the clients that are meant. */
type Group = readonly [runs: ReadonlyMap<number, readonly Run[]>, clients: readonly number[]];

/** Between clients of one group and others; whoever was found to begin like somebody is not looked at again, so three that are the same make two pairs. `sharesNothing`: the documents have no client in common, so that a single equal value counts too. */
export function sameBeginnings(group: Group, others: Group, sharesNothing: boolean): SameBeginning[] {
  const found: SameBeginning[] = [];
  const taken = new Set<number>();
  const [left, right] = [lowest(group), lowest(others)];
  for (const a of left) {
    for (const b of right) {
      if (a === b || taken.has(a) || taken.has(b)) continue;
      const beginning = sameBeginning(group[0].get(a)!, others[0].get(b)!, sharesNothing);
      if (!beginning) continue;
      taken.add(b);
      found.push({ ...beginning, clients: [a, b] });
    }
  }
  return found;
}

function lowest([, clients]: Group): number[] {
  return [...clients].sort((a, b) => a - b).slice(0, clientsMax);
}

interface Tally {
  length: number;
  text: number;
  values: number;
  /** Nested types under a key. */
  types: number;
}

function sameBeginning(a: readonly Run[], b: readonly Run[], sharesNothing: boolean): Omit<SameBeginning, 'clients'> | null {
  const tally: Tally = { length: 0, text: 0, values: 0, types: 0 };
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i]!, b[j]!];
    const end = Math.min(x.clock + x.length, y.clock + y.length);
    if (x.clock > tally.length || y.clock > tally.length || !extend(tally, x, y, end)) break;
    if (end === x.clock + x.length) i++;
    if (end === y.clock + y.length) j++;
  }
  const isWhole = i === a.length || j === b.length;
  const isSeed = tally.text >= textMin || tally.types > 0 || (isWhole && tally.text > 1) || (sharesNothing && tally.values > 0);
  return isSeed ? { length: tally.length, shown: excerpt(a[0]!, 0, tally.length) } : null;
}

/** Counts what is the same in two runs up to an end; false where they part before it. */
function extend(tally: Tally, x: Run, y: Run, end: number): boolean {
  const [placeX, placeY] = [placeAt(x, tally.length), placeAt(y, tally.length)];
  const isOwn = (one: { client: number; clock: number }, other: { client: number; clock: number }): boolean => one.client === x.client && other.client === y.client && one.clock === other.clock;
  if (!placeX || !placeY || !isKnown(x) || !isKnown(y) || !samePlace(placeX, placeY, isOwn)) return false;
  for (; tally.length < end; tally.length++) {
    if (!sameContent(x, tally.length - x.clock, y, tally.length - y.clock)) return false;
    if (x.content.kind === 'text') tally.text++;
    else if (x.content.kind !== 'type' && x.content.kind !== 'format') tally.values++;
    // Of a list's first element alone that it is a map says nothing; under a key there can be only one.
    else if (x.content.kind === 'type' && placeX.key !== null) tally.types++;
  }
  return true;
}
