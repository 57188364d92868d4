/** Using the presets. */
import { type StrategyId, strategyIds } from '../history/record.ts';
import { strategyNames } from './names.ts';
import { type Preset, presets } from './preset-list.ts';
import type { StrategySettings } from './settings.ts';

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
  return [strategy, ...also].map((column) => `${strategyNames[column]}: ${columnWords(column, settings)}`).join('; ');
}

function columnWords(column: StrategyId, { lastWriterWins, siblings, quorum, consensus, singleLeader }: Preset['settings']): string {
  switch (column) {
    case 'last-writer-wins': return lastWriterWins ? `by ${lastWriterWins.granularity}, ${lastWriterWins.clock} clock` : '';
    case 'siblings': return siblings ? `sets ${siblings.sets}, numbers ${siblings.numbers}` : '';
    case 'quorum': return quorum ? quorumWords(quorum) : '';
    case 'consensus': return consensus ? onOff('local reads', consensus.localReads) : '';
    case 'single-leader': return singleLeader ? singleLeaderWords(singleLeader) : '';
    case 'crdt': return '';
  }
}

function singleLeaderWords({ replication, promotion }: StrategySettings['singleLeader']): string {
  const waits = { asynchronous: 'asynchronous', majority: 'waits for a majority', all: 'waits for all' }[replication];
  return `${waits}, ${promotion === 'majority' ? 'a promotion takes a majority' : 'anybody can be promoted'}`;
}

function quorumWords({ r, w, readRepair, writeBack, sloppy, antiEntropy }: StrategySettings['quorum']): string {
  const switches = [['read repair', readRepair], ['write-back', writeBack], ['sloppy quorum', sloppy], ['anti-entropy', antiEntropy]] as const;
  return [`R = ${r}, W = ${w}`, ...switches.map(([name, on]) => onOff(name, on))].join(', ');
}

function onOff(name: string, on: boolean): string {
  return `${name} ${on ? 'on' : 'off'}`;
}
