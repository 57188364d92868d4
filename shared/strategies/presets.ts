/** Using the presets, and their page in the documentation: docs/presets.md is exactly what `presetsTable` makes. */
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

const beforeTable = `# Presets

A preset sets one or two columns to behave as a named system does by default, and puts them on stage in all windows. Choose one in the control room (**Preset**), or send its settings to a room:
`;

const aboutTable = `
Only what is named changes. R and W are those of three replicas. Every one of these systems can be set to behave otherwise; the class and the sentence are
those of its defaults. What a sentence says is shown by a scenario, which a test plays: **Play the scenario that shows it** in the control room, or \`npx rejoin run presets/cassandra\`.

PACELC: if there is a partition (P), does it choose availability (A) or consistency (C); else (E), latency (L) or consistency (C)? The classes follow
[Abadi, "Consistency Tradeoffs in Modern Distributed Database System Design", 2012](https://doi.org/10.1109/MC.2012.33), and where he does not rate a system, or its
defaults have changed since, his reasoning: PC/EL, as for his PNUTS, is a system that a partition makes no less consistent than it always is.
`;

/** The Markdown page of the presets. */
export function presetsTable(): string {
  const example = presetOf('cassandra');
  return [
    beforeTable,
    '```',
    `curl -X PUT http://127.0.0.1:1234/-/api/rooms/lab/settings -H 'content-type: application/json' -d '${JSON.stringify(example.settings)}'`,
    '```',
    aboutTable,
    row(['System', 'PACELC', 'Column', 'What it sets', 'In short', 'Shown by', 'Often taught wrongly, put right', 'Source']),
    row(Array.from({ length: 8 }, () => '---')),
    ...presets.map((preset) => row([
      preset.name, preset.pacelc, columnsOf(preset), presetWords(preset), preset.sentence, `[${preset.id}.yaml](../shared/scenarios/presets/${preset.id}.yaml)`, preset.notTrue ?? '', `[${preset.source.title}](${preset.source.url})`,
    ])),
    '',
    '## What else to know',
    ...presets.flatMap(({ name, note }) => (note === undefined ? [] : [`- **${name}.** ${note}`])),
    '',
  ].join('\n');
}

function columnsOf({ strategy, also = [] }: Preset): string {
  return [strategyNames[strategy], ...also.map((each) => `also ${strategyNames[each]}`)].join(', ');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
