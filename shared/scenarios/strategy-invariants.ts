/** What each strategy says of itself, checked against all edits. Rules: shared/strategies/SPEC.md. */
import type { Fate, LedgerRow } from '../analysis/ledger.ts';
import { dotKey, type ReplicaId } from '../clocks/dot.ts';
import type { FieldSpec, FieldType } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import { acceptedEdits, type FinishedRun } from './finished-run.ts';

/** What was not kept, a sentence each. */
export function strategyProblems(run: FinishedRun, edits: readonly EditRecord[]): string[] {
  const ofValues = [...winners(run, edits), ...siblingsOf(run, edits), ...unions(run, edits)];
  return [...(run.isSettled ? ofValues : []), ...neverLost(run), ...consensusKeeps(run)];
}

/**
 * [LWW1] [LWW2] [LWW3] [LWW6] The value is that of the greatest timestamp: of the field, or of the
 * whole document.
 */
function winners(run: FinishedRun, edits: readonly EditRecord[]): string[] {
  const { schema, settings, strategies, lastWriterWins } = run;
  if (!strategies.includes('last-writer-wins')) return [];
  const { granularity, clock } = settings.lastWriterWins;
  const stamp = ({ wallMs, hybrid }: EditRecord): [number, number] =>
    clock === 'wall' ? [wallMs, 0] : [hybrid.ms, hybrid.counter];
  const later = (a: EditRecord, b: EditRecord): EditRecord => {
    const [first, second] = [stamp(a), stamp(b)];
    const byTime = first[0] - second[0] || first[1] - second[1];
    const order = byTime || byName(a.dot.replica, b.dot.replica) || a.dot.counter - b.dot.counter;
    return order > 0 ? a : b;
  };
  const all = edits.filter(({ traces }) => traces['last-writer-wins']?.outcome === 'accepted');
  return schema.flatMap(({ id, label }) => {
    const writes = granularity === 'field' ? all.filter(({ field }) => field === id) : all;
    const winner = writes.length === 0 ? '' : dotKey(writes.reduce(later).dot);
    const { tip } = lastWriterWins.chain(id);
    if (tip === winner) return [];
    const shown = `${label} is that of ${tip || 'the beginning'}`;
    return [`Last writer wins: ${shown}, and the latest write is ${winner || 'none'}`];
  });
}

function byName(a: ReplicaId, b: ReplicaId): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * [SIB1] [SIB2] [SIB4] By full causal histories: a write is current iff no accepted write of its
 * field had it in its past.
 */
function siblingsOf(run: FinishedRun, edits: readonly EditRecord[]): string[] {
  const { schema, strategies, siblings } = run;
  if (!strategies.includes('siblings')) return [];
  return schema.flatMap(({ id, label }) => {
    const writes = acceptedEdits(edits, 'siblings', id);
    const current = writes
      .filter((write) => !writes.some((other) => other.context.includes(write.dot)))
      .map(({ dot }) => dot);
    const found = [...siblings.graph(id).heads].sort().join(' ');
    const expected = current.map(dotKey).sort().join(' ');
    const writers = new Set(current.map(({ replica }) => replica));
    const has = `${label} has ${found || 'nothing'}, and concurrent are ${expected || 'none'}`;
    return [
      ...(found === expected ? [] : [`Siblings: ${has}`]),
      ...(writers.size === current.length
        ? []
        : [`Siblings: ${label} has more siblings than writers`]),
      ...writes
        .filter(passedOverSiblings)
        .map(({ dot }) => `Siblings: ${dotKey(dot)} was taken while siblings waited`),
    ];
  });
}

/** [SIB4] Whether it covers several siblings, though it neither chooses nor sets a value. */
function passedOverSiblings({ intent, traces }: EditRecord): boolean {
  const { details } = traces.siblings as unknown as { details: [readonly string[], number] };
  const [covers, resolver] = details;
  return covers.length > 1 && resolver === 0 && intent.kind !== 'resolve' && intent.kind !== 'set';
}

