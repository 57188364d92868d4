/**
 * Invariants: what holds in every run, whatever people and the network did: convergence, a ledger that is complete and true, and what each strategy
 * says of itself. A pure function of a run that is over; a broken invariant is one sentence. Rules in brackets: shared/strategies/SPEC.md.
 *
 * Each value is checked against what edits say it should be by ways of its own, not by the code that made it. Costs time in proportion to the square of
 * the edits of a field.
 */
import type { Fate, Ledger } from '../analysis/ledger.ts';
import { type Level, levels } from '../analysis/verdicts/levels.ts';
import type { Verdicts } from '../analysis/verdicts/verdicts.ts';
import { dotKey, type ReplicaId } from '../clocks/dot.ts';
import type { FieldId, FieldSpec, FieldValue, ListItem, Schema } from '../document/schema.ts';
import { type EditRecord, isEdit, type JournalRecord, type StrategyId } from '../history/record.ts';
import { strategyNames, type StrategySettings } from '../strategies/registry.ts';
import type { Siblings } from '../strategies/siblings/siblings.ts';
import type { LastWriterWins } from '../strategies/last-writer-wins/last-writer-wins.ts';

const sessionGuarantees = levels.slice(levels.indexOf('causal') + 1, levels.indexOf('eventual'));

/** A run that is over. */
export interface FinishedRun {
  readonly schema: Schema;
  readonly settings: StrategySettings;
  readonly strategies: readonly StrategyId[];
  readonly records: readonly JournalRecord[];
  readonly ledger: Ledger;
  /** Of the strategies that were judged. */
  readonly verdicts: Readonly<Partial<Record<StrategyId, Verdicts>>>;
  /**
   * Whether a program was killed before the journal had all that its document had: then the document may hold, or lack, what no record tells of, and
   * nobody can say whose doing that was.
   */
  readonly hasUntold: boolean;
  /** Whether all replicas were up and connected in the end (one that is down may have more to tell), nothing was under way, and time enough went by for copies to compare what they have. */
  readonly isSettled: boolean;
  /** The replicas that are up; at least one. */
  readonly replicas: readonly {
    readonly id: ReplicaId;
    readonly clock: string;
    /** How many records its journal has, and how many its clock says that it has seen. */
    readonly journal: { readonly records: number; readonly seen: number };
    /** Own edits that the relay has not confirmed. */
    readonly waiting: number;
    readonly digest: (strategy: StrategyId) => string;
    readonly value: (strategy: StrategyId, field: FieldId) => FieldValue;
  }[];
  /** Those of the first of them. */
  readonly lastWriterWins: LastWriterWins;
  readonly siblings: Siblings;
}

/** What was not kept, a sentence each; empty when all is well. */
export function brokenInvariants(run: FinishedRun): string[] {
  const edits = run.records.filter(isEdit);
  return [
    ...convergence(run),
    ...once(run),
    ...ledgerAddsUp(run, edits),
    ...(run.isSettled ? [...winners(run, edits), ...siblingsOf(run, edits), ...unions(run, edits), ...run.strategies.flatMap((strategy) => run.schema.flatMap((field) => visible(run, edits, strategy, field)))] : []),
    ...concurrency(run, edits),
    ...neverLost(run),
    ...levelsAgree(run),
  ];
}

/** [ALL4] */
function convergence({ isSettled, replicas, strategies, settings }: FinishedRun): string[] {
  const [first, ...others] = replicas;
  if (!isSettled || !first) return [];
  // Copies of a quorum that nobody repairs may differ for ever.
  const digests = new Map(strategies.filter((strategy) => strategy !== 'quorum' || settings.quorum.antiEntropy).map((strategy) => [strategy, first.digest(strategy)]));
  return others.flatMap((other) => [
    ...(other.clock === first.clock ? [] : [`${first.id} has ${first.clock}, and ${other.id} has ${other.clock}, though all was delivered`]),
    ...(other.waiting === 0 ? [] : [`${other.id} still has edits waiting`]),
    ...[...digests].filter(([strategy, digest]) => other.digest(strategy) !== digest).map(([strategy]) => `${strategyNames[strategy]}: ${first.id} and ${other.id} show different things, though all was delivered`),
  ]);
}

