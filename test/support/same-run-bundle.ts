/** The fingerprints of runs as one file without imports, for other processes, threads and browsers; and the runs to compare. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { projectRoot } from '../tidy/source-files.ts';
import type { WantedRuns } from './same-run.ts';

const catalogue = join(projectRoot, 'shared/scenarios/catalogue');

/** All of the catalogue. */
const texts = Object.fromEntries(readdirSync(catalogue).sort().map((name) => [name.replace('.yaml', ''), readFileSync(join(catalogue, name), 'utf8')]));

/** All of the catalogue, and random runs with these seeds. */
export function wantedRuns(seeds: readonly number[]): WantedRuns {
  return { texts, seeds };
}

/** For Node a module that exports `fingerprints`, for a browser a script that makes `sameRun.fingerprints`. */
export async function bundledFingerprints(platform: 'node' | 'browser'): Promise<string> {
  const made = await rolldown({ input: join(projectRoot, 'test/support/same-run.ts'), platform, tsconfig: false, onLog: () => {} });
  const { output } = await made.generate({ ...(platform === 'node' ? { format: 'esm' } : { format: 'iife', name: 'sameRun' }), codeSplitting: false });
  await made.close();
  return output[0].code;
}
