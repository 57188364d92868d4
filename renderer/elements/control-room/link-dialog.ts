/** What is wrong with one replica's link to the relay: delay, loss and more, both ways or each by itself. What is set holds at once. */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { isSoundLink, type Link, type LinkFaults, noFaults } from '../../../shared/network/link.ts';
import { panelStyles } from '../../styles/panel-styles.ts';
import { icon } from '../parts/icon.ts';

/** Sent from the dialog: the link shall be like this. */
export class LinkEvent extends Event {
  constructor(
    readonly replica: string,
    readonly link: Omit<Link, 'seed'>,
  ) {
    super('link', { bubbles: true, composed: true });
  }
}

type Way = 'both' | 'upstream' | 'downstream';

const ways: readonly { readonly way: Way; readonly name: string }[] = [{ way: 'both', name: 'Both ways' }, { way: 'upstream', name: 'To the relay' }, { way: 'downstream', name: 'From it' }];

interface Slider {
  readonly name: string;
  readonly fault: 'latencyMs' | 'jitterMs' | 'dropRate' | 'duplicateRate' | 'reorderRate';
  readonly max: number;
  readonly step: number;
}

const sliders: readonly Slider[] = [
  { name: 'Delay', fault: 'latencyMs', max: 2_000, step: 20 },
  { name: 'Jitter', fault: 'jitterMs', max: 1_000, step: 20 },
  { name: 'Lost', fault: 'dropRate', max: 100, step: 1 },
  { name: 'Twice', fault: 'duplicateRate', max: 100, step: 1 },
  { name: 'Reordered', fault: 'reorderRate', max: 100, step: 1 },
];

const speeds = [1_000, 256, 64, 16] as const;

/** Sends `closed` when it is closed, and `left` when something else was pressed. */
@customElement('link-dialog')
export class LinkDialog extends LitElement {
  static override styles = [panelStyles, css`
    .pop { position: static; display: grid; gap: 2px; inline-size: 17rem; max-inline-size: calc(100vw - 24px); font-size: var(--t1); }
    header { display: flex; align-items: center; justify-content: space-between; font-size: var(--t2); }
    .ways { display: grid; grid-template-columns: repeat(3, 1fr); margin-block-end: var(--s1); }
    .ways .btn { padding: 0 2px; min-block-size: var(--control); border-radius: 0; margin-inline-start: -1px; font-size: var(--t1); }
    .ways .btn[aria-pressed='true'] { background: var(--ink); color: var(--on-ink); }
    label { display: grid; grid-template-columns: 64px minmax(0, 1fr) 58px; align-items: center; gap: var(--s2); min-block-size: 24px; }
    label select { grid-column: 2 / -1; min-block-size: 24px; }
    input[type='range'] { inline-size: 100%; block-size: 24px; margin: 0; accent-color: var(--ink); }
    output { text-align: end; color: var(--ink); }
    .acts { display: flex; gap: var(--s2); margin-block-start: var(--s1); }
    .btn[aria-pressed='true'] { background: var(--ink); color: var(--on-ink); }
  `];

