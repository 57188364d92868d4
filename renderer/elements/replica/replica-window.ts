/** The page of one replica: header, the document under each strategy, the review after rejoining. */
import '../../platform/older-browsers.ts';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { isCutOff } from '../../controllers/reach.ts';
import { followColorScheme } from '../../styles/color-scheme.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { knowReplicas } from '../../styles/replica-colour.ts';
import type { FieldGrid } from './field-grid.ts';
import './field-grid.ts';
import './past-banner.ts';
import '../fields/past-table.ts';
import './read-panel.ts';
import type { RejoinReview } from './rejoin-review.ts';
import './rejoin-review.ts';
import type { ShowFieldEvent } from './review-list.ts';
import './replica-header.ts';
import './scenario-caption.ts';
import { focusedPath, KeptFocus } from '../parts/kept-focus.ts';
import type { WordsDialog } from '../parts/words-dialog.ts';
import '../parts/words-dialog.ts';
import { SessionElement } from '../parts/session-element.ts';
import type { SettingsDialog } from './settings-dialog.ts';
import './settings-dialog.ts';

@customElement('replica-window')
export class ReplicaWindow extends SessionElement {
  static override styles = [controlStyles, css`
    :host { display: block; height: 100dvh; min-height: 0; }
    .frame { display: flex; flex-direction: column; height: 100%; background: var(--page); }
    .body { position: relative; flex: 1 1 auto; min-height: 0; display: flex; flex-direction: column; }
    replica-header { flex: none; }
    main { flex: 1 1 auto; min-height: 0; min-width: 0; overflow: auto; background: var(--surface); }
    rejoin-review { flex: none; max-height: 62dvh; }
    .body.reviewing rejoin-review { min-height: min(200px, 62dvh); box-shadow: var(--shadow); }
    .trouble { flex: none; padding: var(--space-half) var(--space); background: var(--lost-tint); color: var(--lost); font-weight: 600; }
    .announcement { flex: none; padding: var(--space-half) var(--space); background: var(--noted); color: var(--on-noted); }
    main.past { background: var(--page); }
    .away { display: none; }
    read-panel { flex: none; max-height: 40%; overflow: auto; }
    .starting { padding: var(--space-2); color: var(--text-quiet); }

    /* Two columns leave room for the review beside them; more are covered by a sheet. */
    @media (min-width: 68.75em) {
      .body.reviewing rejoin-review { max-height: none; border-inline-start: 1px solid var(--line); }
      .body.reviewing.beside { flex-direction: row; }
      .body.reviewing.beside rejoin-review { inline-size: 21.5rem; box-shadow: none; }
      .body.reviewing:not(.beside) rejoin-review { position: absolute; inset: 0 0 0 auto; z-index: 9; inline-size: 23.75rem; }
    }

    /* Too low for panes of their own (a phone on its side, a page enlarged to 400%): the page scrolls as a whole. */
    @media (max-height: 21.2488em) {
      :host { height: auto; }
      .frame { height: auto; min-height: 100dvh; }
      rejoin-review { max-height: none; }
    }
  `];

  @query('field-grid') private grid!: FieldGrid | null;
  @query('rejoin-review') private review!: RejoinReview | null;
  @query('settings-dialog') private settings!: SettingsDialog;
  @query('words-dialog') private words!: WordsDialog;

  @state() private clocks = false;
  protected readonly keptFocus = new KeptFocus(this);

  override connectedCallback(): void {
    super.connectedCallback();
    followColorScheme();
    addEventListener('keydown', this.pressedKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.pressedKey);
  }

  /** Nothing is taken from under somebody who is typing in a field: the window stays in the present. */
  private get isHeld(): boolean {
    const [focused, ...around] = focusedPath();
    return this.grid !== null && around.includes(this.grid) && focused!.matches('textarea, input:not([type="checkbox"], [type="radio"])');
  }

  /** The focus is at its new place a moment later. */
  private readonly focusMoved = (): void => {
    if (this.session?.past.isShown) setTimeout(() => this.requestUpdate());
  };

  private lookToo(): void {
    const [focused] = focusedPath();
    if (focused instanceof HTMLElement) focused.blur();
    this.requestUpdate();
  }

  private readonly toggleClocks = (): void => {
    this.clocks = !this.clocks;
  };

  private readonly pressedKey = (event: KeyboardEvent): void => {
    if (event.altKey && event.code === 'KeyN') {
      event.preventDefault();
      this.session?.setOnline(!this.session.online);
      return;
    }
    const isTyping = event.composedPath().some((each) => each instanceof HTMLElement && each.matches('input, textarea, select, [role="menuitem"], [role="menuitemcheckbox"]'));
    if (event.key === 'c' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) this.toggleClocks();
  };

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const { session } = this;
    if (!session) return;
    knowReplicas([session.name, ...session.others, ...(session.scenario?.replicas ?? [])]);
    const how = !session.online ? ' (offline)' : isCutOff(session.reach) ? ' (cut off)' : '';
    document.title = `Replica ${session.name}${how} · Rejoin`;
  }

  protected override render(): TemplateResult {
    const { session } = this;
    // Until there is a session the page says what it waits for, or why there will be none.
    if (!session) return html`<slot></slot>`;
    const isHeld = session.past.isShown && this.isHeld;
    const isPast = session.past.isShown && !isHeld;
    return html`<div class="frame ${session.online ? '' : 'offline'}">
      <replica-header .session=${session} ?clocks=${this.clocks} @clocks=${this.toggleClocks} @settings=${() => this.settings.show()} @words=${() => this.words.show()}></replica-header>
      ${session.trouble === null ? nothing : html`<p class="trouble" role="alert">${session.trouble}</p>`}
      ${session.announcement === '' ? nothing : html`<p class="announcement" role="status">${session.announcement}</p>`}
      <read-panel .session=${session}></read-panel>
      ${session.past.isShown ? html`<past-banner .atMs=${session.past.atMs!} .name=${session.name} .view=${session.past.view} ?isHeld=${isHeld}
        @back-to-now=${() => session.past.leave()} @look-too=${() => this.lookToo()}></past-banner>` : nothing}
      <div class="body ${session.strategies.length <= 2 ? 'beside' : ''} ${this.review?.open ? 'reviewing' : ''}">
      ${isPast ? html`<main class="past" tabindex="0">${session.past.view ? html`<past-table .schema=${session.schema} .view=${session.past.view}></past-table>` : nothing}</main>` : nothing}
      <main class=${isPast ? 'away' : ''}><field-grid .session=${session} @focusin=${this.focusMoved} @focusout=${this.focusMoved}></field-grid></main>
      <rejoin-review class=${isPast ? 'away' : ''} .session=${session} ?clocks=${this.clocks} ?canPlay=${this.grid?.stage.canPlay ?? false} @play-again=${() => this.grid?.stage.playAgain()}
        @review-toggled=${() => this.requestUpdate()} @show-field=${(event: ShowFieldEvent) => this.grid?.show(event.field)}></rejoin-review>
      </div>
      <scenario-caption .session=${session}></scenario-caption>
      <words-dialog></words-dialog>
      <settings-dialog .session=${session}></settings-dialog>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'replica-window': ReplicaWindow;
  }
}
