/** What the latest rejoin of a window did, beside the fields: a verdict and a bar for each column, what met in each field, and what was lost. */
import { html, nothing, type TemplateResult } from 'lit';
import { barSegments, barWords, brokenRules, costSentence } from '../../../shared/analysis/cost-sentences.ts';
import type { MetEdit, RejoinView } from '../../../shared/analysis/rejoin-views.ts';
import type { ReviewEntry } from '../../../shared/analysis/review.ts';
import type { FieldId } from '../../../shared/document/schema.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/names.ts';
import type { ReplicaSession } from '../../controllers/replica-session.ts';
import { colourStyle, replicaDot } from '../parts/replica-dot.ts';

/** So many lost edits stand in a cell; the review has all. */
const ghostsMax = 3;

function latestRejoin({ rejoins }: ReplicaSession): RejoinView | undefined {
  return rejoins.at(-1);
}

/** "Lost 6 of 16, and told nobody." with a bar of what became of the edits that met; nothing before anything has met. */
export function columnVerdict(session: ReplicaSession, strategy: StrategyId): TemplateResult | typeof nothing {
  const totals = latestRejoin(session)?.totals.find((each) => each.strategy === strategy);
  if (!totals) return nothing;
  const broken = brokenRules(totals);
  return html`<p class="verdict">${costSentence(totals)}${broken.map((rule) => html` <strong class="broken">${rule}</strong>`)}</p>
    <div class="bar" role="img" aria-label=${barWords(totals)}>${barSegments(totals).map(({ kind, count }) => html`<span class=${kind} style="flex-grow: ${count}"></span>`)}</div>`;
}

/** What each side did to a field, one line a person. */
export function metLines(session: ReplicaSession, field: FieldId): TemplateResult | typeof nothing {
  const met = latestRejoin(session)?.fields.find((each) => each.field === field);
  if (!met) return nothing;
  const byAuthor = new Map<string, string[]>();
  for (const { author, mark } of [...met.here, ...met.there] satisfies MetEdit[]) byAuthor.set(author, [...(byAuthor.get(author) ?? []), mark]);
  return html`<ul class="met" role="list" aria-label="What met">${[...byAuthor].map(([author, marks]) => html`<li>${replicaDot(author)} <span class="line" style=${colourStyle(author)}>${marks.join(', ')}</span></li>`)}</ul>`;
}

/** What was lost in a cell, or came back: struck, on its author's line, with why and a way back. */
export function ghosts(session: ReplicaSession, strategy: StrategyId, field: FieldId): TemplateResult | typeof nothing {
  const found = ghostsOf(session, strategy, field);
  if (found.length === 0) return nothing;
  const more = found.length - ghostsMax;
  return html`${found.slice(0, ghostsMax).map((entry) => ghost(session, strategy, entry))}
    ${more > 0 ? html`<p class="ghost">and ${more} more, in the review</p>` : nothing}`;
}

/** Of the latest rejoin; where none is known, of the whole history. Newest first. */
function ghostsOf(session: ReplicaSession, strategy: StrategyId, field: FieldId): ReviewEntry[] {
  const latest = session.rejoins.length - 1;
  return session.review.filter((entry) => {
    if (entry.field !== field || entry.isPutBack || (latest >= 0 && entry.rejoin !== latest)) return false;
    return entry.fates.some((fate) => fate.strategy === strategy && (fate.disposition === 'lost' || fate.disposition === 'resurrected'));
  });
}

function ghost(session: ReplicaSession, strategy: StrategyId, entry: ReviewEntry): TemplateResult {
  const { disposition, why } = entry.fates.find((fate) => fate.strategy === strategy)!;
  const word = disposition === 'lost' ? 'lost' : 'came back';
  const canPutBack = entry.putBack?.columns.some((column) => column.strategy === strategy);
  const described = `${entry.mark}, by ${entry.author}, ${word} under ${strategyNames[strategy]}`;
  return html`<p class="ghost"><span aria-hidden="true">${disposition === 'lost' ? '✕' : '↻'}</span>
    <s class="line" style=${colourStyle(entry.author)}>${entry.mark}</s> <span>${word}${why === '' ? nothing : html`<span class="why"> · ${why}</span>`}</span>
    ${canPutBack ? html`<button type="button" class="act" aria-description=${described} @click=${() => session.putBack(entry)}>Put back</button>` : nothing}</p>`;
}
