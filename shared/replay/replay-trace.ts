/**
 * Replays a recorded editing session: each agent is a replica, each patch an edit with a dot, a causal context and a trace under each strategy, so that the
 * ledger judges it like any room's history.
 *
 * The text that people saw is the CRDT's. Under the other strategies a patch is carried out at the same place of what they hold there, as in the lab.
 * An agent whose transactions are not one line (it edited in two places at once) is one replica for each line: "A", "A.2".
 */
import type * as Y from 'yjs';
import type { ReplicaId } from '../clocks/dot.ts';
import { HybridLogicalClock, type HybridTimestamp } from '../clocks/hybrid-logical-clock.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import type { TextIntent } from '../document/intent.ts';
import type { Schema } from '../document/schema.ts';
import type { EditingTrace, Patch } from './editing-trace.ts';
import type { EditRecord } from '../history/record.ts';
import { UnreadableInput } from '../encoding/unreadable-input.ts';
import { seedClient } from '../strategies/yjs/yjs-strategy.ts';
import { textRange } from '../strategies/yjs/text-range.ts';
import { mustBeBearable, type Progress, type Replayed, replayedAt } from './replayed.ts';
import { type AnsweringId, ReplayedCopies } from './replayed-copies.ts';

/** The one field of a trace's document. */
export const traceField = 'text';

export const traceSchema: Schema = [{ id: traceField, type: 'text', label: 'Text', initial: '' }];

/**
 * When edits were made, which decides who writes last. `recorded`: as the file says. `causal`: each edit one step after all that its maker had seen (Lamport
 * 1978), so that of two sides the one that wrote more is the later. `file`: each edit one step after the one before it in the file.
 */
export type TraceTimes = 'recorded' | 'causal' | 'file';

export interface ReplayedTrace extends Replayed {
  readonly times: TraceTimes;
  /** Transactions that name several parents. */
  readonly merges: number;
  /** Whether the CRDT's text is the recording's, to the last character; `reordered`: only in the order of some characters that met at one place. */
  readonly end: 'same' | 'reordered';
}

export interface TraceReplayOptions {
  /** Beside the CRDT, which always shows what people saw. */
  readonly strategies: readonly AnsweringId[];
  /** Default: as recorded, if the recording tells times; else causal. */
  readonly times?: TraceTimes;
  readonly progress?: Progress;
}

/** When and where one transaction happened. */
interface Placed {
  readonly line: Line;
  readonly context: VersionVector;
  readonly after: VersionVector;
  readonly wallMs: number;
  /** Of its first edit. */
  readonly hybrid: HybridTimestamp;
  /** Of its last edit. */
  readonly last: HybridTimestamp;
}

/** Edits of one agent, each of which had seen the one before. */
interface Line {
  readonly id: ReplicaId;
  readonly agent: number;
  edits: number;
  client: number;
}

/** Throws an UnreadableInput where a patch lies outside of the text, there are too many edits and replicas, or the edits do not make the text that the recording ends with. */
export function replayTrace(trace: EditingTrace, { strategies, times = timesOf(trace), progress }: TraceReplayOptions): ReplayedTrace {
  const { transactions } = trace;
  const { placed, lines } = placesOf(trace, times);
  numberClients(lines);
  const copies = new ReplayedCopies(traceSchema, [...new Set<AnsweringId>(['crdt', ...strategies])]);
  const isPlain = !transactions.some(({ patches }) => patches.some(({ inserted }) => /[\ud800-\udbff]/.test(inserted)));
  const records: EditRecord[] = [];
  transactions.forEach(({ patches }, index) => {
    const place = placed[index]!;
    patches.forEach((patch, at) => {
      const edit = editOf(place, at);
      const { doc } = copies.at(edit.dot.replica, edit.context).crdt;
      const intent = intentOf(doc.getText(traceField), patch, isPlain, index);
      records.push(copies.perform({ ...edit, field: traceField, intent, traces: {} }, place.line.client));
    });
    progress?.(index + 1, transactions.length);
  });
  const replayed = replayedAt(traceSchema, copies, records, strategies);
  return { ...replayed, times, end: endOf(trace, copies.final.crdt.doc.getText(traceField).toString()), merges: transactions.filter(({ parents }) => parents.length > 1).length };
}

