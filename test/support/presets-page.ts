/** The page of the presets in the documentation: docs/presets.md is exactly what `presetsTable` makes. */
import { strategyNames } from '../../shared/strategies/registry.ts';
import { type Preset, presetOf, presets, presetWords } from '../../shared/strategies/presets.ts';

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
