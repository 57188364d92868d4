/**
 * After rejoining: one line that says what met and how much there is to look at, and behind *Review* every sentence. While this window is cut off and edits
 * wait, the same place says what is safe here and when it will meet the others.
 */
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { counted, listOf } from '../../../shared/analysis/phrases.ts';
import type { ReviewItem } from '../../../shared/analysis/review-item.ts';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { waitingActions } from '../../controllers/waiting-actions.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { icon } from '../parts/icon.ts';
import { focusedPath, isUsable } from '../parts/kept-focus.ts';
import { SessionElement } from '../parts/session-element.ts';
import { reviewStyles } from './rejoin-review-styles.ts';
import type { FilterEvent, ReviewList } from './review-list.ts';
import './review-list.ts';
import { type ReviewFilter, withAnswered } from './review-rows.ts';

/** So wide a window has room for the review beside two columns. */
const besideQuery = '(min-width: 68.75em)';
const columnsBesideMax = 2;

@customElement('rejoin-review')
export class RejoinReview extends SessionElement {
  static override styles = [panelStyles, reviewStyles];

  /** Whether its sentences are shown. */
  @property({ type: Boolean, reflect: true }) open = false;
  /** Whether there is a healing stage to play again. */
  @property({ type: Boolean }) canPlay = false;
  /** Whether each sentence shows the clocks of its edits. */
  @property({ type: Boolean }) clocks = false;
  /** Whether the person has opened or closed it: then it stays as it is. */
  @state() private isChosen = false;
  /** Items that were done when the review was closed: they are not shown again. */
  private readonly dismissed = new Set<string>();
  /** It stays while the window lives. */
  @state() private filter: ReviewFilter = 'all';
  private items: readonly ReviewItem[] = [];
  private itemsFor: readonly unknown[] = [];
  /** What had the focus when the keyboard came into the review by its key. */
  private cameFrom: HTMLElement | null = null;
  /** The window around it. */
  private root: Node | null = null;
  /** Whether the keyboard was last in here. */
  private wasWithin = false;
  /** Whether this window has been offline and is in sync again. */
  private hasRejoined = false;
  private wasOffline = false;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.pressedAnywhere);
    // Further out nobody hears of the focus that moves within the window.
    this.root = this.getRootNode();
    this.root.addEventListener('focusin', this.focused);
    this.addEventListener('keydown', this.pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.pressedAnywhere);
    this.root?.removeEventListener('focusin', this.focused);
    this.removeEventListener('keydown', this.pressed);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const { session } = this;
    if (!session) return;
    if (!session.online) this.wasOffline = true;
    else if (this.wasOffline && session.status.connection === 'synced') this.hasRejoined = true;
    this.collect(session);
    // Beside the table it hides nothing: there it opens by itself, once there is something to read.
    const isBeside = session.strategies.length <= columnsBesideMax && matchMedia(besideQuery).matches;
    if (!this.isChosen && !this.open && isBeside && this.items.length > 0 && !isWaiting(session)) this.open = true;
    if (this.items.length === 0) this.open = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('open')) this.dispatchEvent(new Event('review-toggled'));
  }

  protected override render(): TemplateResult | typeof nothing {
    const { session, open } = this;
    if (!session) return nothing;
    const waiting = isWaiting(session);
    const name = waiting ? 'Waiting' : 'After rejoining';
    return html`<section aria-label=${name} class=${open ? 'open' : ''}>
      <div class="sum">
        <h2>${name}</h2>
        <p class="say ${waiting || this.items.length === 0 ? 'whole' : ''}" aria-live="polite" aria-atomic="true">
          ${waiting ? waitingSentence(session) : this.sentence(session)}</p>
        <span class="end">${this.canPlay && !waiting ? this.playButton() : nothing} ${this.items.length > 0 ? this.openButton() : nothing}</span>
      </div>
      ${open ? html`<review-list .session=${session} .items=${this.items} .filter=${this.filter} ?clocks=${this.clocks}
        @filter-chosen=${(event: FilterEvent) => (this.filter = event.filter)}></review-list>` : nothing}
    </section>`;
  }

  private playButton(): TemplateResult {
    return html`<button type="button" class="btn plain" aria-label="Play again" @click=${this.playAgain}>
      ${icon('again')}<span class="again-word">Play again</span></button>`;
  }

  private openButton(): TemplateResult {
    const { open } = this;
    return html`<button type="button" class="btn ${open ? '' : 'primary'} review" aria-expanded=${open} @click=${this.pressedOpener}>
      ${open ? 'Hide' : 'Review'}</button>`;
  }

  /** "8 edits here met 8 there. 9 to look at. 3 from before." */
  private sentence(session: ReplicaModel): TemplateResult | string {
    const left = this.items.filter((item) => !session.answers.isDone(item));
    const rejoin = session.rejoins.at(-1);
    const hasStarted = this.items.length > 0 || session.concurrentActions > 0 || this.hasRejoined || rejoin !== undefined;
    if (!hasStarted) return invitation(session);
    const older = left.filter((item) => item.rejoin !== null && item.rejoin < session.rejoins.length - 1).length;
    const rest = left.length === 0 ? session.survival.sentence : leftWords(left.length - older, older);
    if (!rejoin) return rest;
    const met = `${counted(rejoin.here, 'edit')} here met ${rejoin.there} there${rejoin.endedMs === null ? ' so far' : ''}.`;
    return html`<span class="met">${met} </span>${rest}`;
  }

  /** All that is told, and what was answered here, as long as the review is open. */
  private collect({ items, answers }: ReplicaModel): void {
    const itemsFor = [items, answers.done.size, this.dismissed.size];
    if (itemsFor.every((each, at) => each === this.itemsFor[at])) return;
    this.itemsFor = itemsFor;
    const answered = [...answers.done.values()].map(({ item }) => item);
    this.items = withAnswered(items, answered).filter(({ key }) => !this.dismissed.has(key));
  }

  private readonly focused = (event: Event): void => {
    this.wasWithin = event.composedPath().includes(this);
  };

  private readonly pressedOpener = (): void => {
    this.cameFrom = null;
    this.toggle();
  };

  private readonly toggle = (): void => {
    this.isChosen = true;
    this.open = !this.open;
    if (this.open) return;
    for (const item of this.items) if (this.session?.answers.isDone(item)) this.dismissed.add(item.key);
  };

  private readonly playAgain = (): void => void this.dispatchEvent(new Event('play-again', { bubbles: true, composed: true }));

  /** Alt+R, wherever the keyboard is: into the review, and out of it again. */
  private readonly pressedAnywhere = (event: KeyboardEvent): void => {
    // Between two sentences the keyboard is nowhere for a moment: its keys are still the review's.
    if (this.wasWithin && event.target === document.body) this.pressed(event);
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== 'KeyR' || this.items.length === 0) return;
    event.preventDefault();
    const path = focusedPath();
    if (this.open && path.includes(this)) return this.close();
    this.cameFrom = path.find((each) => each instanceof HTMLElement) ?? null;
    if (!this.open) this.toggle();
    void this.updateComplete.then(() => this.list?.move(1));
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    if (!this.open || event.altKey || event.ctrlKey || event.metaKey || isTextBox(event)) return;
    const key = event.key.toLowerCase();
    if (key === 'escape') this.close();
    else if (key === 'j' || key === 'k') void this.list?.move(key === 'j' ? 1 : -1);
    else if (key === 'enter' && this.list?.showFocused()) return event.preventDefault();
    else if (!['p', '1', '2', '3'].includes(key) || !this.list?.act(key)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** The keyboard goes back to where it came from, else to the button that opens the review. */
  private close(): void {
    const { cameFrom } = this;
    this.toggle();
    this.cameFrom = null;
    void this.updateComplete.then(() => (cameFrom && isUsable(cameFrom) ? cameFrom : this.opener)?.focus());
  }

  private get list(): ReviewList | null {
    return this.renderRoot.querySelector('review-list');
  }

  private get opener(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.review');
  }
}

