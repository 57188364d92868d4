/** A browser for all tests of a file, and a lab of its own for each: registers the hooks of the test runner. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchBrowser } from './browser.ts';
import { type RunningLab, startLab } from './lab.ts';
import { openReplicaPage, type ReplicaPage } from './replica-page.ts';

export interface BrowserLab {
  readonly browser: Browser;
  readonly lab: RunningLab;
  /** Opens a replica window in a profile of its own. */
  open(name: string): Promise<ReplicaPage>;
  /** Ends the lab and starts it again at the same address, with what it had stored. */
  restart(): Promise<void>;
}

/** The members of what it returns are there as soon as a test runs. */
export function useBrowserLab(): BrowserLab {
  let browser: Browser | undefined;
  let lab: RunningLab | undefined;
  beforeAll(async () => void (browser = await launchBrowser()));
  afterAll(() => browser?.close());
  beforeEach(async () => void (lab = await startLab()));
  afterEach(async () => {
    await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
    await lab?.stop();
  });
  return {
    get browser() {
      return browser!;
    },
    get lab() {
      return lab!;
    },
    open: (name) => openReplicaPage(browser!, lab!.url, name),
    async restart() {
      const { lab: { port }, dataFolder } = lab!;
      await lab!.stop({ keepData: true });
      const again = await startLab({ port, dataFolder });
      lab = { ...again, stop: () => again.stop({ keepData: false }) };
    },
  };
}
