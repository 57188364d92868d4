/** What the commands print fits the terminal: no line is wider, and nothing is left out. In a pipe no line is broken. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { laidOut, wrapped } from '../../../../server/cli/console/laid-out.ts';
import { columnsOf } from '../../../../server/cli/console/standard-streams.ts';
import { scorecardTable } from '../../../../server/cli/console/scorecard-table.ts';
import { verdictTable } from '../../../../server/cli/console/verdict-lines.ts';
import type { ScorecardRow } from '../../../../shared/analysis/scorecard-csv.ts';
import { levels } from '../../../../shared/analysis/verdicts/levels.ts';
import type { Verdicts } from '../../../../shared/analysis/verdicts/verdicts.ts';
import { strategyIds } from '../../../../shared/history/record.ts';
import { type BuiltCommand, buildCommand } from '../../../support/built-command.ts';
import { runHere } from '../../../support/command-here.ts';

const widths = [60, 80, 120];

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => stringWidth(line)));
}

/** The words of a text, in their order, however its lines are broken. */
function wordsOf(text: string): string {
  return text.replaceAll(/ \\\n/g, ' ').replaceAll(/\s+/g, '');
}

/** What stands in the cells of tables, in the order of the alphabet, as often as it stands there. */
function cellsOf(table: string): string[] {
  return table.split('\n').filter((line) => line.startsWith('│')).flatMap((line) => line.split('│').slice(1, -1).map((cell) => cell.trim())).filter((cell) => cell !== '').sort();
}

/** Each strategy has figures of its own in every column that there is. */
const rows = strategyIds.map((strategy, at): ScorecardRow => {
  const figure = (column: number): number => 1_000_000 * (at + 1) + column;
  return {
    strategy, actions: 1, edits: 1, kept: figure(1), superseded: figure(2), lost: figure(3), toResolve: figure(4), resurrected: figure(5), refused: figure(6), unknown: figure(7), pending: figure(8), ruleBroken: figure(9),
    oversold: figure(10), staleReads: figure(11), readsRefused: figure(12), converged: at % 2 === 0, latencyMs: figure(13), readLatencyMs: figure(14), bytesSent: figure(15),
    wasUnknown: 0, putBack: 0, touching: 0, choices: 0, reads: 0, readLatencyP95Ms: null, latencyP95Ms: null, charactersTyped: 0, charactersLost: 0,
  };
});
const numbers = (text: string): string[] => cellsOf(text).filter((cell) => /^[\d,]{9,}$/.test(cell));

describe('the scorecard of all six strategies, with every rare column', () => {
  const full = scorecardTable(rows, null);

  test.each(widths)('at %i columns no line is wider, and every figure is there once', (columns) => {
    const table = scorecardTable(rows, columns);
    expect(widest(full)).toBeGreaterThan(120);
    expect(widest(table)).toBeLessThanOrEqual(columns);
    expect(numbers(full)).toHaveLength(6 * 13);
    expect(numbers(table)).toEqual(numbers(full));
    const words = cellsOf(table);
    for (const name of ['kept', 'to resolve', 'came back', 'rule broken', 'stale reads', 'reads refused', 'read answer', 'bytes sent']) expect(words).toContain(name);
    expect(words.filter((cell) => cell === 'yes' || cell === 'no')).toEqual(['no', 'no', 'no', 'yes', 'yes', 'yes']);
  });

  test('each figure stands beside its name and below its strategy', () => {
    const last = scorecardTable(rows, 60).split('┌').at(-1)!;
    expect(last).toMatch(/│ +Single │\n/);
    expect(last).toMatch(/\n│ lost +│.* 6,000,003 │\n/);
    expect(last).toMatch(/\n│ bytes sent +│.* 6,000,015 │\n/);
  });

  test('of a terminal that is narrower than one strategy, the table is wider rather than cut', () => {
    expect(numbers(scorecardTable(rows, 10))).toEqual(numbers(full));
  });
});

test.each(widths)('all verdicts of all six strategies at %i columns', (columns) => {
  const every = Object.fromEntries(levels.map((level) => [level, { verdict: 'holds' }])) as unknown as Verdicts['levels'];
  const verdicts = Object.fromEntries(strategyIds.map((id) => [id, { levels: every } as Verdicts]));
  const table = verdictTable(verdicts, columns);
  expect(widest(table)).toBeLessThanOrEqual(columns);
  expect(cellsOf(table).filter((cell) => cell === 'yes')).toHaveLength(6 * levels.length);
});

