import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { judgeReplay } from '../../../shared/replay/judged-replay.ts';
import { dotKey } from '../../../shared/clocks/dot.ts';
import { type EditingTrace, parseEditingTrace, type TraceTransaction } from '../../../shared/replay/editing-trace.ts';
import { parseHistory } from '../../../shared/history/history-file.ts';
import { jsonHistoryLines } from '../../../shared/history/json-lines.ts';
import type { EditRecord } from '../../../shared/history/record.ts';
import { UnreadableInput } from '../../../shared/encoding/unreadable-input.ts';
import { replayTrace, type TraceTimes, traceField } from '../../../shared/replay/replay-trace.ts';
import { answeringIds } from '../../../shared/replay/replayed-copies.ts';
import { SeededRandom } from '../../../shared/network/seeded-random.ts';
import { recordedSession, sharedRecording } from '../../support/recorded-session.ts';
import { projectRoot } from '../../tidy/source-files.ts';

const both = ['crdt', 'last-writer-wins'] as const;

function typing(agent: number, parents: readonly number[], position: number, inserted: string, timeMs: number | null = null, deleted = 0): TraceTransaction {
  return { agent, parents, timeMs, patches: [{ position, deleted, inserted }] };
}

function traceOf(endContent: string, ...transactions: TraceTransaction[]): EditingTrace {
  return { endContent, agents: 1 + Math.max(...transactions.map(({ agent }) => agent)), transactions };
}

/** By naive means: the writes, each after the one it replaced, and who wins by time, then by name. */
function naivelyLost(records: readonly EditRecord[]): number {
  const beats = (a: EditRecord, b: EditRecord | null): boolean => !b || a.wallMs > b.wallMs || (a.wallMs === b.wallMs && (a.dot.replica === b.dot.replica ? a.dot.counter > b.dot.counter : a.dot.replica > b.dot.replica));
  const winnerOf = (seen: readonly EditRecord[]): EditRecord | null => seen.reduce<EditRecord | null>((best, each) => (beats(each, best) ? each : best), null);
  const replaced = new Map(records.map((record) => [record, winnerOf(records.filter(({ dot }) => record.context.includes(dot)))]));
  const texts = new Map<EditRecord | null, readonly string[]>([[null, []]]);
  const erased = new Set<string>();
  /** The text after an edit, each character by its name; what the edit removes is erased by somebody who saw it. */
  const textAfter = (record: EditRecord | null): readonly string[] => {
    const known = texts.get(record);
    if (known) return known;
    const { intent, dot } = record!;
    if (intent.kind !== 'splice') throw new TypeError('a recording has splices only');
    const text = [...textAfter(replaced.get(record!)!)];
    for (const each of text.splice(intent.index, intent.removed.length, ...intent.inserted.split('').map((_, at) => `${dotKey(dot)} ${at}`))) erased.add(each);
    texts.set(record, text);
    return text;
  };
  for (const record of records) textAfter(record);
  const shown = new Set(textAfter(winnerOf(records)));
  const typed = records.flatMap(({ dot, intent }) => (intent.kind === 'splice' ? intent.inserted.split('').map((_, at) => `${dotKey(dot)} ${at}`) : []));
  return typed.filter((each) => !shown.has(each) && !erased.has(each)).length;
}