  @property({ attribute: false }) replica = '';
  @property({ attribute: false }) link: Link = { online: true, upstream: noFaults, downstream: noFaults, seed: 0 };
  @state() private way: Way = 'both';
  /** What was asked for and the room has not told yet, oldest first: the next change is one of the last of these. */
  private asked: Omit<Link, 'seed'>[] = [];
  @query('.pop') private pop!: HTMLElement;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.pressedElsewhere);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.pressedElsewhere);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('link')) return;
    const at = this.asked.findIndex((asked) => isSame(asked, this.link));
    // What was never asked for here is somebody else's change, and counts.
    if (at >= 0 || !isSame(this.link, changed.get('link'))) this.asked = at < 0 ? [] : this.asked.slice(at + 1);
  }

  protected override firstUpdated(): void {
    const { upstream, downstream } = this.link;
    if (JSON.stringify(upstream) !== JSON.stringify(downstream)) this.way = isClear(upstream) ? 'downstream' : 'upstream';
    this.pop.focus();
  }

  protected override render(): TemplateResult {
    const faults = this.faults;
    return html`<div class="pop" role="dialog" tabindex="-1" aria-label="Link of replica ${this.replica}" @keydown=${this.pressedKey}>
      <header><h3>Link of replica ${this.replica}</h3><button type="button" class="btn plain icon" aria-label="Close" @click=${this.close}>${icon('cross')}</button></header>
      <div class="ways" role="group" aria-label="Which way">${ways.map(({ way, name }) => html`<button type="button" class="btn" aria-pressed=${this.way === way ? 'true' : 'false'}
        @click=${() => (this.way = way)}>${name}</button>`)}</div>
      ${sliders.map((slider) => this.slider(slider, faults))}
      <label>Speed <select @change=${(event: Event) => this.set({ bandwidthKbps: Number((event.target as HTMLSelectElement).value) || null })}>
        <option value="" ?selected=${faults.bandwidthKbps === null}>no limit</option>
        ${[...new Set([...speeds, ...(faults.bandwidthKbps === null ? [] : [faults.bandwidthKbps])])].map((speed) => html`<option value=${speed} ?selected=${speed === faults.bandwidthKbps}>${speed} kbit/s</option>`)}
      </select></label>
      <div class="acts">
        <button type="button" class="btn" aria-pressed=${faults.cut ? 'true' : 'false'} @click=${() => this.set({ cut: !faults.cut })}>${icon('cut')} Cut</button>
        <button type="button" class="btn" ?disabled=${isSoundLink({ ...this.wanted, seed: 0 })} @click=${() => this.send({ online: true, upstream: noFaults, downstream: noFaults })}>No faults</button>
      </div>
    </div>`;
  }

  private slider({ name, fault, max, step }: Slider, faults: LinkFaults): TemplateResult {
    const isShare = fault.endsWith('Rate');
    const value = Number((faults[fault] * (isShare ? 100 : 1)).toFixed(1));
    const words = isShare ? `${value} %` : `${value} ms`;
    const shown = (event: Event): void => {
      const input = event.target as HTMLInputElement;
      (input.nextElementSibling as HTMLOutputElement).value = isShare ? `${input.value} %` : `${input.value} ms`;
    };
    const set = (event: Event): void => this.set({ [fault]: Number((event.target as HTMLInputElement).value) / (isShare ? 100 : 1) });
    return html`<label>${name} <input type="range" aria-label=${name} aria-valuetext=${words} min="0" max=${Math.max(max, value)} step=${step} .value=${live(String(value))} @input=${shown} @change=${set} /><output .value=${words}></output></label>`;
  }

  private get wanted(): Omit<Link, 'seed'> {
    return this.asked.at(-1) ?? this.link;
  }

  private get faults(): LinkFaults {
    return this.wanted[this.way === 'downstream' ? 'downstream' : 'upstream'];
  }

  private set(change: Partial<LinkFaults>): void {
    const { online, upstream, downstream } = this.wanted;
    this.send({ online, upstream: this.way === 'downstream' ? upstream : { ...upstream, ...change }, downstream: this.way === 'upstream' ? downstream : { ...downstream, ...change } });
  }

  private send(link: Omit<Link, 'seed'>): void {
    this.asked.push(link);
    this.requestUpdate();
    this.dispatchEvent(new LinkEvent(this.replica, link));
  }

  private readonly pressedKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.close();
  };

  /** Whatever was pressed keeps the keyboard. */
  private readonly pressedElsewhere = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.dispatchEvent(new Event('left'));
  };

  private close(): void {
    this.dispatchEvent(new Event('closed'));
  }
}

function isSame(a: Omit<Link, 'seed'>, b: Omit<Link, 'seed'> | undefined): boolean {
  const parts = (link: Omit<Link, 'seed'>): string => JSON.stringify([link.online, plain(link.upstream), plain(link.downstream)]);
  return b !== undefined && parts(a) === parts(b);
}

/** Whatever order its members came in. */
function plain(faults: LinkFaults): unknown {
  return Object.entries(faults).sort(([a], [b]) => (a < b ? -1 : 1));
}

function isClear(faults: LinkFaults): boolean {
  return isSoundLink({ online: true, upstream: faults, downstream: noFaults, seed: 0 });
}

declare global {
  interface HTMLElementTagNameMap {
    'link-dialog': LinkDialog;
  }
}
