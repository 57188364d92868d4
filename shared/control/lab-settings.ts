/** The settings of a room, and how a change makes new ones. */
import type { ReplicaId } from '../clocks/dot.ts';
import type { Schema } from '../document/schema.ts';
import { type StrategyId, strategyIds } from '../history/record.ts';
import { type Preset, presetColumns, presetOf, withPreset } from '../strategies/presets.ts';
import { defaultStrategySettings, type StrategySettings } from '../strategies/registry.ts';

/** Settings that hold for a whole room. */
export interface LabSettings extends StrategySettings {
  /** The strategies that carry out edits; at least one. */
  readonly enabled: readonly StrategyId[];
  /** The columns on stage, in every window of the room; at least one. */
  readonly columns: readonly StrategyId[];
  /** When they were put on stage, in milliseconds since 1970; 0: nobody has chosen any. Tells one choice from the next, also where both are of the same columns. */
  readonly columnsSinceMs: number;
  /** The named system that the settings were last set to; null after anything else was changed. */
  readonly preset: string | null;
  /** The room's document; null: the lab's own. Changes only together with emptying the room. */
  readonly schema: Schema | null;
  /** Who leads under single leader at first: nobody is let in before it. Null: whoever comes first. Changes only together with emptying the room. */
  readonly leader: ReplicaId | null;
}

/** What people can change of them. */
export type SettingsChange = Partial<Omit<LabSettings, 'columnsSinceMs' | 'schema' | 'leader'>>;

/** The comparison that people come for. */
export const defaultColumns: readonly StrategyId[] = ['crdt', 'last-writer-wins'];

export const defaultSettings: LabSettings = { enabled: strategyIds, columns: defaultColumns, columnsSinceMs: 0, preset: null, schema: null, leader: null, ...defaultStrategySettings };

/**
 * The settings after a change. Choosing a preset sets what it names, switches its strategies on and puts their columns on stage. Which columns are on stage
 * is no part of a preset; any other change ends it. Throws a RangeError for an unknown preset. `nowMs`: milliseconds since 1970.
 */
export function changedSettings(settings: LabSettings, change: SettingsChange, nowMs: number): LabSettings {
  const chosen = change.columns || typeof change.preset === 'string' ? { columnsSinceMs: nextColumnsMs(settings, nowMs) } : {};
  if (typeof change.preset === 'string') return { ...withPresetOnStage(settings, change, presetOf(change.preset)), ...chosen };
  const isOnlyColumns = Object.keys(change).every((name) => name === 'columns');
  return { ...settings, ...(isOnlyColumns ? {} : { preset: null }), ...change, ...chosen };
}

/** Later than the choice before, whatever the clock says. */
export function nextColumnsMs({ columnsSinceMs }: LabSettings, nowMs: number): number {
  return Math.max(columnsSinceMs + 1, Math.round(nowMs));
}

function withPresetOnStage(settings: LabSettings, change: SettingsChange, preset: Preset): LabSettings {
  const columns = presetColumns(preset);
  const changed = withPreset({ ...settings, columns, ...change }, preset);
  return { ...changed, enabled: strategyIds.filter((id) => changed.enabled.includes(id) || columns.includes(id)) };
}