/** [ALL1] However often a record came, it took effect once. */
function once({ replicas }: FinishedRun): string[] {
  return replicas.filter(({ journal }) => journal.records !== journal.seen).map(({ id, journal }) => `the journal of ${id} has ${journal.records} records, and it has seen ${journal.seen}`);
}

/** [ALL7] */
function ledgerAddsUp({ ledger, isSettled }: FinishedRun, edits: readonly EditRecord[]): string[] {
  return ledger.totals.flatMap((totals) => {
    const name = strategyNames[totals.strategy];
    const { kept, superseded, lost, toResolve, resurrected, refused, unknown, pending, actions, edits: counted } = totals;
    const sum = kept + superseded + lost + toResolve + resurrected + refused + unknown + pending;
    const meant = edits.filter(({ traces }) => traces[totals.strategy]).length;
    return [
      ...(sum === actions ? [] : [`${name}: the ledger adds up to ${sum} of ${actions} actions`]),
      ...(counted === meant ? [] : [`${name}: the ledger has ${counted} of ${meant} edits`]),
      ...(isSettled && pending > 0 ? [`${name}: ${pending} edits are still pending, though all was delivered`] : []),
    ];
  });
}

/** [LWW1] [LWW2] [LWW3] [LWW6] The value is that of the greatest timestamp: of the field, or of the whole document. */
function winners({ schema, settings, strategies, lastWriterWins }: FinishedRun, edits: readonly EditRecord[]): string[] {
  if (!strategies.includes('last-writer-wins')) return [];
  const { granularity, clock } = settings.lastWriterWins;
  const stamp = ({ wallMs, hybrid }: EditRecord): [number, number] => (clock === 'wall' ? [wallMs, 0] : [hybrid.ms, hybrid.counter]);
  const later = (a: EditRecord, b: EditRecord): EditRecord => {
    const [first, second] = [stamp(a), stamp(b)];
    const order = first[0] - second[0] || first[1] - second[1] || byName(a.dot.replica, b.dot.replica) || a.dot.counter - b.dot.counter;
    return order > 0 ? a : b;
  };
  const all = edits.filter(({ traces }) => traces['last-writer-wins']?.outcome === 'accepted');
  return schema.flatMap(({ id, label }) => {
    const writes = granularity === 'field' ? all.filter(({ field }) => field === id) : all;
    const winner = writes.length === 0 ? '' : dotKey(writes.reduce(later).dot);
    const { tip } = lastWriterWins.chain(id);
    return tip === winner ? [] : [`Last writer wins: ${label} is that of ${tip || 'the beginning'}, and the latest write is ${winner || 'none'}`];
  });
}

function byName(a: ReplicaId, b: ReplicaId): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** [SIB1] [SIB2] [SIB4] By full causal histories: a write is current iff no accepted write of its field had it in its past. */
function siblingsOf({ schema, strategies, siblings }: FinishedRun, edits: readonly EditRecord[]): string[] {
  if (!strategies.includes('siblings')) return [];
  return schema.flatMap(({ id, label }) => {
    const writes = accepted(edits, 'siblings', id);
    const current = writes.filter((write) => !writes.some((other) => other.context.includes(write.dot)));
    const [found, expected] = [[...siblings.graph(id).heads].sort().join(' '), current.map(({ dot }) => dotKey(dot)).sort().join(' ')];
    const taken = writes.filter(({ intent, traces }) => {
      const [covers, resolver] = (traces.siblings as unknown as { details: [readonly string[], number] }).details;
      return covers.length > 1 && resolver === 0 && intent.kind !== 'resolve' && intent.kind !== 'set';
    });
    return [
      ...(found === expected ? [] : [`Siblings: ${label} has ${found || 'nothing'}, and concurrent are ${expected || 'none'}`]),
      ...(new Set(current.map(({ dot }) => dot.replica)).size === current.length ? [] : [`Siblings: ${label} has more siblings than writers`]),
      ...taken.map(({ dot }) => `Siblings: ${dotKey(dot)} was taken while siblings waited`),
    ];
  });
}

