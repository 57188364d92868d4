/** The healing stage of a window by its acts: its animations are stopped at a moment of their own time, and read. */
import type { Page } from 'playwright-core';

/** Stops all acts at a moment, in milliseconds from their beginning; says whether they are there: the first act alone, of what met, may begin sooner. */
export async function stopActsAt(page: Page, ms: number): Promise<boolean> {
  return page.evaluate((at) => {
    const root = document.querySelector('replica-window')!.shadowRoot!.querySelector('field-grid')!.shadowRoot!;
    const acts = root.getAnimations().filter((each) => !(each instanceof CSSTransition) && !(each instanceof CSSAnimation));
    if (!acts.some(({ effect }) => (effect as KeyframeEffect).target?.matches('.verdict, .bar'))) return false;
    for (const act of acts) {
      act.pause();
      act.currentTime = at;
    }
    return true;
  }, ms);
}

/** Whether both sides of a field have begun to slide in. */
export async function hasMet(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const root = document.querySelector('replica-window')!.shadowRoot!.querySelector('field-grid')!.shadowRoot!;
    return root.getAnimations().some(({ effect }) => (effect as KeyframeEffect).target?.matches('.met li'));
  });
}

/** What the chips say that can be seen now, sorted. */
export async function flyingChips(page: Page): Promise<string[]> {
  const chips = await page.locator('.fly').evaluateAll((all) => all.filter((chip) => Number(getComputedStyle(chip).opacity) > 0.5).map((chip) => chip.textContent));
  return chips.sort();
}

/** From 0 to 1, of the first element that fits. */
export async function opacityOf(page: Page, selector: string): Promise<number> {
  return page.locator(selector).first().evaluate((element) => Number(getComputedStyle(element).opacity));
}

/** Whether the final state stands: nothing flies, and nothing lies over a value. */
export async function hasEnded(page: Page): Promise<boolean> {
  return (await page.locator('.fly, .before').count()) === 0;
}
