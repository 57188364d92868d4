/** The scorecard of a report: a row a strategy, with a bar of what became of the actions. Columns that say nothing anywhere are left out. */
import { strategyNames } from '../../strategies/registry.ts';
import { barSegments, barWords, brokenRuleTexts } from '../cost-sentences.ts';
import { answerPhrase } from '../phrases.ts';
import type { ScorecardRow } from '../scorecard-csv.ts';
import { type Content, markup, type Markup } from './markup.ts';

interface Column {
  readonly name: string;
  readonly of: (row: ScorecardRow) => string | number | null;
  readonly isBad?: boolean;
  /** Shown also where it is 0 everywhere. */
  readonly isUsual?: boolean;
}

const columns: readonly Column[] = [
  { name: 'kept', of: ({ kept }) => kept, isUsual: true },
  { name: 'superseded', of: ({ superseded }) => superseded },
  { name: 'lost', of: ({ lost }) => lost, isBad: true, isUsual: true },
  { name: 'to resolve', of: ({ toResolve }) => toResolve, isUsual: true },
  { name: 'refused', of: ({ refused }) => refused, isUsual: true },
  { name: 'unknown', of: ({ unknown }) => unknown },
  { name: 'pending', of: ({ pending }) => pending },
  { name: 'rule broken', of: (row) => brokenRuleTexts(row).join(', ') || 0, isBad: true, isUsual: true },
  { name: 'stale reads', of: ({ staleReads }) => staleReads, isBad: true },
  { name: 'answer', of: ({ latencyMs }) => (latencyMs === null ? null : answerPhrase(latencyMs)), isUsual: true },
  { name: 'sent', of: ({ bytesSent }) => (bytesSent === undefined ? null : bytesPhrase(bytesSent)) },
];

export function scorecardPart(rows: readonly ScorecardRow[]): Markup {
  const shown = columns.filter(({ of, isUsual }) => isUsual || rows.some((row) => of(row) !== 0 && of(row) !== null));
  const actions = [...new Set(rows.map((row) => row.actions))];
  return markup`<div class="wide" tabindex="0" role="group" aria-label="Scorecard"><table aria-label="Scorecard"><thead><tr><th scope="col">strategy</th><th scope="col">${actions.length === 1 ? `of ${actions[0]!} edits` : 'edits'}</th>${shown.map(({ name }) => markup`<th scope="col" class="n">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => markup`<tr><th scope="row">${strategyNames[row.strategy]}</th><td class="share">${bar(row)}</td>${shown.map((column) => cell(column, row))}</tr>
`)}</tbody></table></div>`;
}

function bar(row: ScorecardRow): Markup {
  return markup`<span class="bar" role="img" aria-label="${barWords(row)}">${barSegments(row).map(({ kind, count }) => markup`<span class="${kind}" style="flex: ${count} 0 0">${count}</span>`)}</span>`;
}

function cell({ of, isBad }: Column, row: ScorecardRow): Content {
  const value = of(row);
  const tone = value === 0 || value === null ? 'zero' : isBad ? 'bad' : '';
  return markup`<td class="n ${tone}">${value ?? '–'}</td>`;
}

function bytesPhrase(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
