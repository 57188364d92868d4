/** `rejoin replay` as a person runs it, on sound, broken and hostile files. */
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { shiVizPattern } from '../../../../shared/analysis/shiviz-log.ts';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import { labSchema } from '../../../../shared/document/schema.ts';
import { toJsonLines } from '../../../../shared/history/json-lines.ts';
import type { EditRecord } from '../../../../shared/history/record.ts';
import { notesPeakMemory } from '../../../support/peak-memory.ts';
import { useCommandFiles } from '../../../support/command-files.ts';
import { runHere } from '../../../support/command-here.ts';
import { sharedRecording } from '../../../support/recorded-session.ts';
import { projectRoot } from '../../../tidy/source-files.ts';

const { rejoin, folder, fileOf } = useCommandFiles('rejoin-replay-');

const trace = {
  kind: 'concurrent',
  endContent: 'hello A, hello B',
  numAgents: 2,
  txns: [
    { parents: [], numChildren: 2, agent: 0, patches: [[0, 0, 'hello']] },
    { parents: [0], numChildren: 1, agent: 0, patches: [[5, 0, ' A, ']] },
    { parents: [0], numChildren: 1, agent: 1, patches: [[5, 0, 'hello B']] },
  ],
};

function seat(replica: string, ms: number): EditRecord {
  return { dot: { replica, counter: 1 }, context: VersionVector.empty, field: 'seats', intent: { kind: 'reserve', amount: 2 }, wallMs: ms, hybrid: { ms, counter: 0 }, traces: {} };
}

const history = toJsonLines(labSchema, [], [seat('A', 1_000), seat('B', 2_000)], { events: [{ kind: 'island', replica: null, wallMs: 500, payload: [['A'], ['B']] }] });