describe('replaying a recording of people typing', () => {
  test('an edit knows exactly what its maker had seen, and a fork is concurrency', () => {
    const trace = traceOf('XabY', typing(0, [], 0, 'a'), typing(0, [0], 1, 'b'), typing(0, [1], 0, 'X'), typing(1, [1], 2, 'Y'));
    const { records, crdt } = replayTrace(trace, { strategies: both });
    expect(records.map(({ dot, context }) => `${dotKey(dot)} ${context.toString()}`)).toEqual(['A:1 {}', 'A:2 {A:1}', 'A:3 {A:2}', 'B:1 {A:2}']);
    expect(crdt!.getText(traceField).toString()).toBe('XabY');
    expect(judgeReplay(replayTrace(trace, { strategies: both })).ledger.concurrentEdits).toBe(2);
  });

  test('of two that type apart, last writer wins loses one side, and the ledger says to whom', () => {
    // A writes three characters apart, B one: the longer side is the later.
    const trace = traceOf('1bcd2', typing(0, [], 0, '1'), typing(1, [0], 1, '2'), typing(0, [0], 1, 'b'), typing(0, [2], 2, 'c'), typing(0, [3], 3, 'd'));
    const { ledger, review } = judgeReplay(replayTrace(trace, { strategies: both }));
    expect(ledger.totals.map(({ strategy, charactersTyped, charactersLost }) => [strategy, charactersTyped, charactersLost])).toEqual([['crdt', 5, 0], ['last-writer-wins', 5, 1]]);
    expect(review.map(({ sentence }) => sentence)).toEqual(["B's typing “2” (B:1) was lost to A's typing “1bcd” (A:1–4) under Last writer wins. Neither had seen the other; the later timestamp won, 4 over 2."]);
  });

  test('who writes last is a question of time: as recorded, by causality, or by the order of the file', () => {
    const at = (...times: (number | null)[]): EditingTrace => traceOf('abX', typing(0, [], 0, 'a', times[0]), typing(0, [0], 1, 'b', times[1]), typing(1, [], 0, 'X', times[2]));
    const lost = (trace: EditingTrace, times?: TraceTimes): [string, number] => {
      const replayed = replayTrace(trace, { strategies: both, ...(times ? { times } : {}) });
      return [replayed.times, judgeReplay(replayed).ledger.totals[1]!.charactersLost];
    };
    expect(lost(at(null, null, null))).toEqual(['causal', 1]);
    expect(lost(at(7, 7, 7))).toEqual(['causal', 1]);
    expect(lost(at(null, null, null), 'file')).toEqual(['file', 2]);
    expect(lost(at(10, 20, 30))).toEqual(['recorded', 2]);
    expect(lost(at(10, 20, 15))).toEqual(['recorded', 1]);
  });

  test('positions count code points', () => {
    const trace = traceOf('👍xé', typing(0, [], 0, '👍👍'), typing(0, [0], 2, 'é'), typing(1, [1], 1, 'x', null, 1));
    const { records, end } = replayTrace(trace, { strategies: both });
    expect(end).toBe('same');
    expect((records as EditRecord[]).map(({ intent }) => intent)).toEqual([
      { kind: 'splice', index: 0, removed: '', inserted: '👍👍' },
      { kind: 'splice', index: 4, removed: '', inserted: 'é' },
      { kind: 'splice', index: 2, removed: '👍', inserted: 'x' },
    ]);
  });

  test('an agent that edited in two places at once is a replica for each', () => {
    const { records } = replayTrace(traceOf('abc', typing(0, [], 0, 'a'), typing(0, [0], 1, 'b'), typing(0, [0], 1, 'c')), { strategies: both });
    expect(records.map(({ dot }) => dotKey(dot))).toEqual(['A:1', 'A:2', 'A.2:1']);
  });

  test.each([
    ['a position beyond the text', traceOf('a', typing(0, [], 0, 'a'), typing(1, [0], 3, 'b')), /expected patches within the text: transaction 1: a patch reaches to position 3 of a text of 1 characters/],
    ['a position that only the other side has', traceOf('ab', typing(0, [], 0, 'ab'), typing(1, [], 1, 'c')), /transaction 1: a patch reaches to position 1 of a text of 0/],
    ['deleting more than there is', traceOf('', typing(0, [], 0, 'a'), typing(0, [0], 0, '', null, 2)), /transaction 1: a patch reaches to position 2 of a text of 1/],
    ['more code points than there are', traceOf('', typing(0, [], 0, '👍'), typing(0, [0], 2, 'a')), /transaction 1: a patch reaches to position 2 of a text of 1 characters/],
    ['another text in the end', traceOf('ax', typing(0, [], 0, 'ab')), /expected edits that make the endContent of 2 characters; they make a text of 2, which differs from character 1 on/],
  ])('%s is refused', (_, trace, message) => {
    expect(() => replayTrace(trace, { strategies: both })).toThrow(UnreadableInput);
    expect(() => replayTrace(trace, { strategies: both })).toThrow(message);
  });

  test('more edits and replicas than a machine can hold are refused before anything is carried out', () => {
    const alone = Array.from({ length: 2_000 }, (_, i) => typing(i % 3, [], 0, 'x'));
    expect(() => replayTrace(traceOf('', ...alone), { strategies: both })).toThrow('expected at most 1,000,000 edits times replicas; there are 2,000 edits of 501 replicas');
  });

  test('the same characters in another order are told, not refused', () => {
    expect(replayTrace(traceOf('ba', typing(0, [], 0, 'a'), typing(1, [], 0, 'b')), { strategies: both }).end).toBe('reordered');
  });

  test('siblings refuse all that is typed while two texts wait, as nobody in a recording chooses', () => {
    const trace = traceOf('abcd', typing(0, [], 0, 'a'), typing(0, [0], 1, 'b'), typing(1, [0], 1, 'c'), typing(1, [1, 2], 3, 'd'));
    const [siblings] = judgeReplay(replayTrace(trace, { strategies: ['siblings'] })).scorecard;
    expect(siblings).toMatchObject({ strategy: 'siblings', actions: 3, kept: 0, toResolve: 2, refused: 1, charactersLost: 0, converged: true });
  });

  test('any session of 2 to 4 people: the text is what Yjs made of it, and what last writer wins lost is what naive counting says', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = new SeededRandom(seed);
      const trace = recordedSession(random, 2 + random.below(3), 80);
      const replayed = replayTrace(trace, { strategies: answeringIds });
      expect(replayed.end, `seed ${seed}`).toBe('same');
      const { scorecard } = judgeReplay(replayed);
      expect(scorecard.map(({ converged }) => converged)).toEqual([true, true, true]);
      expect(scorecard[0]!.charactersLost).toBe(0);
      expect(scorecard[1]!.charactersLost, `seed ${seed}`).toBe(naivelyLost(replayed.records as EditRecord[]));
      for (const row of scorecard) expect(row.kept + row.superseded + row.lost + row.toResolve + row.resurrected + row.refused + row.unknown + row.pending).toBe(row.actions);
    }
  });

  test('the recording of two friends ends with its text, and its history can be read again', ({ skip }) => {
    const file = `${projectRoot}${sharedRecording}`;
    skip(!existsSync(file), `the recording ${sharedRecording} is not there`);
    const trace = parseEditingTrace(gunzipSync(readFileSync(file)).toString());
    const replayed = replayTrace(trace, { strategies: both });
    expect(replayed.end).toBe('same');
    expect(replayed.merges).toBe(2_258);
    const { scorecard } = judgeReplay(replayed);
    expect(scorecard.map(({ edits, charactersTyped, charactersLost, converged }) => ({ edits, charactersTyped, charactersLost, converged }))).toEqual([
      { edits: 26_078, charactersTyped: 23_720, charactersLost: 0, converged: true },
      { edits: 26_078, charactersTyped: 23_720, charactersLost: 5_845, converged: true },
    ]);
    const { schema, strategies, records } = replayed;
    const lines = [...jsonHistoryLines({ schema, strategies, replicas: ['A', 'B'], records, events: [], document: null })];
    expect(parseHistory(lines.map((line) => line.trimEnd())).records.length).toBe(26_078);
  });
});
