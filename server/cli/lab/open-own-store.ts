/** The rooms of a lab that keeps them itself, in the user's data folder or in the one that was asked for. */
import { join, resolve } from 'node:path';
import type { LabOptions } from '../../control/lab.ts';
import { openDataFolder } from '../../storage/data-folder.ts';
import { repairLevelFolder } from '../../storage/level-folder.ts';
import { openLevelStore } from '../../storage/level-store.ts';
import { defaultDataFolder } from '../program-folders.ts';
import type { LabRequest } from './lab-command-line.ts';

export function dataFolderOf({ data }: LabRequest): string {
  return resolve(data ?? defaultDataFolder());
}

/** `report` gets what a person should know of the folder, a line each. */
export async function openOwnStore(request: LabRequest, report: (line: string) => void): Promise<LabOptions['store']> {
  const dataFolder = dataFolderOf(request);
  const doubt = await openDataFolder(dataFolder);
  if (doubt !== null) report(doubt);
  const folder = join(dataFolder, 'rooms');
  if (request.repair) {
    const copy = await repairLevelFolder(folder);
    if (copy !== null) report(`The data folder ${folder} was rebuilt from what could be read; as it was before, it is in ${copy}`);
  }
  return openLevelStore(folder, { report });
}
