/**
 * The review after rejoining: the ledger's rows that did not simply survive, as a person reads them. Keystrokes of one run of typing that
 * met the same fate are one entry.
 */
import { dotKey, type DotKey, type ReplicaId } from '../clocks/dot.ts';
import type { Intent } from '../document/intent.ts';
import { fieldOf, type FieldId, type Schema } from '../document/schema.ts';
import { inCausalOrder } from '../history/causal-order.ts';
import { type EditRecord, type StrategyId, strategyIds } from '../history/record.ts';
import { strategyNames } from '../strategies/names.ts';
import type { Disposition, Fate, LedgerRow } from './fates/fate.ts';
import type { Ledger } from './ledger.ts';
import { capital, dotsOf, duration, listOf, ownerOf, personOf, phraseOf, rollBackPhrase, stampsPhrase } from './phrases.ts';

export interface ReviewEntry {
  /** Stable while the history grows. */
  readonly key: string;
  /** The field's label: "Votes". */
  readonly label: string;
  readonly field: FieldId;
  /** "your +1 (A:9) was lost to B's +1 (B:4) under Last writer wins. Neither had seen the other." */
  readonly sentence: string;
  /** How many edits it tells about. */
  readonly edits: number;
  /** How many typed characters are lost, by strategy, where any are. */
  readonly charactersLost: Readonly<Partial<Record<StrategyId, number>>>;
  /** Version vectors of the edit and, where there is one, of the edit that caused its fate: "A:9 {A:9 B:3}". */
  readonly clocks: readonly string[];
  /** What each strategy made of it, in the order of the columns. */
  readonly fates: readonly { readonly strategy: StrategyId; readonly disposition: Disposition; readonly text: string }[];
  /** The edit that would put the lost value back, where it was lost; null when there is nothing to put back. */
  readonly putBack: { readonly field: FieldId; readonly intent: Intent; readonly only: readonly StrategyId[]; readonly restores: DotKey } | null;
}

/** The dispositions that a person is told about: all but kept, superseded and pending. */
const toldAbout: ReadonlySet<Disposition> = new Set(['lost', 'sibling', 'resurrected', 'refused', 'unknown']);

/** The review for one reader, newest first. `viewer` is the replica whose window shows it; only the fates under `strategies` are told. */
export function reviewOf(complete: Ledger, schema: Schema, viewer: ReplicaId, strategies: readonly StrategyId[] = strategyIds): ReviewEntry[] {
  const ledger = { ...complete, rows: complete.rows.map((row) => ({ ...row, fates: fatesUnder(strategies, row) })) };
  const rows = new Map(ledger.rows.map((row) => [dotKey(row.record.dot), row]));
  const labels = new Map(ledger.rows.flatMap(({ record }) => (record.intent.kind === 'insert' ? [[dotKey(record.dot), record.intent.label] as const] : [])));
  const restored = new Map(ledger.rows.flatMap(({ record }) => (record.restores ? [[record.restores, record] as const] : [])));
  const runs = runsOf(ledger.rows);
  return runs.reverse().map((run) => entryOf(run, { schema, viewer, rows, restored, label: (item) => labels.get(item) ?? item }));
}

function fatesUnder(strategies: readonly StrategyId[], { fates }: LedgerRow): LedgerRow['fates'] {
  return Object.fromEntries(strategies.flatMap((strategy) => (fates[strategy] ? [[strategy, fates[strategy]] as const] : [])));
}

interface Context {
  readonly schema: Schema;
  readonly viewer: ReplicaId;
  readonly rows: ReadonlyMap<DotKey, LedgerRow>;
  readonly restored: ReadonlyMap<DotKey, EditRecord>;
  readonly label: (item: string) => string;
}

/** Rows to be told about, in causal order; keystrokes (and steps) of one replica that follow each other and met the same fate together. */
function runsOf(rows: readonly LedgerRow[]): LedgerRow[][] {
  const rowOf = new Map(rows.map((row) => [row.record, row]));
  const runs: LedgerRow[][] = [];
  const open = new Map<string, LedgerRow[]>();
  for (const record of inCausalOrder(rows.map((row) => row.record))) {
    const row = rowOf.get(record)!;
    const place = `${record.dot.replica} ${record.field}`;
    if (toldFates(row).length === 0) {
      open.delete(place);
      continue;
    }
    const run = open.get(place);
    if (run && continues(run.at(-1)!, row)) {
      run.push(row);
      continue;
    }
    const started = [row];
    runs.push(started);
    open.set(place, started);
  }
  return runs;
}

function continues(previous: LedgerRow, next: LedgerRow): boolean {
  const kind = next.record.intent.kind;
  if (kind !== previous.record.intent.kind || (kind !== 'splice' && kind !== 'increment')) return false;
  return !next.record.restores && !previous.record.restores && fingerprint(previous) === fingerprint(next);
}

/** What must be alike in one entry: the fates that it tells about. */
function fingerprint(row: LedgerRow): string {
  return toldFates(row).map(([strategy, fate]) => JSON.stringify([strategy, fate.disposition, fate.reason, fate.cause && dotKey(fate.cause), fate.refusal, fate.wasUnknown, fate.rolledBack])).sort().join(';');
}

