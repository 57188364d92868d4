/**
 * Binds a text control to a text that others change too. Pure functions; indexes count UTF-16 code units.
 *
 * Guarantees: applySplice(before, smallestSplice(before, after)) is `after`; no splice cuts a surrogate pair that stands whole in
 * both texts; positions stay inside the text that they are moved to.
 */
export interface Splice {
  readonly index: number;
  readonly removed: string;
  readonly inserted: string;
}

export function applySplice(text: string, splice: Splice): string {
  return text.slice(0, splice.index) + splice.inserted + text.slice(splice.index + splice.removed.length);
}

/**
 * The smallest splice that turns one text into the other; null where they are equal. Of several equally small ones ("aa" → "aaa")
 * it takes the one that ends at `caret`, where the person typed, if given.
 */
export function smallestSplice(before: string, after: string, caret?: number): Splice | null {
  if (before === after) return null;
  const prefix = commonPrefix(before, after, Math.min(before.length, after.length));
  const smallest = spliceBetween(before, after, prefix, commonSuffix(before, after, Math.min(before.length, after.length) - prefix));
  if (caret === undefined) return smallest;
  const suffix = commonSuffix(before, after, Math.min(before.length, after.length, Math.max(0, after.length - caret)));
  const atCaret = spliceBetween(before, after, commonPrefix(before, after, Math.min(before.length, after.length) - suffix), suffix);
  return size(atCaret) <= size(smallest) ? atCaret : smallest;
}

/** Where a position of a text stands after a splice. At the very place of an insertion it stays in front of it. */
export function movedPosition(position: number, splice: Splice): number {
  const end = splice.index + splice.removed.length;
  if (position <= splice.index) return position;
  if (position >= end) return position + splice.inserted.length - splice.removed.length;
  return Math.min(position, splice.index + splice.inserted.length);
}

/**
 * A splice made on a text that has meanwhile become `current` by `remote`: the same edit, at its place in `current`.
 * Text that `remote` put into the removed range stays, as the person had not seen it.
 */
export function rebasedSplice(local: Splice, remote: Splice, current: string): Splice {
  const localEnd = local.index + local.removed.length;
  const index = local.index > remote.index ? movedPosition(local.index, remote) : local.index;
  const inside = remote.index > local.index && remote.index < localEnd;
  const end = inside ? remote.index : Math.max(index, movedPosition(localEnd, remote));
  return { index, removed: current.slice(index, end), inserted: local.inserted };
}

/**
 * A text as a control can show it, code unit for code unit: text controls turn every line end into "\n" and would thereby shift all
 * that follows.
 */
export function displayedText(text: string, lines: 'one' | 'many' = 'many'): string {
  return lines === 'one' ? text.replace(/[\r\n]/g, ' ') : text.replace(/\r\n/g, ' \n').replace(/\r/g, '\n');
}

/** Shows another text in a control and leaves caret and selection where they were in the text. */
export function showText(control: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  const splice = smallestSplice(control.value, text);
  if (!splice) return;
  const root = control.getRootNode() as Document | ShadowRoot;
  // Only where the person is: some browsers move the focus to whatever gets a selection, and to ask how far a text is scrolled lays the page out.
  if (root.activeElement !== control) return void (control.value = text);
  const { selectionStart, selectionEnd, selectionDirection, scrollTop } = control;
  control.value = text;
  if (selectionStart === null || selectionEnd === null) return;
  control.setSelectionRange(movedPosition(selectionStart, splice), movedPosition(selectionEnd, splice), selectionDirection ?? 'none');
  control.scrollTop = scrollTop;
}

function spliceBetween(before: string, after: string, prefix: number, suffix: number): Splice {
  return { index: prefix, removed: before.slice(prefix, before.length - suffix), inserted: after.slice(prefix, after.length - suffix) };
}

function size(splice: Splice): number {
  return splice.removed.length + splice.inserted.length;
}

function commonPrefix(a: string, b: string, max: number): number {
  let length = 0;
  while (length < max && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return cutsPair(a, length) || cutsPair(b, length) ? length - 1 : length;
}

function commonSuffix(a: string, b: string, max: number): number {
  let length = 0;
  while (length < max && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return cutsPair(a, a.length - length) || cutsPair(b, b.length - length) ? length - 1 : length;
}

function cutsPair(text: string, at: number): boolean {
  return at > 0 && at < text.length && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}
