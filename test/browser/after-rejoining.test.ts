/** After rejoining: what is told and in which order, what a person can do about it, by mouse and by keys, in windows of all sizes. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { RoomView } from '../../shared/control/room-view.ts';
import { axeFindings } from '../support/axe.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import { keyboardFocus } from '../support/keyboard-focus.ts';
import { slowness } from '../support/machine-speed.ts';
import type { ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

/** A and B, of whom A was cut off while both voted, tagged, wrote over one word and took the last seat. */
async function rejoined(): Promise<readonly [a: ReplicaPage, b: ReplicaPage]> {
  const [a, b] = [await here.open('A'), await here.open('B')];
  await b.type('On Monday.');
  await b.reserve(2);
  await until(async () => (await a.notes('CRDT (Yjs)')) === 'On Monday.' && (await a.output('Seats left', 'CRDT (Yjs)')) === '1', 'all to be at A');
  await a.switchNetwork(false);
  for (const [each, word] of [[a, 'Friday'], [b, 'Tuesday']] as const) {
    // Letter by letter the words have nothing in common: each replaces the whole of the other.
    await each.box('Notes').fill('On .');
    await each.box('Notes').fill(`On ${word}.`);
    await each.vote(1);
    await each.add('tag', `of ${each === a ? 'A' : 'B'}`);
    await each.reserve(1);
  }
  await a.page.getByRole('region', { name: 'Waiting' }).waitFor();
  expect(await a.page.getByRole('region', { name: 'Waiting' }).innerText()).toMatch(/\d edits are safe in this window\. They meet what (B does|B and C do) meanwhile once the network is back\./);
  expect(await a.review.count()).toBe(0);
  await a.switchNetwork(true);
  await until(async () => (await a.sentences()).filter((text) => !text.includes('So far')).length === 7 && (await looks(a)) === 7, 'all of the review at A, with nobody awaited');
  // Until the stage begins, the cells keep what each had.
  await until(async () => (await a.notes('Last writer wins')) === (await b.notes('Last writer wins')), 'the same word in the cells of both');
  return [a, b];
}

/** "9 to look at." */
async function looks(of: ReplicaPage): Promise<number> {
  return Number(/(\d+) to look at\./.exec(await of.review.innerText())?.[1] ?? 0);
}

const shown = (of: ReplicaPage, name: string | RegExp) => of.review.getByRole('button', { name, exact: true });

const focusedText = async (page: Page): Promise<string> => (await keyboardFocus(page)).text;

