import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The tests wait for a real browser and a real server. *.spec.ts are Playwright's own.
  test: { include: ['*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
