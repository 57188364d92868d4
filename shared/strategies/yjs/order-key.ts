/**
 * Order keys: strings between which there is always another one, for lists whose items carry their place with them.
 *
 * Guarantees: before < key < after in code-unit order, for any keys made here or by earlier versions. No two dots make the same key. A run that one
 * replica inserts at one place, in any order, is contiguous in the list, whatever others insert or move there at the same time. A key depends on
 * the two neighbours and the dot only. A run in one direction, or the turns of a few replicas at one end, do not make keys longer.
 * Does not guarantee: a bound on the length; a run that moves on to a place that somebody else made inside it nests one level deeper.
 * Source: Weidner, Kleppmann: "The Art of the Fugue: Minimizing Interleaving in Collaborative Text Editing", 2023 (the tree and the choice of side);
 * position-strings 2 (Weidner) writes such a tree into strings. Bunches that grow at both ends are ours (docs/decisions/0029).
 *
 * The keys are the nodes of a tree. A bunch holds the items of one replica, at numbers: the first and those that continue it to the right have their
 * dot's counter, those that continue it to the left have its negative. To the left and to the right of each item, bunches of others may hang.
 *
 *   key    = anchor "." (name "," number (":" or ";"))+     the last one ends in ";"
 *   anchor = "" or a key of earlier versions, which has letters and digits only
 *   ":"    = what follows hangs to the left of that item; ";" = it is that item, or hangs to its right
 */
import type { Dot } from '../../clocks/dot.ts';

/** Where a key stands in one bunch of its path. */
interface Place {
  /** All keys of the bunch and below begin so. */
  readonly bunch: string;
  readonly replica: string;
  /** Whether it is, or hangs on, an item that continued the bunch to the right, or was its first. */
  readonly isForward: boolean;
}

/** A key after `before` and before `after`; null stands for the ends of the list. `dot` names the edit that the key is made for. */
export function orderKeyBetween(before: string | null, after: string | null, dot: Dot): string {
  const left = before === null ? [] : placesOf(before);
  const right = after === null ? [] : placesOf(after);
  const goesLeft = right.length > 0 && (before === null || descends(after!, before, left.at(-1)) || isOwnEnd(before, left.at(-1), after!, right.at(-1)!, dot));
  return goesLeft ? leftOf(after!, right, before, dot) : rightOf(before ?? '', left, after, dot);
}

/** Whether an own item stands to the right and somebody else's to the left: a run that is made backward goes on at the own one. */
function isOwnEnd(before: string, left: Place | undefined, after: string, right: Place, dot: Dot): boolean {
  return isOf(right, dot) && !isOf(left, dot) && !before.startsWith(`${after.slice(0, -1)}:`);
}

/** Whether the later of two keys stands in the tree to the right of the earlier one: hung there, or continuing its bunch to the right. */
function descends(later: string, earlier: string, place: Place | undefined): boolean {
  if (!place) return later.startsWith(`${earlier}.`);
  return later.startsWith(earlier) || (place.isForward && later.startsWith(place.bunch));
}

/** The own bunch continued to the right; or else the highest own one above that `after` is not in, so that taking turns does not nest; or a new one. */
function rightOf(before: string, places: readonly Place[], after: string | null, dot: Dot): string {
  const last = places.at(-1);
  const open = (isOf(last, dot) ? [last!] : places).find((place) => isOf(place, dot) && place.isForward && !after?.startsWith(place.bunch));
  if (open) return `${open.bunch}${numberOf(dot.counter)};`;
  return `${last ? before : `${before}.`}${dot.replica},${numberOf(dot.counter)};`;
}

/** As `rightOf`, to the other side. */
function leftOf(after: string, places: readonly Place[], before: string | null, dot: Dot): string {
  const last = places.at(-1);
  const open = (isOf(last, dot) ? [last!] : places).find((place) => isOf(place, dot) && !before?.startsWith(place.bunch));
  if (open) return `${open.bunch}${numberOf(-dot.counter)};`;
  return `${after.slice(0, -1)}:${dot.replica},${numberOf(dot.counter)};`;
}

function isOf(place: Place | undefined, { replica }: Dot): boolean {
  return place?.replica === replica;
}

const step = /([A-Za-z0-9_.-]{1,39}),([R-Za-i])[0-9A-Za-z]{1,9}[:;]/y;

/** The bunches on the way to a key, the highest first. None: the key is of an earlier version, or of another program. */
function placesOf(key: string): Place[] {
  const places: Place[] = [];
  let at = key.indexOf('.') + 1;
  while (at > 0 && at < key.length) {
    step.lastIndex = at;
    const found = step.exec(key);
    if (!found) return [];
    places.push({ bunch: key.slice(0, at + found[1]!.length + 1), replica: found[1]!, isForward: found[2]! >= 'a' });
    at = step.lastIndex;
  }
  return key.endsWith(';') ? places : [];
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A whole number other than 0 in base 62, such that code units sort as the numbers do: the length first, and below 0 all of it turned round. */
function numberOf(number: number): string {
  let text = '';
  for (let rest = Math.abs(number); rest > 0; rest = Math.floor(rest / 62)) text = digits[number > 0 ? rest % 62 : 61 - (rest % 62)]! + text;
  return String.fromCharCode(number > 0 ? 96 + text.length : 91 - text.length) + text;
}
