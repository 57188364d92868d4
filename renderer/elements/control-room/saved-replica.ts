/** What one replica's window showed at a moment of a saved history. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Schema } from '../../../shared/document/schema.ts';
import { errorText } from '../../../shared/encoding/error-text.ts';
import type { SavedHistory } from '../../controllers/saved-history.ts';
import type { PastTableView } from '../../controllers/window-past.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { timeText } from '../parts/time-text.ts';
import '../fields/past-table.ts';

@customElement('saved-replica')
export class SavedReplica extends LitElement {
  static override styles = [panelStyles, css`
    :host { display: block; }
    .body { flex: 1; min-block-size: 0; overflow: auto; margin-inline: calc(-1 * var(--s3)); }
    .trouble { padding: var(--s2) var(--s3); color: var(--lost); }
  `];

  @property({ attribute: false }) saved!: Pick<SavedHistory, 'lookBack'>;
  @property({ attribute: false }) schema: Schema = [];
  @property() replica = '';
  /** True time, in milliseconds since the Unix epoch. */
  @property({ type: Number }) atMs = 0;
  @state() private view: PastTableView | null = null;
  @state() private trouble = '';
  private isAsking = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('replica') || changed.has('saved')) this.view = null;
    if (changed.has('replica') || changed.has('atMs') || changed.has('saved')) void this.ask();
  }

  protected override render(): TemplateResult {
    return html`<section class="panel" aria-label="Window of replica ${this.replica}"><header><h2>Replica ${this.replica}</h2><span class="quiet">its window at ${timeText(this.atMs)}</span></header>
      ${this.trouble === '' ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
      <div class="body" tabindex="0">${this.view ? html`<past-table .schema=${this.schema} .view=${this.view}></past-table>` : nothing}</div></section>`;
  }

  /** One question at a time: of a drag the latest moment is asked for next. */
  private async ask(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      for (let asked = ''; asked !== `${this.replica} ${this.atMs}`; ) {
        const { replica, atMs } = this;
        asked = `${replica} ${atMs}`;
        const view = await this.saved.lookBack(replica, atMs);
        if (replica === this.replica) this.view = view;
      }
      this.trouble = '';
    } catch (error) {
      this.trouble = errorText(error);
    } finally {
      this.isAsking = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'saved-replica': SavedReplica;
  }
}
