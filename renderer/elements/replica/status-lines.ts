/** What became of a field's edits under one strategy, a line a kind: kept, lost, came back, refused, unknown, oversold; with why, and what can be done. */
import { html, nothing, type TemplateResult } from 'lit';
import { getOrMake } from '../../../shared/analysis/concurrency.ts';
import { listOf } from '../../../shared/analysis/phrases.ts';
import type { ReviewItem, ReviewKind, Turn } from '../../../shared/analysis/review-item.ts';
import type { FieldId, FieldSpec } from '../../../shared/document/schema.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { icon, type IconName } from '../parts/icon.ts';
import { colourStyle } from '../parts/replica-dot.ts';

/** So many marks stand in a line; the review has all. */
const marksMax = 3;

/** A field in one column. */
export interface CellPlace {
  readonly session: ReplicaModel;
  readonly strategy: StrategyId;
  readonly spec: FieldSpec;
  /** Whether reasons are left out: then what ended alike stands in one line, whatever the reasons. */
  readonly isBrief?: boolean;
}

type Told = Extract<ReviewKind, 'lost' | 'came back' | 'refused' | 'unknown'>;

const told: readonly Told[] = ['lost', 'came back', 'refused', 'unknown'];

/** Nothing where nothing has met yet, and nothing was refused. */
export function statusLines(place: CellPlace): readonly TemplateResult[] {
  const lines = [...oversold(place), ...touchingLines(place), ...told.flatMap((kind) => linesOf(place, kind)), ...retriedLine(place), ...newestAnswer(place)];
  return lines.length > 0 ? lines : keptLine(place);
}

/** What is told of a cell, and why it ended so in its column. */
interface ToldItem {
  readonly item: ReviewItem;
  readonly why: string;
  readonly isSoFar: boolean;
  /** Whether it was made once more, and refused again. */
  readonly isAgain?: boolean;
}

/** Those of the latest rejoin that nothing was done about; where no rejoin is known, of the whole history. While somebody is out of reach only what was refused here is news. */
function itemsOf(place: CellPlace, kind: Told): readonly ToldItem[] {
  const { session, strategy } = place;
  const inCell = ofLatestRejoin(place, kind);
  if (inCell.length === 0) return [];
  const told = getOrMake(memoOf(session).told, inCell, () => inCell.map((item): ToldItem => {
    const reason = item.reasons.find((each) => each.strategy === strategy);
    return { item, why: reason?.why ?? '', isSoFar: reason?.isSoFar ?? false };
  }));
  return told.filter(({ item }) => !session.answers.isDone(item));
}

function ofLatestRejoin({ session, strategy, spec }: CellPlace, kind: Told | 'touching'): readonly ReviewItem[] {
  const { byCell, since } = memoOf(session);
  const isApartAgain = session.phase === 'apart' && session.rejoins.length > 0;
  return (isApartAgain ? since : byCell).get(`${strategy} ${spec.id} ${kind}`) ?? [];
}

/** Found out once for each answer of the ledger: cells ask often, and there may be thousands of items. */
interface Memo {
  /** By strategy, field and kind, those of the latest rejoin. */
  readonly byCell: ReadonlyMap<string, readonly ReviewItem[]>;
  /** The same of what this window was refused since then. */
  readonly since: ReadonlyMap<string, readonly ReviewItem[]>;
  /** By strategy, field and kind, the rules that are broken now, since whatever rejoin. */
  readonly rules: ReadonlyMap<string, readonly ReviewItem[]>;
  /** Of the items of one cell and kind. */
  readonly told: Map<readonly ReviewItem[], readonly ToldItem[]>;
}

const memos = new WeakMap<readonly ReviewItem[], Memo>();

/** Items and rejoins come together. */
function memoOf({ name, items, rejoins }: ReplicaModel): Memo {
  return getOrMake(memos, items, () => {
    const latest = rejoins.length - 1;
    return {
      byCell: itemsByCell(items.filter(({ rejoin }) => latest < 0 || rejoin === latest)),
      since: itemsByCell(items.filter(({ rejoin, author, kind }) => rejoin === null && author === name && kind === 'refused')),
      rules: itemsByCell(items.filter(({ kind }) => kind === 'rule')),
      told: new Map<readonly ReviewItem[], readonly ToldItem[]>(),
    };
  });
}

function itemsByCell(items: readonly ReviewItem[]): ReadonlyMap<string, readonly ReviewItem[]> {
  const byCell = new Map<string, ReviewItem[]>();
  for (const item of items) for (const strategy of item.strategies) getOrMake(byCell, `${strategy} ${item.field} ${item.kind}`, () => []).push(item);
  return byCell;
}

/** One line for all that ended so for one reason. */
function linesOf(place: CellPlace, kind: Told): TemplateResult[] {
  const byReason = new Map<string, ToldItem[]>();
  for (const each of itemsOf(place, kind)) {
    if (isRetried(place, each.item)) continue;
    const told = asTriedLast(place, each);
    getOrMake(byReason, place.isBrief ? '' : `${told.isAgain ? 'again: ' : ''}${told.why}`, () => []).push(told);
  }
  return [...byReason.values()].map((items) => itemsLine(place, kind, items));
}

