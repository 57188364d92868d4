import type { Page } from 'playwright-core';

/** All visible text of a page as a person reads it, that of shadow trees included, on one line. */
export function deepText(page: Page): Promise<string> {
  return page.evaluate(() => {
    const texts: string[] = [];
    const visit = (node: Node): void => {
      if (node instanceof Text) texts.push(node.data);
      if (node instanceof HTMLElement && (node.tagName === 'STYLE' || !node.checkVisibility())) return;
      const children = node instanceof HTMLSlotElement ? node.assignedNodes({ flatten: true }) : [...((node instanceof Element && node.shadowRoot) || node).childNodes];
      for (const child of children) visit(child);
    };
    visit(document.body);
    return texts.join(' ').replace(/\s+/g, ' ').trim();
  });
}