/** [SIB5] A union has whatever was added, unless somebody removed it, later or on another side. */
function unions(run: FinishedRun, edits: readonly EditRecord[]): string[] {
  const { schema, settings, strategies, replicas } = run;
  if (settings.siblings.sets !== 'union' || !strategies.includes('siblings')) return [];
  return schema.flatMap(({ id, label, type }) => {
    if (type !== 'set') return [];
    const writes = acceptedEdits(edits, 'siblings', id);
    if (writes.some(({ intent }) => intent.kind === 'resolve')) return [];
    const elements = new Set(replicas[0]!.value('siblings', id) as readonly string[]);
    const isRemoved = (element: string, { context }: EditRecord): boolean =>
      writes.some(
        ({ intent, dot }) =>
          intent.kind === 'remove' && intent.element === element && !context.includes(dot),
      );
    const missing = writes.filter(
      (write) =>
        write.intent.kind === 'add' &&
        !elements.has(write.intent.element) &&
        !isRemoved(write.intent.element, write),
    );
    return missing.map(({ dot }) => {
      return `Siblings: ${label} lacks what ${dotKey(dot)} added, and nobody removed it`;
    });
  });
}

/** [YJS1] [YJS2] [YJS3] [YJS6] [CAS1] [CAS4] [LWW5] [LEAD10] */
function neverLost(run: FinishedRun): string[] {
  const types = new Map(run.schema.map(({ id, type }) => [id, type]));
  return run.ledger.rows.flatMap((row) => {
    const type = types.get(row.record.field);
    return [
      ...lostInDocument(run, row, type),
      ...lostSteps(run, row, type),
      ...lostToOlder(run, row),
    ];
  });
}

/** The document travels by itself, and may be ahead of the journal until all has arrived. */
function lostInDocument(
  { isSettled, hasUntold }: FinishedRun,
  { record, fates }: LedgerRow,
  type: FieldType | undefined,
): string[] {
  if (!isSettled || hasUntold) return [];
  const isKept =
    type === 'text' || type === 'counter' || type === 'set' || record.intent.kind === 'insert';
  const key = dotKey(record.dot);
  const disposition = fates.crdt?.disposition;
  if (isKept && disposition === 'lost') return [`CRDT (Yjs): ${key} is lost`];
  // Removing wins over what was done to an item without having seen the removal.
  const isBack = type === 'list' && disposition === 'resurrected';
  return isBack ? [`CRDT (Yjs): the item that ${key} removed came back`] : [];
}

/** Whole values can be set aside by an edit that had not seen them; steps cannot. */
function lostSteps(
  { settings }: FinishedRun,
  { record, fates }: LedgerRow,
  type: FieldSpec['type'] | undefined,
): string[] {
  if (type !== 'counter' && type !== 'stock') return [];
  const { replication, promotion } = settings.singleLeader;
  const needsMajorities = replication !== 'asynchronous' && promotion === 'majority';
  const key = dotKey(record.dot);
  const isLost = (fate: Fate | undefined): boolean => fate?.disposition === 'lost';
  return [
    ...(isLost(fates.consensus) ? [`Consensus: ${key} is lost`] : []),
    ...(needsMajorities && isLost(fates['single-leader'])
      ? [`Single leader: ${key} is lost, though nobody leads without a majority`]
      : []),
  ];
}

/** [LWW5] */
function lostToOlder({ settings }: FinishedRun, { record, fates }: LedgerRow): string[] {
  const fate = fates['last-writer-wins'];
  if (settings.lastWriterWins.clock !== 'hybrid' || fate?.disposition !== 'lost') return [];
  if (fate.cause === undefined || !record.context.includes(fate.cause)) return [];
  return [`Last writer wins: ${dotKey(record.dot)} is lost to an older edit, with a hybrid clock`];
}

/** [CAS6] */
function consensusKeeps({ ledger, isSettled }: FinishedRun): string[] {
  const totals = ledger.totals.find(({ strategy }) => strategy === 'consensus');
  if (!totals) return [];
  const { oversold, unknown } = totals;
  return [
    ...(oversold > 0 ? [`Consensus oversold ${oversold}`] : []),
    ...(isSettled && unknown > 0
      ? [`Consensus left ${unknown} edits unknown, though all can be asked`]
      : []),
  ];
}