describe('a sound file', () => {
  test.each([['plain', (text: string) => Buffer.from(text)], ['gzipped', (text: string) => gzipSync(text)]])('an editing trace, %s and under any name: table, losses and reasons; exit code 0', async (_, pack) => {
    const { code, out, err } = await rejoin.run(['replay', await fileOf('anything.txt', pack(JSON.stringify(trace)))]);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('a recording of 3 edits by A and B, with 0 merges.\nCRDT (Yjs) reproduces the recorded text exactly.');
    expect(out).toMatch(/│ Last writer wins │ +1 │ +0 │ +1 │ +0 │ +0 │ +yes │ at once │/);
    expect(out).toMatch(/│ CRDT \(Yjs\) +│ +2 │ +0 │ +0 │ +0 │ +1 │ +yes │/);
    expect(out).toContain('CRDT (Yjs) lost none of the 16 characters that people typed.\nLast writer wins lost 4 of the 16 characters that people typed (25.0 %).');
    expect(out).toContain("- Text: A's typing “hello A, ” (A:1–2) was lost in part (4 of 9 characters) to B's typing “hello B” (B:1) under Last writer wins. Neither had seen the other; of equal timestamps (2) the higher replica won.");
  });

  test('an editing trace over several lines is one too', async () => {
    const { code, out } = await runHere(['replay', await fileOf('pretty.json', JSON.stringify(trace, null, 2)), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ kind: 'trace', edits: 3, charactersTyped: 16, end: 'same', times: 'causal' });
  });

  test('a history: verdicts with their witness, and what could not be kept', async () => {
    const { code, out, err } = await runHere(['replay', await fileOf('seats.jsonl', history)]);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('a history of 2 edits by A and B.\nCarried out anew, from the edits and what their makers had seen: CRDT (Yjs), Last writer wins, Siblings.');
    expect(out).toMatch(/oversold/);
    expect(out).toMatch(/\nCRDT \(Yjs\): linearizable broken: Reservations of 4 in all were accepted though there were only 3: oversold\.\n/);
    expect(out).toMatch(/\n- Seats left: A's reservation of 2 \(A:1\) was lost to B's reservation of 2 \(B:1\) under Last writer wins\./);
  });

  test('--strategy chooses, --sentences 0 tells none, --json prints only JSON', async () => {
    const file = await fileOf('seats.jsonl', history);
    const { out } = await runHere(['replay', file, '--strategy', 'crdt', '--strategy=siblings', '--sentences', '0', '--json']);
    const said = JSON.parse(out) as { scorecard: { strategy: string; oversold: number }[]; review: unknown[]; reviewLength: number };
    expect(said.scorecard.map(({ strategy }) => strategy)).toEqual(['crdt', 'siblings']);
    expect(said.scorecard[0]!.oversold).toBe(1);
    expect(said.review).toEqual([]);
    expect(said.reviewLength).toBe(2);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
  });

  test('--report writes one HTML file; where it cannot be written: one line, exit code 2, and what was there stays', async () => {
    const [file, report] = [await fileOf('seats.jsonl', history), join(folder, 'seats.html')];
    expect((await runHere(['replay', file, '--report', report])).code).toBe(0);
    expect(await readFile(report, 'utf8')).toMatch(/^<!doctype html>[^]*<h1>Replay of seats\.jsonl<\/h1>[^]*oversold[^]*npx rejoin replay [^<]*seats\.jsonl<\/pre>/);
    for (const place of [folder, join(file, 'report.html'), ...(process.platform === 'linux' ? ['/dev/full'] : [])]) {
      const { code, err } = await runHere(['replay', file, '--report', place]);
      expect([code, err]).toEqual([2, expect.stringMatching(/^rejoin replay: [^\n]+\n$/)]);
    }
    expect(await readFile(file, 'utf8')).toBe(history);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('--out writes the exports, and the history among them replays to the same', async () => {
    const out = join(folder, 'new', 'report');
    expect((await runHere(['replay', await fileOf('seats.jsonl', history), '--out', out])).code).toBe(0);
    expect((await readdir(out)).sort()).toEqual(['history.jsonl', 'scorecard.csv', 'scorecard.json', 'shiviz.log']);
    const csv = (await readFile(join(out, 'scorecard.csv'), 'utf8')).split('\r\n');
    expect(csv[0]).toBe('strategy,actions,edits,kept,superseded,lost,toResolve,resurrected,refused,unknown,pending,wasUnknown,putBack,touching,choices,charactersTyped,charactersLost,ruleBroken,oversold,staleReads,reads,readsRefused,converged,latencyMs,latencyP95Ms,readLatencyMs,readLatencyP95Ms,lagMs,lagWorstMs,divergedMs,bytesSent');
    expect(csv[1]).toBe('crdt,2,2,2,0,0,0,0,0,0,0,0,0,0,0,0,0,1,1,0,0,0,true,0,0,,,,,,');
    const log = await readFile(join(out, 'shiviz.log'), 'utf8');
    expect([...log.matchAll(new RegExp(shiVizPattern, 'g'))].map(({ groups }) => ({ ...groups }))).toEqual([
      { host: 'A', clock: '{"A":1}', event: 'A:1 Seats left: {"kind":"reserve","amount":2}' },
      { host: 'B', clock: '{"B":1}', event: 'B:1 Seats left: {"kind":"reserve","amount":2}' },
    ]);
    expect(await readFile(join(out, 'history.jsonl'), 'utf8')).toContain('\n{"kind":"island","wallMs":500,"payload":[["A"],["B"]]}\n');
    const first = JSON.parse(await readFile(join(out, 'scorecard.json'), 'utf8')) as { scorecard: object[] };
    const again = JSON.parse((await runHere(['replay', join(out, 'history.jsonl'), '--json'])).out) as { scorecard: object[]; carriedOutAnew: string[] };
    expect(again.carriedOutAnew).toEqual([]);
    expect(again.scorecard).toEqual(first.scorecard.map((row) => ({ ...row, converged: null })));
  });

  test('where the exports cannot be written: one line, exit code 1', async () => {
    const occupied = await fileOf('occupied', 'a file');
    const { code, out, err } = await runHere(['replay', await fileOf('seats.jsonl', history), '--out', occupied]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^rejoin replay: [^\n]+\n$/);
    expect(await readFile(occupied, 'utf8')).toBe('a file');
  });

  test('the recording of two friends: its text exactly, and a figure for what last writer wins would have lost', { timeout: 60_000 }, async ({ skip }) => {
    const file = join(projectRoot, sharedRecording);
    skip(!existsSync(file), `the recording ${sharedRecording} is not there`);
    const { code, out, err } = await runHere(['replay', file]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('a recording of 26,078 edits by A and B, with 2,258 merges.\nCRDT (Yjs) reproduces the recorded text exactly.');
    expect(out).toContain('CRDT (Yjs) lost none of the 23,720 characters that people typed.\nLast writer wins lost 5,845 of the 23,720 characters that people typed (24.6 %).');
  });
});

const brackets = '['.repeat(2_000_000);

describe('a bad file: one line that names it and says what was expected, exit code 2, and nothing is left behind', () => {
  test.each<[what: string, content: string | Uint8Array, message: RegExp]>([
    ['nothing', '', /expected a saved history .* or an editing trace .*; it is empty/],
    ['no JSON', 'hello\nworld\n', /line 1: expected a saved history/],
    ['other JSON', '{"name":"rejoin"}', /line 1: expected a saved history/],
    ['bytes', Uint8Array.from({ length: 1_000 }, (_, i) => (i * 37) % 256), /expected/],
    ['a name that says gzip, and no gzip', Uint8Array.of(0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), /expected a sound gzip file/],
    ['half a gzip file', gzipSync(history).subarray(0, 200), /expected a whole gzip file; it is cut short/],
    ['a damaged gzip file', damaged(gzipSync(history)), /expected a sound gzip file; its data is damaged/],
    ['half a history', history.slice(0, -60), /line 4: expected an object as JSON on one line, not JSON that is cut short/],
    ['another version', history.replace('"version":2', '"version":3'), /line 1: expected version 1 or 2 of rejoin-history, not 3/],
    ['another format', history.replace('rejoin-history', 'other'), /line 1: expected a header .*, not the format "other"/],
    ['a gap', history.replaceAll('B:1', 'B:2').replaceAll('"B":1', '"B":2'), /line 4: expected B:1, not B:2/],
    ['half a character', Buffer.concat([Buffer.from(history), Buffer.from([0xff, 0xfe, 10])]), /line 5: expected text in UTF-8/],
    ['half a trace', JSON.stringify(trace).slice(0, -10), /expected an editing trace .*JSON that is cut short/],
    ['a cycle of parents', JSON.stringify({ ...trace, txns: [{ ...trace.txns[0], parents: [0] }] }), /transaction 0: its parent 0 does not come before it/],
    ['a parent out of range', JSON.stringify({ ...trace, txns: [{ ...trace.txns[0], parents: [7] }] }), /transaction 0: its parent 7 does not come before it/],
    ['a position out of range', JSON.stringify({ ...trace, txns: [{ ...trace.txns[0], patches: [[5, 0, 'x']] }] }), /transaction 0: a patch reaches to position 5/],
    ['another text in the end', JSON.stringify({ ...trace, endContent: 'bye' }), /expected edits that make the endContent/],
    ['a trace that nests deep', `{"kind":"concurrent","txns":${brackets}`, /nested deeper than 6 levels/],
    ['a history that nests deep', `${history}{"kind":"send","payload":${brackets}`, /line 5: .*nested deeper than 12 levels/],
    ['brackets alone', brackets, /line 1: expected a saved history/],
    ['a key that changes what objects are', `${history}{"kind":"send","wallMs":1,"payload":{"__proto__":{"a":1}}}`, /line 5: .*the key "__proto__"/],
    ['control characters in a name', history.replaceAll('"B:1"', String.raw`"B\u001b[2J\n:1"`), /line 4: expected an id such as "A:12"/],
  ])('%s', async (_, content, message) => {
    const file = await fileOf('bad.jsonl', content);
    const target = join(folder, 'never');
    const { code, out, err } = await runHere(['replay', file, '--out', target, '--json']);
    expect(err).toMatch(message);
    expect(err.startsWith(`rejoin replay: ${file}: `)).toBe(true);
    expect(err).toMatch(/^[^\n\u001b]*expected[^\n\u001b]*\n$/);
    expect([code, out]).toEqual([2, '']);
    expect(existsSync(target)).toBe(false);
  });

  test('what is not there, or is a folder', async () => {
    expect(await runHere(['replay', join(folder, 'missing')])).toEqual({ code: 2, out: '', err: `rejoin replay: ${join(folder, 'missing')}: there is no such file\n` });
    await mkdir(join(folder, 'a folder'), { recursive: true });
    expect(await runHere(['replay', join(folder, 'a folder')])).toEqual({ code: 2, out: '', err: `rejoin replay: ${join(folder, 'a folder')}: expected a file; it is a folder\n` });
  });

  test.each([
    [['quorum'], JSON.stringify(trace), /expected a history, for --strategy quorum/],
    [['consensus'], history, /expected a history with edits under Consensus/],
  ])('--strategy %s of a file that cannot say', async (strategies, content, message) => {
    const { code, err } = await runHere(['replay', await fileOf('silent', content), ...strategies.map((id) => `--strategy=${id}`)]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  /** Peak memory of the run, in bytes. */
  async function peakOf(file: string): Promise<{ readonly code: number | null; readonly err: string; readonly peakBytes: number }> {
    const peak = join(folder, 'peak');
    const watch = await fileOf('watch.cjs', notesPeakMemory);
    const { code, err } = await rejoin.run(['replay', file], { nodeOptions: ['--require', watch], environment: { PEAK_FILE: peak } });
    return { code, err, peakBytes: Number(await readFile(peak, 'utf8')) };
  }

  test('a line of a gigabyte, and a gzip file that unpacks to many: memory stays below 300 MB', { timeout: 60_000, tags: ['gate'] }, async () => {
    const long = await open(join(folder, 'long.jsonl'), 'w');
    await long.truncate(1024 ** 3);
    await long.close();
    const afterHeader = await open(await fileOf('long-event.jsonl', `${history}{"kind":"`), 'r+');
    await afterHeader.truncate(1024 ** 3);
    await afterHeader.close();
    const member = gzipSync(Buffer.alloc(64 * 1024 ** 2, ' '));
    const files: [string, RegExp][] = [
      [join(folder, 'long.jsonl'), /line 1: expected a saved history .*, of at most 32 MiB in one piece/],
      [join(folder, 'long-event.jsonl'), /line 5: expected lines of at most 16 MiB/],
      [await fileOf('bomb.gz', Buffer.concat(Array.from({ length: 16 }, () => member))), /line 1: expected a saved history .*, of at most 32 MiB/],
      [await fileOf('lines-bomb.gz', Buffer.concat([gzipSync(history), ...Array.from({ length: 16 }, () => gzipSync('{"kind":"online","replica":"A","wallMs":1,"payload":null}\n'.repeat(400_000)))])), /expected a history of at most 64 MiB, unpacked/],
    ];
    for (const [file, message] of files.slice(0, 3)) {
      const { code, err, peakBytes } = await peakOf(file);
      expect(err).toMatch(message);
      expect(code).toBe(2);
      expect(peakBytes, file).toBeLessThan(300e6);
    }
    const [file, message] = files[3]!;
    expect((await peakOf(file)).err).toMatch(message);
  });
});

function damaged(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  for (let at = 40; at < 60; at++) changed[at]! ^= 0x55;
  return changed;
}