describe('the review', () => {
  test('counts what met at this rejoin; groups by rejoin, field and strategy, with broken rules first', async () => {
    const [a] = await rejoined();
    expect(await a.review.innerText()).toMatch(/^After rejoining\s+\d+ edits here met \d+ there\. \d+ to look at\./);
    // The lab is told the same.
    const counts = /(\d+) edits here met (\d+) there/.exec(await a.review.innerText())!.slice(1).map(Number);
    const rejoin = await until(async () => ((await (await fetch(`${here.lab.url}/-/api/rooms/lab`)).json()) as RoomView).replicas.find(({ replica }) => replica === 'A')?.rejoin, 'the rejoin of A');
    expect(rejoin).toMatchObject({ wasOffline: true, met: ['B'], here: counts[0], there: counts[1] });
    const headings = (await a.review.getByRole('heading').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
    expect(headings[1]).toMatch(/^Rejoin at \d\d:\d\d:\d\d\. A was cut off for \d+ (s|min)/);
    expect(headings.slice(2, 4)).toEqual(['Seats left stock', 'Notes text']);
    expect(headings.slice(4).sort()).toEqual(['Tags set', 'Votes counter']);
    const sentences = await a.sentences();
    expect(sentences[0]).toBe('CRDT sold one seat twice: you and B each took the last one. 3 − 1 − 1 − 1 − 1 = −1. Release mine');
    expect(sentences.find((text) => text.includes('+1'))).toBe('Last writer wins lost your +1: B wrote 1 without having seen it. Put back');
  });

  test('shows under a filter what it names, with counts, and remembers it while it is hidden', { tags: ['gate'] }, async () => {
    const [a] = await rejoined();
    const filters = a.review.getByRole('group', { name: 'Show' }).getByRole('button');
    const all = await a.sentences();
    const lost = all.filter((text) => / lost your | lost B's /.test(text));
    expect((await filters.allInnerTexts()).map((text) => text.replace(/ \d+$/, ''))).toEqual(['All', 'Lost', 'Your turn', 'Rule broken']);
    expect(await filters.nth(0).innerText()).toBe(`All ${all.length}`);
    await shown(a, `Lost ${lost.length}`).click();
    await until(async () => (await a.sentences()).length === lost.length, 'only what was lost');
    expect(await a.sentences()).toEqual(lost);
    expect(await shown(a, /^Lost/).getAttribute('aria-pressed')).toBe('true');
    await shown(a, 'Your turn 1').click();
    await until(async () => (await a.sentences()).length === 1, 'what waits');
    await shown(a, 'Hide').click();
    expect(await a.review.getByRole('listitem').count()).toBe(0);
    await shown(a, 'Review').click();
    expect(await a.sentences()).toEqual([all.find((text) => text.startsWith('CRDT kept both'))]);
  });

  test('brings the field of a heading or a sentence into view', { tags: ['gate'] }, async () => {
    const [a] = await rejoined();
    const height = 240;
    await a.page.setViewportSize({ width: 1280, height });
    const seats = a.column('CRDT (Yjs)').getByRole('button', { name: 'Reserve a seat' });
    const isInView = async (): Promise<boolean> => (await seats.boundingBox())!.y < height;
    expect(await isInView()).toBe(false);
    await shown(a, 'Seats left').click();
    await until(isInView, 'the seats to be in view');
    await shown(a, 'Hide').focus();
    const votes = (await a.sentences()).findIndex((text) => text.includes('lost your +1'));
    for (let at = 0; at <= votes; at++) await a.page.keyboard.press('j');
    await until(async () => (await focusedText(a.page)).includes('lost your +1'), 'the keyboard on the lost vote');
    await a.page.keyboard.press('Enter');
    await a.page.locator('.cell.highlighted[data-field=votes]').first().waitFor();
  });
});

describe('what a person does about it', () => {
  test('Put all back takes what adds, each where it was lost; what is done stays, quiet, until the review is hidden', async () => {
    const [a, b] = await rejoined();
    const before = await looks(a);
    const all = shown(a, /^Put all \d+ back$/);
    const count = Number(/\d+/.exec(await all.innerText())![0]);
    expect(count).toBe((await a.sentences()).filter((text) => / lost .* Put back$/.test(text)).length);
    await all.click();
    for (const each of [a, b]) {
      await until(async () => (await each.output('Votes', 'Last writer wins')) === '2', 'both votes under last writer wins');
      await until(async () => (await each.items('Tags', 'Last writer wins')).join() === 'of A,of B', 'both tags under last writer wins');
      await until(async () => /Friday/.test(await each.notes('Last writer wins')) && /Tuesday/.test(await each.notes('Last writer wins')), 'both words under last writer wins');
      expect(await each.output('Votes', 'CRDT (Yjs)')).toBe('2');
    }
    await until(async () => (await looks(a)) === before - count, 'less to look at');
    await until(async () => (await a.sentences()).filter((text) => / put back$/.test(text)).length === count, 'what was put back to say so');
    expect(await all.count()).toBe(0);
    await shown(a, 'Hide').click();
    expect((await a.sentences()).filter((text) => / put back$/.test(text))).toEqual([]);
  });

  test('words that touch: mine stays alone, everywhere, and in the CRDT only', { tags: ['gate'] }, async () => {
    const [a, b] = await rejoined();
    const lastWriterWins = await a.notes('Last writer wins');
    await shown(a, 'Mine').click();
    for (const each of [a, b]) await until(async () => (await each.notes('CRDT (Yjs)')) === 'On Friday.', 'the words of A alone');
    expect(await a.notes('Last writer wins')).toBe(lastWriterWins);
    await until(async () => (await a.sentences()).some((text) => /^CRDT kept both.* done$/.test(text)), 'it to be done');
    await until(async () => !(await b.sentences()).some((text) => text.startsWith('CRDT kept both')), 'it to be gone at B');
  });

  test('Both closes the entry here, and changes nothing', { tags: ['gate'] }, async () => {
    const [a, b] = await rejoined();
    const text = await a.notes('CRDT (Yjs)');
    const before = await looks(a);
    await shown(a, 'Both').click();
    await until(async () => (await looks(a)) === before - 1, 'one less to look at');
    expect([await a.notes('CRDT (Yjs)'), await b.notes('CRDT (Yjs)')]).toEqual([text, text]);
    expect((await b.sentences()).some((each) => each.startsWith('CRDT kept both') && each.endsWith('Mine Theirs Both'))).toBe(true);
  });

  test('Release mine gives the seat back in the column that sold too many', { tags: ['gate'] }, async () => {
    const [a, b] = await rejoined();
    // In the cell, also where the next cut is the news.
    const inCell = a.page.locator('.cell[data-field="seats"][data-strategy="crdt"]').getByRole('button', { name: 'Release mine' });
    await inCell.waitFor();
    await a.switchNetwork(false);
    await a.vote(1);
    await a.page.getByRole('region', { name: 'Waiting' }).waitFor();
    await inCell.waitFor();
    await a.switchNetwork(true);
    await a.page.getByRole('region', { name: 'After rejoining' }).waitFor();
    await shown(a, 'Release mine').first().click();
    for (const each of [a, b]) await until(async () => (await each.output('Seats left', 'CRDT (Yjs)')) === '0', 'no seat left, and none too many');
    expect(await a.output('Seats left', 'Last writer wins')).toBe('0');
    await until(async () => (await a.sentences()).some((text) => /^CRDT sold one seat twice.* done$/.test(text)), 'it to be done');
  });

  test('a third person reads whose words they are', { tags: ['gate'] }, async () => {
    const c = await here.open('C');
    await rejoined();
    await until(async () => (await c.sentences()).some((text) => /^CRDT kept both.* (A and B|B and A) each replaced “Monday”\. Keep (A|B)'s Keep (A|B)'s Keep both$/.test(text)), 'the review at C');
  });
});

test('Play again is there where there is something to play, and says so to the window; clocks are shown when asked for', { tags: ['gate'] }, async () => {
  const [a] = await rejoined();
  const set = (canPlay: boolean, clocksShown: boolean) => a.page.evaluate((values) => {
    const review = document.querySelector('replica-window')!.shadowRoot!.querySelector('rejoin-review')!;
    Object.assign(review, { canPlay: values[0], clocks: values[1] });
  }, [canPlay, clocksShown]);
  await set(false, false);
  await until(async () => (await shown(a, 'Play again').count()) === 0, 'nothing to play');
  const clocks = a.review.getByText(/^[AB]:\d+ \{A:\d+ B:\d+\}/);
  expect(await clocks.count()).toBe(0);
  await a.page.evaluate(() => document.addEventListener('play-again', () => (document.documentElement.dataset['played'] = 'yes')));
  await set(true, true);
  await shown(a, 'Play again').click();
  await until(async () => (await a.page.locator('html').getAttribute('data-played')) === 'yes', 'the window to be told');
  await until(async () => (await clocks.count()) > 0, 'the clocks');
});

describe('by keys', () => {
  test('Alt+R opens it, J and K go from sentence to sentence, P puts back, Esc closes it and returns to where the keyboard was', { tags: ['gate'] }, async () => {
    const [a] = await rejoined();
    const { keyboard } = a.page;
    await shown(a, 'Hide').click();
    await a.box('Title').focus();
    await keyboard.press('Alt+KeyR');
    const all = await a.sentences();
    await until(async () => (await focusedText(a.page)) === all[0], 'the first sentence');
    await keyboard.press('j');
    await until(async () => (await focusedText(a.page)) === all[1], 'the second one');
    await keyboard.press('k');
    await until(async () => (await focusedText(a.page)) === all[0], 'the first one again');
    const vote = all.findIndex((text) => text.includes('lost your +1'));
    for (let at = 0; at < vote; at++) {
      await keyboard.press('j');
      await until(async () => (await focusedText(a.page)) === all[at + 1], `sentence ${at + 1}`);
    }
    await keyboard.press('p');
    await until(async () => (await a.output('Votes', 'Last writer wins')) === '2', 'the vote to be back');
    await until(async () => /^Last writer wins lost your \+1.* put back$/.test(await focusedText(a.page)), 'the keyboard to stay on what was put back');
    await keyboard.press('Escape');
    await until(async () => (await keyboardFocus(a.page)).name === 'input Title', 'the focus where it was');
    expect(await shown(a, 'Review').getAttribute('aria-expanded')).toBe('false');
  });

  test('3 keeps both, and in a text box a letter is a letter', { tags: ['gate'] }, async () => {
    const [a] = await rejoined();
    const before = await looks(a);
    await a.box('New tag').focus();
    await a.page.keyboard.type('jkp13');
    expect(await a.box('New tag').inputValue()).toBe('jkp13');
    await shown(a, 'Mine').focus();
    await a.page.keyboard.press('3');
    await until(async () => (await looks(a)) === before - 1, 'one less to look at');
  });
});

describe('where it stands', () => {
  const box = async (of: ReplicaPage) => (await of.review.boundingBox())!;

  test('is a column of 344 px beside two columns, a sheet of 380 px over more, and a sheet from below where there is less room', { tags: ['gate'] }, async () => {
    const [a] = await rejoined();
    expect((await box(a)).width).toBe(343);
    await a.showColumn('Siblings');
    expect(await until(async () => (await box(a)).width > 370 && (await box(a)).width, 'the sheet')).toBe(379);
    for (const [width, height] of [[720, 415], [390, 844]] as const) {
      await a.page.setViewportSize({ width, height });
      const sheet = await until(async () => (await box(a)).width === width && (await box(a)), 'the sheet from below');
      expect(sheet.height).toBeLessThanOrEqual(height * 0.62 + 1);
      expect(Math.round(sheet.y + sheet.height)).toBe(height);
      await shown(a, 'Put back').first().waitFor();
    }
  });

  test('is sound for axe, open and closed, in light and dark', { timeout: 120_000, tags: ['gate'] }, async () => {
    const [a] = await rejoined();
    for (const [width, height, columns] of [[1280, 720, 2], [720, 415, 2], [390, 844, 2], [1280, 720, 6], [390, 844, 6]] as const) {
      if (columns === 6) for (const column of ['Siblings', 'Quorum', 'Consensus', 'Single leader'] as const) await a.showColumn(column);
      await a.page.setViewportSize({ width, height });
      for (const colorScheme of ['light', 'dark'] as const) {
        await a.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        for (const isOpen of [false, true]) {
          await shown(a, isOpen ? 'Review' : 'Hide').click();
          expect(await axeFindings(a.page), `${width} ${colorScheme} ${isOpen ? 'open' : 'closed'}`).toEqual([]);
        }
      }
    }
  });
});

test('5,000 entries open and scroll quickly: few of them are in the page at a time', { timeout: 120_000, tags: ['gate'] }, async () => {
  const [a] = await rejoined();
  await shown(a, 'Hide').click();
  const entries = 5_000;
  const found = await a.page.evaluate(async (count) => {
    type Item = Record<string, unknown>;
    type Review = HTMLElement & { session: { items: readonly Item[] }; updateComplete: Promise<boolean>; requestUpdate(): void };
    const review = document.querySelector('replica-window')!.shadowRoot!.querySelector<Review>('rejoin-review')!;
    const { session } = review;
    const samples = session.items.filter((item) => item['kind'] === 'lost');
    if (samples.length === 0) throw new Error(`nothing lost to make entries of: ${session.items.map((item) => String(item['kind'])).join(', ')}`);
    const items = Array.from({ length: count }, (_, at) => ({ ...samples[at % samples.length]!, field: `${['votes', 'tags', 'notes'][Math.floor(at / (count / 3))]}`, key: `made ${at}` }));
    Object.defineProperty(session, 'items', { get: () => items });
    review.requestUpdate();
    await review.updateComplete;
    const frame = (): Promise<void> => new Promise((resolve) => void requestAnimationFrame(() => setTimeout(resolve)));
    const began = performance.now();
    review.shadowRoot!.querySelector<HTMLElement>('.review')!.click();
    await frame();
    const openMs = performance.now() - began;
    const list = review.shadowRoot!.querySelector<HTMLElement>('review-list')!;
    const rows = (): HTMLElement[] => [...list.shadowRoot!.querySelectorAll<HTMLElement>('li')];
    // Where nothing else brings the list up to date: an update for another reason would hide that scrolling does not.
    const shown = list as HTMLElement & { updated(): void };
    let quiet = 0;
    const original = shown.updated.bind(shown);
    shown.updated = () => {
      quiet = 0;
      original();
    };
    while (quiet++ < 20) await frame();
    let [most, slowestMs] = [rows().length, 0];
    for (let step = 0; step < 40; step++) {
      const stepBegan = performance.now();
      list.scrollTop += list.scrollHeight / 40;
      await frame();
      slowestMs = Math.max(slowestMs, performance.now() - stepBegan);
      most = Math.max(most, rows().length);
    }
    for (let tries = 0; tries < 1_000 && rows().at(-1)?.dataset['key'] !== `made ${count - 1}`; tries++) {
      list.scrollTop = list.scrollHeight;
      await frame();
    }
    return { openMs, slowestMs, most, last: rows().at(-1)?.dataset['key'] };
  }, entries);
  console.log(`${entries} entries: open ${found.openMs.toFixed(0)} ms, slowest of 40 steps of scrolling ${found.slowestMs.toFixed(0)} ms, at most ${found.most} in the page`);
  expect(found.last).toBe(`made ${entries - 1}`);
  expect(found.most).toBeGreaterThan(20);
  expect(found.most).toBeLessThan(250);
  // Generous, as other programs may have the machine: all of them in the page take seconds.
  expect(Math.max(found.openMs, found.slowestMs)).toBeLessThan(1_000 * slowness());
});
