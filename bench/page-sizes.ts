/** How large the scripts of the two pages are on the wire, and how soon the pages paint and can be used. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { brotliBytesOf, gzipBytesOf, type PageScripts, pageScripts } from '../test/support/page-scripts.ts';
import { printTable } from './figure-table.ts';
import { report, spread } from './figures.ts';

const loads = 7;

interface MeasuredPage {
  readonly name: string;
  readonly file: string;
  readonly address: string;
  readonly goalKb: number;
  /** Whether the page can be used: it shows what it has from the lab. Runs in the page. */
  readonly isUsable: () => boolean;
}

const pages: readonly MeasuredPage[] = [
  {
    name: 'replica page', file: 'replica.html', address: '/replica/A?room=paint', goalKb: 160,
    isUsable: () => Boolean(document.querySelector('replica-window')?.shadowRoot?.querySelector('field-grid')?.shadowRoot?.querySelector('.cell')),
  },
  {
    name: 'control room', file: 'index.html', address: '/?room=paint', goalKb: 120,
    isUsable: () => Boolean(document.querySelector('control-room')?.shadowRoot?.querySelector('lab-map')),
  },
];

export async function pageSizes(browser: Browser, url: string, project: string): Promise<void> {
  const folder = join(project, 'dist/renderer');
  printTable('Scripts of the pages, in kB (1,000 bytes)', ['', 'goal, gzip', 'at first, gzip', 'at first, brotli', 'later, gzip', 'later, brotli'], pages.map(({ name, file, goalKb }) => {
    const { first, later } = pageScripts(folder, file);
    return [name, String(goalKb), kilobytes(gzipBytesOf(first)), kilobytes(brotliBytesOf(first)), kilobytes(gzipBytesOf(later)), kilobytes(brotliBytesOf(later))];
  }));
  console.log('');
  for (const { name, file } of pages) console.log(`${name}: ${words(pageScripts(folder, file))}`);
  for (const page of pages) await paint(browser, url, page);
}

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(1);
}

/** "at first replica 92.1, ledger 50.4; later ledger-worker 58.5" */
function words({ first, later }: PageScripts): string {
  const listed = (scripts: PageScripts['first']): string => scripts.map(({ file, gzipBytes }) => `${file.replace(/-[^-]{8}\.js$/, '')} ${kilobytes(gzipBytes)}`).join(', ') || 'nothing';
  return `at first ${listed(first)}; later ${listed(later)} (kB, gzip)`;
}

async function paint(browser: Browser, url: string, { name, address, isUsable }: MeasuredPage): Promise<void> {
  const [painted, usable]: [number[], number[]] = [[], []];
  for (let at = 0; at < loads; at++) {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
    await page.addInitScript({ content: `(${watchUsable.toString()})(${isUsable.toString()})` });
    await page.goto(url + address);
    const times = await timesOf(page);
    painted.push(times.paintedMs);
    usable.push(times.usableMs);
    await page.context().close();
  }
  report(`${name}, from the start of loading to the first contentful paint (${loads} profiles)`, spread(painted), 'ms');
  report(`${name}, to the frame in which it can be used`, spread(usable), 'ms');
}

/** Inside the page, before its own scripts: looks at each frame. */
function watchUsable(isUsable: () => boolean): void {
  const look = (): void => void (isUsable() ? performance.mark('bench-usable') : requestAnimationFrame(look));
  requestAnimationFrame(look);
}

async function timesOf(page: Page): Promise<{ paintedMs: number; usableMs: number }> {
  const handle = await page.waitForFunction(() => {
    const [painted, usable] = [performance.getEntriesByName('first-contentful-paint')[0], performance.getEntriesByName('bench-usable')[0]];
    return painted && usable ? { paintedMs: painted.startTime, usableMs: usable.startTime } : null;
  });
  return (await handle.jsonValue())!;
}
