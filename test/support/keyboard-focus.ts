/** Where the keyboard is in a page, shadow roots included. */
import type { Page } from 'playwright-core';

export interface KeyboardFocus {
  /** What it is on, by role or tag and name: "button Put back", "input Title"; "body" where it is lost. */
  readonly name: string;
  /** The text of that element, on one line. */
  readonly text: string;
  /** The column or panel around it, by its name; "" outside of any. */
  readonly region: string;
  /** Whether a person sees where it is: an outline is drawn around something that has a size and is in the window. */
  readonly isVisible: boolean;
}

export function keyboardFocus(page: Page): Promise<KeyboardFocus> {
  return page.evaluate(() => {
    let active = document.activeElement as HTMLElement;
    const path = [active];
    while (active.shadowRoot?.activeElement) path.push((active = active.shadowRoot.activeElement as HTMLElement));
    const parentOf = (element: Element): Element | null => element.parentElement ?? ((element.getRootNode() as ShadowRoot).host as Element | undefined) ?? null;
    const isRegion = (element: Element): boolean => element.matches('section[aria-label], dialog[aria-label], header:not(section > header)');
    let around: Element | null = active;
    while (around && !isRegion(around)) around = parentOf(around);
    const hasOutline = (element: Element): boolean => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
    };
    // Some controls draw the outline on a part beside the input that has the focus.
    const drawn = [active, ...path, ...(active.parentElement?.querySelectorAll(':scope > *') ?? [])];
    const { width, height, top, bottom } = active.getBoundingClientRect();
    const isInWindow = width > 1 && height > 1 && bottom > 0 && top < innerHeight;
    const words = (text: string | null): string => (text ?? '').replaceAll(/\s+/g, ' ').trim();
    // The label of a switch is the text of the element that draws it.
    const host = (active.getRootNode() as ShadowRoot).host as HTMLElement | undefined;
    const labelled = words(active.textContent) === '' && host ? host : active;
    const name = active === document.body ? '' : (active.getAttribute('aria-label') ?? words(labelled.textContent).slice(0, 40));
    return {
      name: `${active.localName} ${name}`.trim(),
      text: words(active.innerText),
      region: around?.getAttribute('aria-label') ?? around?.localName ?? '',
      isVisible: isInWindow && drawn.some(hasOutline),
    };
  });
}
