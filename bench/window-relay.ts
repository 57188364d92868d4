/** The relay of the windows, with its store and its pages, in a process of its own: neither measures the other's work. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLab } from '../server/control/lab.ts';
import { openLevelStore } from '../server/storage/level-store.ts';
import { answerRequests, requestsTo } from './own-process.ts';

/** A run of all parts takes some minutes. */
const patience = 60 * 60_000;

export interface WindowRelay {
  readonly url: string;
  /** Memory of the whole process and its heap after a collection, in bytes. */
  memory(): Promise<{ readonly rss: number; readonly heapUsed: number }>;
  end(): Promise<void>;
}

export async function startWindowRelay(project: string): Promise<WindowRelay> {
  const { ask, end } = requestsTo(['window-relay', project], { patience });
  return { url: await ask<string>('url'), memory: () => ask('memory'), end };
}

/** What the process of the relay does, until nobody asks any more. */
export async function serveWindows(project: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-bench-'));
  const store = await openLevelStore(join(folder, 'rooms'));
  const lab = await createLab({ host: '127.0.0.1', port: 0, store, pagesDir: join(project, 'dist/renderer') });
  await answerRequests({
    url: async () => lab.url,
    async memory() {
      (globalThis as { gc?: () => void }).gc?.();
      const { rss, heapUsed } = process.memoryUsage();
      return { rss, heapUsed };
    },
  });
  await lab.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
