/** The healing stage in real windows, by its acts: its animations are stopped at a moment of their own time. */
import { describe, expect, test } from 'vitest';
import { useBrowserLab } from '../support/browser-lab.ts';
import { flyingChips, hasEnded, hasMet, opacityOf, stopActsAt } from '../support/healing-acts.ts';
import { replicaIn, type ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

/** Two windows that set the title and voted apart; A is still offline. */
async function apart(openA: () => Promise<ReplicaPage> = () => here.open('A')): Promise<[ReplicaPage, ReplicaPage]> {
  const [a, b] = [await openA(), await here.open('B')];
  await a.switchNetwork(false);
  await a.setTitle('Rome');
  await a.vote(1);
  await b.setTitle('Paris');
  await b.vote(2);
  await a.page.getByText('2 edits wait').waitFor();
  return [a, b];
}

/** A window that hears only later how edits ended, as after many: once it is said so, what its worker finds waits until it is let go, but for what met. */
async function openSlow(): Promise<ReplicaPage> {
  const context = await here.browser.newContext();
  await context.addInitScript(() => {
    const held: (() => void)[] = [];
    const slow = { isHolding: false, letGo: (): void => held.splice(0).forEach((deliver) => deliver()) };
    Object.assign(globalThis, { slow });
    globalThis.Worker = class extends Worker {
      override addEventListener(type: string, listener: EventListenerOrEventListenerObject): void {
        super.addEventListener(type, (event) => {
          const deliver = (): void => (listener as EventListener)(event);
          if (slow.isHolding && (event as MessageEvent<{ kind?: string }>).data?.kind !== 'met') held.push(deliver);
          else deliver();
        });
      }
    };
  });
  return replicaIn(context, here.lab.url, 'A');
}

interface Slow {
  isHolding: boolean;
  letGo(): void;
}

const hold = (of: ReplicaPage): Promise<void> => of.page.evaluate(() => void ((globalThis as unknown as { slow: Slow }).slow.isHolding = true));

const letGo = (of: ReplicaPage): Promise<void> => of.page.evaluate(() => {
  const { slow } = globalThis as unknown as { slow: Slow };
  slow.isHolding = false;
  slow.letGo();
});

describe('the healing stage', () => {
  test('begins with what met, before it is known how that ended, and goes on from there', async () => {
    const [a] = await apart(openSlow);
    await hold(a);
    await a.switchNetwork(true);
    await until(() => hasMet(a.page), 'both sides to meet');
    // Nothing is said yet of how it ended.
    expect(await a.page.locator('.verdict, .st.lost').count()).toBe(0);
    expect(await a.page.locator('.before').first().textContent()).toBe('Rome');
    expect(await a.page.locator('.met[data-field=title] li').allInnerTexts()).toEqual([expect.stringContaining('Rome'), expect.stringContaining('Paris')]);
    await letGo(a);
    await until(() => stopActsAt(a.page, 1_200), 'the stage to go on');
    expect(await flyingChips(a.page)).toContain('Paris');
  });

  test('gives way where the window is parted again before it is known how it ended: what has come is in sight', { tags: ['gate'] }, async () => {
    const [a] = await apart(openSlow);
    await hold(a);
    await a.switchNetwork(true);
    await until(() => hasMet(a.page), 'both sides to meet');
    expect(await a.page.locator('.before').count()).toBeGreaterThan(0);
    await fetch(`${here.lab.url}/-/api/relay`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ online: false }) });
    await until(() => hasEnded(a.page), 'nothing to cover a value');
    await until(async () => (await a.output('Votes', 'CRDT (Yjs)')) === '3', 'the votes that have come');
  });

  test('is not played where a key ended it before that', { tags: ['gate'] }, async () => {
    const [a] = await apart(openSlow);
    await hold(a);
    await a.switchNetwork(true);
    await until(() => hasMet(a.page), 'both sides to meet');
    await a.page.keyboard.press('Escape');
    await until(() => hasEnded(a.page), 'the values that are there');
    const moved = a.page.evaluate(() => new Promise<boolean>((resolve) => {
      const root = document.querySelector('replica-window')!.shadowRoot!.querySelector('field-grid')!.shadowRoot!;
      let hasFlown = false;
      new MutationObserver(() => {
        hasFlown ||= root.querySelector('.fly') !== null;
        if (root.querySelector('[role=log]')?.textContent?.includes('2 edits here met 3 there')) resolve(hasFlown);
      }).observe(root, { childList: true, subtree: true, characterData: true });
    }));
    await letGo(a);
    expect(await moved).toBe(false);
  });

  test('plays what met: both sides, chips to each column, then what was lost, then the verdict; any key ends it; again on demand', async () => {
    const [a] = await apart();
    await a.switchNetwork(true);
    await until(() => stopActsAt(a.page, 100), 'the stage to begin');
    expect(await opacityOf(a.page, '.met li')).toBeGreaterThan(0);
    expect([await flyingChips(a.page), await opacityOf(a.page, '.verdict')]).toEqual([[], 0]);
    // Columns still show what this window had.
    expect(await a.page.locator('.before').first().textContent()).toBe('Rome');
    await stopActsAt(a.page, 1_200);
    const chips = await flyingChips(a.page);
    for (const edit of ['Rome', 'Paris', '+1', '+2']) expect(chips).toContain(edit);
    expect(await opacityOf(a.page, '[data-strategy=last-writer-wins] .st.lost')).toBe(0);
    await stopActsAt(a.page, 1_900);
    expect(await opacityOf(a.page, '[data-strategy=last-writer-wins] .st.lost')).toBeGreaterThan(0.9);
    expect(await opacityOf(a.page, '.verdict')).toBe(0);
    await stopActsAt(a.page, 3_300);
    expect([await flyingChips(a.page), await opacityOf(a.page, '.verdict')]).toEqual([[], 1]);

    await a.page.keyboard.press('Escape');
    await until(() => hasEnded(a.page), 'the final state');
    await a.page.getByRole('log').getByText('Rejoined. 2 edits here met').waitFor();

    await a.review.getByRole('button', { name: 'Play again' }).click();
    await until(() => stopActsAt(a.page, 1_200), 'the stage to begin again');
    expect(await flyingChips(a.page)).toContain('Paris');
    await a.page.mouse.click(5, 5);
    await until(() => hasEnded(a.page), 'a click to end it');
  });

  test('never touches a field that the person is in, and typing goes on', { tags: ['gate'] }, async () => {
    const [a] = await apart();
    await a.box('Title').focus();
    await a.switchNetwork(true);
    await a.box('Title').focus();
    await until(() => stopActsAt(a.page, 1_200), 'the stage to begin');
    expect(await a.page.locator('[data-strategy=crdt][data-field=title] .before').count()).toBe(0);
    expect(await a.page.locator('[data-strategy=last-writer-wins][data-field=title] .before').count()).toBe(1);
    await a.box('Title').pressSequentially(' and on');
    await until(async () => (await a.box('Title').inputValue()).endsWith(' and on'), 'what was typed');
  });

  test('where motion is not wanted the final state is there at once, and is announced', async () => {
    const [a] = await apart();
    await a.page.emulateMedia({ reducedMotion: 'reduce' });
    const moved = a.page.evaluate(() => new Promise<number>((resolve) => {
      let most = 0;
      const root = document.querySelector('replica-window')!.shadowRoot!.querySelector('field-grid')!.shadowRoot!;
      new MutationObserver(() => {
        most = Math.max(most, root.querySelectorAll('.fly, .before').length);
        if (root.querySelector('[role=log]')?.textContent?.includes('Rejoined')) resolve(most);
      }).observe(root, { childList: true, subtree: true, characterData: true });
    }));
    await a.switchNetwork(true);
    expect(await moved).toBe(0);
    await a.page.getByRole('log').getByText(/Rejoined\. 2 edits here met 3 there\./).waitFor();
  });
});
