/** The same seed gives the same run in Chromium as in Node, byte for byte. */
import { expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { fingerprints } from '../support/same-run.ts';
import { seedsOf } from '../support/run-counts.ts';
import { bundledFingerprints, wantedRuns } from '../support/same-run-bundle.ts';

test('all scenarios of the catalogue, and random runs', { timeout: 600_000, tags: ['runs'] }, async () => {
  const runs = wantedRuns(seedsOf('same-run'));
  const code = await bundledFingerprints('browser');
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: code });
    const found = await page.evaluate((wanted) => (globalThis as unknown as { sameRun: { fingerprints(runs: typeof wanted): Promise<Record<string, string>> } }).sameRun.fingerprints(wanted), runs);
    expect(Object.keys(found)).toHaveLength(Object.keys(runs.texts).length + runs.seeds.length);
    expect(found).toEqual(await fingerprints(runs));
  } finally {
    await browser.close();
  }
});
