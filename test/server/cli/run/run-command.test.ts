/**
 * `rejoin run` as a person or a CI job runs it: what it prints, what it writes, and how it ends. A process of its own where it starts soon,
 * where the disk is full, and where random runs take threads.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, open, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ended } from '../../../support/built-command.ts';
import { useCommandFiles } from '../../../support/command-files.ts';
import { runHere } from '../../../support/command-here.ts';
import { parseXml } from '../../../support/strict-xml.ts';
import { projectRoot } from '../../../tidy/source-files.ts';

const { rejoin, folder, fileOf } = useCommandFiles('rejoin-run-');

const trip = `title: My trip
fields:
  title: { type: register, initial: Weekend }
steps:
  - offline: C
  - at: A
    set: { title: Rome }
  - at: C
    set: { title: Paris }
  - heal: true
expect:
  every: { converged: true }
  crdt: { kept: 1 }
`;
const broken = `${trip}  last-writer-wins: { lost: 0 }\n`;
const unknown = `title: Sold
fields:
  seats: { type: stock, initial: 1 }
steps:
  - offline: C
  - at: A
    reserve: seats
  - at: C
    reserve: seats
  - heal: true
expect:
  siblings: { holds: causal }
`;
const lostSentence = "A's “Rome” (A:1) was lost to C's title “Paris” (C:1)";

describe('one scenario', () => {
  test('that holds: what it teaches, the scorecard, verdicts with what proves them, what was lost and why; exit code 0, soon', { timeout: 120_000 }, async ({ annotate }) => {
    const seconds: number[] = [];
    let ended: Ended | null = null;
    // Of its own computing: other programs may have the cores.
    const watch = await fileOf('seconds.cjs', `process.on('exit', () => { const { user, system } = process.cpuUsage(); require('node:fs').writeFileSync(process.env.SECONDS_FILE, String((user + system) / 1e6)); });`);
    const file = join(folder, 'seconds');
    for (let i = 0; i < 2; i++) {
      ended = await rejoin.run(['run', 'last-seat'], { nodeOptions: ['--require', watch], environment: { SECONDS_FILE: file } });
      seconds.push(Number(await readFile(file, 'utf8')));
    }
    const { code, out, err } = ended!;
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^The last seat \(last-seat, seed 1\)\nTwo people buy the same seat/);
    expect(out).toMatch(/│ CRDT \(Yjs\) +│ +2 │ +0 │ +0 │ +0 │ +0 │ +1 │ +1 │ +yes │ at once │/);
    expect(out).toMatch(/│ Consensus +│ +1 │ +0 │ +0 │ +0 │ +1 │ +0 │ +0 │ +yes │/);
    expect(out).toContain('- CRDT (Yjs) is not linearizable: Reservations of 2 in all were accepted though there was only 1: oversold.');
    expect(out).toContain("- Seats left: A's reservation (A:1) was lost to C's reservation (C:1) under Last writer wins. Neither had seen the other; the later timestamp won, 22:13:23.040 over 22:13:22.010.");
    expect(out.trimEnd().split('\n').at(-1)).toBe('✓ holds   last-seat: The last seat (33 expectations)');
    // Less than a second on a machine that does nothing else.
    await annotate(`rejoin run last-seat computed for ${seconds.map((each) => each.toFixed(2)).join(', ')} s`);
    expect(Math.min(...seconds)).toBeLessThan(2);
  });

  test('that is broken: what was expected, what there is, and which edit was lost to which; exit code 1', async () => {
    const { code, out, err } = await runHere(['run', await fileOf('trip.yaml', broken)]);
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain(`- Title: ${lostSentence} under CRDT (Yjs).`);
    expect(out.trimEnd().split('\n').slice(-2)).toEqual(['✗ expect.last-writer-wins.lost: Last writer wins: lost is 1; 0 was expected', `✗ broken  ${join(folder, 'trip.yaml')}: My trip (8 expectations)`]);
  });

  test('of which nobody can tell: why; exit code 2', async () => {
    const { code, out, err } = await runHere(['run', await fileOf('sold.yaml', unknown)]);
    expect([code, err]).toEqual([2, '']);
    expect(out).toMatch(/\n\? expect\.siblings\.holds: Siblings: whether it is causal nobody can tell: This is judged by .*\n\? unknown /);
  });

  test('without expectations: says so', async () => {
    const { code, out } = await runHere(['run', await fileOf('open.yaml', trip.split('expect:')[0]!)]);
    expect(code).toBe(0);
    expect(out).toContain('\nNothing was expected: there is no "expect" in the file.\n');
  });

  test('in which every program is killed in the end: told, not an error', async () => {
    const { code, out, err } = await runHere(['run', await fileOf('dark.yaml', 'title: Dark\nfields:\n  title: { type: register }\nsteps:\n  - crash: [A, B, C]\nexpect:\n  crdt: { converged: true }\n')]);
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain('they cannot have converged');
  });

  test('--strategy: only those columns, and only what is expected of them', async () => {
    const { code, out } = await runHere(['run', await fileOf('trip.yaml', broken), '--strategy', 'consensus', '--strategy', 'crdt', '--json']);
    const [run] = (JSON.parse(out) as { runs: { scorecard: { strategy: string }[]; expectations: { strategy: string }[] }[] }).runs;
    expect(code).toBe(0);
    expect(run!.scorecard.map(({ strategy }) => strategy)).toEqual(['crdt', 'consensus']);
    expect(run!.expectations.map(({ strategy }) => strategy)).toEqual(['crdt', 'consensus', 'crdt']);
  });

  test('--json: only JSON, with every expectation, the scorecard, the verdicts and the review', async () => {
    const { code, out, err } = await runHere(['run', await fileOf('trip.yaml', broken), '--json', '--seed', '7']);
    expect([code, err]).toEqual([1, '']);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    const said = JSON.parse(out) as { outcome: string; runs: Record<string, unknown>[] };
    expect(said.outcome).toBe('broken');
    expect(said.runs[0]).toMatchObject({ file: join(folder, 'trip.yaml'), title: 'My trip', seed: 7, outcome: 'broken', brokenPromises: [] });
    expect(Object.keys(said.runs[0]!)).toEqual(['file', 'title', 'seed', 'simulation', 'outcome', 'brokenPromises', 'expectations', 'scorecard', 'verdicts', 'review']);
    expect(said.runs[0]!['expectations']).toContainEqual({ path: 'expect.last-writer-wins.lost', strategy: 'last-writer-wins', outcome: 'broken', sentence: 'Last writer wins: lost is 1; 0 was expected' });
    expect(said.runs[0]!['review']).toMatchObject([{ key: 'C:1' }, { key: 'A:1', field: 'title', edits: 1, sentence: expect.stringContaining(lostSentence) as string }]);
  });
});

describe('several runs', () => {
  test('a line each, the worst of them all is the exit code, and under what is broken its evidence', async () => {
    const { code, out } = await runHere(['run', 'title-race', await fileOf('trip.yaml', broken), await fileOf('sold.yaml', unknown)]);
    expect(code).toBe(1);
    expect(out.split('\n').filter((line) => /^[✓✗?]/.test(line)).map((line) => line.slice(0, 9))).toEqual(['✓ holds  ', '✗ broken ', '? unknown']);
    expect(out).toMatch(new RegExp(`\\n {2}✗ expect\\.last-writer-wins\\.lost: [^\\n]*\\n {6}Title: ${lostSentence.replaceAll(/[()]/g, '\\$&')}`));
    expect((await runHere(['run', 'title-race', join(folder, 'sold.yaml')])).code).toBe(2);
  });

  test('--simulation: a seed of another version is refused, as it would give another run', async () => {
    expect((await runHere(['run', 'row-level', '--seed', '9', '--simulation', '3'])).code).toBe(0);
    const refused = { code: 2, out: '', err: 'rejoin run: the seed is of version 1 of the simulation, and this program has version 3, where it gives another run\n' };
    expect(await runHere(['run', '--random', '--seed', '9', '--simulation', '1'])).toEqual(refused);
  });

  test('--seeds: so many, from --seed on', async () => {
    const { code, out } = await runHere(['run', 'row-level', '--seed', '9', '--seeds', '40']);
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(40);
    expect([lines[0], lines.at(-1)]).toEqual(['✓ holds   row-level, seed 9: Last writer wins by row (10 expectations)', '✓ holds   row-level, seed 48: Last writer wins by row (10 expectations)']);
  });

  test('--list names the catalogue, with what to look at', async () => {
    const namesIn = async (folder: string, before = '') => (await readdir(join(projectRoot, 'shared/scenarios', folder))).map((name) => before + name.replace('.yaml', '')).sort();
    const names = [...(await namesIn('catalogue')), ...(await namesIn('presets', 'presets/'))];
    const { code, out } = await runHere(['run', '--list']);
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n').map((line) => line.split(' ')[0])).toEqual(names);
    const listed = JSON.parse((await runHere(['run', '--list', '--json'])).out) as { name: string; title: string; lookAt: string }[];
    expect(listed.map(({ name }) => name)).toEqual(names);
    for (const { title, lookAt } of listed) expect([title, lookAt]).not.toContain('');
  });
});

describe('--out and --junit', () => {
  test('a folder a run; twice replaces it; latest is the last one; the history replays to the same scorecard; the same seed writes the same bytes', async () => {
    const out = join(folder, 'new', 'runs');
    const file = await fileOf('My trip!.yaml', trip);
    expect((await runHere(['run', file, '--out', out])).code).toBe(0);
    expect((await readdir(out)).sort()).toEqual(['My-trip--seed-1', 'latest']);
    expect((await readdir(join(out, 'latest'))).sort()).toEqual(['history.jsonl', 'scorecard.csv', 'scorecard.json', 'shiviz.log']);
    const first = await readFile(join(out, 'latest', 'history.jsonl'), 'utf8');
    expect(first).toMatch(/"kind":"send"/);
    expect(first).toMatch(/"kind":"offline","replica":"C"/);
    await writeFile(join(out, 'latest', 'history.jsonl'), 'old');
    expect((await runHere(['run', file, '--out', out, '--seeds', '2'])).code).toBe(0);
    expect(await readFile(join(out, 'My-trip--seed-1', 'history.jsonl'), 'utf8')).toBe(first);
    expect(await readlink(join(out, 'latest'))).toBe('My-trip--seed-2');
    expect((await readdir(out)).sort()).toEqual(['My-trip--seed-1', 'My-trip--seed-2', 'latest']);
    const { scorecard } = JSON.parse(await readFile(join(out, 'latest', 'scorecard.json'), 'utf8')) as { scorecard: Record<string, unknown>[] };
    const replayed = JSON.parse((await runHere(['replay', join(out, 'latest', 'history.jsonl'), '--json'])).out) as { scorecard: Record<string, unknown>[] };
    for (const [i, row] of scorecard.entries()) for (const name of ['strategy', 'kept', 'lost', 'refused', 'toResolve', 'oversold']) expect(replayed.scorecard[i]![name], `${name} of ${String(row['strategy'])}`).toBe(row[name]);
  });

  test('two files of one name have a folder each', async () => {
    for (const name of ['one', 'two']) await mkdir(join(folder, name), { recursive: true });
    const files = [await fileOf('one/trip.yaml', trip), await fileOf('two/Trip.yaml', trip.replace('My trip', 'Another'))];
    const out = join(folder, 'both');
    expect((await runHere(['run', ...files, '--out', out])).code).toBe(0);
    expect((await readdir(out)).sort()).toEqual(['Trip-2-seed-1', 'latest', 'trip-seed-1']);
    expect(await readFile(join(out, 'Trip-2-seed-1', 'scorecard.json'), 'utf8')).toContain('"title": "Another"');
  });

  test('a report is well-formed XML, whatever titles and values say; failures carry the evidence', async () => {
    const hostile = String.raw`</testsuite> & "]]>" ' \u0007\u001b \n é 🎉`;
    const file = await fileOf('hostile.yaml', broken.replace('title: My trip', `title: "${hostile.replaceAll('"', String.raw`\"`)}"`).replaceAll('Paris', String.raw`"</failure>&\u0000\u0008\ufffe"`));
    const report = join(folder, 'report.xml');
    expect((await runHere(['run', file, await fileOf('sold.yaml', unknown), '--junit', report])).code).toBe(1);
    const suites = parseXml(await readFile(report, 'utf8'));
    expect(suites.attributes).toEqual({ tests: '11', failures: '1', errors: '1' });
    expect(suites.children.map(({ name, attributes }) => [name, attributes['tests'], attributes['failures'], attributes['errors']])).toEqual([['testsuite', '9', '1', '0'], ['testsuite', '2', '0', '1']]);
    expect(suites.children[0]!.attributes['name']).toContain('</testsuite> & "]]>" \'');
    expect(Number(suites.children[0]!.attributes['time'])).toBeGreaterThan(0);
    const failure = suites.children[0]!.children.find(({ children }) => children.length > 0)!;
    expect(failure.attributes['name']).toBe('expect.last-writer-wins.lost');
    expect(failure.children[0]!.attributes['message']).toMatch(/^Last writer wins: lost is 1; 0 was expected\nTitle: A's “Rome” \(A:1\) was lost to C's/);
    expect(suites.children[1]!.children.at(-1)!.children[0]).toMatchObject({ name: 'error' });
  });

  test('a failure carries only sentences of its own strategy and rule; the key of an edit is the number in its sentence', async () => {
    const text = `title: Crib
fields: { title: { type: register, initial: Weekend }, seats: { type: stock, initial: 4 } }
replicas: [A, B]
steps:
  - { at: A, set: { title: Oslo } }
  - { at: B, set: { title: Bern } }
  - { islands: [[A], [B]] }
  - { at: A, set: { title: Rome } }
  - { at: B, set: { title: Paris } }
  - { at: A, reserve: { seats: 3 } }
  - { at: B, reserve: { seats: 2 } }
  - { heal: true }
expect:
  crdt: { oversold: 0, lost: 0 }
  last-writer-wins: { lost: 0 }
`;
    const [file, report] = [await fileOf('crib.yaml', text), join(folder, 'crib.xml')];
    const { out } = await runHere(['run', file, '--junit', report, '--json', '--out', join(folder, 'crib')]);
    const failures = Object.fromEntries(parseXml(await readFile(report, 'utf8')).children[0]!.children.flatMap(({ attributes, children }) => children.map((failure) => [attributes['name']!, failure.attributes['message']!])));
    expect(failures['expect.crdt.oversold']).toBe('CRDT (Yjs): oversold is 1; 0 was expected');
    expect(failures['expect.crdt.lost']).toMatch(/\nTitle: [^\n]* under CRDT \(Yjs\)/);
    expect(failures['expect.crdt.lost']).not.toMatch(/Last writer wins|Seats/);
    const [run] = (JSON.parse(out) as { runs: { review: { key: string; dot: string; sentence: string }[] }[] }).runs;
    expect(run!.review.length).toBeGreaterThan(1);
    for (const { key, sentence } of run!.review) expect(sentence).toContain(`(${key}`);
    expect(run!.review.some(({ key, dot }) => key !== dot)).toBe(true);
    // The file has what stands in `runs`.
    expect(JSON.parse(await readFile(join(folder, 'crib', 'latest', 'scorecard.json'), 'utf8'))).toEqual(run);
  });

  test('where they cannot be written: one line, exit code 2, and what was there stays', async () => {
    const occupied = await fileOf('occupied', 'a file');
    for (const words of [['--out', occupied], ['--junit', join(occupied, 'report.xml')], ['--junit', folder], ['--report', join(occupied, 'report.html')], ['--report', folder]]) {
      const { code, err } = await runHere(['run', 'row-level', ...words]);
      expect(code).toBe(2);
      expect(err).toMatch(/^rejoin run: [^\n]+\n$/);
    }
    expect(await readFile(occupied, 'utf8')).toBe('a file');
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('--report writes one HTML file, of one run; a broken run has one too', async () => {
    const report = join(folder, 'last-seat.html');
    expect((await runHere(['run', 'last-seat', '--seed', '3', '--report', report])).code).toBe(0);
    const html = await readFile(report, 'utf8');
    expect(html).toMatch(/^<!doctype html>[^]*<h1>The last seat<\/h1>[^]*npx rejoin run last-seat --seed 3 --simulation 3<\/pre>[^]*<\/html>\n$/);
    const bold = await fileOf('broken <b>.yaml', broken);
    expect((await runHere(['run', bold, '--report', report])).code).toBe(1);
    expect(await readFile(report, 'utf8')).toMatch(/result broken[^]*broken &lt;b&gt;\.yaml/);
    for (const words of [['row-level', 'last-seat'], ['row-level', '--seeds', '2'], ['--random'], ['--list']]) {
      expect(await runHere(['run', ...words, '--report', report])).toMatchObject({ code: 2, err: 'rejoin run: --report is of one run: one file and one seed, without --random\n' });
    }
    expect(await runHere(['run', 'row-level', '--report', ''])).toMatchObject({ code: 2, err: 'rejoin run: --report must not be empty\n' });
  });

  test.skipIf(process.platform === 'win32')('where the disk takes no more: exit code 2, nothing half-written, and the run before it stays whole', async () => {
    const out = join(folder, 'full');
    expect((await runHere(['run', 'row-level', '--out', out])).code).toBe(0);
    const before = await readFile(join(out, 'row-level-seed-1', 'history.jsonl'), 'utf8');
    const limited = (words: string): { status: number | null; stderr: string } => spawnSync('sh', ['-c', `ulimit -f 4; exec "$0" "$@"`, process.execPath, rejoin.program, 'run', ...words.split(' ')], { encoding: 'utf8' });
    for (const seeds of ['row-level', 'row-level --seed 2']) {
      const { status, stderr } = limited(`${seeds} --out ${out}`);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^rejoin run: EFBIG[^\n]*\n$/);
    }
    expect((await readdir(out)).sort()).toEqual(['latest', 'row-level-seed-1']);
    expect((await readdir(join(out, 'row-level-seed-1'))).sort()).toEqual(['history.jsonl', 'scorecard.csv', 'scorecard.json', 'shiviz.log']);
    expect(await readFile(join(out, 'row-level-seed-1', 'history.jsonl'), 'utf8')).toBe(before);
    expect(await readlink(join(out, 'latest'))).toBe('row-level-seed-1');
  });
});

describe('what the system gives', () => {
  const run = (words: readonly string[], input: string, stdout: 'pipe' | number = 'pipe'): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [rejoin.program, ...words], { encoding: 'utf8', input, stdio: ['pipe', stdout, 'pipe'], timeout: 20_000 });

  test('- is a scenario, or a history, on standard input', async () => {
    const { status, stdout } = run(['run', '-', '--out', join(folder, 'piped')], trip);
    expect(status).toBe(0);
    expect(stdout).toContain('standard input: My trip');
    const history = await readFile(join(folder, 'piped', 'standard-input-seed-1', 'history.jsonl'), 'utf8');
    expect(run(['replay', '-'], history)).toMatchObject({ status: 0, stderr: '' });
    expect(run(['run', '-'], 'title: [')).toMatchObject({ status: 2, stdout: '' });
  });

  test('[LEAD11] the first leader that a file names is the one of its history, which replays the same', async () => {
    const saved = join(folder, 'led');
    const file = await fileOf('led.yaml', `${trip}leader: B\n`);
    const { scorecard } = (JSON.parse((await runHere(['run', file, '--json', '--out', saved])).out) as { runs: { scorecard: { strategy: string; kept: number; refused: number }[] }[] }).runs[0]!;
    const history = join(saved, 'led-seed-1', 'history.jsonl');
    expect(await readFile(history, 'utf8')).toContain('"strategy":"single-leader","outcome":"accepted","details":[1,"B",1,""]');
    const replayed = JSON.parse((await runHere(['replay', history, '--json'])).out) as { scorecard: typeof scorecard };
    const led = (rows: typeof scorecard): unknown => rows.filter(({ strategy }) => strategy === 'single-leader').map(({ kept, refused }) => ({ kept, refused }));
    expect(led(replayed.scorecard)).toEqual(led(scorecard));
    expect(led(scorecard)).toHaveLength(1);
  });

  test('a byte order mark is no part of a scenario, nor of a history', async () => {
    expect((await runHere(['run', await fileOf('marked.yaml', `\ufeff${trip}`), '--out', join(folder, 'marked')])).code).toBe(0);
    const history = await readFile(join(folder, 'marked', 'marked-seed-1', 'history.jsonl'), 'utf8');
    expect(await runHere(['replay', await fileOf('marked.jsonl', `\ufeff${history}`)])).toMatchObject({ code: 0, err: '' });
  });

  test.skipIf(process.platform !== 'linux')('a full device is an error: one line, exit code 2', async () => {
    expect(run(['run', 'row-level', '--report', '/dev/full'], '')).toMatchObject({ status: 2, stderr: expect.stringMatching(/^rejoin run: ENOSPC[^\n]*\n$/) as string });
    const full = await open('/dev/full', 'w');
    const { status, stderr } = run(['run', 'row-level'], '', full.fd);
    await full.close();
    expect(status).toBe(2);
    expect(stderr).toMatch(/^rejoin: standard output cannot be written: ENOSPC[^\n]*\n$/);
  });

  test.skipIf(process.platform !== 'linux')('a folder in /proc ends it, with exit code 2; a pipe is written into, and stays one', async () => {
    expect(run(['run', 'row-level', '--out', '/proc/rejoin/runs'], '')).toMatchObject({ status: 2 });
    const pipe = join(folder, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => reader.once('close', resolve));
    let read = '';
    reader.stdout.on('data', (chunk: Buffer) => (read += chunk.toString()));
    expect((await runHere(['run', 'row-level', '--junit', pipe])).code).toBe(0);
    await ended;
    expect(parseXml(read).name).toBe('testsuites');
    expect((await stat(pipe)).isFIFO()).toBe(true);
  });

  test('control characters of titles and values are shown escaped', async () => {
    const file = await fileOf('bell.yaml', trip.replace('My trip', '"Bell \\a"').replace('set: { title: Rome }', 'set: { title: "Rome \\e[31m" }'));
    const { out } = await runHere(['run', file, '--strategy', 'last-writer-wins']);
    expect(out).toContain('Bell \\u0007');
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });

  test('--version says which program this is', async () => {
    const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
    expect(await runHere(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });
});

describe('random runs', () => {
  test('of the lab’s own document keep every promise; the seed decides', { timeout: 60_000 }, async () => {
    const words = ['run', '--random', '--seeds', '9', '--edits', '40', '--faults', '6', '--replicas', '3', '--json'];
    const { code, out, err } = await rejoin.run(words);
    expect([code, err]).toEqual([0, '']);
    const said = JSON.parse(out) as Record<string, unknown>;
    expect(said).toMatchObject({ outcome: 'holds', runs: 9, failed: [], small: null, unknown: 0 });
    expect(said['edits']).toBeGreaterThan(100);
    expect(said['faults']).toBeGreaterThan(30);
    const again = JSON.parse((await rejoin.run([...words, '--workers', '1'])).out) as Record<string, unknown>;
    expect({ ...again, seconds: 0 }).toEqual({ ...said, seconds: 0 });
  });

  test('of one’s own document: what fails is told with the command that repeats it, made small, and the small one fails in the same way when it is run', { timeout: 60_000 }, async () => {
    const file = await fileOf('votes.yaml', 'title: Votes\nfields:\n  votes: { type: counter }\nsteps:\n  - { at: A, increment: votes }\nexpect:\n  last-writer-wins: { lost: 0 }\n');
    const out = join(folder, 'small');
    const found = await rejoin.run(['run', '--random', file, '--edits', '30', '--seed', '4', '--out', out]);
    expect([found.code, found.err]).toEqual([1, '']);
    expect(found.out).toMatch(/\n✗ seed 4\n {4}Last writer wins: lost is \d+; 0 was expected\n {2}repeat it: npx rejoin run --random /);
    expect(found.out).toMatch(/\nSeed 4, made small \(2 of \d+ steps\)/);
    const repeat = /repeat it: npx rejoin (.*)\n/.exec(found.out)![1]!.split(' ');
    const repeated = await rejoin.run(repeat);
    expect(repeated.code).toBe(1);
    expect(repeated.out).toContain(/✗ seed 4\n.*\n/.exec(found.out)![0]);
    const small = await readFile(join(out, 'seed-4.yaml'), 'utf8');
    expect(found.out).toContain(small.trimEnd());
    const words = /# npx rejoin (run .*)\n/.exec(small)![1]!.split(' ').map((word) => (word === 'seed-4.yaml' ? join(out, word) : word));
    const alone = await rejoin.run(words);
    expect(alone.code).toBe(1);
    expect(alone.out).toContain('✗ expect.last-writer-wins.lost: Last writer wins: lost is 1; 0 was expected');
  });
});
