/** docs/scenarios.md and docs/scenario.schema.json say what is: examples run and print what is shown, tables are complete, the catalogue and the schema are current. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readRunCommandLine } from '../../../server/cli/run/run-command-line.ts';
import { levels } from '../../../shared/analysis/verdicts/levels.ts';
import { noFaults } from '../../../shared/network/link.ts';
import { checkScenario } from '../../../shared/scenarios/check-scenario.ts';
import { readScenario } from '../../../shared/scenarios/read-scenario.ts';
import { figures } from '../../../shared/scenarios/scenario.ts';
import { actionShapes, eventShapes, scenarioJsonSchema, scenarioShape } from '../../../shared/scenarios/scenario-format.ts';
import { strategySettingsShapes } from '../../../shared/scenarios/settings-format.ts';
import { defaultStrategySettings } from '../../../shared/strategies/registry.ts';
import { type BuiltCommand, buildCommand } from '../../support/built-command.ts';
import { runHere } from '../../support/command-here.ts';
import { projectRoot } from '../../tidy/source-files.ts';

const writeAnew =
  'REJOIN_WRITE_DOCS=1 npx vitest run --project unit test/shared/scenarios/scenario-docs.test.ts';
const isWriting = process.env['REJOIN_WRITE_DOCS'] === '1';
const page = `${projectRoot}docs/scenarios.md`;
const schemaFile = `${projectRoot}docs/scenario.schema.json`;
const catalogue = `${projectRoot}shared/scenarios/catalogue/`;
const catalogueTexts = readdirSync(catalogue).sort().map((name) => ({ name: name.replace('.yaml', ''), text: readFileSync(catalogue + name, 'utf8') }));

interface Block {
  readonly language: string;
  /** What the comment before it says of it: holds, broken, steps. */
  readonly mark: string | null;
  readonly text: string;
}

function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/(?:<!-- (\w+) -->\n)?```(\w+)\n([^]*?)```\n/g)].map(([, mark, language, text]) => ({ mark: mark ?? null, language: language!, text: text! }));
}

function withCatalogue(markdown: string): string {
  const rows = catalogueTexts.map(({ name, text }) => {
    const { lookAt } = readScenario(text, name);
    return `| [${name}](../shared/scenarios/catalogue/${name}.yaml) | ${lookAt.replaceAll('|', '\\|')} |\n`;
  });
  return markdown.replace(/(<!-- catalogue: .* -->\n)[^]*(<!-- end of the catalogue -->)/, (_, start: string, end: string) => `${start}\n| name | what to look at |\n| --- | --- |\n${rows.join('')}\n${end}`);
}

if (isWriting) {
  writeFileSync(page, withCatalogue(readFileSync(page, 'utf8')));
  writeFileSync(schemaFile, schemaText());
}
const markdown = readFileSync(page, 'utf8');
const blocks = blocksOf(markdown);
const yaml = blocks.filter(({ language }) => language === 'yaml');

function schemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 1)}\n`;
}

test('the table of the catalogue is current', () => {
  expect(markdown, `write it anew by: ${writeAnew}`).toBe(withCatalogue(markdown));
  for (const { name } of catalogueTexts) expect(markdown).toContain(`| [${name}](`);
});

/** What the fragments are about. */
const around = {
  title: 'A fragment',
  fields: {
    title: { type: 'register', initial: 'Weekend trip' }, notes: { type: 'text' }, votes: { type: 'counter' }, tags: { type: 'set' },
    tasks: { type: 'list', initial: ['Hotel'] }, seats: { type: 'stock', initial: 5 },
  },
  steps: [{ say: 'Nothing happens.' }],
};

describe('every example in YAML is one', () => {
  test.each(yaml.filter(({ mark }) => mark === 'holds' || mark === 'broken'))('a whole file that $mark', async ({ mark, text }) => {
    expect((await checkScenario(readScenario(text, 'example'))).outcome).toBe(mark);
  });

  test.each(yaml.filter(({ mark }) => mark === 'steps'))('a part', async ({ text }) => {
    const part = parse(text) as object;
    const { broken, run } = await checkScenario(readScenario(stringify({ ...around, ...(Array.isArray(part) ? { steps: part } : part) }), 'example'));
    expect([...broken, ...run.judgements.filter(({ outcome }) => outcome === 'broken')]).toEqual([]);
    if (Array.isArray(part)) expect(run.ledger.rows.length).toBeGreaterThan(0);
  });

  test('the job for CI calls the command as it is', () => {
    const [job, ...others] = yaml.filter(({ mark }) => mark === null);
    expect(others).toEqual([]);
    const { steps } = (parse(job!.text) as { jobs: { scenarios: { steps: { run?: string }[] } } }).jobs.scenarios;
    const commands = steps.flatMap(({ run }) => (run?.includes('rejoin.mjs') ? [run] : []));
    expect(commands).toHaveLength(2);
    for (const command of commands) expect(readRunCommandLine(command.split('rejoin.mjs run ')[1]!.split(' '))).toMatchObject({ command: 'run' });
  });
});

describe('what is shown is what is printed', () => {
  let rejoin: BuiltCommand;
  let folder: string;

  beforeAll(async () => {
    rejoin = await buildCommand();
    folder = await mkdtemp(join(tmpdir(), 'rejoin-docs-'));
    for (const { text } of yaml) {
      const name = /^# ([\w-]+\.yaml)\n/.exec(text)?.[1];
      if (name !== undefined) await writeFile(join(folder, name), text);
    }
    await writeFile(join(folder, 'misspelt.yaml'), 'title: Misspelt\nfields: { votes: { type: counter } }\nsteps:\n  - { at: A, incremnt: votes }\n');
    await writeFile(join(folder, 'beyond.yaml'), 'title: Beyond\nfields:\n  notes: { type: text, initial: a dozen long }\n\nsteps:\n  - { at: A, type: { notes: { text: "!", at: 40 } } }\n');
  }, 60_000);

  afterAll(async () => {
    await rejoin?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(blocks.filter(({ language }) => language === 'console').map(({ text }) => ({ command: /^\$ npx rejoin (.*)\n/.exec(text)![1]!, text })))('rejoin $command', async ({ command, text }) => {
    // Random runs take threads, which a built program has.
    const words = command.split(' ');
    const { code, out, err } = await (words.includes('--random') ? rejoin.run(words, { folder }) : runHere(words, folder));
    const [shown, status] = text.slice(text.indexOf('\n') + 1).split('$ echo $?\n');
    if (status !== undefined) expect(code).toBe(Number(status));
    // A line of … stands for any lines, a … in a line for anything in it.
    const inLine = (part: string): string => part.split('…').map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^\\n]*');
    const pattern = shown!.trimEnd().split(/^…$\n?/m).map(inLine).join('[^]*');
    expect((out + err).trimEnd()).toMatch(new RegExp(`^${pattern}$`));
  });
});

describe('nothing is left out', () => {
  const members = (shape: { shape: object }): string[] => Object.keys(shape.shape);
  test.each([
    ['members', members(scenarioShape)], ['verbs', Object.keys(actionShapes)], ['events', Object.keys(eventShapes)], ['modifiers', ['at', 'in', 'times', 'say', 'together']], ['figures', [...figures]], ['levels', [...levels]],
    ['expectations', ['converged', 'holds', 'breaks', 'strongest', 'value', 'neverBelow']], ['link faults', Object.keys(noFaults)], ['settings', Object.entries(strategySettingsShapes).flatMap(([name, shape]) => [name, ...members(shape)])],
  ])('%s', (_, names) => {
    expect(names.filter((name) => !new RegExp(`\`[^\`\n]*(?<![\\w-])${name}(?![\\w-])[^\`\n]*\``).test(markdown))).toEqual([]);
  });

  test('the defaults of the settings', () => {
    const row = (name: string): string => new RegExp(`^\\| \`${name}\` \\|.*$`, 'm').exec(markdown)![0];
    for (const [name, settings] of Object.entries(defaultStrategySettings)) {
      for (const [member, value] of Object.entries(settings as object)) expect(row(name), `${name}.${member}`).toMatch(new RegExp(`\`${member}\`: \`?${String(value)}\\b`));
    }
  });
});

describe('docs/scenario.schema.json', () => {
  const validate = new Ajv2020({ strict: false, allErrors: false }).compile(scenarioJsonSchema());

  test('is the format', () => {
    expect(readFileSync(schemaFile, 'utf8'), `docs/scenario.schema.json is out of date; write it anew by: ${writeAnew}`).toBe(schemaText());
  });

  test.each(catalogueTexts)('$name fits it', ({ text }) => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each(catalogueTexts)('$name, misspelt, does not', ({ text }) => {
    for (const [right, wrong] of [[/^fields:/m, 'feilds:'], [/type: (register|counter|text|set|list|stock)/, 'type: $1s'], [/^ {2}- (say|at|offline|islands|skew):/m, '  - $1x:'], [/^expect:\n {2}([a-z-]+):/m, 'expect:\n  $1s:']] as const) {
      const changed = text.replace(right, wrong);
      expect(changed).not.toBe(text);
      expect(validate(parse(changed)), wrong).toBe(false);
    }
  });
});
