/** Using the presets. */
import { type StrategyId, strategyIds } from '../history/record.ts';
import { settingsWords, strategyNames, type StrategySettings } from './registry.ts';
import { type Preset, presets } from './preset-list.ts';

export { type PacelcClass, type Preset, presets } from './preset-list.ts';

/** Throws a RangeError that names the presets there are. */
export function presetOf(id: string): Preset {
  const preset = presets.find((each) => each.id === id);
  if (!preset) throw new RangeError(`there is no preset "${id}"; there are ${presets.map((each) => each.id).join(', ')}`);
  return preset;
}

/** The settings with what the preset names; all others stay as they are. */
export function withPreset<Settings extends StrategySettings>(settings: Settings, preset: Preset): Settings {
  return { ...settings, ...preset.settings };
}

/** The columns that a preset is about, in the order in which windows show them. */
export function presetColumns({ strategy, also = [] }: Preset): readonly StrategyId[] {
  return strategyIds.filter((id) => id === strategy || also.includes(id));
}

/** What a preset sets in its columns, in words: "Quorum: R = 1, W = 1, read repair on, …". */
export function presetWords({ strategy, also = [], settings }: Preset): string {
  return [strategy, ...also].map((column) => `${strategyNames[column]}: ${settingsWords(column, settings)}`).join('; ');
}
