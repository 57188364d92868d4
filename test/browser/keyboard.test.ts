/** The main path by the keyboard alone: no pointer is used, and after every key the person sees where the keyboard is. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { useBrowserLab } from '../support/browser-lab.ts';
import { hasEnded, stopActsAt } from '../support/healing-acts.ts';
import { keyboardFocus, type KeyboardFocus } from '../support/keyboard-focus.ts';
import type { ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

/** So many stops has no window. */
const stopsMax = 120;

/** Presses a key, and looks where the keyboard is then: never nowhere, and always to be seen. */
async function press(page: Page, key: string): Promise<KeyboardFocus> {
  await page.keyboard.press(key);
  return shownFocus(page, `after ${key}`);
}

async function shownFocus(page: Page, when: string): Promise<KeyboardFocus> {
  const found = await until(async () => {
    const focus = await keyboardFocus(page);
    return focus.name !== 'body' && focus.isVisible && focus;
  }, `the keyboard to be seen ${when}`, { withinMs: 3_000 }).catch(() => null);
  if (!found) throw new Error(`${when} the keyboard is not to be seen: ${JSON.stringify(await keyboardFocus(page))}`);
  return found;
}

/** Goes on by Tab until the keyboard is on something of that name, in that column or panel. */
async function tabTo(page: Page, name: string | RegExp, region = '', key = 'Tab'): Promise<KeyboardFocus> {
  const seen: string[] = [];
  for (let stops = 0; stops < stopsMax; stops++) {
    await page.keyboard.press(key);
    const focus = await keyboardFocus(page);
    // Past the last stop is the browser's own bar.
    if (focus.name === 'body') continue;
    expect(focus, `after ${key} from ${seen.at(-1)}`).toMatchObject({ isVisible: true });
    seen.push(`${focus.region}: ${focus.name}`);
    if ((region === '' || focus.region === region) && (typeof name === 'string' ? focus.name === name : name.test(focus.name))) return focus;
  }
  throw new Error(`no stop ${String(name)} in ${region}; there are ${seen.join(' | ')}`);
}

/** All stops from the top of the page, or from where the keyboard is, to its end. */
async function stopsOf(page: Page, from?: KeyboardFocus): Promise<KeyboardFocus[]> {
  const stops = from ? [from] : [];
  while (stops.length < stopsMax) {
    await page.keyboard.press('Tab');
    const focus = await keyboardFocus(page);
    if (focus.name === 'body') return stops;
    stops.push(focus);
  }
  throw new Error(`more than ${stopsMax} stops`);
}

const named = (stops: readonly KeyboardFocus[]): string[] => stops.map(({ region, name }) => `${region}: ${name}`);

const fieldStops = ['input Title', 'textarea Notes', 'button Add one vote, +1', 'input New tag', 'input New task', 'button Reserve a seat', 'button Release a seat'];

/** A, two columns wide, and B; nobody has edited. */
async function opened(): Promise<[ReplicaPage, ReplicaPage]> {
  const [a, b] = [await here.open('A'), await here.open('B')];
  await a.page.setViewportSize({ width: 1280, height: 720 });
  await a.page.evaluate(() => document.body.focus());
  return [a, b];
}