/** What was made once more and refused again says why of the last time. */
function asTriedLast({ session, strategy }: CellPlace, each: ToldItem): ToldItem {
  const why = session.answers.retries.refusedAgain(each.item, strategy);
  return why === null ? each : { ...each, why, isSoFar: false, isAgain: true };
}

const looks: Readonly<Record<Told, { readonly icon: IconName; readonly word: string }>> = {
  lost: { icon: 'cross', word: 'lost' },
  'came back': { icon: 'again', word: 'came back' },
  refused: { icon: 'refused', word: 'refused' },
  unknown: { icon: 'unknown', word: 'unknown' },
};

function itemsLine(place: CellPlace, kind: Told, told: readonly ToldItem[]): TemplateResult {
  const { session, strategy } = place;
  const { icon: drawing, word } = looks[kind];
  const items = told.map(({ item }) => item);
  const names = listOf(items.slice(0, marksMax).map(({ mark }) => mark));
  const authors = listOf([...new Set(items.map(({ author }) => author))]);
  const described = `${names}, by ${authors}, ${word} under ${strategyNames[strategy]}`;
  const why = [...new Set(told.map((each) => each.why))].slice(0, marksMax).join('; ');
  const soFar = told.some(({ isSoFar }) => isSoFar) ? ' so far' : '';
  const again = told.every(({ isAgain }) => isAgain) ? ' again' : '';
  return html`<p class="st ${kind.replace(' ', '-')}" title=${why}>${icon(drawing)} ${marksOf(items, kind)}
    <span>${word}${again}${soFar}</span>${why === '' ? nothing : html`<span class="why"> · ${why}</span>`}
    <span class="acts">${actions(session, strategy, kind, told).map(({ label, act }) => html`<button type="button" class="act" aria-description=${described} @click=${act}>${label}</button>`)}</span></p>`;
}

/** The first of them, and how many more there are. */
function marksOf(items: readonly ReviewItem[], kind: Told): (TemplateResult | typeof nothing)[] {
  const more = items.length - marksMax;
  return [...items.slice(0, marksMax).map((item) => html`${markOf(item, kind)} `), more > 0 ? html`<span>and ${more} more </span>` : nothing];
}

function markOf({ mark, author }: Pick<ReviewItem, 'mark' | 'author'>, kind: Told): TemplateResult {
  return kind === 'lost' ? html`<s class="mark" data-author=${author} style=${colourStyle(author)}>${mark}</s>` : html`<q class="mark" data-author=${author} style=${colourStyle(author)}>${mark}</q>`;
}

interface Action {
  readonly label: string;
  readonly act: () => void;
}

function actions(session: ReplicaModel, strategy: StrategyId, kind: Told, told: readonly ToldItem[]): Action[] {
  switch (kind) {
    case 'lost':
    case 'came back': {
      // Only in the column that lost it.
      const back = told.filter(({ item: { putBack } }) => putBack?.columns.some((column) => column.strategy === strategy));
      const act = (): void => {
        for (const { item: { putBack } } of back) session.putBack({ putBack: { ...putBack!, columns: putBack!.columns.filter((column) => column.strategy === strategy) } });
      };
      return back.length > 0 ? [{ label: kind === 'lost' ? 'Put back' : 'Remove', act }] : [];
    }
    case 'refused': {
      const own = told.filter(({ item }) => item.author === session.name);
      const act = (): void => own.forEach(({ item }) => session.answers.retries.retry(item, strategy));
      return own.length > 0 ? [{ label: 'Try again', act }] : [];
    }
    case 'unknown': return [{ label: 'Ask again', act: () => void session.readFrom(session.name) }];
  }
}

/** Whether it was refused, was made once more, and was not refused again. */
function isRetried({ session: { answers: { retries } }, strategy }: CellPlace, item: ReviewItem): boolean {
  return retries.waiting(item, strategy) > 0 || retries.isAccepted(item, strategy);
}

/** What was refused and made once more, while no answer has come. */
function retriedLine(place: CellPlace): TemplateResult[] {
  const { session, strategy } = place;
  const waiting = ofLatestRejoin(place, 'refused').filter((item) => session.answers.retries.waiting(item, strategy) > 0);
  if (waiting.length === 0) return [];
  return [html`<p class="st retried">${icon('wait')} ${marksOf(waiting, 'refused')}<span>waiting</span></p>`];
}

/** How many edits of a cell were made once more and have no answer yet. */
export function retriedWaiting(place: CellPlace): number {
  return ofLatestRejoin(place, 'refused').reduce((sum, item) => sum + place.session.answers.retries.waiting(item, place.strategy), 0);
}

