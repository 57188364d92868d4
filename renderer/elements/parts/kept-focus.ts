/**
 * Keeps the keyboard in a window: where what it was on is moved, goes away, or can no longer be pressed, it goes on there or nearby. Guarantees: it takes the
 * focus from nothing that has it, not from a person who left the page by Tab, and not after a pointer was used, as that may have pressed beside all controls.
 */
import type { LitElement, ReactiveController } from 'lit';

const focusable = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

/** So long after an update what it took away is gone, in milliseconds. */
const updatedMs = 40;

export class KeptFocus implements ReactiveController {
  /** From what had the focus last up to the window. */
  private path: readonly Element[] = [];
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Whether the last key was Tab, and nothing in the page has the focus since. */
  private hasLeft = false;

  constructor(private readonly host: LitElement) {
    host.addController(this);
  }

  hostConnected(): void {
    for (const type of ['keydown', 'keyup'] as const) addEventListener(type, this.look, { capture: true });
    addEventListener('pointerdown', this.forget, { capture: true });
  }

  hostDisconnected(): void {
    for (const type of ['keydown', 'keyup'] as const) removeEventListener(type, this.look, { capture: true });
    removeEventListener('pointerdown', this.forget, { capture: true });
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer ?? undefined);
    this.timer = null;
  }

  /** The window is brought up to date many times a second: a timer asks for no frame of its own. */
  hostUpdated(): void {
    if (this.path.length > 0) this.timer ??= setTimeout(() => this.lookLater(), updatedMs);
  }

  private lookLater(): void {
    this.timer = null;
    this.lookNow();
  }

  /** Before what a key does, and after it. */
  private readonly look = ({ type, key }: KeyboardEvent): void => {
    this.lookNow();
    if (type === 'keydown') this.hasLeft = key === 'Tab';
    this.lookAfterFrames();
  };

  private readonly forget = (): void => {
    this.path = [];
  };

  /** What a key has changed is in the page after a frame, and the browser lets go of what was disabled after another. */
  private lookAfterFrames(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => (this.frame = requestAnimationFrame(() => this.lookNow())));
  }

  private lookNow(): void {
    const path = focusedPath();
    if (path.length > 0) [this.path, this.hasLeft] = [path, false];
    else if (this.hasLeft && this.path[0] && isUsable(this.path[0])) this.path = [];
    else if (document.hasFocus()) this.goOn();
  }

  private goOn(): void {
    for (const around of this.path) {
      const next = !around.isConnected ? null : around === this.path[0] ? itself(around) : firstWithin(around);
      if (!next) continue;
      next.focus();
      this.path = focusedPath();
      return;
    }
  }
}

function itself(element: Element): HTMLElement | null {
  return element instanceof HTMLElement && isUsable(element) ? element : null;
}

/** From what has the focus up to the window, shadow roots included; empty where nothing has it. */
export function focusedPath(): Element[] {
  let active = document.activeElement;
  if (!active || active === document.body) return [];
  while (active.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  const path: Element[] = [];
  for (let each: Element | null = active; each && each !== document.body; each = parentOf(each)) path.push(each);
  return path;
}

function parentOf(element: Element): Element | null {
  if (element.parentElement) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

/** Whether it is in the page, can be seen and can be pressed. */
export function isUsable(element: Element): boolean {
  return element.isConnected && !element.matches(':disabled') && element.checkVisibility({ visibilityProperty: true });
}

function firstWithin(element: Element): HTMLElement | null {
  for (const each of (element.shadowRoot ?? element).querySelectorAll<HTMLElement>('*')) {
    const inner = each.shadowRoot ? firstWithin(each) : null;
    if (inner) return inner;
    if (each.matches(focusable) && isUsable(each)) return each;
  }
  return null;
}
