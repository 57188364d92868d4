/** What axe finds wrong with a page, as one line each. Shadow trees are looked into. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary: string }[];
}

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Critical, serious and moderate findings, once colours have changed: in the middle of a transition a contrast is that of neither state. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(transitionsOver);
  await page.evaluate(source);
  const violations = await page.evaluate(async () => (await (window as unknown as { axe: { run(options: object): Promise<{ violations: Finding[] }> } }).axe.run({ resultTypes: ['violations'] })).violations);
  return violations.filter(({ impact }) => impact !== 'minor').flatMap(({ id, impact, nodes }) => nodes.map(({ target, failureSummary }) => `${id} (${impact}): ${JSON.stringify(target)} ${failureSummary.replaceAll(/\s+/g, ' ')}`));
}

/** Inside the page; shadow trees, too. */
async function transitionsOver(): Promise<void> {
  const roots: (Document | ShadowRoot)[] = [document];
  for (const root of roots) for (const each of root.querySelectorAll('*')) if (each.shadowRoot) roots.push(each.shadowRoot);
  const transitions = roots.flatMap((root) => root.getAnimations()).filter((each) => each instanceof CSSTransition);
  await Promise.allSettled(transitions.map(({ finished }) => finished));
}
