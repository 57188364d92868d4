/** A screen, a lab and the desktop program with windows of it, for all tests of a file: registers the hooks of the test runner. */
import { afterAll, beforeAll } from 'vitest';
import { type Desktop, openDesktop } from './desktop.ts';
import { type RunningLab, startLab } from './lab.ts';
import { openScreen, type Screen } from './screen.ts';

export interface DesktopLab {
  readonly lab: RunningLab;
  readonly desktop: Desktop;
}

/** The members of what it returns are there as soon as a test, or a later hook, runs. */
export function useDesktopLab(...replicas: readonly string[]): DesktopLab {
  let screen: Screen | undefined;
  let lab: RunningLab | undefined;
  let desktop: Desktop | undefined;
  beforeAll(async () => {
    screen = await openScreen();
    lab = await startLab();
    desktop = await openDesktop({ environment: { ...screen.environment, REJOIN_URL: lab.url, REJOIN_REPLICAS: replicas.join() } });
  });
  afterAll(async () => {
    await desktop?.close();
    await lab?.stop();
    await screen?.close();
  });
  return {
    get lab() {
      return lab!;
    },
    get desktop() {
      return desktop!;
    },
  };
}
