/** A real Chromium, Chrome or Edge for end-to-end tests. */
import { type Browser, chromium } from 'playwright-core';

/** Starts the browser in REJOIN_BROWSER, without a screen. Close it after use; each test should open a context of its own. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['REJOIN_BROWSER'];
  if (!executablePath) throw new Error('no browser: REJOIN_BROWSER is not set; run the tests by npm test, or by npx vitest, which finds one');
  return chromium.launch({ executablePath, headless: true, args: browserFlags() });
}

/** No first-run pages and no traffic of the browser's own. Chromium's sandbox does not work as root. */
export function browserFlags(): string[] {
  return [
    '--no-first-run', '--no-default-browser-check', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--password-store=basic', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
}
