/** The map of the control room: people move replicas between islands by keyboard, pointer and menu, mend gaps, and give links faults. */
import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Link } from '../../shared/network/link.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();
let room: Page;

beforeEach(async () => {
  room = await (await here.browser.newContext()).newPage();
  await room.goto(here.lab.url);
  for (const name of ['A', 'B', 'C']) await here.open(name);
  for (const name of ['A', 'B', 'C']) await disc(name).waitFor();
});

const disc = (name: string): Locator => room.getByRole('button', { name: `Replica ${name}, drag to an island` });
const button = (name: string | RegExp): Locator => room.getByRole('button', { name });

async function get(path: string): Promise<unknown> {
  return (await fetch(`${here.lab.url}/-/api/rooms/lab${path}`)).json();
}

async function islandsAre(lists: readonly (readonly string[])[]): Promise<void> {
  await until(async () => JSON.stringify(((await get('')) as { islands: unknown }).islands) === JSON.stringify(lists), `the islands ${JSON.stringify(lists)}`);
}

/** The middle of an element, moved. */
async function middle(of: Locator, byX = 0): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = (await of.boundingBox())!;
  return { x: x + width / 2 + byX, y: y + height / 2 };
}

async function drag(name: string, to: { x: number; y: number }): Promise<void> {
  const from = await middle(disc(name));
  await room.mouse.move(from.x, from.y);
  await room.mouse.down();
  await room.mouse.move(to.x, to.y, { steps: 5 });
  await room.mouse.up();
}

describe('islands', () => {
  test('are made by the keyboard: Enter, arrows, Enter; Esc puts the replica back; the cross on the gap mends it', { tags: ['gate'] }, async () => {
    await disc('C').focus();
    await room.keyboard.press('Enter');
    await room.keyboard.press('ArrowRight');
    await button('Link of C is cut: mend it').waitFor();
    await room.keyboard.press('Escape');
    await button('Link of C is cut: mend it').waitFor({ state: 'detached' });
    await islandsAre([]);
    await room.keyboard.press('Enter');
    await room.keyboard.press('ArrowRight');
    await room.getByRole('status').getByText('C on an island of its own. Arrows choose, Enter moves it, Escape puts it back.').waitFor();
    await room.keyboard.press('Enter');
    await islandsAre([['C']]);
    await room.getByText('2 islands: C is alone').waitFor();
    await button('Link of C is cut: mend it').click();
    await islandsAre([]);
    await button('Link of C is cut: mend it').waitFor({ state: 'detached' });
  });

  test('are made by dragging a replica to the edge, left by dragging it onto others, and made by the menu', { tags: ['gate'] }, async () => {
    const { x, y, width } = (await room.getByRole('region', { name: 'Map' }).boundingBox())!;
    await drag('C', { x: x + width - 20, y: y + 120 });
    await islandsAre([['C']]);
    await button('Rejoin all').waitFor();
    await drag('C', await middle(disc('A'), 20));
    await islandsAre([]);
    await button('Rejoin all').waitFor({ state: 'detached' });
    await disc('B').click();
    await room.getByRole('group', { name: 'Move replica B' }).getByRole('button', { name: 'on an island of its own' }).click();
    await islandsAre([['B']]);
    await disc('C').click();
    await room.getByRole('group', { name: 'Move replica C' }).getByRole('button', { name: 'with B' }).click();
    await islandsAre([['B', 'C']]);
    await button('Rejoin all').click();
    await islandsAre([]);
  });
});

test('edits that go along the links are gone where the links are elsewhere', { tags: ['gate'] }, async () => {
  const a = await here.open('A');
  // Each that appears stays where it is: what is gone was taken away.
  await room.evaluate(() => {
    const { animate } = SVGElement.prototype;
    SVGElement.prototype.animate = function (this: SVGElement, ...of) {
      const animation = animate.apply(this, of);
      animation.pause();
      return animation;
    };
  });
  const dots = room.locator('svg.links .dot');
  // The first edits may change the panels beside the map, and with them its size: then their dots are gone at once.
  await until(async () => {
    await a.vote(1);
    return (await dots.count()) > 0;
  }, 'an edit on its way');
  await room.setViewportSize({ width: 900, height: 600 });
  await until(async () => (await dots.count()) === 0, 'none beside the links');
});

describe('a link', () => {
  test('gets its faults in a dialog, says so on the map, and a replica that is off comes back by the cross', { tags: ['gate'] }, async () => {
    const linkB = async (): Promise<Link> => (await get('/links/B')) as Link;
    await button('Link of replica B').focus();
    await room.keyboard.press('Enter');
    const dialog = room.getByRole('dialog', { name: 'Link of replica B' });
    await dialog.getByRole('slider', { name: 'Delay' }).fill('120');
    await dialog.getByRole('slider', { name: 'Lost' }).fill('5');
    await until(async () => JSON.stringify([(await linkB()).upstream, (await linkB()).downstream].map(({ latencyMs, dropRate }) => [latencyMs, dropRate])) === '[[120,0.05],[120,0.05]]', 'delay and loss both ways');
    await button('Link of replica B: 120 ms · 5 % lost').waitFor();
    await dialog.getByRole('button', { name: 'To the relay' }).click();
    await dialog.getByRole('button', { name: 'Cut' }).click();
    await until(async () => (await linkB()).upstream.cut && !(await linkB()).downstream.cut, 'the way to the relay to be cut');
    await room.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await button(/^Link of replica B/).evaluate((opener) => opener.matches(':focus'))).toBe(true);

    await room.getByRole('switch', { name: 'Network of replica C' }).click();
    await button('Link of C is cut: mend it').click();
    await until(() => room.getByRole('switch', { name: 'Network of replica C' }).isChecked(), 'C to be on again');
    await button('Link of C is cut: mend it').waitFor({ state: 'detached' });
    // Mending a cut is not taking all faults away.
    expect((await linkB()).downstream.latencyMs).toBe(120);
  });
});
