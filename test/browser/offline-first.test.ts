/** Edits outlive windows, browsers and the relay; nothing leaves a window that is off; nothing goes out twice. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { decodeMessage } from '../../shared/protocol/codec.ts';
import { browserFlags } from '../support/browser.ts';
import { useBrowserLab } from '../support/browser-lab.ts';
import { replicaIn, type ReplicaPage } from '../support/replica-page.ts';
import { until } from '../support/until.ts';

const here = useBrowserLab();

const status = (page: ReplicaPage, text: string) => until(async () => (await page.statusText()).includes(text), `the status "${text}"`);
const allSaved = (page: ReplicaPage) => status(page, 'Synced, all saved');

/** Until both are members: a window that is the only one agrees with itself under the strategies that ask, and notes what it agreed on. */
async function bothAreMembers(...pages: ReplicaPage[]): Promise<void> {
  for (const page of pages) {
    await page.showColumn('Consensus');
    await page.column('Consensus').getByText('2 of 2 must agree').waitFor();
  }
}

/** All frames of the page's sockets to the room, from now on. */
async function framesOf(page: ReplicaPage): Promise<{ sent: Buffer[]; received: Buffer[] }> {
  const session = await page.page.context().newCDPSession(page.page);
  const rooms = new Set<string>();
  const frames = { sent: [] as Buffer[], received: [] as Buffer[] };
  session.on('Network.webSocketCreated', ({ requestId, url }) => void (new URL(url).pathname === '/lab' && rooms.add(requestId)));
  session.on('Network.webSocketFrameSent', ({ requestId, response }) => void (rooms.has(requestId) && frames.sent.push(Buffer.from(response.payloadData, 'base64'))));
  session.on('Network.webSocketFrameReceived', ({ requestId, response }) => void (rooms.has(requestId) && frames.received.push(Buffer.from(response.payloadData, 'base64'))));
  await session.send('Network.enable');
  return frames;
}

/** How many records the page's journal holds on disk. */
function journalLength(page: ReplicaPage): Promise<number> {
  return page.page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('rejoin/lab/A');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const count = opening.result.transaction('entries').objectStore('entries').count(IDBKeyRange.bound('journal/', 'journal/~'));
          count.onsuccess = () => {
            opening.result.close();
            resolve(count.result);
          };
        };
      }),
  );
}

const recordsIn = (frames: Buffer[]): number => frames.filter((frame) => frame[0] === 64).map((frame) => decodeMessage(frame)).reduce((count, message) => count + (message.kind === 'records' ? message.records.length : 0), 0);

describe('a window that is off', () => {
  test('sends and receives not one byte, and afterwards sends each edit once', async () => {
    const [a, b] = [await here.open('A'), await here.open('B')];
    await bothAreMembers(a, b);
    await allSaved(a);
    await a.switchNetwork(false);
    const frames = await framesOf(a);
    await a.vote(5);
    await b.vote(5);
    await status(b, 'Connected, all saved · A is offline');
    expect(await a.statusText()).toContain('Offline · 5 edits waiting');
    expect(frames).toEqual({ sent: [], received: [] });
    await a.switchNetwork(true);
    await allSaved(a);
    expect(recordsIn(frames.sent)).toBe(5);
    expect(recordsIn(frames.received)).toBe(5);
    await a.switchNetwork(false);
    await a.switchNetwork(true);
    await allSaved(a);
    expect(recordsIn(frames.sent), 'a second rejoining sends nothing that the relay has').toBe(5);
    expect(recordsIn(frames.received)).toBe(5);
  });

  test('reloaded while off, keeps its edits, its clock and its switch, and delivers after switching on', async () => {
    const [a, b] = [await here.open('A'), await here.open('B')];
    await bothAreMembers(a, b);
    await a.switchNetwork(false);
    await a.type('written offline');
    await a.vote(2);
    await a.page.reload();
    await a.network.waitFor();
    await status(a, 'Offline · 3 edits waiting');
    expect(await a.notes('CRDT (Yjs)')).toBe('written offline');
    expect(await a.notes('Last writer wins')).toBe('written offline');
    expect(await a.output('Votes', 'CRDT (Yjs)')).toBe('2');
    expect(await b.notes('CRDT (Yjs)')).toBe('');
    await a.vote(1);
    await a.switchNetwork(true);
    await allSaved(a);
    for (const column of ['CRDT (Yjs)', 'Last writer wins'] as const) {
      await until(async () => (await b.notes(column)) === 'written offline', `the text at B under ${column}`);
      await until(async () => (await b.output('Votes', column)) === '3', `the votes at B under ${column}`);
    }
  });
});

