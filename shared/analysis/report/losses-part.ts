/** What did not simply survive, strategy by strategy, the worst first: a sentence each, with the dots of the edit and of the edit that caused its fate. */
import type { StrategyId } from '../../history/record.ts';
import { strategyNames } from '../../strategies/registry.ts';
import { barSegments, brokenRuleTexts } from '../cost-sentences.ts';
import type { Disposition } from '../fates/fate.ts';
import { type ReviewEntry, reviewOf } from '../review.ts';
import type { ScorecardRow } from '../scorecard-csv.ts';
import { reportIcon, type ReportIconName } from './icons.ts';
import { markup, type Markup } from './markup.ts';
import type { Report } from './report.ts';

/** `most`: so many sentences a strategy. Paper is short, and one edit that waits or was refused is told like the next. */
const marks: Readonly<Partial<Record<Disposition, { readonly icon: ReportIconName; readonly tone: string; readonly most: number }>>> = {
  lost: { icon: 'cross', tone: 'bad', most: 6 },
  resurrected: { icon: 'warn', tone: 'bad', most: 4 },
  unknown: { icon: 'ask', tone: '', most: 4 },
  sibling: { icon: 'fork', tone: 'turn', most: 2 },
  refused: { icon: 'refused', tone: '', most: 2 },
};

/** The worst first. */
const order = Object.keys(marks) as Disposition[];

export function lossesPart(report: Report): Markup {
  const parts = report.scorecard.flatMap((row) => partOf(row, report) ?? []);
  return parts.length === 0 ? markup`<p>Nothing was lost, refused or left to a person under any strategy.</p>` : markup`${parts}`;
}

function partOf(row: ScorecardRow, { ledger, schema }: Report): Markup | null {
  const words = [...barSegments(row).filter(({ kind }) => !['kept', 'superseded', 'pending'].includes(kind)).map((segment) => segment.words), ...brokenRuleTexts({ ...row, resurrected: 0 })];
  if (words.length === 0) return null;
  const entries = reviewOf(ledger, schema, '', [row.strategy]).map((entry) => ({ entry, rank: order.indexOf(dispositionOf(entry, row.strategy)) })).filter(({ rank }) => rank >= 0);
  const told = order.flatMap((disposition, rank) => entries.filter((each) => each.rank === rank).sort((a, b) => b.entry.edits - a.entry.edits).slice(0, marks[disposition]!.most));
  const left = entries.length - told.length;
  const oversold = row.oversold > 0 ? markup`<li class="bad">${reportIcon('warn')}<b>Rule</b><span>Oversold by ${row.oversold}: more was promised than there was.</span></li>` : null;
  return markup`<h3>${strategyNames[row.strategy]}: ${words.join(', ')}</h3>
<ul>${oversold}${told.map(({ entry, rank }) => line(entry, order[rank]!))}</ul>
${left > 0 ? markup`<p class="more">And ${left} more.</p>` : null}`;
}

function dispositionOf({ fates }: ReviewEntry, strategy: StrategyId): Disposition {
  return fates.find((fate) => fate.strategy === strategy)!.disposition;
}

function line({ label, sentence, clocks }: ReviewEntry, disposition: Disposition): Markup {
  const { icon: name, tone } = marks[disposition]!;
  return markup`<li class="${tone}">${reportIcon(name)}<b>${label}</b><span>${sentence}</span><span class="dots">${dotsOf(clocks)}</span></li>
`;
}

/** "C:2 ∥ A:48" where neither had seen the other; "C:2, A:48" where one had. */
function dotsOf(clocks: readonly string[]): string {
  const known = clocks.map((each) => ({ dot: each.split(' ')[0]!, clock: counters(each) }));
  const [own, other] = known;
  if (!own || !other) return own?.dot ?? '';
  const had = (dot: string, clock: ReadonlyMap<string, number>): boolean => (clock.get(dot.split(':')[0]!) ?? 0) >= Number(dot.split(':')[1]);
  const isConcurrent = known.length === 2 && !had(own.dot, other.clock) && !had(other.dot, own.clock);
  return known.map(({ dot }) => dot).join(isConcurrent ? ' ∥ ' : ', ');
}

/** Of "A:9 {A:9 B:3}" what stands in the braces. */
function counters(clock: string): Map<string, number> {
  return new Map([...clock.slice(clock.indexOf('{')).matchAll(/([^\s{}:]+):(\d+)/g)].map(([, replica, counter]) => [replica!, Number(counter)]));
}
