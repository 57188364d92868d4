/** The page of one replica: header, the document under each strategy, the review after rejoining. */
import '../../platform/older-browsers.ts';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { isCutOff } from '../../controllers/reach.ts';
import { followColorScheme } from '../../styles/color-scheme.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import type { FieldGrid } from './field-grid.ts';
import './field-grid.ts';
import './read-panel.ts';
import type { ShowFieldEvent } from './rejoin-review.ts';
import './rejoin-review.ts';
import './replica-header.ts';
import { SessionElement } from '../parts/session-element.ts';
import type { SettingsDialog } from './settings-dialog.ts';
import './settings-dialog.ts';

@customElement('replica-window')
export class ReplicaWindow extends SessionElement {
  static override styles = [controlStyles, css`
    :host { display: block; height: 100dvh; min-height: 0; }
    .frame { display: flex; flex-direction: column; height: 100%; background: var(--page); border: 0 solid var(--offline-edge); transition: border-width 200ms; }
    .frame.offline { border-width: 3px; }
    .body { flex: 1 1 auto; min-height: 0; display: flex; flex-direction: column; }
    replica-header { flex: none; }
    main { flex: 1 1 auto; min-height: 0; overflow: auto; background: var(--surface); }
    rejoin-review { flex: none; max-height: 44%; }
    .trouble { flex: none; padding: var(--space-half) var(--space); background: var(--lost-tint); color: var(--lost); font-weight: 600; }
    .announcement { flex: none; padding: var(--space-half) var(--space); background: var(--noted); color: var(--on-noted); }
    read-panel { flex: none; max-height: 40%; overflow: auto; }
    .starting { padding: var(--space-2); color: var(--text-quiet); }

    /* Two columns leave room for the review beside them. */
    @media (min-width: 1100px) {
      .body.beside { flex-direction: row; }
      .body.beside rejoin-review { inline-size: 344px; max-height: none; border-inline-start: 1px solid var(--line); }
    }

    /* Too low for panes of their own (a phone on its side, a page enlarged to 400%): the page scrolls as a whole. */
    @media (max-height: 339.98px) {
      :host { height: auto; }
      .frame { height: auto; min-height: 100dvh; }
      rejoin-review { max-height: none; }
    }
  `];

  @query('field-grid') private grid!: FieldGrid;
  @query('settings-dialog') private settings!: SettingsDialog;

  override connectedCallback(): void {
    super.connectedCallback();
    followColorScheme();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const { session } = this;
    if (!session) return;
    const how = !session.online ? ' (offline)' : isCutOff(session.reach) ? ' (cut off)' : '';
    document.title = `Replica ${session.name}${how} · Rejoin`;
  }

  protected override render(): TemplateResult {
    const { session } = this;
    // Until there is a session the page says what it waits for, or why there will be none.
    if (!session) return html`<slot></slot>`;
    return html`<div class="frame ${session.online ? '' : 'offline'}">
      <replica-header .session=${session} @settings=${() => this.settings.show()}></replica-header>
      ${session.trouble === null ? nothing : html`<p class="trouble" role="alert">${session.trouble}</p>`}
      ${session.announcement === '' ? nothing : html`<p class="announcement" role="status">${session.announcement}</p>`}
      <read-panel .session=${session}></read-panel>
      <div class="body ${session.strategies.length <= 2 ? 'beside' : ''}">
      <main><field-grid .session=${session}></field-grid></main>
      <rejoin-review .session=${session} @show-field=${(event: ShowFieldEvent) => this.grid.show(event.field)}></rejoin-review>
      </div>
      <settings-dialog .session=${session}></settings-dialog>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'replica-window': ReplicaWindow;
  }
}
