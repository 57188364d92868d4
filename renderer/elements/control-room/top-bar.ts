/** The top of the control room: the relay, and what holds for the whole room. What is rare is in *More*; in a narrow window most is. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { counted } from '../../../shared/analysis/phrases.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { icon } from '../parts/icon.ts';
import type { LabSwitch } from '../parts/lab-switch.ts';
import '../parts/lab-switch.ts';
import { Popover } from '../parts/popover.ts';
import './preset-menu.ts';
import './stage-menu.ts';
import type { StageMenu } from './stage-menu.ts';

/** Sent from the bar to the control room: the relay's switch was pressed. */
export class RelaySwitchEvent extends Event {
  constructor(readonly online: boolean) {
    super('relay');
  }
}

/** Sent where a person chose a file to open. */
export class FileEvent extends Event {
  constructor(readonly file: File) {
    super('file');
  }
}

@customElement('top-bar')
export class TopBar extends LitElement {
  static override styles = [panelStyles, css`
    :host { display: block; position: relative; z-index: 6; }
    header { display: flex; align-items: center; gap: var(--s3); min-block-size: 44px; padding: 0 var(--s3); background: var(--surface); border-block-end: 1px solid var(--hair); white-space: nowrap; }
    h1 { display: flex; gap: 7px; align-items: center; font-size: var(--t3); font-weight: 700; letter-spacing: -0.01em; }
    h1 svg { inline-size: 18px; block-size: 18px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; }
    lab-switch { font-weight: 600; color: var(--ink); }
    .off { padding: 0 var(--s2); background-image: var(--hatch); color: var(--ink); font-weight: 600; }
    .off span { background: var(--surface); padding: 0 var(--s1); }
    .end { display: flex; gap: var(--s2); align-items: center; margin-inline-start: auto; min-inline-size: 0; }
    .over { position: relative; }
    .pop { inset-block-start: calc(100% + 4px); inset-inline-end: 0; white-space: normal; }
    .confirm { display: grid; gap: var(--s2); inline-size: 16rem; }
    .confirm div { display: flex; gap: var(--s2); }
    .more { inset-inline-end: var(--s3); display: grid; gap: var(--s3); inline-size: min(20rem, calc(100vw - 24px)); max-block-size: calc(100dvh - 64px); overflow: auto; }
    .more.few { inline-size: auto; padding: var(--s2); }
    .more .row { display: flex; flex-wrap: wrap; gap: var(--s2); }
    @media (max-width: 68.7488em) { header { min-block-size: 38px; gap: var(--s2); } }
    @media (max-width: 37.4988em) { header { min-block-size: 46px; padding-block: 4px; } .btn { min-block-size: 36px; } .btn.icon { inline-size: 36px; } }
    @media (max-width: 22.4988em) { h1 span { display: none; } }
  `];

  @property({ attribute: false }) room: RoomView | null = null;
  @property({ attribute: false }) relayOnline = true;
  @property({ attribute: false }) hasScenario = false;
  @property({ type: Boolean }) present = false;
  @query('stage-menu') private stage!: StageMenu | null;
  @query('.file') private fileInput!: HTMLInputElement;
  @state() private narrow = false;
  private readonly media = matchMedia('(max-width: 68.7488em)');
  private readonly more = new Popover(this, '.opens-more');
  private readonly over = new Popover(this, '.opens-over');

  override connectedCallback(): void {
    super.connectedCallback();
    this.media.addEventListener('change', this.measured);
    this.measured();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.media.removeEventListener('change', this.measured);
  }

