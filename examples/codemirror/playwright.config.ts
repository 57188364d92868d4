import { defineConfig } from '@playwright/test';

export default defineConfig({
  testMatch: '*.spec.ts',
  // A slow machine is no failure.
  timeout: 60_000,
  expect: { timeout: 20_000 },
  use: { launchOptions: { executablePath: process.env['REJOIN_BROWSER'], args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] } },
});
