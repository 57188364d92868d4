/** What the suites need of a test runner: Vitest, Jest, Bun and node:test have it. */
export interface TestFunctions {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: (title: string, body: () => Promise<void>) => unknown;
}