describe('kill -9 of the browser', () => {
  test('with the relay off: all edits are there again, in both columns, and none twice', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'rejoin-profile-'));
    const launch = (): Promise<BrowserContext> => chromium.launchPersistentContext(profile, { executablePath: process.env['REJOIN_BROWSER']!, headless: true, args: [...browserFlags(), '--remote-debugging-port=0'] });
    try {
      let context = await launch();
      let a = await replicaIn(context, here.lab.url, 'A');
      await allSaved(a);
      here.lab.lab.relay.online = false;
      await a.type('survives');
      await a.vote(3);
      // "Saved on this device" is what the journal says; the Y.Doc's own store may be behind, and the journal carries what it lacks.
      await until(async () => (await journalLength(a)) >= 11, 'the journal to hold 11 edits');
      await killBrowser(context);
      context = await launch();
      a = await replicaIn(context, here.lab.url, 'A');
      for (const column of ['CRDT (Yjs)', 'Last writer wins'] as const) {
        await until(async () => (await a.notes(column)) === 'survives', `the text under ${column}`);
        expect(await a.output('Votes', column)).toBe('3');
      }
      here.lab.lab.relay.online = true;
      await allSaved(a);
      const b = await here.open('B');
      for (const column of ['CRDT (Yjs)', 'Last writer wins'] as const) {
        await until(async () => (await b.notes(column)) === 'survives', `the text at B under ${column}`);
        await until(async () => (await b.output('Votes', column)) === '3', `the votes at B under ${column}`);
      }
      await context.close();
    } finally {
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }

    async function killBrowser(context: BrowserContext): Promise<void> {
      const session = await context.browser()!.newBrowserCDPSession();
      const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as { processInfo: { type: string; id: number }[] };
      const gone = new Promise((resolve) => context.once('close', resolve));
      process.kill(processInfo.find(({ type }) => type === 'browser')!.id, 'SIGKILL');
      await gone;
    }
  });
});

describe('storage that fails', () => {
  test('is told to the person, the edits go out all the same, and the trouble goes away with its cause', { tags: ['gate'] }, async () => {
    const context = await here.browser.newContext();
    await context.addInitScript(() => {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...args: Parameters<typeof put>) {
        if ((globalThis as { storageIsFull?: boolean }).storageIsFull) throw new DOMException('the disk is full', 'QuotaExceededError');
        return put.apply(this, args);
      };
    });
    const a = await replicaIn(context, here.lab.url, 'A');
    const b = await here.open('B');
    await a.page.evaluate(() => void ((globalThis as { storageIsFull?: boolean }).storageIsFull = true));
    await a.vote(1);
    await until(async () => /Edits are not saved on this device: .*the disk is full/.test(await a.page.getByRole('alert').innerText()), 'the alert');
    await until(async () => (await b.output('Votes', 'Last writer wins')) === '1', 'the vote at B');
    await a.page.evaluate(() => void ((globalThis as { storageIsFull?: boolean }).storageIsFull = false));
    await a.vote(1);
    await until(async () => (await a.page.getByRole('alert').count()) === 0, 'the alert to go');
    await a.page.reload();
    await a.network.waitFor();
    expect(await a.output('Votes', 'Last writer wins')).toBe('2');
  });
});

describe('an unmodified y-websocket client in the same room', () => {
  test('sees and makes edits, and goes through a partition with the windows', { tags: ['gate'] }, async () => {
    const a = await here.open('A');
    const doc = new Y.Doc();
    const provider = new WebsocketProvider(here.lab.url.replace('http', 'ws'), 'lab', doc, { WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket, disableBc: true });
    try {
      await a.type('from A');
      await until(() => doc.getText('notes').toString() === 'from A', 'the text at the other client');
      await a.switchNetwork(false);
      await a.type(', offline');
      doc.getText('notes').insert(0, 'from elsewhere, ');
      await a.switchNetwork(true);
      await until(() => doc.getText('notes').toString() === 'from elsewhere, from A, offline', 'the merged text at the other client');
      await until(async () => (await a.notes('CRDT (Yjs)')) === 'from elsewhere, from A, offline', 'the merged text at A');
      await until(async () => (await a.notes('Last writer wins')) === 'from A, offline', 'its own text alone under last writer wins');
    } finally {
      provider.destroy();
      provider.awareness.destroy();
      doc.destroy();
    }
  });
});

describe('one name, opened twice', () => {
  test('in the same browser: the second says so and changes nothing', { tags: ['gate'] }, async () => {
    const context = await here.browser.newContext();
    const first = await replicaIn(context, here.lab.url, 'A');
    const second = await context.newPage();
    await second.goto(`${here.lab.url}/replica/A`);
    await second.getByText(/Replica A is open in another window of this browser/).waitFor();
    await first.vote(1);
    await allSaved(first);
  });

  test('in another browser: it becomes a replica of its own, and no edit is ever named like another one', { tags: ['gate'] }, async () => {
    const [first, second] = [await here.open('A'), await here.open('A')];
    await bothAreMembers(first, second);
    await first.switchNetwork(false);
    await second.switchNetwork(false);
    await first.vote(1);
    await second.vote(1);
    await first.switchNetwork(true);
    await second.switchNetwork(true);
    for (const page of [first, second]) {
      await until(async () => (await page.output('Votes', 'CRDT (Yjs)')) === '2', 'both votes');
      await page.page.getByRole('button', { name: 'Show clocks' }).click();
      await page.page.getByText('{A:1 A.2:1}').first().waitFor();
    }
  });

  test('a name that cannot be one is refused in one sentence', { tags: ['gate'] }, async () => {
    const page = await (await here.browser.newContext()).newPage();
    await page.goto(`${here.lab.url}/replica/a%20b`);
    await page.getByText(/cannot name a replica/).waitFor();
  });
});
