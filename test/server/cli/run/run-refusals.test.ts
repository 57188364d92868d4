/** `rejoin run` on what makes no sense: one line, exit code 2, and nothing is run. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRunCommandLine } from '../../../../server/cli/run/run-command-line.ts';
import { UsageError } from '../../../../server/cli/usage-error.ts';
import { useCommandFiles } from '../../../support/command-files.ts';
import { runHere } from '../../../support/command-here.ts';
import { notesPeakMemory } from '../../../support/peak-memory.ts';

const { rejoin, folder, fileOf } = useCommandFiles('rejoin-refusals-');

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
`;

describe('one line, exit code 2, nothing printed and nothing written', () => {
  async function refused(words: readonly string[]): Promise<string> {
    const target = join(folder, 'never');
    const { code, out, err } = await runHere(['run', ...words, '--out', target, '--junit', `${target}.xml`]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^rejoin[^\n\p{Cc}]+\n$/u);
    expect([existsSync(target), existsSync(`${target}.xml`)]).toEqual([false, false]);
    return err.trimEnd();
  }

  test('a mistake in the last of several files is told before the first one runs', async () => {
    const bad = await fileOf('bad.yaml', trip.replace('offline: C', 'offline: D'));
    expect(await refused(['last-seat', bad])).toBe(`rejoin run: ${bad}:5: steps[1].offline: there is no replica "D"; there are A, B, C`);
  });

  test('a step that cannot be done is named', async () => {
    const file = await fileOf('impossible.yaml', trip.replace('  - heal', '  - crash: B\n  - at: B\n    set: { title: x }\n  - heal'));
    const text = await readFile(file, 'utf8');
    const line = text.slice(0, text.indexOf('at: B\n    set: { title: x }')).split('\n').length;
    expect(await refused([file])).toBe(`rejoin run: ${file}:${line}: steps[5]: replica B is down`);
  });

  test('what is not there, is a folder, or is no text', async () => {
    expect(await refused([join(folder, 'missing.yaml')])).toMatch(/missing\.yaml: there is no such file, and the catalogue has only airplane-week, /);
    expect(await refused(['last-seats'])).toMatch(/^rejoin run: last-seats: there is no such file, and the catalogue has only .*last-seat/);
    await mkdir(join(folder, 'a folder'), { recursive: true });
    expect(await refused([join(folder, 'a folder')])).toMatch(/a folder: it is a folder; a scenario file was expected$/);
    expect(await refused([await fileOf('latin.yaml', Uint8Array.of(0x74, 0x69, 0xff, 0xfe))])).toMatch(/latin\.yaml: expected text in UTF-8; its bytes are something else$/);
    expect(await refused([await fileOf('binary.yaml', Uint8Array.from({ length: 10_000 }, (_, i) => (i * 37) % 128))])).toMatch(/binary\.yaml: expected text in UTF-8, YAML or JSON; it has zero bytes, as UTF-16 and programs have$/);
    expect(await refused([rejoin.program])).toMatch(/rejoin\.mjs: it has [\d,]+ characters; 1,000,000 is the most$/);
  });

  /** Peak memory of the run, in bytes. */
  async function peakOf(words: readonly string[]): Promise<{ readonly message: string; readonly peakBytes: number }> {
    const peak = join(folder, 'peak');
    const watch = await fileOf('watch.cjs', notesPeakMemory);
    const { code, err } = await rejoin.run(['run', ...words], { nodeOptions: ['--require', watch], environment: { PEAK_FILE: peak } });
    expect(code).toBe(2);
    return { message: err, peakBytes: Number(await readFile(peak, 'utf8')) };
  }

  test('a file of a gigabyte, and as much text as is taken: memory stays below 600 MB', { timeout: 60_000, tags: ['gate'] }, async () => {
    const large = await open(join(folder, 'large.yaml'), 'w');
    await large.truncate(1024 ** 3);
    await large.close();
    const line = await open(await fileOf('line.yaml', trip.slice(0, -1)), 'r+');
    await line.truncate(1024 ** 3);
    await line.close();
    for (const name of ['large.yaml', 'line.yaml']) {
      const { message, peakBytes } = await peakOf([join(folder, name)]);
      expect(message).toMatch(/ it has 1,073,741,824 bytes; a scenario has at most 4,000,000\n$/);
      expect(peakBytes).toBeLessThan(300e6);
    }
    const { message, peakBytes } = await peakOf([await fileOf('entries.yaml', '- a\n'.repeat(100_000))]);
    expect(message).toMatch(/entries\.yaml:1: expected members such as "title: Trip", each on its line, not \["a", "a", "a", …\]\n$/);
    expect(peakBytes).toBeLessThan(600e6);
  });

  test.skipIf(process.platform === 'win32')('a pipe without end is read only so far; a scenario from a pipe is taken', () => {
    const through = (source: string): { status: number | null; stdout: string; stderr: string } => spawnSync('sh', ['-c', `${source} | "$0" "$1" run /dev/stdin`, process.execPath, rejoin.program], { encoding: 'utf8', env: { ...process.env, TRIP: trip } });
    expect(through('cat /dev/zero')).toMatchObject({ status: 2, stdout: '', stderr: 'rejoin run: /dev/stdin: it has more than 4,000,000 bytes\n' });
    expect(through('printf %s "$TRIP"')).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([
    [[], /a file is missing/],
    [['--random', 'a', 'b'], /--random takes the document of one file, not also of "b"/],
    [['last-seat', '--edits', '5'], /--edits belongs to --random/],
    [['--random', 'last-seat', '--replicas', '3'], /the file says how many replicas there are/],
    [['last-seat', '--seed', '-1'], /seed/],
    [['last-seat', '--seeds', '0'], /--seeds is a whole number from 1 to 100000000, not "0"/],
    [['last-seat', '--strategy', 'lww'], /--strategy is one of crdt, .*, not "lww"/],
  ])('%j', (words, message) => {
    expect(() => readRunCommandLine(words)).toThrow(UsageError);
    expect(() => readRunCommandLine(words)).toThrow(message);
  });

  test('strategies that the file does not run, and options that there are none of', async () => {
    expect(await refused(['row-level', '--strategy', 'quorum'])).toMatch(/none of the strategies that it runs was asked for; it runs crdt, last-writer-wins/);
    expect(await refused(['last-seat', '--frobnicate'])).toMatch(/unknown option '--frobnicate' \(see rejoin run --help\)/);
  });
});
