/** What a person could not reach or see in a window of some size: found by measuring, shadow roots included. */
import type { Page } from 'playwright-core';

/** Names of what is smaller than 24 px, of what scrolls sideways, of what stands beyond the edge, and of text that is cut without a way to read it. */
export async function sizeFlaws(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const look = (root: ParentNode): void => {
      for (const each of root.querySelectorAll('*')) {
        if (each.shadowRoot) look(each.shadowRoot);
        if (!each.checkVisibility({ visibilityProperty: true })) continue;
        const { width, height, right } = each.getBoundingClientRect();
        const { overflowX, position } = getComputedStyle(each);
        const { scrollWidth, clientWidth } = each;
        const what = `${each.localName} ${each.getAttribute('aria-label') ?? each.textContent.trim().replaceAll(/\s+/g, ' ').slice(0, 30)}`;
        const isTarget = each.matches('button, input, select, textarea, a[href], wa-tab, lab-switch') && width > 1;
        if (isTarget && Math.min(width, height) < 23.9) found.push(`${what}: ${width} x ${height}`);
        const isWider = clientWidth > 2 && scrollWidth > clientWidth + 1;
        const scrolls = each === document.documentElement || /auto|scroll/.test(overflowX);
        if (scrolls && isWider) found.push(`${what}: scrolls sideways, ${scrollWidth} in ${clientWidth}`);
        if (width > 1 && right > innerWidth + 1 && position !== 'fixed') found.push(`${what}: stands beyond the edge, at ${right}`);
        // An input scrolls with its caret, and what has a title or is told again elsewhere can be read.
        const isReadable = each.matches('input, svg, [title], [title] *, [aria-hidden], .unseen');
        if (/hidden|clip/.test(overflowX) && isWider && !isReadable) found.push(`${what}: is cut, ${scrollWidth} in ${clientWidth}`);
      }
    };
    look(document);
    return found;
  });
}

/** Names of the fields of a replica window of which some part is only seen by scrolling further than `slackPx`. */
export async function fieldsOutOfSight(page: Page, slackPx = 0): Promise<string[]> {
  return page.evaluate((slack) => {
    const root = document.querySelector('replica-window')!.shadowRoot!;
    const { top, bottom } = root.querySelector('main')!.getBoundingClientRect();
    const grid = root.querySelector('field-grid')!.shadowRoot!;
    const isInSight = (name: Element): boolean => {
      const { field } = name.closest<HTMLElement>('.rail')!.dataset;
      const boxes = [...grid.querySelectorAll(`[data-field="${field}"]`)].filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect());
      return boxes.every((box) => box.top >= top - 1 && box.bottom <= bottom + slack + 1);
    };
    const lowest = Math.max(...[...grid.querySelectorAll('[data-field]')].filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect().bottom));
    return [...grid.querySelectorAll('.rail h2')].filter((name) => !isInSight(name)).map(({ textContent }) => `${textContent.trim()}, ${Math.round(lowest - bottom)} px below`);
  }, slackPx);
}