function toldFates(row: LedgerRow): [StrategyId, Fate][] {
  return (Object.entries(row.fates) as [StrategyId, Fate][]).filter(([, fate]) => toldAbout.has(fate.disposition));
}

/** What one strategy made of a run: one word where all met the same fate, else how many met which: "4 kept, 1 superseded". */
function runFate(run: readonly LedgerRow[], strategy: StrategyId, viewer: ReplicaId): ReviewEntry['fates'][number] {
  const fates = run.flatMap((row) => row.fates[strategy] ?? []);
  const told = fates.find((fate) => toldAbout.has(fate.disposition)) ?? fates[0]!;
  const texts = new Set(fates.map((fate) => fateText(fate, viewer)));
  if (texts.size === 1) return { strategy, disposition: told.disposition, text: [...texts][0]! };
  const counts = new Map<string, number>();
  for (const fate of fates) counts.set(fateTexts[fate.disposition], (counts.get(fateTexts[fate.disposition]) ?? 0) + 1);
  return { strategy, disposition: told.disposition, text: [...counts].map(([text, count]) => `${count} ${text}`).join(', ') };
}

function entryOf(run: readonly LedgerRow[], context: Context): ReviewEntry {
  const records = run.map((row) => row.record);
  const first = run[0]!;
  const field = fieldOf(context.schema, first.record.field);
  const typed = typedText(records);
  const key = dotKey(first.record.dot);
  const fates = (Object.keys(first.fates) as StrategyId[]).map((strategy) => runFate(run, strategy, context.viewer));
  const told = toldFates(first);
  const sentence = alike(told).map(([strategies, fate], i) => sentenceOf(records, typed, strategies, fate, context, i === 0)).join(' ');
  const causes = new Set(told.flatMap(([, fate]) => (fate.cause ? [dotKey(fate.cause)] : [])));
  const clocks = [clockOf(records.at(-1)!), ...[...causes].flatMap((cause) => (context.rows.has(cause) ? [clockOf(context.rows.get(cause)!.record)] : []))];
  const restoredBy = context.restored.get(key);
  const putBack = restoredBy ? null : putBackOf(records, typed, told);
  const ending = restoredBy ? ` Put back by ${personOf(restoredBy.dot.replica, context.viewer)} (${dotKey(restoredBy.dot)}).` : '';
  return { key, label: field.label, field: field.id, sentence: sentence + ending, edits: run.length, charactersLost: charactersLost(run), clocks, fates, putBack };
}

function charactersLost(run: readonly LedgerRow[]): Partial<Record<StrategyId, number>> {
  const lost: Partial<Record<StrategyId, number>> = {};
  for (const row of run) {
    for (const [strategy, fate] of Object.entries(row.fates) as [StrategyId, Fate][]) {
      if (fate.characters && fate.characters.lost > 0) lost[strategy] = (lost[strategy] ?? 0) + fate.characters.lost;
    }
  }
  return lost;
}

/** What several strategies said in the same words is told once. */
function alike(told: readonly [StrategyId, Fate][]): [StrategyId[], Fate][] {
  const groups = new Map<string, [StrategyId[], Fate]>();
  for (const [strategy, fate] of told) {
    const isSaid = fate.disposition === 'refused' || fate.disposition === 'unknown';
    const words = isSaid ? JSON.stringify([fate.disposition, fate.refusal, fate.wasUnknown]) : strategy;
    const group = groups.get(words);
    if (group) group[0].push(strategy);
    else groups.set(words, [[strategy], fate]);
  }
  return [...groups.values()];
}

/** "Quorum, Consensus and Single leader" */
function namesOf(strategies: readonly StrategyId[]): string {
  return listOf(strategies.map((strategy) => strategyNames[strategy]));
}

function sentenceOf(records: readonly EditRecord[], typed: string, strategies: readonly StrategyId[], fate: Fate, context: Context, isFirst: boolean): string {
  const owner = ownerOf(records[0]!.dot.replica, context.viewer);
  const subject = isFirst ? `${owner} ${phraseOf(records, typed, context.label)} (${dotsOf(records)})` : 'it';
  const strategy = strategies[0]!;
  const under = `under ${namesOf(strategies)}`;
  const causeRow = fate.cause && context.rows.get(dotKey(fate.cause));
  const cause = causeRow ? causePhrase(causeRow.record, records[0]!, context) : 'another edit';
  switch (fate.disposition) {
    case 'lost': return sentenceCase(`${subject} was lost ${fate.reason === 'rolled-back' ? '' : `to ${cause} `}${under}. ${reasonOf(strategy, fate, records.at(-1)!, causeRow?.record, context.viewer)}`, isFirst);
    case 'resurrected': return sentenceCase(`${subject} was undone by ${cause} ${under}: ${personOf(causeRow?.record.dot.replica ?? 'somebody', context.viewer)} had not seen the removal, and ${strategy === 'siblings' ? 'a union keeps what any side has' : 'adding wins'}.`, isFirst);
    case 'sibling': return sentenceCase(`${subject} waits beside ${cause} ${under} for a person to choose.`, isFirst);
    case 'refused': return sentenceCase(`${subject} was refused ${under}${refusalPhrase(fate)}`, isFirst);
    default: return sentenceCase(`${subject} may or may not have taken effect ${under}: ${fate.refusal ?? 'nobody could say'}.`, isFirst);
  }
}