/** Agent 0 has the lowest client id: concurrent inserts at one place stand in the order of the agents. */
function numberClients(lines: Line[]): void {
  [...lines].sort((a, b) => a.agent - b.agent).forEach((line, rank) => (line.client = seedClient + 1 + rank));
}

function timesOf({ transactions }: EditingTrace): TraceTimes {
  const [first] = transactions;
  return transactions.some(({ timeMs }) => timeMs !== null && timeMs !== first!.timeMs) ? 'recorded' : 'causal';
}

function placesOf({ transactions }: EditingTrace, times: TraceTimes): { readonly placed: readonly Placed[]; readonly lines: Line[] } {
  const linesOf = new Map<number, Line[]>();
  const lines = new Set<Line>();
  const placed: Placed[] = [];
  const edits = transactions.reduce((sum, { patches }) => sum + patches.length, 0);
  let recordedMs = 0;
  transactions.forEach(({ parents, agent, timeMs, patches }, index) => {
    const before = parents.map((parent) => placed[parent]!);
    const context = before.reduce((all, { after }) => all.merge(after), VersionVector.empty);
    const line = lineOf(linesOf, agent, context);
    // While counting: a file may have a line for each transaction.
    if (!lines.has(line)) mustBeBearable(lines.add(line).size, edits);
    recordedMs = timeMs ?? recordedMs;
    const wallMs = times === 'recorded' ? recordedMs : 1 + (times === 'file' ? index : before.reduce((latest, each) => Math.max(latest, each.wallMs), 0));
    const clock = new HybridLogicalClock();
    for (const { last } of before) clock.observe(last);
    const hybrid = clock.tick(wallMs);
    line.edits += patches.length;
    const after = patches.length === 0 ? context : context.with({ replica: line.id, counter: line.edits });
    placed.push({ line, context, after, wallMs, hybrid, last: nth(hybrid, Math.max(0, patches.length - 1)) });
  });
  return { placed, lines: [...lines] };
}

/** The agent's line that this context continues; a new one if there is none. */
function lineOf(linesOf: Map<number, Line[]>, agent: number, context: VersionVector): Line {
  const lines = linesOf.get(agent) ?? [];
  if (lines.length === 0) linesOf.set(agent, lines);
  const known = lines.find(({ id, edits }) => context.get(id) === edits);
  if (known) return known;
  const name = agent < 26 ? String.fromCharCode('A'.charCodeAt(0) + agent) : `agent${agent}`;
  const line = { id: lines.length === 0 ? name : `${name}.${lines.length + 1}`, agent, edits: 0, client: 0 };
  lines.push(line);
  return line;
}

/** The time of the n-th edit after this one within one transaction. */
function nth({ ms, counter }: HybridTimestamp, n: number): HybridTimestamp {
  return { ms, counter: counter + n };
}

function editOf({ line, context, wallMs, hybrid }: Placed, at: number): Pick<EditRecord, 'dot' | 'context' | 'wallMs' | 'hybrid'> {
  const counter = context.get(line.id) + 1 + at;
  return { dot: { replica: line.id, counter }, context: at === 0 ? context : context.with({ replica: line.id, counter: counter - 1 }), wallMs, hybrid: nth(hybrid, at) };
}

function intentOf(text: Y.Text, { position, deleted, inserted }: Patch, isPlain: boolean, index: number): TextIntent {
  try {
    const { index: start, text: removed } = textRange(text, position, deleted, isPlain);
    return { kind: 'splice', index: start, removed, inserted };
  } catch (error) {
    throw error instanceof RangeError ? new UnreadableInput(`expected patches within the text: transaction ${index}: ${error.message}`) : error;
  }
}

/** The same characters in another order are what another algorithm makes of inserts at one place; anything else is not this recording's end. */
function endOf({ endContent }: EditingTrace, text: string): ReplayedTrace['end'] {
  if (text === endContent) return 'same';
  if (text.length === endContent.length && [...text].sort().join('') === [...endContent].sort().join('')) return 'reordered';
  throw new UnreadableInput(`expected edits that make the endContent of ${endContent.length} characters; they make a text of ${text.length}, which differs from character ${firstDifference(text, endContent)} on`);
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}
