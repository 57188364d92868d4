// Finds an installed Chromium, Chrome or Edge, for the tests.
import { installedBrowser, works } from '../server/cli/start/installed-browser.mjs';

/** The path of a browser that works, or null: the one that the program would take, else a copy that Playwright fetched. */
export async function findBrowser(environment = process.env) {
  const installed = installedBrowser(environment);
  if (installed !== null || environment.REJOIN_BROWSER) return installed;
  const fetched = await playwrightsOwn();
  return fetched !== null && works(fetched) ? fetched : null;
}

async function playwrightsOwn() {
  try {
    const { chromium } = await import('playwright-core');
    return chromium.executablePath();
  } catch {
    return null;
  }
}
