/** Puts the keyboard on the first control inside an element, through shadow roots, once they have rendered. */
import { LitElement } from 'lit';

/** Says whether there was one. */
export async function focusWithin(element: Element): Promise<boolean> {
  if (element instanceof LitElement) await element.updateComplete;
  for (const each of (element.shadowRoot ?? element).querySelectorAll<HTMLElement>('*')) {
    if (each.shadowRoot && (await focusWithin(each))) return true;
    if (!each.matches('input:not(:disabled), textarea:not(:disabled), button:not(:disabled)')) continue;
    each.focus();
    return true;
  }
  return false;
}
