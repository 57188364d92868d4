/** The top of the control room while it shows a saved history: which file, which moment, whose window, and the way back to the live room. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { inkStyles } from '../../styles/ink-styles.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { icon } from '../parts/icon.ts';
import { colourStyle } from '../parts/replica-dot.ts';
import { timeText } from '../parts/time-text.ts';

/** Sent from the bar: show what this replica's window showed; null: none. */
export class ViewEvent extends Event {
  constructor(readonly replica: string | null) {
    super('view');
  }
}

/** Sends `view`, `report`, `back-to-end` and `close`. */
@customElement('saved-bar')
export class SavedBar extends LitElement {
  static override styles = [panelStyles, inkStyles, css`
    :host { display: block; }
    header { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s3); align-items: center; min-block-size: 44px; padding: 6px var(--s3); }
    h1 { font-size: var(--t3); overflow-wrap: anywhere; }
    p { flex: 1 1 16ch; min-inline-size: 0; }
    [role='group'] { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; }
    .dot { inline-size: 10px; block-size: 10px; border: 1px solid var(--on-ink); border-radius: 50%; background: var(--colour); }
  `];

  @property() name = '';
  @property({ attribute: false }) replicas: readonly string[] = [];
  /** Whose window is shown. */
  @property({ attribute: false }) viewed: string | null = null;
  /** Null: the end of the history. */
  @property({ attribute: false }) momentMs: number | null = null;

  protected override render(): TemplateResult {
    const { momentMs, viewed } = this;
    return html`<header class="ink">
      <h1>${this.name}</h1>
      <p role="note" aria-label="Saved history">A saved history, ${momentMs === null ? 'at its end' : html`at <b>${timeText(momentMs)}</b>`}. Nothing here is live.</p>
      <div role="group" aria-label="Window of">${this.replicas.map((replica) => html`<button type="button" class="btn" aria-pressed=${replica === viewed ? 'true' : 'false'}
        @click=${() => this.dispatchEvent(new ViewEvent(replica === viewed ? null : replica))}><span class="dot" style=${colourStyle(replica)}></span> ${replica}</button>`)}</div>
      <button type="button" class="btn" @click=${() => this.dispatchEvent(new Event('report'))}>Report</button>
      <button type="button" class="btn" @click=${() => this.dispatchEvent(new Event('close'))}>${icon('cross')} Close</button>
    </header>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'saved-bar': SavedBar;
  }
}
