/**
 * Replaying a real recording of two people typing: against bare Yjs doing the same merges, in one run and by turns; and how memory grows with the edits.
 * Prints tables, or with --json one JSON document; judges nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ledgerOf } from '../shared/analysis/ledger.ts';
import { type EditingTrace, parseEditingTrace } from '../shared/replay/editing-trace.ts';
import { replayTrace } from '../shared/replay/replay-trace.ts';
import { type AnsweringId, answeringIds } from '../shared/replay/replayed-copies.ts';
import { bareYjs } from './bare-yjs.ts';
import { milliseconds, printTable, shown, size, whole } from './figure-table.ts';
import { type Figures, spread, tookMs } from './figures.ts';
import { answerPart, askedPart, medianOfRuns } from './own-process.ts';

/** Turns of each, after one to warm up. */
const turns = 7;
const memoryRuns = 3;
/** Parts of the trace, from its beginning. */
const parts = [0.25, 0.5, 1];

export default async function replay(project: string, { json = false }: { readonly json?: boolean } = {}): Promise<void> {
  const file = join(project, '..', 'shared', 'traces', 'friendsforever.json.gz');
  if (!existsSync(file)) return console.log(`replay: left out, as the recording ${file} is not there`);
  const trace = traceIn(file);
  const times = await byTurns(trace);
  const memory: Figures[] = [];
  for (const part of parts) memory.push(await medianOfRuns(['memory', file, String(part)], memoryRuns));
  if (json) return console.log(JSON.stringify({ turns, times, memory }, null, 2));
  printTimes(trace, times);
  printMemory(memory);
}

const part = askedPart();
if (part) answerPart(memoryOf(traceIn(part[1]!), Number(part[2])));

function traceIn(file: string): EditingTrace {
  return parseEditingTrace(gunzipSync(readFileSync(file)).toString());
}

/** Median milliseconds of each, all in turn. */
async function byTurns(trace: EditingTrace): Promise<Record<string, number>> {
  const replaying = (strategies: readonly AnsweringId[], judge: boolean) => (): void => {
    const replayed = replayTrace(trace, { strategies });
    if (judge) ledgerOf(replayed);
  };
  const contestants: Record<string, () => void> = {
    'bare Yjs': () => void (bareYjs(trace) === trace.endContent || raise()),
    'CRDT': replaying(['crdt'], false),
    'CRDT, with its ledger': replaying(['crdt'], true),
    'CRDT and last writer wins, with their ledger': replaying(['crdt', 'last-writer-wins'], true),
    'all three that answer at once, with their ledger': replaying(answeringIds, true),
  };
  const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, [] as number[]]));
  for (let turn = 0; turn <= turns; turn++) {
    for (const [name, run] of Object.entries(contestants)) {
      const ms = await tookMs(run);
      if (turn > 0) times[name]!.push(ms);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, each]) => [name, spread(each).median]));
}

function raise(): never {
  throw new Error('bare Yjs does not end with the text of the recording');
}

/** What the replay of the first part of a trace holds, and what the process took. */
function memoryOf(trace: EditingTrace, fraction: number): Figures {
  const transactions = trace.transactions.slice(0, Math.round(trace.transactions.length * fraction));
  const beginning = { ...trace, transactions };
  const cut = { ...beginning, endContent: bareYjs(beginning) };
  collect();
  const before = process.memoryUsage().heapUsed;
  const replayed = replayTrace(cut, { strategies: answeringIds });
  const ledger = ledgerOf(replayed);
  collect();
  return { edits: ledger.rows.length, heldBytes: process.memoryUsage().heapUsed - before, rssBytes: process.memoryUsage().rss };
}

function collect(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

function printTimes(trace: EditingTrace, times: Readonly<Record<string, number>>): void {
  const bare = times['bare Yjs']!;
  printTable(
    `${whole(trace.transactions.length)} edits of ${trace.agents} people; medians of ${turns} turns, all by turns in one process`,
    ['', 'time', 'of bare Yjs'],
    Object.entries(times).map(([name, ms]) => [name, milliseconds(ms), `${shown(ms / bare)}×`]),
  );
}

function printMemory(memory: readonly Figures[]): void {
  printTable(
    'Memory that a replay holds, ledger and all, under the three strategies that answer at once',
    ['edits', 'held', 'an edit', 'whole process'],
    memory.map(({ edits, heldBytes, rssBytes }) => [whole(edits), size(heldBytes), `${shown(heldBytes! / edits!)} bytes`, size(rssBytes)]),
  );
}