describe('a replica window', () => {
  test('is walked by Tab from its header through the columns to the review, and cut off, edited and joined again', { tags: ['gate'] }, async () => {
    const [a, b] = await opened();
    const { page } = a;
    const columns = ['CRDT (Yjs)', 'Last writer wins'];
    const header = ['input Network', 'button Show clocks', 'button Menu'].map((name) => `header: ${name}`);
    const stops = await stopsOf(page);
    expect(named(stops)).toEqual([...header, ...columns.flatMap((column) => fieldStops.map((name) => `${column}: ${name}`))]);
    expect(stops.filter(({ isVisible }) => !isVisible)).toEqual([]);

    await tabTo(page, 'input Title', 'CRDT (Yjs)');
    expect((await press(page, 'Alt+n')).name).toBe('input Title');
    await until(async () => !(await a.isOnline()), 'A to be off');
    await page.keyboard.type('Rome, cold');
    expect((await press(page, 'Enter')).name).toBe('input Title');
    await tabTo(page, 'textarea Notes', 'CRDT (Yjs)');
    await page.keyboard.type('from A');
    await tabTo(page, 'button Add one vote, +1', 'CRDT (Yjs)');
    await press(page, 'Enter');
    expect((await press(page, 'Space')).name).toBe('button Add one vote, +1');
    // C is a letter in a text box, and shows the clocks elsewhere.
    const clocks = page.getByRole('button', { name: 'Show clocks' });
    expect(await clocks.getAttribute('aria-pressed')).toBe('false');
    await press(page, 'c');
    await until(async () => (await clocks.getAttribute('aria-pressed')) === 'true', 'the clocks');
    await tabTo(page, 'input New tag', 'CRDT (Yjs)');
    for (const tag of ['sea', 'sun']) {
      await page.keyboard.type(tag);
      expect((await press(page, 'Enter')).name).toBe('input New tag');
    }
    expect((await press(page, 'Shift+Tab')).name).toBe('button Remove tag sun');
    expect((await press(page, 'Enter')).name).toBe('input New tag');
    await tabTo(page, 'button Reserve a seat', 'CRDT (Yjs)');
    await press(page, 'Enter');
    expect([await a.output('Votes', 'CRDT (Yjs)'), await a.output('Seats left', 'CRDT (Yjs)'), await a.items('Tags', 'CRDT (Yjs)')]).toEqual(['2', '2', ['sea']]);

    await b.setTitle('Paris');
    await b.vote(1);
    await b.type('from B');
    await press(page, 'Alt+n');
    await until(() => stopActsAt(page, 1_200), 'the stage to begin');
    expect((await press(page, 'Shift')).name).toBe('button Reserve a seat');
    await until(() => hasEnded(page), 'a key to end it');
    const healed = await stopsOf(page, await tabTo(page, 'input Network', 'header', 'Shift+Tab'));
    expect(healed.filter(({ isVisible }) => !isVisible)).toEqual([]);
    // The column Siblings is hidden: beside the names of its fields a button tells of it.
    const regions = healed.map(({ region, name }) => (/^button Siblings of/.test(name) ? 'names' : region));
    expect(regions.filter((region, at) => region !== regions[at - 1])).toEqual(['header', 'names', ...columns, 'After rejoining']);
  });

  test('its review is entered by Alt+R, read by J and K and answered by keys; Esc returns to where the keyboard was', { tags: ['gate'] }, async () => {
    const [a, b] = await opened();
    const { page } = a;
    await tabTo(page, 'textarea Notes', 'CRDT (Yjs)');
    await press(page, 'Alt+n');
    await page.keyboard.type('from A');
    await tabTo(page, 'button Add one vote, +1', 'CRDT (Yjs)');
    await press(page, 'Enter');
    await b.type('from B');
    await b.vote(2);
    await press(page, 'Alt+n');
    await page.getByRole('log').getByText('Rejoined').waitFor();
    await until(async () => (await a.review.getByRole('listitem').count()) === 3, 'the review beside the columns');

    const all = await a.sentences();
    const at = (start: string) => all.findIndex((text) => text.startsWith(start));
    /** From the first sentence to one of them. */
    const go = async (to: number): Promise<void> => {
      expect((await press(page, 'Alt+r')).text).toBe(all[0]);
      for (let next = 1; next <= to; next++) expect((await press(page, 'j')).text).toBe(all[next]);
    };
    // It is open already: its key goes into it, and from inside out of it.
    await go(1);
    expect((await press(page, 'k')).text).toBe(all[0]);
    expect((await press(page, 'Alt+r')).name).toBe('button Add one vote, +1');
    expect(await a.review.getByRole('listitem').count()).toBe(0);
    await go(at('Last writer wins lost your +1'));
    await press(page, 'p');
    await until(async () => (await a.output('Votes', 'Last writer wins')) === '3', 'the vote to be back');
    expect((await shownFocus(page, 'after P')).text).toMatch(/^Last writer wins lost your \+1.* put back$/);
    await until(async () => (await keyboardFocus(page)).name.startsWith('li '), 'the keyboard on a sentence');
    await press(page, 'Escape');
    await until(async () => (await keyboardFocus(page)).name === 'button Add one vote, +1', 'the keyboard where it was before');

    await go(at('CRDT kept both'));
    await press(page, '1');
    for (const each of [a, b]) await until(async () => (await each.notes('CRDT (Yjs)')) === 'from A', 'the words of A alone');
    await until(async () => (await keyboardFocus(page)).name.startsWith('li '), 'the keyboard on a sentence');
    await press(page, 'Escape');
    await until(async () => (await keyboardFocus(page)).name === 'button Add one vote, +1', 'the keyboard where it was before');

    // What a button in a cell takes away is followed by the field of that cell.
    await tabTo(page, 'button Put back', 'Last writer wins');
    await press(page, 'Enter');
    await until(async () => /from A/.test(await a.notes('Last writer wins')), 'the words to be back');
    await until(async () => (await keyboardFocus(page)).name === 'textarea Notes', 'the keyboard on the field, once the button is gone');
    expect(await shownFocus(page, 'after Put back')).toMatchObject({ region: 'Last writer wins' });
  });

  test('its columns are chosen in the menu, and siblings among what waits', { tags: ['gate'] }, async () => {
    const [a, b] = await opened();
    const { page } = a;
    await tabTo(page, 'button Menu', 'header');
    await press(page, 'Enter');
    for (let stops = 0; stops < stopsMax && (await keyboardFocus(page)).name !== 'button Column Siblings'; stops++) await press(page, 'ArrowDown');
    await press(page, 'Enter');
    await a.column('Siblings').waitFor();
    expect((await shownFocus(page, 'after the menu')).name).toBe('button Menu');
    await press(page, 'Alt+n');
    await tabTo(page, 'input Title', 'CRDT (Yjs)');
    await page.keyboard.type('Rome');
    await press(page, 'Enter');
    await b.setTitle('Paris');
    await press(page, 'Alt+n');
    await page.getByRole('log').getByText('Rejoined').waitFor();
    await tabTo(page, "button Keep A's", 'Siblings');
    await page.keyboard.press('Enter');
    await until(async () => (await keyboardFocus(page)).name === 'input Title', 'the keyboard on the field that was chosen');
    expect(await shownFocus(page, 'after Keep')).toMatchObject({ region: 'Siblings' });
    for (const each of [a, b]) await each.showColumn('Siblings');
    for (const each of [a, b]) await until(async () => (await each.box('Title', 'Siblings').inputValue()) === 'Rome', 'what A kept');
  });
});

