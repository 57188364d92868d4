/** A part of an element that opens and closes: a click elsewhere or Esc closes it, and Esc returns the keyboard to the button that opened it. */
import type { LitElement, ReactiveController } from 'lit';

export class Popover implements ReactiveController {
  private opened = false;

  /** `opener` finds the button in the host's own tree. */
  constructor(
    private readonly host: LitElement,
    private readonly opener: string,
  ) {
    host.addController(this);
  }

  get isOpen(): boolean {
    return this.opened;
  }

  readonly toggle = (): void => this.set(!this.opened);

  set(open: boolean): void {
    if (open === this.opened) return;
    this.opened = open;
    const listen = open ? 'addEventListener' : 'removeEventListener';
    document[listen]('pointerdown', this.pressedElsewhere);
    this.host[listen]('keydown', this.pressedKey as EventListener);
    this.host.requestUpdate();
  }

  /** What is inside goes away: the keyboard goes on at the button. */
  close(): void {
    this.set(false);
    this.host.renderRoot.querySelector<HTMLElement>(this.opener)?.focus();
  }

  hostDisconnected(): void {
    this.set(false);
  }

  private readonly pressedElsewhere = (event: Event): void => {
    if (!event.composedPath().includes(this.host)) this.set(false);
  };

  private readonly pressedKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.close();
  };
}
