/** Which moment a window shows, and the way back to now. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { counted, exactDuration } from '../../../shared/analysis/phrases.ts';
import type { PastView } from '../../controllers/window-past.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { inkStyles } from '../../styles/ink-styles.ts';
import { icon } from '../parts/icon.ts';
import { timeText } from '../parts/time-text.ts';

@customElement('past-banner')
export class PastBanner extends LitElement {
  static override styles = [controlStyles, inkStyles, css`
    :host { display: block; flex: none; }
    div { display: flex; flex-wrap: wrap; align-items: center; gap: 2px var(--s3); min-block-size: 36px; padding: 4px var(--s3); }
    p { flex: 1 1 20ch; min-inline-size: 0; font-size: var(--t2); }
    button { min-block-size: 26px; }
    .aside { background: var(--sunk); color: var(--ink-2); }
    @media (pointer: coarse) { button { min-block-size: 44px; } }
  `];

  /** The moment of the room's windows. */
  @property({ type: Number }) atMs = 0;
  @property() name = '';
  /** Null: this window stays in the present while somebody types in it, or what it showed is still found out. */
  @property({ attribute: false }) view: PastView | null = null;
  @property({ type: Boolean }) isHeld = false;

  protected override render(): TemplateResult {
    if (this.isHeld) {
      return html`<section aria-label="Moment shown"><div class="aside" role="note" aria-label="The past">${icon('wait')}<p>Others are looking at ${timeText(this.atMs)}. This window stays here while you are in a field.</p>
        <button type="button" @click=${() => this.send('look-too')}>Look too</button></div></section>`;
    }
    return html`<section aria-label="Moment shown"><div class="ink" role="note" aria-label="The past">${icon('wait')}<p><b>You are looking at ${timeText(this.atMs)}.</b> ${this.view ? words(this.name, this.view) : 'Finding out what was shown…'}</p>
      <button type="button" @click=${() => this.send('back-to-now')}>Back to now</button></div></section>`;
  }

  private send(name: 'look-too' | 'back-to-now'): void {
    this.dispatchEvent(new Event(name));
  }
}

/** "C as it was 1 min 26 s before the rejoin. 10 edits were made since. Nothing here can be edited." */
function words(name: string, { rejoinsInMs, later }: PastView): string {
  const was = rejoinsInMs === null ? '' : `${name} as it was ${exactDuration(rejoinsInMs)} before the rejoin. `;
  const since = later === 0 ? 'No edit was made since.' : `${counted(later, 'edit')} ${later === 1 ? 'was' : 'were'} made since.`;
  return `${was}${since} Nothing here can be edited.`;
}

declare global {
  interface HTMLElementTagNameMap {
    'past-banner': PastBanner;
  }
}