function isTextBox(event: Event): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Whether this window has edits that somebody who is not reached has not seen. */
function isWaiting(session: ReplicaModel): boolean {
  return session.phase === 'apart' && waitingActions(session) > 0;
}

/** "8 edits are safe in this window. They meet what A and B do meanwhile once the network is back." */
function waitingSentence(session: ReplicaModel): string {
  const { others, peers, online, trouble } = session;
  const waiting = waitingActions(session);
  const absent = others.filter((other) => !peers.includes(other));
  const them = absent.length === 0 ? 'what others do meanwhile' : `what ${listOf(absent)} ${absent.length === 1 ? 'does' : 'do'} meanwhile`;
  // Where something is wrong, such as a full disk, nobody knows how safe they are.
  const [isSafe, waits, meets] = waiting === 1 ? ['is safe', 'waits', 'It meets'] : ['are safe', 'wait', 'They meet'];
  const here = `${counted(waiting, 'edit')} ${trouble === null ? isSafe : waits} in this window.`;
  return `${here} ${meets} ${them} once ${online ? 'the partition is over' : 'the network is back'}.`;
}

/** What nothing was done about: "9 to look at. 3 from before." */
function leftWords(newest: number, older: number): string {
  if (newest === 0) return `${older} from before to look at.`;
  return `${newest} to look at.${older > 0 ? ` ${older} from before.` : ''}`;
}

function invitation({ online }: ReplicaModel): string {
  const promise = 'here you read what became of every edit.';
  return online
    ? `Cut this window off with the Network switch, edit here and in another window, then switch it on again: ${promise}`
    : `This window is cut off. Edit here and in another window, then switch Network on: ${promise}`;
}