function refusalPhrase({ refusal = 'no reason given', wasUnknown }: Fate): string {
  return wasUnknown ? ` in the end, after its outcome had been unknown. ${capital(refusal)}.` : `: ${refusal}.`;
}

/** The sentence follows "Votes: ", so that its first one stays in lower case. */
function sentenceCase(sentence: string, isFirst: boolean): string {
  return isFirst ? sentence : capital(sentence);
}

function causePhrase(cause: EditRecord, lost: EditRecord, context: Context): string {
  const typed = cause.intent.kind === 'splice' ? cause.intent.inserted : '';
  const name = `${ownerOf(cause.dot.replica, context.viewer)} ${phraseOf([cause], typed, context.label)} (${dotKey(cause.dot)})`;
  if (cause.field === lost.field) return name;
  return `${name} in ${fieldOf(context.schema, cause.field).label}, which carried the whole document`;
}

function reasonOf(strategy: StrategyId, fate: Fate, lost: EditRecord, cause: EditRecord | undefined, viewer: ReplicaId): string {
  const loser = personOf(lost.dot.replica, viewer);
  switch (fate.reason) {
    case 'skew': {
      const ahead = cause ? cause.wallMs - lost.wallMs : 0;
      const by = ahead > 0 ? ` by ${duration(ahead)}` : '';
      if (cause && !lost.context.includes(cause.dot)) return `It was made later, but ${ownerOf(cause.dot.replica, viewer)} clock is ${duration((cause.skewMs ?? 0) - (lost.skewMs ?? 0))} fast: ${stampsPhrase(cause, lost)}.`;
      return cause && cause.dot.replica !== lost.dot.replica
        ? `It was later: ${loser} had seen ${ownerOf(cause.dot.replica, viewer)} edit, but the clock there was ahead${by}.`
        : `It was later, but the clock had been set back${by}.`;
    }
    case 'client-id': return 'Neither had seen the other; a Yjs map key keeps one of two concurrent values, by client id and not by time.';
    case 'rolled-back': return rollBackPhrase(fate);
    // The quorum's copies may not have known what the journals did.
    case 'version': return `${cause ? capital(ownerOf(cause.dot.replica, viewer)) : 'That'} edit was applied to an older value, and has the higher version.`;
    default: return strategy === 'last-writer-wins' && cause ? `Neither had seen the other; ${stampsPhrase(cause, lost)}.` : 'Neither had seen the other.';
  }
}

const fateTexts: Readonly<Record<Disposition, string>> = {
  pending: 'pending',
  visible: 'kept',
  superseded: 'superseded',
  lost: 'lost',
  sibling: 'to resolve',
  resurrected: 'came back',
  refused: 'refused',
  unknown: 'unknown',
};

function fateText(fate: Fate, viewer: ReplicaId): string {
  const by = fate.disposition === 'superseded' && fate.cause ? ` by ${personOf(fate.cause.replica, viewer)} (${dotKey(fate.cause)})` : '';
  return `${fateTexts[fate.disposition]}${by}${fate.wasUnknown ? ', at first unknown' : ''}`;
}

function clockOf(record: EditRecord): string {
  return `${dotKey(record.dot)} ${record.context.with(record.dot).toString()}`;
}

/** What a run of splices typed, as far as it hangs together: later splices inside it change it, others are appended. */
export function typedText(records: readonly EditRecord[]): string {
  let text = '';
  let start = 0;
  for (const { intent } of records) {
    if (intent.kind !== 'splice') return '';
    const at = intent.index - start;
    if (text === '') start = intent.index;
    const isInside = text !== '' && at >= 0 && at <= text.length;
    const place = isInside ? at : text.length;
    text = text.slice(0, place) + intent.inserted + text.slice(place + (isInside ? intent.removed.length : 0));
  }
  return text;
}

function putBackOf(records: readonly EditRecord[], typed: string, told: readonly [StrategyId, Fate][]): ReviewEntry['putBack'] {
  const only = told.filter(([, fate]) => fate.disposition === 'lost' || fate.disposition === 'resurrected').map(([strategy]) => strategy);
  if (only.length === 0) return null;
  const { field, intent, dot } = records[0]!;
  const restores = dotKey(dot);
  if (intent.kind === 'increment') return { field, only, restores, intent: { kind: 'increment', by: records.reduce((sum, { intent: each }) => sum + (each.kind === 'increment' ? each.by : 0), 0) } };
  if (intent.kind !== 'splice') return { field, only, restores, intent };
  // A run that leaves nothing typed was a deletion; only a single one can be done again with certainty.
  if (typed === '') return records.length === 1 ? { field, only, restores, intent } : null;
  return { field, only, restores, intent: { ...intent, removed: '', inserted: typed } };
}