describe('commands', () => {
  let rejoin: BuiltCommand;
  let folder: string;
  const failing = 'title: Likes\nfields:\n  likes: { type: counter }\nreplicas: [office, train]\nstrategies: [crdt, last-writer-wins]\nsteps:\n  - offline: train\n  - { at: office, increment: likes, times: 3 }\n  - { at: train, increment: likes }\n  - online: train\nexpect:\n  every: { converged: true, lost: 0 }\n';
  const trace = JSON.stringify({ kind: 'concurrent', endContent: 'ab', numAgents: 2, txns: [{ parents: [], agent: 0, patches: [[0, 0, 'a']] }, { parents: [0], agent: 1, patches: [[1, 0, 'b']] }] });

  beforeAll(async () => {
    rejoin = await buildCommand();
    folder = await mkdtemp(join(tmpdir(), 'rejoin-width-'));
    await writeFile(join(folder, 'never-lose.yaml'), failing);
    await writeFile(join(folder, 'trace.json'), trace);
    await writeFile(join(folder, 'misspelt.yaml'), failing.replace('increment', 'incremnt'));
    await runHere(['run', 'failover', '--out', 'saved'], folder);
  }, 60_000);

  afterAll(async () => {
    await rejoin?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const said = ['--help', 'start --help', 'relay --help', 'run --help', 'replay --help', 'doctor --help', 'run failover', 'run never-lose.yaml', 'run never-lose.yaml last-seat --seeds 2', 'run --list', 'replay saved/latest/history.jsonl', 'replay trace.json', 'doctor saved/latest/history.jsonl'];

  test.each(said.flatMap((words) => widths.map((columns) => ({ words, columns }))))('rejoin $words at $columns columns: no line is wider, every word is there', async ({ words, columns }) => {
    const whole = await runHere(words.split(' '), folder);
    const { code, out, err } = await runHere(words.split(' '), folder, columns);
    expect([code, err]).toEqual([whole.code, '']);
    expect(widest(out)).toBeLessThanOrEqual(columns);
    const sentences = (text: string): string => text.split('\n').filter((line) => !/^[┌│└]/.test(line)).join('\n');
    expect(wordsOf(sentences(out))).toBe(wordsOf(sentences(whole.out)));
  });

  test.each(['run failover --json', 'replay trace.json --json', '--version'])('rejoin %s is for programs: the same at any width', async (words) => {
    expect(await runHere(words.split(' '), folder, 40)).toEqual(await runHere(words.split(' '), folder));
  });

  test('a random run that fails: COLUMNS sets the width of a pipe too; the file is still a scenario, and the command can be copied', { timeout: 60_000 }, async () => {
    const words = 'run --random never-lose.yaml --edits 20 --faults 2'.split(' ');
    const { code, out } = await rejoin.run(words, { folder, environment: { COLUMNS: '60' } });
    expect(code).toBe(1);
    expect(widest(out)).toBeLessThanOrEqual(60);
    expect(out).toContain('\n  repeat it: npx rejoin run --random never-lose.yaml \\\n      --seed 1 --edits 20 --faults 2 --simulation 3\n');
    const file = /\n# 2 of [^]*/.exec(out)![0];
    expect(file.split('\n').filter((line) => line.startsWith('#')).length).toBeGreaterThan(3);
    await writeFile(join(folder, 'small.yaml'), file);
    expect((await runHere(['run', 'small.yaml', '--seed', '1'], folder)).out).toContain('lost is 1; 0 was expected');
  });

  test('what is wrong is one line in a pipe, and is broken at words in a terminal', async () => {
    const { err } = await rejoin.run(['run', 'misspelt.yaml'], { folder });
    expect(err).toBe('rejoin run: misspelt.yaml:8: steps[2].incremnt: there is no such member here; did you mean "increment"?\n');
    expect((await rejoin.run(['run', 'misspelt.yaml'], { folder, environment: { COLUMNS: '60' } })).err).toBe('rejoin run: misspelt.yaml:8: steps[2].incremnt: there is\n  no such member here; did you mean "increment"?\n');
  });
});

describe('lines', () => {
  test('go on below the beginning of their text', () => {
    expect(laidOut('- Title: it was lost.', 21)).toBe('- Title: it was lost.');
    expect(laidOut('- Title: it was lost.', 20)).toBe('- Title: it was\n  lost.');
    expect(laidOut('- Title: the value of A was lost.', 22)).toBe('- Title: the value of\n  A was lost.');
    expect(laidOut('The value of A was lost.\n', 20)).toBe('The value of A was\n  lost.\n');
    expect(laidOut('  --seed S       the seed of all that chance decides', 42)).toBe('  --seed S       the seed of all that\n                 chance decides');
    expect(laidOut('  --a-long-option-with-a-name N  what it does and why it does it', 40)).toBe('  --a-long-option-with-a-name N\n      what it does and why it does it');
  });

  test('count wide characters as two columns, and break what has no spaces, but for an address alone on its line', () => {
    const text = laidOut(`- ${'古池や蛙飛び込む水の音'.repeat(4)} (A:1) was lost, and 👍 too`, 30);
    expect(widest(text)).toBeLessThanOrEqual(30);
    expect(wordsOf(text)).toBe(wordsOf(`- ${'古池や蛙飛び込む水の音'.repeat(4)} (A:1) was lost, and 👍 too`));
    const address = `  http://127.0.0.1:1234/?token=${'x'.repeat(40)}`;
    expect(laidOut(address, 40)).toBe(address);
    expect(wrapped('a b c d', 5, { first: '# ', rest: '# ' })).toBe('# a b\n# c d');
  });
});

test('a width: of the terminal, or as COLUMNS says; of a pipe none', () => {
  expect(columnsOf({ isTTY: true, columns: 97 }, undefined)).toBe(97);
  expect(columnsOf({ isTTY: true, columns: 97 }, '72')).toBe(72);
  expect(columnsOf({ columns: 97 }, undefined)).toBeNull();
  expect(columnsOf({}, '72')).toBe(72);
  for (const wrong of ['', '0', '-5', 'wide', '1e3']) expect(columnsOf({ isTTY: true, columns: 97 }, wrong)).toBe(97);
  expect(columnsOf({ isTTY: true, columns: 0 }, undefined)).toBeNull();
});
