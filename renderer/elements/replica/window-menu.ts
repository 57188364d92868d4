/** The menu of a replica window: what is rarely needed, and which columns are shown. A button with the choices below it. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/registry.ts';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { icon } from '../parts/icon.ts';
import { SessionElement } from '../parts/session-element.ts';

/** Between the button and what is below it, in pixels. */
const gapPx = 4;

/** Sends `settings` and `words`: what a person chose to see. */
@customElement('window-menu')
export class WindowMenu extends SessionElement {
  static override styles = [controlStyles, css`
    :host { display: block; }
    .opener { padding: 0; font-size: var(--type-large); line-height: 1; color: inherit; }
    /* Above all else, wherever the header is. */
    .items { position: fixed; inset: auto; margin: 0; max-block-size: calc(100dvh - 48px); overflow: auto; padding: var(--s1); border: 1px solid var(--line); border-radius: 8px; background: var(--surface); color: var(--ink); box-shadow: var(--shadow); }
    .items:popover-open { display: grid; }
    [role^='menuitem'] { display: flex; align-items: center; gap: var(--s2); min-block-size: 28px; padding: 0 var(--s3) 0 var(--s2); border: 0; border-radius: var(--radius); background: transparent; color: inherit; font-weight: 400; text-align: start; white-space: nowrap; }
    [role^='menuitem']:is(:hover, :focus-visible) { background: var(--sunk); }
    .tick { display: grid; inline-size: 16px; }
    @media (pointer: coarse) { [role^='menuitem'] { min-block-size: 44px; } }
  `];

  @query('.opener') private opener!: HTMLButtonElement;
  @query('.items') private menu!: HTMLElement;
  @state() private isOpen = false;

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (!session) return nothing;
    return html`<button type="button" class="plain opener" popovertarget="items" aria-label="Menu" aria-haspopup="menu" aria-expanded=${this.isOpen ? 'true' : 'false'} @keydown=${this.pressedOpener}>⋯</button>
      <div id="items" class="items" popover role="menu" aria-label="Menu" @beforetoggle=${this.opening} @toggle=${this.toggled} @keydown=${this.pressed}>${this.isOpen ? this.items(session) : nothing}</div>`;
  }

  private items(session: ReplicaModel): TemplateResult {
    return html`${this.item('Settings', () => this.dispatchEvent(new Event('settings')))}
      ${this.item('Words', () => this.dispatchEvent(new Event('words')))}
      ${session.readable.map((replica) => this.item(`Read from ${replica}${replica === session.name ? ' (here)' : ''}`, () => void session.readFrom(replica)))}
      ${session.runningStrategies.map((strategy) => this.columnItem(session, strategy))}`;
  }

  private item(words: string, choose: () => void): TemplateResult {
    return html`<button type="button" role="menuitem" tabindex="-1" @click=${() => this.choose(choose)}><span class="tick"></span>${words}</button>`;
  }

  private columnItem(session: ReplicaModel, strategy: StrategyId): TemplateResult {
    const isShown = session.strategies.includes(strategy);
    return html`<button type="button" role="menuitemcheckbox" tabindex="-1" aria-checked=${isShown ? 'true' : 'false'}
      @click=${() => this.choose(() => session.showStrategy(strategy, !isShown))}><span class="tick">${isShown ? icon('check') : nothing}</span>Column ${strategyNames[strategy]}</button>`;
  }

  /** The keyboard is back at the button first: a dialog that opens now returns it there. */
  private choose(choice: () => void): void {
    this.menu.hidePopover();
    choice();
  }

  /** Below the button. */
  private opening(event: ToggleEvent): void {
    this.isOpen = event.newState === 'open';
    if (!this.isOpen) return;
    const { bottom, right } = this.opener.getBoundingClientRect();
    this.menu.style.insetBlockStart = `${bottom + gapPx}px`;
    this.menu.style.insetInlineEnd = `${Math.max(gapPx, document.documentElement.clientWidth - right)}px`;
  }

  /** The keyboard goes on at the first choice: before it is shown nothing takes the focus. */
  private async toggled(event: ToggleEvent): Promise<void> {
    await this.updateComplete;
    if (event.newState === 'open') this.choices[0]?.focus();
  }

  private get choices(): HTMLElement[] {
    return [...this.menu.querySelectorAll<HTMLElement>('[role^=menuitem]')];
  }

  private pressedOpener(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' || this.isOpen) return;
    event.preventDefault();
    this.menu.showPopover();
  }

  private pressed(event: KeyboardEvent): void {
    const { choices } = this;
    if (event.key === 'Tab') this.menu.hidePopover();
    const to = nextPlace(event.key, choices, choices.findIndex((each) => each.matches(':focus')));
    if (to === null) return;
    event.preventDefault();
    choices[to]?.focus();
  }
}

/** Which choice a key leads to; null for other keys. A letter leads to the next choice that begins with it. */
function nextPlace(key: string, choices: readonly HTMLElement[], at: number): number | null {
  const { length } = choices;
  switch (key) {
    case 'ArrowDown': return (at + 1) % length;
    case 'ArrowUp': return (Math.max(at, 0) + length - 1) % length;
    case 'Home': return 0;
    case 'End': return length - 1;
  }
  if (key.length > 1 || key === ' ') return null;
  const order = choices.map((_each, step) => (at + 1 + step) % length);
  return order.find((place) => choices[place]!.textContent.trim().toLowerCase().startsWith(key.toLowerCase())) ?? null;
}

declare global {
  interface HTMLElementTagNameMap {
    'window-menu': WindowMenu;
  }
}