/** [SIB5] A union has whatever was added, unless somebody removed it, later or on another side. */
function unions({ schema, settings, strategies, replicas }: FinishedRun, edits: readonly EditRecord[]): string[] {
  if (settings.siblings.sets !== 'union' || !strategies.includes('siblings')) return [];
  return schema.flatMap(({ id, label, type }) => {
    if (type !== 'set') return [];
    const writes = accepted(edits, 'siblings', id);
    if (writes.some(({ intent }) => intent.kind === 'resolve')) return [];
    const elements = new Set(replicas[0]!.value('siblings', id) as readonly string[]);
    const missing = writes.filter(({ intent, context }) => intent.kind === 'add' && !elements.has(intent.element) && !writes.some((other) => other.intent.kind === 'remove' && other.intent.element === intent.element && !context.includes(other.dot)));
    return missing.map(({ dot }) => `Siblings: ${label} lacks what ${dotKey(dot)} added, and nobody removed it`);
  });
}

function concurrency({ ledger }: FinishedRun, all: readonly EditRecord[]): string[] {
  const edits = all.filter(({ gathers, traces }) => gathers === undefined && Object.keys(traces).length > 0);
  const unaware = (a: EditRecord, b: EditRecord): boolean => a.field === b.field && a.dot.replica !== b.dot.replica && !a.context.includes(b.dot) && !b.context.includes(a.dot);
  const concurrent = edits.filter((edit) => edits.some((other) => unaware(edit, other))).length;
  return ledger.concurrentEdits === concurrent ? [] : [`the ledger knows ${ledger.concurrentEdits} concurrent edits of ${concurrent}`];
}

/** What a stronger level promises every weaker one has: linearizable, sequential, causal, each session guarantee. */
function levelsAgree({ verdicts }: FinishedRun): string[] {
  const steps: readonly (readonly [Level, Level])[] = [['linearizable', 'sequential'], ['sequential', 'causal'], ...sessionGuarantees.map((guarantee) => ['causal', guarantee] as const)];
  return (Object.entries(verdicts) as [StrategyId, Verdicts][]).flatMap(([strategy, { levels }]) => steps.flatMap(([stronger, weaker]) => {
    const [above, below] = [levels[stronger].verdict, levels[weaker].verdict];
    const isSo = (above !== 'holds' || below === 'holds') && (below !== 'broken' || above === 'broken');
    return isSo ? [] : [`${strategyNames[strategy]}: ${stronger} is said to be ${above}, and ${weaker} to be ${below}`];
  }));
}

/** [YJS1] [YJS2] [YJS3] [CAS1] [CAS4] [LWW5] [CAS6] [LEAD10] */
function neverLost({ ledger, schema, settings, isSettled, hasUntold }: FinishedRun): string[] {
  const types = new Map(schema.map(({ id, type }) => [id, type]));
  const { replication, promotion } = settings.singleLeader;
  const needsMajorities = replication !== 'asynchronous' && promotion === 'majority';
  const found = ledger.rows.flatMap(({ record, fates }) => {
    const type = types.get(record.field);
    const key = dotKey(record.dot);
    return [
      // The document travels by itself, and may be ahead of the journal until all has arrived.
      ...(isSettled && !hasUntold && (type === 'text' || type === 'counter' || type === 'set') && fates.crdt?.disposition === 'lost' ? [`CRDT (Yjs): ${key} is lost`] : []),
      // Whole values can be set aside by an edit that had not seen them; steps cannot.
      ...((type === 'counter' || type === 'stock') && fates.consensus?.disposition === 'lost' ? [`Consensus: ${key} is lost`] : []),
      ...(needsMajorities && (type === 'counter' || type === 'stock') && fates['single-leader']?.disposition === 'lost' ? [`Single leader: ${key} is lost, though nobody leads without a majority`] : []),
      ...(settings.lastWriterWins.clock === 'hybrid' && isLostToSeen(record, fates['last-writer-wins']) ? [`Last writer wins: ${key} is lost to an older edit, with a hybrid clock`] : []),
    ];
  });
  const consensus = ledger.totals.find(({ strategy }) => strategy === 'consensus');
  if (consensus && consensus.oversold > 0) found.push(`Consensus oversold ${consensus.oversold}`);
  if (consensus && isSettled && consensus.unknown > 0) found.push(`Consensus left ${consensus.unknown} edits unknown, though all can be asked`);
  return found;
}

