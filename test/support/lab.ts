/** A whole lab in this process, on a free port, with its data in a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLab, type Lab, type LabOptions } from '../../server/control/lab.ts';
import { openLevelStore } from '../../server/storage/level-store.ts';

export interface RunningLab {
  /** "http://127.0.0.1:PORT" */
  readonly url: string;
  readonly lab: Lab;
  /** Where its data is; give it to another startLab to come back with the same rooms. */
  readonly dataFolder: string;
  /** Lines that a person would have been told. */
  readonly reported: readonly string[];
  /** Ends it. Its data goes too, unless the folder was given, or `keepData` is true. */
  stop(options?: { readonly keepData?: boolean }): Promise<void>;
}

/** Starts a lab with the built pages (node tools/build.mjs makes them). Any option of createLab may be given, and a data folder. */
export async function startLab({ dataFolder, ...options }: Partial<LabOptions> & { readonly dataFolder?: string } = {}): Promise<RunningLab> {
  const folder = dataFolder ?? (await mkdtemp(join(tmpdir(), 'rejoin-lab-')));
  const reported: string[] = [];
  const store = options.store ?? (await openLevelStore(join(folder, 'rooms')));
  const lab = await createLab({
    host: '127.0.0.1',
    port: 0,
    scenariosDir: fileURLToPath(new URL('../../shared/scenarios', import.meta.url)),
    pagesDir: fileURLToPath(new URL('../../dist/renderer', import.meta.url)),
    report: (line) => reported.push(line),
    ...options,
    store,
  });
  return {
    url: lab.url,
    lab,
    dataFolder: folder,
    reported,
    async stop({ keepData = dataFolder !== undefined } = {}) {
      await lab.close();
      await store.close();
      if (!keepData) await rm(folder, { recursive: true, force: true });
    },
  };
}