describe('the control room', () => {
  test('its first steps, map, relay and menus are used by keys, and the keyboard stays near what goes away', { tags: ['gate'] }, async () => {
    const room = await (await here.browser.newContext()).newPage();
    await room.goto(here.lab.url);
    await room.getByRole('button', { name: 'Add a replica' }).waitFor();
    const focusIs = (name: string) => until(async () => (await keyboardFocus(room)).name === name && (await keyboardFocus(room)).isVisible, `the keyboard on ${name}`);

    const stops = await stopsOf(room);
    expect(stops.filter(({ isVisible }) => !isVisible)).toEqual([]);
    const regions = stops.map(({ region }) => region);
    expect(regions.filter((region, at) => region !== regions[at - 1])).toEqual(['header', 'Scenario', 'First steps']);
    expect(named(stops)[0]).toBe('header: input Relay');

    await tabTo(room, 'button Add a replica', 'First steps');
    for (const [name, next] of [['A', 'button Add a replica'], ['B', 'button Cut B off']] as const) {
      await Promise.all([room.waitForEvent('popup'), room.keyboard.press('Enter')]);
      await room.getByRole('button', { name: `Replica ${name}, drag to an island` }).waitFor();
      await focusIs(next);
    }
    await room.keyboard.press('Enter');
    await focusIs('button Show them');
    await press(room, 'Enter');

    await tabTo(room, 'button Link of B is cut: mend it', 'Map', 'Shift+Tab');
    await room.keyboard.press('Enter');
    await room.getByRole('button', { name: 'Link of B is cut: mend it' }).waitFor({ state: 'detached' });
    await focusIs('button Replica B, drag to an island');
    for (const key of ['Enter', 'ArrowRight', 'Escape']) expect((await press(room, key)).name).toBe('button Replica B, drag to an island');
    await room.getByRole('group', { name: 'Move replica B' }).waitFor({ state: 'detached' });
    for (const key of ['Enter', 'ArrowRight', 'Enter']) expect((await press(room, key)).name).toBe('button Replica B, drag to an island');
    await room.getByRole('button', { name: 'Rejoin all' }).waitFor();
    await tabTo(room, 'button Rejoin all', 'Map', 'Shift+Tab');
    await room.keyboard.press('Enter');
    await room.getByRole('button', { name: 'Rejoin all' }).waitFor({ state: 'detached' });
    await focusIs('button Replica B, drag to an island');

    expect((await press(room, 'Alt+n')).name).toBe('button Replica B, drag to an island');
    await until(async () => !(await room.getByRole('switch', { name: 'Relay' }).isChecked()), 'the relay to be off');
    await press(room, 'Alt+n');
    await until(() => room.getByRole('switch', { name: 'Relay' }).isChecked(), 'the relay to be on');

    await tabTo(room, 'button Start over', 'header', 'Shift+Tab');
    await press(room, 'Enter');
    expect((await press(room, 'Tab')).name).toBe('button Yes, start over');
    expect((await press(room, 'Enter')).name).toBe('button Start over');
    await tabTo(room, 'button More', 'header');
    await press(room, 'Enter');
    await tabTo(room, 'button Words', 'header');
    expect(await press(room, 'Enter')).toMatchObject({ name: 'button Close', region: 'Words' });
    expect((await press(room, 'Escape')).name).toBe('button More');
  });
});
