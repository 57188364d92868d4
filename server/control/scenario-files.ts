/** The scenarios in a folder of files, with `catalogue` and `presets` in it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScenarioLibrary } from '../../shared/control/scenarios/scenario-library.ts';
import { scenarioFile, scenarioFolders, scenarioNames } from '../../shared/scenarios/scenario-names.ts';

export class ScenarioFiles implements ScenarioLibrary {
  constructor(private readonly folder: string) {}

  async names(): Promise<readonly string[]> {
    const names = scenarioFolders.map(async (name) => scenarioNames(name, await readdir(join(this.folder, name))));
    return (await Promise.all(names)).flat();
  }

  async text(name: string): Promise<string | null> {
    const file = scenarioFile(name);
    return file === null ? null : readFile(join(this.folder, file), 'utf8').catch(() => null);
  }
}