function isLostToSeen({ context }: EditRecord, fate: Fate | undefined): boolean {
  return fate?.disposition === 'lost' && fate.cause !== undefined && context.includes(fate.cause);
}

/** What a field holds against the edits that the ledger calls visible. */
function visible(run: FinishedRun, edits: readonly EditRecord[], strategy: StrategyId, field: FieldSpec): string[] {
  const { siblings, replicas, ledger } = run;
  // Several values have no one to compare with; a choice between siblings may set any value, and what came before no longer adds up by itself.
  if (strategy === 'siblings' && siblings.waiting(field.id).length > 0) return [];
  if (strategy === 'crdt' && run.hasUntold) return [];
  // Copies that nobody repairs need not hold the newest version.
  if (strategy === 'quorum' && !run.settings.quorum.antiEntropy && replicas.some((each) => each.digest(strategy) !== replicas[0]!.digest(strategy))) return [];
  const rows = ledger.rows.filter(({ record, fates }) => record.field === field.id && fates[strategy]?.disposition === 'visible').map(({ record }) => record);
  if ([...rows, ...accepted(edits, strategy, field.id)].some(({ intent }) => intent.kind === 'resolve')) return [];
  const value = replicas[0]!.value(strategy, field.id);
  const wrong = wrongIn(field, value, rows);
  return wrong === null ? [] : [`${strategyNames[strategy]}: ${field.label} ${wrong}`];
}

function wrongIn(field: FieldSpec, value: FieldValue, rows: readonly EditRecord[]): string | null {
  const intents = rows.map(({ intent }) => intent);
  const differs = (found: unknown, expected: unknown): string | null => {
    const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
    return a === b ? null : `is ${a}, and the edits that the ledger calls kept make ${b}`;
  };
  switch (field.type) {
    case 'register': return differs(value, intents.length === 0 ? field.initial : intents.find((intent) => intent.kind === 'set' && intent.value !== value) ? 'another value' : value);
    case 'counter':
    case 'stock': return differs(value, intents.reduce((sum, intent) => sum + (intent.kind === 'increment' ? intent.by : intent.kind === 'release' ? intent.amount : intent.kind === 'reserve' ? -intent.amount : 0), field.initial as number));
    case 'set': {
      // Elements that were there from the beginning may be there without any edit.
      const initial = new Set(field.initial as readonly string[]);
      const fresh = (elements: readonly string[]): string[] => [...new Set(elements.filter((each) => !initial.has(each)))].sort();
      return differs(fresh(value as readonly string[]), fresh(intents.flatMap((intent) => (intent.kind === 'add' ? [intent.element] : []))));
    }
    case 'list': return wrongList(field, value as readonly ListItem[], rows, differs);
    default: return null;
  }
}

function wrongList(field: FieldSpec, items: readonly ListItem[], rows: readonly EditRecord[], differs: (found: unknown, expected: unknown) => string | null): string | null {
  const initial = new Set((field.initial as readonly ListItem[]).map(({ id }) => id));
  const inserted = rows.flatMap(({ dot, intent }) => (intent.kind === 'insert' ? [dotKey(dot)] : []));
  const wrong = differs(items.map(({ id }) => id).filter((id) => !initial.has(id)).sort(), inserted.sort());
  if (wrong !== null) return wrong;
  for (const { intent } of rows) {
    if (intent.kind === 'remove-item' && items.some(({ id }) => id === intent.item)) return `has an item (${intent.item}) whose removal the ledger calls kept`;
    const item = 'item' in intent ? items.find(({ id }) => id === intent.item) : undefined;
    if (intent.kind === 'relabel' && item?.label !== intent.label) return `has not the name “${intent.label}” that the ledger calls kept`;
    if (intent.kind === 'toggle' && item?.done !== intent.done) return `has not the tick of ${intent.item} that the ledger calls kept`;
  }
  return null;
}

function accepted(edits: readonly EditRecord[], strategy: StrategyId, field: FieldId): EditRecord[] {
  return edits.filter((edit) => edit.field === field && edit.traces[strategy]?.outcome === 'accepted');
}
