/**
 * Order keys: strings between which there is always another one, for lists whose items carry their place with them.
 *
 * Guarantees: before < key < after in code-unit order, for any keys made here. Concurrent keys at one place differ by their tag; equal ones
 * (same tag) are told apart by the item's id. Keys grow by about one digit for each halving of a gap.
 * Source: the fractional positions of Lehman and Yao's "dense identifiers" as in Logoot (Weiss, Urso, Molli, 2009), reduced to one string.
 */
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A key after `before` and before `after`; null stands for the ends of the list. `tag` (letters and digits) tells concurrent keys apart. */
export function orderKeyBetween(before: string | null, after: string | null, tag: string): string {
  const middle = between(before ?? '', after);
  // A digit after the middle keeps the key below `after`, whatever the tag is, as the middle already differs from it; it must not end in 0.
  return `${middle}${tag}V`;
}

/** Letters and digits made of a dot, so that two replicas choosing one place choose different keys. */
export function orderTag(replica: string, counter: number): string {
  let hash = 2166136261;
  for (const char of `${replica}:${counter}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619) >>> 0;
  return digits[hash % 62]! + digits[Math.floor(hash / 62) % 62]!;
}

/** The shortest-gap midpoint: greater than `low`, less than `high`, not a prefix of `high`, not ending in the lowest digit. */
function between(low: string, high: string | null): string {
  let key = '';
  let bounded = high !== null;
  for (let i = 0; ; i++) {
    const from = i < low.length ? digits.indexOf(low[i]!) : 0;
    const to = bounded && high !== null && i < high.length ? digits.indexOf(high[i]!) : digits.length;
    if (to - from > 1) return key + digits[Math.floor((from + to) / 2)]!;
    key += digits[from]!;
    if (to > from) bounded = false;
  }
}