  /** What was ticked was refused: show what holds. */
  showColumnsAgain(): void {
    this.stage?.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { room } = this;
    return html`<header>
      <h1><svg viewBox="0 0 18 18" aria-hidden="true"><path d="M1 4c6 0 5 5 9 5h7M1 14c6 0 5-5 9-5"/></svg><span>Rejoin</span></h1>
      ${room ? html`<lab-switch .checked=${live(this.relayOnline)} @change=${(event: Event) => this.dispatchEvent(new RelaySwitchEvent((event.target as LabSwitch).checked))}>Relay</lab-switch>` : nothing}
      ${room && !this.narrow ? html`<span class="quiet">${counted(room.replicas.length, 'replica')}</span>` : nothing}
      <span role="status">${this.relayOnline ? nothing : html`<span class="off"><span>off</span></span>`}</span>
      <div class="end">
        ${room && !this.narrow && !this.present ? html`${this.stageMenu(room)}${this.presetMenu(room)}<div class="over">${this.startOver()}</div>` : nothing}
        ${room && (!this.narrow || this.present) ? this.presentButton() : nothing}
        <button type="button" class="btn primary" ?disabled=${!room} @click=${() => this.dispatchEvent(new Event('add'))}>${icon('plus')} Add replica</button>
        ${room && (this.narrow || !this.present) ? html`<button type="button" class="btn icon opens-more" aria-label="More" aria-expanded=${this.more.isOpen ? 'true' : 'false'} @click=${this.more.toggle}>${icon('more')}</button>` : nothing}
      </div>
      ${room && this.more.isOpen ? html`<div class="pop more ${this.narrow ? '' : 'few'}">${this.narrow ? html`${this.stageMenu(room)}${this.presetMenu(room)}<div class="row">${this.startOver()}${this.presentButton()}</div>` : nothing}
        <div class="row">${this.openButton()}${this.reportButton()}<button type="button" class="btn plain" title="What each word on the screens means" @click=${this.showWords}>Words</button></div></div>` : nothing}
    </header>`;
  }

  private stageMenu({ settings }: RoomView): TemplateResult {
    return html`<stage-menu ?inline=${this.narrow} .columns=${settings.columns} .enabled=${settings.enabled}></stage-menu>`;
  }

  private presetMenu({ settings }: RoomView): TemplateResult {
    return html`<preset-menu ?inline=${this.narrow} .preset=${settings.preset} .hasScenario=${this.hasScenario}></preset-menu>`;
  }

  private startOver(): TemplateResult {
    const confirm = html`<div class="${this.narrow ? '' : 'pop'} confirm" role="group" aria-label="Start over?"><p>All edits of all replicas are thrown away.</p>
      <div><button type="button" class="btn danger" @click=${this.empty}>Yes, start over</button><button type="button" class="btn" @click=${() => this.over.close()}>Cancel</button></div></div>`;
    return html`<button type="button" class="btn plain opens-over" aria-expanded=${this.over.isOpen ? 'true' : 'false'} @click=${this.over.toggle}>Start over</button>${this.over.isOpen ? confirm : nothing}`;
  }

  private openButton(): TemplateResult {
    return html`<button type="button" class="btn plain" title="A scenario, or a saved history; files can be dropped on this window, too" @click=${() => this.fileInput.click()}>Open…</button>
      <input class="file" type="file" hidden accept=".yaml,.yml,.json,.jsonl" aria-label="A scenario or a saved history" @change=${this.picked}>`;
  }

  private readonly picked = (): void => {
    const [file] = this.fileInput.files ?? [];
    this.fileInput.value = '';
    this.more.close();
    if (file) this.dispatchEvent(new FileEvent(file));
  };

  private reportButton(): TemplateResult {
    return html`<button type="button" class="btn plain" title="What happened so far, as one HTML file" @click=${this.report}>Report</button>`;
  }

  private presentButton(): TemplateResult {
    return html`<button type="button" class="btn plain" aria-pressed=${this.present ? 'true' : 'false'} @click=${() => this.dispatchEvent(new Event('present'))}>Present</button>`;
  }

  private readonly report = (): void => {
    this.more.close();
    this.dispatchEvent(new Event('report'));
  };

  private readonly showWords = (): void => {
    this.more.close();
    this.dispatchEvent(new Event('words'));
  };

  private readonly empty = (): void => {
    this.over.close();
    if (this.more.isOpen) this.more.close();
    this.dispatchEvent(new Event('start-over'));
  };

  private readonly measured = (): void => {
    this.narrow = this.media.matches;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'top-bar': TopBar;
  }
}
