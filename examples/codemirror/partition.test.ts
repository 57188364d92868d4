/** Does the editor survive a bad network? With Vitest and a real browser; partition.spec.ts is the same with Playwright's own test runner. */
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { EditorPage, type Served, servePages } from './editor-page.ts';
import { type Relay, type Room, startRelay } from './rejoin-relay.ts';

let pages: Served;
let relay: Relay;
let browser: Browser;
let room: Room;
let count = 0;

beforeAll(async () => {
  pages = await servePages();
  relay = await startRelay(pages.origin);
  browser = await chromium.launch({ executablePath: process.env['REJOIN_BROWSER'], args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
});
afterAll(async () => {
  await browser?.close();
  await relay?.stop();
  await pages?.stop();
});

// Each test has a room of its own.
beforeEach(() => void (room = relay.room(`notes-${++count}`)));
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const open = (name: string) => EditorPage.open(browser, { origin: pages.origin, relay: relay.address, room: `notes-${count}`, name });

/** What must come, however slow the machine: an app that has lost its server tries again after up to 2.5 seconds. */
const eventually = <Value>(look: () => Promise<Value>) => expect.poll(look, { timeout: 20_000 });

/** Waits until all show the same text, and returns it. */
async function sameText(...people: EditorPage[]): Promise<string> {
  const texts = async () => [...new Set(await Promise.all(people.map((each) => each.text())))];
  await eventually(async () => (await texts()).length).toBe(1);
  return (await texts())[0]!;
}

// Shown in docs/control-api.md.
test('two people write apart, and both have everything when the room is healed', async () => {
  const [alice, bob] = [await open('alice'), await open('bob')];
  await alice.type('Packing list. ');
  await eventually(() => bob.text()).toBe('Packing list. ');

  await room.divide(['alice', 'carol'], ['bob']);
  const carol = await open('carol');
  await bob.type('Bob: tent. ');
  await alice.type('Alice: stove. ');
  // Who is on Alice's island sees what she writes; Bob does not, nor does she see what he writes.
  await eventually(() => carol.text()).toBe('Packing list. Alice: stove. ');
  expect(await alice.text()).toBe('Packing list. Alice: stove. ');
  expect(await bob.text()).toBe('Packing list. Bob: tent. ');

  await room.heal();
  await eventually(() => bob.text()).toContain('Alice: stove. ');
  const text = await sameText(alice, bob, carol);
  for (const part of ['Packing list. ', 'Alice: stove. ', 'Bob: tent. ']) expect(text).toContain(part);
  expect(text).toHaveLength('Packing list. Alice: stove. Bob: tent. '.length);
});
// End of what is shown.

test('a link that delays, loses, repeats and reorders: nothing is missing or twice when it is good again', async () => {
  const [alice, bob] = [await open('alice'), await open('bob')];
  await room.link('alice', { upstream: { latencyMs: 100, dropRate: 0.3, duplicateRate: 0.3, reorderRate: 0.3 }, seed: 7 });
  const [hers, his] = ['Every letter is a frame of its own on a bad link.', ' Bob types meanwhile.'];
  await alice.type(hers);
  await bob.type(his);
  expect((await bob.text()).replace(his, '')).not.toBe(hers);

  await room.reset();
  await eventually(async () => (await bob.text()).length).toBe(hers.length + his.length);
  // Bob typed where Alice's text ended for him, which may be anywhere in it.
  expect((await sameText(alice, bob)).replace(his, '')).toBe(hers);
});

test('what somebody writes without a connection arrives when they are back', async () => {
  const [alice, bob] = [await open('alice'), await open('bob')];
  await room.link('alice', { online: false });
  await eventually(() => alice.status()).toContain('Not connected');
  await eventually(() => bob.people()).toEqual(['bob (you)']);
  await alice.type('Written on the train. ');
  await bob.type('Written at home. ');
  expect(await alice.text()).toBe('Written on the train. ');

  await room.link('alice', { online: true });
  await eventually(() => alice.status()).toBe('Connected');
  await eventually(() => bob.text()).toContain('Written on the train. ');
  const text = await sameText(alice, bob);
  for (const part of ['Written on the train. ', 'Written at home. ']) expect(text).toContain(part);
  await eventually(() => bob.people()).toEqual(['bob (you)', 'alice']);
});
