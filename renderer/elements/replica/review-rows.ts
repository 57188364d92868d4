/** The review's list as rows: what is shown of it under a filter, with headings where rejoin or field change. Has no state. */
import { getOrMake } from '../../../shared/analysis/concurrency.ts';
import { exactDuration, listOf } from '../../../shared/analysis/phrases.ts';
import type { RejoinView } from '../../../shared/analysis/rejoin-views.ts';
import type { ReviewItem, ReviewKind } from '../../../shared/analysis/review-item.ts';
import type { FieldId } from '../../../shared/document/schema.ts';

export type ReviewFilter = 'all' | 'lost' | 'turn' | 'rule' | 'refused' | 'unknown';

export const filterNames: Readonly<Record<ReviewFilter, string>> = {
  all: 'All', lost: 'Lost', turn: 'Your turn', rule: 'Rule broken', refused: 'Refused', unknown: 'Unknown',
};

/** What came back is broken too: somebody had removed it. */
const filterOf: Readonly<Record<ReviewKind, ReviewFilter>> = {
  lost: 'lost', touching: 'turn', sibling: 'turn', rule: 'rule', 'came back': 'rule', refused: 'refused', unknown: 'unknown',
};

export type ReviewRow =
  | { readonly kind: 'rejoin'; readonly rejoin: number | null }
  | { readonly kind: 'field'; readonly rejoin: number | null; readonly field: FieldId }
  | { readonly kind: 'item'; readonly item: ReviewItem };

/** The items, and in their places those that were answered here and are no longer among them. */
export function withAnswered(items: readonly ReviewItem[], answered: Iterable<ReviewItem>): readonly ReviewItem[] {
  const known = new Set(items.map(({ key }) => key));
  const gone = [...answered].filter(({ key }) => !known.has(key));
  if (gone.length === 0) return items;
  const groups = new Map<string, ReviewItem[]>();
  for (const item of [...items, ...gone]) getOrMake(groups, `${item.rejoin} ${item.field}`, () => []).push(item);
  // A group of answered items alone stands after the other groups of its rejoin.
  const newestFirst = (rejoin: number | null): number => -(rejoin ?? -1);
  return [...groups.values()].sort(([a], [b]) => newestFirst(a!.rejoin) - newestFirst(b!.rejoin)).flat();
}

export function isIn(filter: ReviewFilter, { kind }: ReviewItem): boolean {
  return filter === 'all' || filterOf[kind] === filter;
}

/** How many items each filter has that nobody has answered; filters without any item are missing, but for All. */
export function filterCounts(items: readonly ReviewItem[], isDone: (item: ReviewItem) => boolean): ReadonlyMap<ReviewFilter, number> {
  const counts = new Map<ReviewFilter, number>([['all', 0]]);
  for (const filter of Object.keys(filterNames) as ReviewFilter[]) if (items.some((item) => isIn(filter, item))) counts.set(filter, 0);
  for (const item of items) {
    if (isDone(item)) continue;
    for (const filter of ['all', filterOf[item.kind]] as const) counts.set(filter, counts.get(filter)! + 1);
  }
  return counts;
}

/** `hasRejoined`: whether any rejoin is known; before the first one there is nothing to tell apart. */
export function rowsOf(items: readonly ReviewItem[], filter: ReviewFilter, hasRejoined: boolean): ReviewRow[] {
  const rows: ReviewRow[] = [];
  let last: ReviewItem | null = null;
  for (const item of items) {
    if (!isIn(filter, item)) continue;
    const isOtherRejoin = last === null || item.rejoin !== last.rejoin;
    if (isOtherRejoin && hasRejoined) rows.push({ kind: 'rejoin', rejoin: item.rejoin });
    if (isOtherRejoin || item.field !== last!.field) rows.push({ kind: 'field', rejoin: item.rejoin, field: item.field });
    rows.push({ kind: 'item', item });
    last = item;
  }
  return rows;
}

/** "Rejoin at 14:32:08. C was cut off for 2 min 10 s." `name`: of this window. */
export function rejoinWords(rejoin: RejoinView | undefined, name: string): string {
  if (!rejoin) return 'Not at a rejoin';
  const { beganMs, cutMs, wasOffline, met, endedMs } = rejoin;
  const how = wasOffline ? `${name} was cut off` : `${name} was apart from ${listOf(met)}`;
  const spell = cutMs === undefined ? '' : ` ${how} for ${exactDuration(beganMs - cutMs)}.`;
  return `Rejoin at ${timeOfDay(beganMs)}.${spell}${endedMs === null ? ' Not all has arrived yet.' : ''}`;
}

/** On this machine's clock: "14:32:08". */
function timeOfDay(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 8);
}
