/** How long the tasks of a page's main thread take, by its own computing: what other programs do on the same cores does not count. */
import type { Browser, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  /** Processor time of the thread, in microseconds. */
  readonly tdur?: number;
}

const beginMark = 'tasks-begin';
const categories = ['disabled-by-default-devtools.timeline', 'blink.user_timing'];

/** Runs something and returns the processor time of each task of the page meanwhile, in milliseconds, the longest first. */
export async function taskTimes(browser: Browser, page: Page, run: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories });
  let trace: Buffer;
  try {
    await page.evaluate((mark) => void performance.mark(mark), beginMark);
    await run();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  // The mark tells which thread of which process is the page's.
  const mark = traceEvents.find(({ name }) => name === beginMark);
  if (!mark) throw new Error('the trace has no mark of the page');
  const tasks = traceEvents.filter(({ name, ph, pid, tid, ts }) => name === 'RunTask' && ph === 'X' && pid === mark.pid && tid === mark.tid && ts > mark.ts);
  if (tasks.length === 0 || tasks.every(({ tdur }) => tdur === undefined)) throw new Error('the trace tells no processor time of tasks');
  return tasks.map(({ tdur = 0 }) => tdur / 1_000).sort((a, b) => b - a);
}
