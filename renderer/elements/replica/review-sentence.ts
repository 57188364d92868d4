/** One sentence of the review: an icon, who did what to which edit, and what the person can do about it. */
import { html, nothing, type TemplateResult } from 'lit';
import { turnAuthors } from '../../../shared/analysis/turn-items.ts';
import type { ReviewItem, ReviewKind, SentencePart } from '../../../shared/analysis/review-item.ts';
import { valueText } from '../../../shared/document/value-text.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { icon, type IconName } from '../parts/icon.ts';
import { colourStyle } from '../parts/replica-dot.ts';

const icons: Readonly<Record<ReviewKind, IconName>> = {
  rule: 'warn', touching: 'touch', sibling: 'fork', lost: 'cross', 'came back': 'again', refused: 'refused', unknown: 'unknown',
};

/** What a person can do about an item, by the name of its button. */
export interface ReviewAction {
  readonly label: string;
  /** The key that does it. */
  readonly key: 'p' | '1' | '2' | '3' | null;
  /** What it does, where the name does not say so. */
  readonly description: string;
  /** What the place would show, before and after. */
  readonly preview: string;
  readonly run: () => void;
}

/** `copy` hands over a text that has no place any more. */
export function reviewActionsOf(session: ReplicaModel, item: ReviewItem, copy: (text: string) => void): ReviewAction[] {
  const { answers } = session;
  if (answers.isDone(item)) return [];
  const { putBack } = item;
  const actions: ReviewAction[] = [];
  if (putBack && putBack.columns.length > 0) {
    const label = item.kind === 'came back' ? 'Remove' : 'Put back';
    actions.push({ label, key: 'p', description: ghostOf(item), preview: previewOf(item), run: () => void answers.putBack(item) });
  }
  if (putBack?.copy) {
    const text = putBack.copy;
    const preview = 'The text around it is another one now: copy it and paste it where it belongs.';
    actions.push({ label: 'Copy text', key: null, description: ghostOf(item), preview, run: () => copy(text) });
  }
  if (item.release) {
    const { amount } = item.release;
    const description = `gives ${amount} back under ${namesOf(item.strategies)}`;
    actions.push({ label: 'Release mine', key: null, description, preview: '', run: () => void answers.release(item) });
  }
  return [...actions, ...choicesOf(session, item)];
}

/** "Mine", "Theirs", "Both"; to a third person "Keep A's", "Keep C's", "Keep both". */
function choicesOf({ answers, name }: ReplicaModel, item: ReviewItem): ReviewAction[] {
  if (!item.turn) return [];
  const authors = turnAuthors(item.turn);
  const isMine = authors.length === 2 && authors.includes(name);
  const inOrder = isMine ? [name, ...authors.filter((author) => author !== name)] : authors;
  const isTouching = item.turn.kind === 'touching';
  const keep = inOrder.filter((author) => answers.canKeep(item, author)).map((author): ReviewAction => {
    const at = inOrder.indexOf(author);
    const word = at === 0 ? 'mine' : 'theirs';
    const label = !isMine ? `Keep ${author}'s` : isTouching ? `${word[0]!.toUpperCase()}${word.slice(1)}` : `Keep ${word}`;
    const key = authors.length > 2 ? null : at === 0 ? '1' : '2';
    return { label, key, description: keptWords(item, author), preview: '', run: () => void answers.keep(item, author) };
  });
  if (!isTouching) return keep;
  const all = authors.length === 2 ? 'both' : 'all';
  const label = isMine ? 'Both' : `Keep ${all}`;
  const description = 'closes this entry here; the text stays as it is';
  return [...keep, { label, key: '3', description, preview: '', run: () => void answers.keepAll(item) }];
}

/** "keeps “Tuesday”, removes “Friday”" */
function keptWords({ turn }: ReviewItem, author: string): string {
  if (turn?.kind !== 'touching') return `keeps what ${author} wrote`;
  const quote = (isKept: boolean): string => {
    const parts = turn.parts.filter((part) => (part.author === author) === isKept);
    return parts.map(({ text }) => `“${text}”`).join(', ');
  };
  return `keeps ${quote(true)}, removes ${quote(false)}`;
}

/** "Offsite in Paris, by A, lost under CRDT" */
function ghostOf({ mark, author, kind, strategies }: ReviewItem): string {
  return `${mark}, by ${author}, ${kind} under ${namesOf(strategies)}`;
}

function previewOf({ putBack }: ReviewItem): string {
  const columns = putBack!.columns;
  const isSame = new Set(columns.map(({ before, after }) => JSON.stringify([before, after]))).size === 1;
  return (isSame ? columns.slice(0, 1) : columns)
    .map(({ strategy, before, after }) => `${isSame ? '' : `${nameOf(strategy)}: `}${valueText(before)} → ${valueText(after)}`).join('; ');
}

/** Sentences have room for one word. */
function nameOf(strategy: StrategyId): string {
  return strategy === 'crdt' ? 'CRDT' : strategyNames[strategy];
}

function namesOf(strategies: readonly StrategyId[]): string {
  return strategies.map(nameOf).join(', ');
}

export interface SentenceOptions {
  readonly session: ReplicaModel;
  readonly clocks: boolean;
  readonly copy: (text: string) => void;
  /** Called with the button's event before what it does. */
  readonly acting: (event: Event, item: ReviewItem) => void;
  readonly show: (item: ReviewItem) => void;
}

export function reviewSentence(item: ReviewItem, { session, clocks, copy, acting, show }: SentenceOptions): TemplateResult {
  const { answers } = session;
  const actions = reviewActionsOf(session, item, copy);
  const done = answers.doneWord(item);
  const run = (action: ReviewAction) => (event: Event): void => {
    event.stopPropagation();
    acting(event, item);
    action.run();
  };
  const kind = item.kind.replace(' ', '-');
  return html`<li class="it ${kind} ${done ? 'done' : ''}" data-key=${item.key} tabindex="-1" @click=${() => show(item)}>
    ${icon(done ? 'check' : icons[item.kind])}
    <div><b>${namesOf(item.strategies)}</b>${item.parts.map((part) => partOf(part, item.kind))}
      ${done ? html`<span class="state">${done}</span>` : nothing}
      ${actions.length > 0 ? html`<span class="acts">${actions.map((action) => button(action, run(action)))}</span>` : nothing}</div>
    ${clocks ? html`<span class="clk">${item.clocks.join(' · ')}</span>` : nothing}
  </li>`;
}

function button({ label, key, description, preview }: ReviewAction, run: (event: Event) => void): TemplateResult {
  const described = [description, preview].filter((each) => each !== '').join('. ');
  const shortcut = key?.toUpperCase() ?? nothing;
  const shown = preview === '' ? nothing : html`<span class="preview" aria-hidden="true">${preview}</span>`;
  return html`<button type="button" class="act" data-key=${key ?? nothing} aria-description=${described}
    aria-keyshortcuts=${shortcut} @click=${run}>${label}</button>${shown}`;
}

function partOf(part: SentencePart, kind: ReviewKind): TemplateResult | string {
  if (typeof part === 'string') return part;
  const style = colourStyle(part.author);
  if (kind === 'lost') return html`<s class="line" style=${style}>${part.mark}</s>`;
  return html`<span class="line" style=${style}>${part.mark}</span>`;
}