/** Words of several people at one place of a text: whose to keep. */
function touchingLines(place: CellPlace): TemplateResult[] {
  const { session } = place;
  return touchingIn(place).map((item) => {
    const { parts } = item.turn as Extract<Turn, { kind: 'touching' }>;
    const authors = [...new Set(parts.map(({ author }) => author))].sort((a, b) => Number(b === session.name) - Number(a === session.name));
    const isOwn = authors.includes(session.name) && authors.length === 2;
    const words = parts.map(({ author, text }) => `${author} wrote “${text}”`);
    const choices = authors.filter((author) => session.answers.canKeep(item, author)).map((author) => ({
      label: !isOwn ? `${author}'s` : author === session.name ? 'mine' : 'theirs',
      act: () => session.answers.keep(item, author),
    }));
    const all = { label: authors.length === 2 ? 'both' : 'all', act: () => session.answers.keepAll(item) };
    return html`<p class="st touching" title=${words.join(', ')}>${icon('touch')} <span>touching edits</span><span class="why">: ${words.join(', ')}</span>
      <span class="acts">${[...choices, all].map(({ label, act }) => html`<button type="button" class="act" aria-label="Keep ${label}" aria-description="Touching edits: ${words.join(', ')}" @click=${act}>
        <span class="why">Keep ${label}</span><span class="brief-only">${label.slice(0, 1).toUpperCase()}${label.slice(1)}</span></button>`)}</span></p>`;
  });
}

/** Those of a cell that wait for the person. */
export function touchingIn(place: CellPlace): ReviewItem[] {
  if (place.spec.type !== 'text') return [];
  return ofLatestRejoin(place, 'touching').filter((item) => item.turn?.kind === 'touching' && !place.session.answers.isDone(item));
}

/** What was answered to the newest edit of this window, where the review does not tell it yet. */
function newestAnswer(place: CellPlace): TemplateResult[] {
  const { session, strategy, spec } = place;
  const { newest } = session.standing(strategy, spec.id);
  if (newest?.outcome !== 'refused' && newest?.outcome !== 'unknown') return [];
  const { outcome, reason } = newest;
  if (itemsOf(place, outcome).some(({ item }) => !isRetried(place, item))) return [];
  const { icon: drawing, word } = looks[outcome];
  return [html`<p class="st ${outcome}">${icon(drawing)} <span>${word}</span><span> · ${reason}</span></p>`];
}

/** A stock below nothing: who took what was not there, and a way to give back one's own. */
function oversold({ session, strategy, spec }: CellPlace): TemplateResult[] {
  if (spec.type !== 'stock') return [];
  const value = session.value(strategy, spec.id) as number;
  if (value >= 0) return [];
  const authors = session.authors(strategy, spec.id);
  const takers = authors?.kind === 'sum' && authors.value === value ? authors.steps.filter(({ sum }) => sum < 0) : [];
  const names = [...new Set(takers.map(({ author }) => author.replica))];
  const own = takers.filter(({ author }) => author.replica === session.name).reduce((sum, step) => sum - step.sum, 0);
  // Lines under values tell of the latest rejoin alone; the seat was sold twice before it, perhaps.
  const older = memoOf(session).rules.get(`${strategy} ${spec.id} rule`)?.find(({ release }) => release !== null);
  const amount = Math.min(own > 0 ? own : (older?.release?.amount ?? 0), -value);
  return [html`<p class="st rule">${icon('warn')} <span>oversold</span>${names.length > 1 ? html`<span class="why">: ${listOf(names)} each took what was left</span>` : nothing}
    <span class="acts">${amount > 0 ? html`<button type="button" class="act" aria-label="Release mine" @click=${() => session.performIn(strategy, spec.id, { kind: 'release', amount })}><span class="why">Release mine</span><span class="brief-only">Release</span></button>` : nothing}</span></p>`];
}

/** "both kept", where edits met in the field and nothing else is to be said of them; nothing where others have replaced them. */
function keptLine({ session, strategy, spec }: CellPlace): TemplateResult[] {
  const { phase, rejoins } = session;
  const latest = rejoins.at(-1);
  const met = phase === 'rejoined' ? latest?.fields.find(({ field }) => field === spec.id) : undefined;
  if (!met || !session.settings.enabled.includes(strategy) || isWaiting(session, strategy, spec.id)) return [];
  const isPending = (latest!.totals.find((each) => each.strategy === strategy)?.pending ?? 0) > 0;
  const restored = ofLatestRejoin({ session, strategy, spec }, 'lost').filter((item) => session.answers.isDone(item));
  if (restored.length > 0) return [html`<p class="st kept">${icon('back')} ${marksOf(restored, 'lost')}<span>put back</span></p>`];
  const retried = ofLatestRejoin({ session, strategy, spec }, 'refused').filter((item) => session.answers.retries.isAccepted(item, strategy));
  if (retried.length > 0) return [html`<p class="st kept">${icon('check')} ${marksOf(retried, 'refused')}<span>accepted</span></p>`];
  const [count, kept] = [met.here.length + met.there.length, met.kept[strategy] ?? 0];
  if (kept === 0) return [];
  const word = kept < count ? `${kept} kept` : count === 1 ? 'kept' : count === 2 ? 'both kept' : 'all kept';
  return [html`<p class="st kept">${icon('check')} <span>${word}${isPending ? ' so far' : ''}</span></p>`];
}

function isWaiting(session: ReplicaModel, strategy: StrategyId, field: FieldId): boolean {
  return strategy === 'siblings' && session.siblings(field).length > 1;
}
