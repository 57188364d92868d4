import { defineConfig } from '@playwright/test';

export default defineConfig({
  testMatch: '*.spec.ts',
  use: { launchOptions: { executablePath: process.env['REJOIN_BROWSER'], args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] } },
});
