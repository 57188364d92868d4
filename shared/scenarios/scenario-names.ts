/** Names of the scenarios that come with the program: "last-seat" of the catalogue, "presets/riak" of a preset. */

import { presets } from '../strategies/presets.ts';

/** The folders that scenarios are in, in the order in which people see them. */
export const scenarioFolders = ['catalogue', 'presets'] as const;

export type ScenarioFolder = (typeof scenarioFolders)[number];

const ending = '.yaml';

/** The name of the scenario that shows what a preset's sentence says. */
export function presetScenario(preset: string): string {
  return `presets/${preset}`;
}

/** The preset that a scenario shows; null: it shows none. */
export function presetShownBy(scenario: string | null): string | null {
  return presets.find(({ id }) => presetScenario(id) === scenario)?.id ?? null;
}

/** The names of a folder's scenarios, in their order, from the names of its files. */
export function scenarioNames(folder: ScenarioFolder, files: readonly string[]): string[] {
  const names = files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length)).sort();
  return folder === 'presets' ? names.map(presetScenario) : names;
}

/** Where a scenario is, in the folder that has these folders; null: no scenario has such a name. */
export function scenarioFile(name: string): string | null {
  const [, folder, file] = /^(presets\/)?([a-z0-9-]+)$/.exec(name) ?? [];
  return file === undefined ? null : `${folder ?? 'catalogue/'}${file}${ending}`;
}
