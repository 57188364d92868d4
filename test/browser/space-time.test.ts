/**
 * The space-time diagram of the control room: what two sides did, what met, what was lost, what an event
 * had seen; by its text form and the keyboard, and for the eye.
 */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import type { ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

interface Diagram {
  readonly room: Page;
  readonly figure: Locator;
  /** An event in the list. */
  readonly event: (name: RegExp) => Locator;
  readonly card: Locator;
}

interface Met extends Diagram {
  readonly a: ReplicaPage;
  readonly b: ReplicaPage;
}

async function openRoom(): Promise<Page> {
  const room = await (await here.browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await room.goto(here.lab.url);
  return room;
}

function diagramIn(room: Page): Diagram {
  const figure = room.getByRole('figure', { name: 'Space-time diagram' });
  const events = figure.getByRole('list', { name: 'Events' });
  return {
    room,
    figure,
    event: (name) => events.getByRole('button', { name }),
    card: figure.getByRole('group', { name: 'Event' }),
  };
}

/** A and B each set the title while B is cut off, and meet again. */
async function metAfterCut(): Promise<Met> {
  const room = await openRoom();
  const [a, b] = [await here.open('A'), await here.open('B')];
  await a.vote(1);
  await until(async () => (await b.output('Votes', 'CRDT (Yjs)')) === '1', 'the vote at B');
  await b.switchNetwork(false);
  await b.setTitle('Offsite in Rome');
  await a.setTitle('Offsite in Paris');
  const diagram = diagramIn(room);
  // Of B's title only B's note is known.
  await diagram
    .event(/^B, Title: has not come through yet, .*Waiting: A has not seen it/)
    .waitFor({ state: 'attached' });
  await diagram
    .event(/^A, Title: “Offsite in Paris”, .*Waiting: B has not seen it/)
    .waitFor({ state: 'attached' });
  await b.switchNetwork(true);
  await diagram.event(/^B, Title: “Offsite in Rome”, /).waitFor({ state: 'attached' });
  await until(
    async () => (await diagram.event(/Title: .*Lost under Last writer wins: [AB] wrote/).count()) === 1,
    'one title to be lost',
  );
  return { ...diagram, a, b };
}

describe('the space-time diagram', () => {
  test(
    'says what was lost under the chosen strategy; a chosen event says what it had seen; axe finds nothing',
    { tags: ['gate'], timeout: 120_000 },
    async () => {
      const { room, figure, event, card } = await metAfterCut();
      expect(await event(/Votes: \+1/).count()).toBe(1);

      await event(/Lost under Last writer wins/).focus();
      await room.keyboard.press('Enter');
      await card.getByText(/^Title: “Offsite in (Rome|Paris)”$/).waitFor();
      await card.getByText(/Lost under Last writer wins: [AB] wrote .* later\./).waitFor();
      for (const text of ['had seen 1', 'seen by 0', 'concurrent 1']) await card.getByText(text).waitFor();

      // Dots and clocks only where they are asked for.
      expect(await card.innerText()).not.toMatch(/[AB]:\d/);
      await card.getByRole('button', { name: 'Clocks' }).click();
      await card.getByText(/^[AB]:\d \{A:\d B:\d\}$|^[AB]:\d \{[AB]:\d [AB]:\d\}$/).waitFor();

      await figure.getByRole('combobox', { name: 'Lost under' }).selectOption('Siblings');
      await card.getByText('To resolve under Siblings.').waitFor();
      expect(await event(/Lost under/).count()).toBe(0);
      await figure.getByRole('combobox', { name: 'Lost under' }).selectOption('Last writer wins');

      for (const colorScheme of ['dark', 'light'] as const) {
        await room.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await axeFindings(room), colorScheme).toEqual([]);
      }
      await figure.getByRole('button', { name: 'List' }).click();
      await figure
        .getByText(/Lost under Last writer wins: /)
        .last()
        .waitFor();
      expect(await axeFindings(room)).toEqual([]);
    },
  );

  test(
    'arrows lead along the lanes and across them, Esc closes the card; Find counts, and Enter goes on',
    { timeout: 120_000 },
    async () => {
      const { room, figure, event, card } = await metAfterCut();
      const focused = (name: RegExp): Promise<unknown> =>
        until(
          () => event(name).evaluate((button) => button.matches(':focus')),
          `the keyboard to be on ${name}`,
        );
      await event(/^A, Title/).focus();
      await room.keyboard.press('ArrowLeft');
      await focused(/^A, Votes/);
      await room.keyboard.press('ArrowLeft');
      await focused(/^A, Votes/);
      await room.keyboard.press('ArrowDown');
      await focused(/^B, Title/);
      await room.keyboard.press('ArrowUp');
      await focused(/^A, Title/);
      await room.keyboard.press('Enter');
      await card.waitFor();
      await room.keyboard.press('Escape');
      await card.waitFor({ state: 'detached' });

      const find = figure.getByRole('searchbox', { name: 'Find' });
      await find.fill('title');
      await figure.getByText('2 found').waitFor();
      await find.press('Enter');
      const first = await card.innerText();
      await find.press('Enter');
      await until(async () => (await card.innerText()) !== first, 'the next one');
      await find.fill('b');
      await figure.getByText('1 found').waitFor();
      await find.fill('A:1');
      await figure.getByText('1 found').waitFor();
      await find.press('Enter');
      await card.getByText('Votes: +1').waitFor();
      await find.press('Escape');
      await card.waitFor({ state: 'detached' });
    },
  );

  test(
    'what is clicked on the canvas is chosen; it stands in the author’s colour, and follows the theme',
    { timeout: 120_000, tags: ['gate'] },
    async () => {
      const { room, figure, event, card, a, b } = await metAfterCut();
      // Nobody loses these.
      await b.add('tag', 'sun');
      await event(/^B, Tags: “sun”/).waitFor({ state: 'attached' });
      await a.add('tag', 'sea');
      await event(/^A, Tags: “sea”/).waitFor({ state: 'attached' });
      const canvas = figure.locator('canvas');
      // Where B wrote, there are dots of B's colour, and of A's where A did.
      const placeOf = (token: string): Promise<{ x: number; y: number } | null> =>
        canvas.evaluate((element, name) => {
          const surface = element as HTMLCanvasElement;
          const scale = surface.width / surface.clientWidth;
          const probe = document.createElement('canvas').getContext('2d')!;
          probe.fillStyle = getComputedStyle(surface).getPropertyValue(name);
          probe.fillRect(0, 0, 1, 1);
          const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
          const { data, width, height } = surface
            .getContext('2d')!
            .getImageData(0, 0, surface.width, surface.height);
          // Right of the lanes' letters, the last one.
          for (let x = width - 1; x > 40 * scale; x--)
            for (let y = 0; y < height; y++) {
              const at = 4 * (y * width + x);
              if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255)
                return { x: x / scale, y: y / scale };
            }
          return null;
        }, token);
      await room.mouse.move(0, 0);
      const { x, y } = (await canvas.boundingBox())!;
      // The end moves on while replicas note late what they have: a place holds for a moment.
      await until(async () => {
        const ofA = await placeOf('--rep-a');
        if (ofA) await room.mouse.click(x + ofA.x, y + ofA.y);
        return ofA !== null && (await card.getByText('Tags: “sea”').count()) > 0;
      }, 'a click on the colour of A to choose what A wrote last');
      await until(
        () => event(/^A, Tags/).evaluate((button) => button.matches(':focus')),
        'the keyboard to be where the click was',
      );
      await until(() => placeOf('--rep-b'), 'something in the colour of B');

      // Nearer, and moved along: then it no longer follows the end, until that is asked for.
      const latest = figure.getByRole('button', { name: 'Latest' });
      await figure.getByRole('button', { name: 'Zoom in' }).click({ clickCount: 3 });
      expect(await latest.count()).toBe(0);
      await room.mouse.move(x + 300, y + 60);
      await room.mouse.down();
      await room.mouse.move(x + 500, y + 60, { steps: 4 });
      await room.mouse.up();
      await latest.waitFor();
      await latest.click();
      await latest.waitFor({ state: 'detached' });
      await until(() => placeOf('--rep-b'), 'all to be in sight again');
      await room.emulateMedia({ colorScheme: 'dark' });
      await until(
        async () => (await placeOf('--rep-a')) !== null && (await placeOf('--rep-b')) !== null,
        'the colours of the dark theme',
      );
    },
  );

  test('is not there while the lab is empty; it stands in Present too', { timeout: 60_000, tags: ['gate'] }, async () => {
    const room = await openRoom();
    const a = await here.open('A');
    const { figure, event } = diagramIn(room);
    await room
      .getByRole('button', { name: 'Cut' })
      .or(room.getByRole('button', { name: /Add a/ }))
      .first()
      .waitFor();
    expect(await figure.count()).toBe(0);
    await here.open('B');
    await a.vote(1);
    await room.getByRole('button', { name: 'Present' }).click();
    await event(/^A, Votes: \+1/).waitFor({ state: 'attached' });
    const box = (await figure.boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(720);
  });
});
