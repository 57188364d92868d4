/** What the latest rejoin of a window did: a verdict and a bar for each column, and what met in each field. */
import { html, nothing, type TemplateResult } from 'lit';
import { getOrMake } from '../../../shared/analysis/concurrency.ts';
import { barSegments, barWords, briefCost, costSentence, ruleSentences } from '../../../shared/analysis/cost-sentences.ts';
import { type MetEdit, metWords, type RejoinView } from '../../../shared/analysis/rejoin-views.ts';
import { counted } from '../../../shared/analysis/phrases.ts';
import type { FieldId } from '../../../shared/document/schema.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { waitingActions } from '../../controllers/waiting-actions.ts';
import { answersAlone, isCoordinated, strategyNames } from '../../../shared/strategies/registry.ts';
import { colourStyle, replicaDot } from '../parts/replica-dot.ts';

/** While somebody is out of reach, the last rejoin is over. */
export function shownRejoin({ rejoins, phase }: ReplicaModel): RejoinView | undefined {
  return phase === 'rejoined' ? rejoins.at(-1) : undefined;
}

/** While the window is apart what the strategy does meanwhile; then "Lost 6 of 16, and told nobody." with a bar of what became of the edits that met; nothing before anything has met. */
export function columnVerdict(session: ReplicaModel, strategy: StrategyId, isBrief: boolean): TemplateResult | typeof nothing {
  const totals = shownRejoin(session)?.totals.find((each) => each.strategy === strategy);
  if (!totals) {
    const meanwhile = session.phase === 'apart' ? apartSentence(session, strategy) : null;
    return meanwhile === null ? nothing : html`<p class="verdict">${meanwhile}</p>`;
  }
  const sentence = isBrief ? briefCost(totals) : html`${costSentence(totals)}${ruleSentences(totals).map((rule) => html` <strong class="broken">${rule}</strong>`)}`;
  return html`<p class="verdict">${sentence}</p>
    <div class="bar" role="img" aria-label=${barWords(totals)}>${barSegments(totals).map(({ kind, count }) => html`<span class=${kind} style="flex-grow: ${count}"></span>`)}</div>`;
}

/** "Accepts all 8; they wait." "Refuses: 1 of 3 reachable, 2 needed." There from the beginning, so that nothing moves while somebody edits. */
function apartSentence(session: ReplicaModel, strategy: StrategyId): string | null {
  if (!session.settings.enabled.includes(strategy)) return null;
  const newest = session.schema.map(({ id }) => session.standing(strategy, id).newest);
  const refused = newest.find((each) => each?.outcome === 'refused');
  if (refused) return `${isCoordinated(strategy) ? 'Refuses' : 'Refused one'}: ${(refused.reason ?? '').replace(' replicas reachable', ' reachable')}.`;
  const waiting = waitingActions(session);
  if (isCoordinated(strategy)) return answersAlone(strategy, session.settings, { self: session.name, leader: session.leader }) ? 'Says yes without asking others.' : 'Has to ask others first.';
  if (waiting === 0) return 'Accepts edits; they wait.';
  return waiting === 1 ? 'Accepts it; it waits.' : `Accepts all ${waiting}; they wait.`;
}

/** What each side did to a field, one line a person. */
export function metLines(session: ReplicaModel, field: FieldId): TemplateResult | typeof nothing {
  const met = shownRejoin(session)?.fields.find((each) => each.field === field);
  if (!met) return nothing;
  const byAuthor = new Map<string, MetEdit[]>();
  for (const each of [...met.here, ...met.there]) getOrMake(byAuthor, each.author, () => []).push(each);
  return html`<ul role="list" aria-label="What met">${[...byAuthor].map(([author, edits]) => html`<li data-author=${author}>${replicaDot(author)} <span><span class="t" style=${colourStyle(author)}>${metWords(edits)}</span></span></li>`)}</ul>`;
}

/** "Rejoined. 8 edits here met 8 there. Last writer wins lost 6 of 16 silently." */
export function rejoinAnnouncement({ here, there, totals }: RejoinView, { strategies }: ReplicaModel): string {
  const ofColumns = totals.filter(({ strategy }) => strategies.includes(strategy));
  const clauses = ofColumns.map((each) => `${strategyNames[each.strategy]}: ${briefCost(each)}.`);
  return `Rejoined. ${counted(here, 'edit')} here met ${there} there. ${clauses.join(' ')}`;
}

/** Who is meant by "here" and "there". */
export function metHead(session: ReplicaModel): TemplateResult | typeof nothing {
  const rejoin = shownRejoin(session);
  if (!rejoin) return nothing;
  const there = new Set(rejoin.fields.flatMap((field) => field.there.map(({ author }) => author)));
  return html`<span>${replicaDot(session.name)} here</span>${[...there].map((author) => html`<span>${replicaDot(author)} there</span>`)}`;
}
