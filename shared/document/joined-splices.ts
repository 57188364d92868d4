/** Several splices as one that does what they do one after the other. */
import type { TextIntent } from './intent.ts';

/** One splice that does what two do, one after the other; null where the second does not touch what the first put in, or was made on other text. */
export function joined(first: TextIntent, second: TextIntent): TextIntent | null {
  return followsOn(first, second) ? joinedAt(first, second, second.index) : null;
}

/** The same where it is known that the second one stands at an index, as the first one left the text. */
export function joinedAt(first: TextIntent, second: TextIntent, index: number): TextIntent | null {
  const start = first.index;
  const end = start + first.inserted.length;
  const secondEnd = index + second.removed.length;
  if (index > end || secondEnd < start) return null;
  const before = second.removed.slice(0, Math.max(0, start - index));
  const after = second.removed.slice(second.removed.length - Math.max(0, secondEnd - end));
  const kept = first.inserted.slice(0, Math.max(0, index - start));
  const rest = first.inserted.slice(Math.max(0, secondEnd - start));
  const between = second.removed.slice(before.length, second.removed.length - after.length);
  if (kept + between + rest !== first.inserted) return null;
  const { left } = index < start ? second : first;
  return {
    kind: 'splice',
    index: Math.min(start, index),
    removed: before + first.removed + after,
    inserted: kept + second.inserted + rest,
    ...(left === undefined ? {} : { left }),
  };
}

/** Whether the text to the left of the second splice is what the first one left there. */
function followsOn(first: TextIntent, second: TextIntent): boolean {
  if (first.left === undefined || second.left === undefined) return first.left === second.left;
  const from = second.index - first.index;
  const [expected, found] = from < 0 ? [first.left, second.left + second.removed.slice(0, -from)] : [first.left + first.inserted.slice(0, from), second.left];
  return expected.endsWith(found) || found.endsWith(expected);
}
