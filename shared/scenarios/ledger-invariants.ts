/** [ALL7] Whether a run's ledger is complete and true: it adds up, and says of each edit what became of it. */
import type { Disposition, Fate, LedgerRow } from '../analysis/ledger.ts';
import { dotKey } from '../clocks/dot.ts';
import type { FieldSpec, FieldValue, ListItem } from '../document/schema.ts';
import type { EditRecord, StrategyId } from '../history/record.ts';
import { strategyNames } from '../strategies/registry.ts';
import { parseYjsDetails } from '../strategies/yjs/yjs-strategy.ts';
import { dispositionsByForce, wantsOtherwise } from './fates-by-force.ts';
import { acceptedEdits, type FinishedRun } from './finished-run.ts';

/** What was not kept, a sentence each. */
export function ledgerProblems(run: FinishedRun, edits: readonly EditRecord[]): string[] {
  return [
    ...addsUp(run, edits),
    ...wrongActions(run),
    ...concurrency(run, edits),
    ...(run.isSettled ? wrongEnds(run, edits) : []),
  ];
}

function addsUp({ ledger, isSettled }: FinishedRun, edits: readonly EditRecord[]): string[] {
  return ledger.totals.flatMap((totals) => {
    const name = strategyNames[totals.strategy];
    const { kept, superseded, lost, toResolve, resurrected, refused, unknown, pending } = totals;
    const { actions, edits: counted } = totals;
    const sum = kept + superseded + lost + toResolve + resurrected + refused + unknown + pending;
    const meant = edits.filter(({ traces }) => traces[totals.strategy]).length;
    return [
      ...(sum === actions ? [] : [`${name}: the ledger adds up to ${sum} of ${actions} actions`]),
      ...(counted === meant ? [] : [`${name}: the ledger has ${counted} of ${meant} edits`]),
      ...(isSettled && pending > 0
        ? [`${name}: ${pending} edits are still pending, though all was delivered`]
        : []),
    ];
  });
}

/** Each edit is in one action, which is what one person did in one field. */
function wrongActions({ ledger }: FinishedRun): string[] {
  const inActions = new Set(ledger.actions.flatMap(({ rows }) => rows));
  const missing = ledger.rows.filter((row) => !inActions.has(row));
  return [
    ...missing.map(({ record }) => `${dotKey(record.dot)} is an edit of no action`),
    ...ledger.actions.flatMap(({ key, rows, fates }) => {
      const places = new Set(rows.map(({ record: { dot, field } }) => `${dot.replica} ${field}`));
      const isTyping = rows.every(({ record }) => record.intent.kind === 'splice');
      const isOne = places.size === 1 && (rows.length === 1 || isTyping);
      const better = rows.flatMap((row) => endedBetter(key, fates, row));
      return [
        ...(isOne ? [] : [`the action ${key} is not one thing that somebody did`]),
        ...better,
      ];
    }),
  ];
}

/** An action in which characters were lost is not said to have ended better. */
function endedBetter(action: string, whole: LedgerRow['fates'], row: LedgerRow): string[] {
  const fates = Object.entries(row.fates) as [StrategyId, Fate][];
  return fates
    .filter(([, { characters }]) => (characters?.lost ?? 0) > 0)
    .flatMap(([strategy]) => {
      const disposition = whole[strategy]!.disposition;
      if (['lost', 'pending', 'unknown'].includes(disposition)) return [];
      const said = `${dotKey(row.record.dot)} lost characters, and its action ${action}`;
      return [`${strategyNames[strategy]}: ${said} is called ${words[disposition]}`];
    });
}

function concurrency({ ledger }: FinishedRun, all: readonly EditRecord[]): string[] {
  const edits = all.filter(
    ({ gathers, traces }) => gathers === undefined && Object.keys(traces).length > 0,
  );
  const unaware = (a: EditRecord, b: EditRecord): boolean =>
    a.field === b.field &&
    a.dot.replica !== b.dot.replica &&
    !a.context.includes(b.dot) &&
    !b.context.includes(a.dot);
  const concurrent = edits.filter((edit) => edits.some((other) => unaware(edit, other))).length;
  const { concurrentEdits } = ledger;
  if (concurrentEdits === concurrent) return [];
  return [`the ledger knows ${concurrentEdits} concurrent edits of ${concurrent}`];
}

/** What the ledger says of each edit, against the rules and against what is shown. */
function wrongEnds(run: FinishedRun, edits: readonly EditRecord[]): string[] {
  return run.strategies
    .filter((strategy) => canBeJudged(run, strategy))
    .flatMap((strategy) =>
      run.schema.flatMap((field) => [
        ...wrongFates(run, strategy, field),
        ...wrongValue(run, edits, strategy, field),
      ]),
    );
}

function canBeJudged(
  { hasUntold, settings, replicas }: FinishedRun,
  strategy: StrategyId,
): boolean {
  if (strategy === 'crdt') return !hasUntold;
  // Copies that nobody repairs need not hold the newest version.
  if (strategy !== 'quorum' || settings.quorum.antiEntropy) return true;
  return replicas.every((each) => each.digest(strategy) === replicas[0]!.digest(strategy));
}

const words: Readonly<Record<Disposition, string>> = {
  visible: 'kept',
  superseded: 'superseded',
  lost: 'lost',
  sibling: 'to resolve',
  resurrected: 'resurrected',
  refused: 'refused',
  unknown: 'unknown',
  pending: 'pending',
};

function wrongFates(run: FinishedRun, strategy: StrategyId, field: FieldSpec): string[] {
  const found = new Map<EditRecord, Disposition>();
  for (const { record, fates } of run.ledger.rows) {
    const disposition = record.field === field.id ? fates[strategy]?.disposition : undefined;
    if (disposition && disposition !== 'refused') found.set(record, disposition);
  }
  const edits = [...found.keys()];
  const isCertain = (record: EditRecord): boolean =>
    found.get(record) !== 'unknown' && found.get(record) !== 'pending';
  const shown = { type: field.type, values: shownValues(run, strategy, field) };
  const byForce = dispositionsByForce(edits, shown, isCertain);
  const wrong = edits.filter(isCertain).filter((record) => {
    const [is, expected] = [found.get(record)!, byForce(record)];
    if (expected === null || is === expected) return false;
    // A removal that found nothing to remove is kept, whatever became of the element.
    if (record.intent.kind === 'remove' && is === 'visible') return false;
    const wasReplaced = strategy === 'crdt' && expected === 'lost' && is === 'superseded';
    return !wasReplaced || !edits.some((later) => replacedInDocument(later, record, field));
  });
  return wrong.map((record) => {
    const said = `the ledger calls ${dotKey(record.dot)} ${words[found.get(record)!]}`;
    const expected = words[byForce(record)!];
    return `${strategyNames[strategy]}: ${field.label}: ${said}, and by the rules it is ${expected}`;
  });
}

/** What a person at the first replica can choose from, or sees. */
function shownValues(run: FinishedRun, strategy: StrategyId, field: FieldSpec): FieldValue[] {
  const waiting = strategy === 'siblings' ? run.siblings.waiting(field.id) : [];
  if (waiting.length > 0) return waiting.map(({ value }) => value);
  return [run.replicas[0]!.value(strategy, field.id)];
}

/**
 * [YJS3] The document travels by itself: what an edit deleted there had been seen, though its record
 * had not arrived yet.
 */
function replacedInDocument(later: EditRecord, earlier: EditRecord, field: FieldSpec): boolean {
  const [by, of] = [later, earlier].map(({ traces }) =>
    traces.crdt?.outcome === 'accepted' ? parseYjsDetails(traces.crdt.details) : null,
  );
  if (!by || !of || of.created.length === 0) return false;
  const { client: author, clock: created } = of.created;
  const isDeleted = by.deleted.some(
    ({ client, clock, length }) =>
      client === author && clock <= created && created < clock + length,
  );
  return isDeleted && wantsOtherwise(later, earlier, field.type);
}

/** What a field holds against the edits that the ledger calls kept. */
function wrongValue(
  run: FinishedRun,
  edits: readonly EditRecord[],
  strategy: StrategyId,
  field: FieldSpec,
): string[] {
  const { siblings, replicas, ledger } = run;
  // Several values have no one to compare with.
  if (strategy === 'siblings' && siblings.waiting(field.id).length > 0) return [];
  const kept = ledger.rows
    .filter(({ record }) => record.field === field.id)
    .filter(({ fates }) => fates[strategy]?.disposition === 'visible')
    .map(({ record }) => record);
  // A choice may set any value, and what came before no longer adds up by itself.
  const all = [...kept, ...acceptedEdits(edits, strategy, field.id)];
  if (all.some(({ intent }) => intent.kind === 'resolve')) return [];
  const wrong = wrongIn(field, replicas[0]!.value(strategy, field.id), kept);
  return wrong === null ? [] : [`${strategyNames[strategy]}: ${field.label} ${wrong}`];
}

function wrongIn(field: FieldSpec, value: FieldValue, kept: readonly EditRecord[]): string | null {
  const intents = kept.map(({ intent }) => intent);
  switch (field.type) {
    case 'register': {
      const hasOther = intents.some((intent) => intent.kind === 'set' && intent.value !== value);
      if (intents.length === 0) return differs(value, field.initial);
      return hasOther ? differs(value, 'another value') : null;
    }
    case 'counter':
    case 'stock': {
      const steps = intents.map((intent) => stepOf(intent));
      return differs(
        value,
        steps.reduce((sum, step) => sum + step, field.initial as number),
      );
    }
    case 'set': {
      // Elements that were there from the beginning may be there without any edit.
      const initial = new Set(field.initial as readonly string[]);
      const fresh = (elements: readonly string[]): string[] =>
        [...new Set(elements.filter((each) => !initial.has(each)))].sort();
      const added = intents.flatMap((intent) => (intent.kind === 'add' ? [intent.element] : []));
      return differs(fresh(value as readonly string[]), fresh(added));
    }
    case 'list':
      return wrongList(field, value as readonly ListItem[], kept);
    default:
      return null;
  }
}

function stepOf(intent: EditRecord['intent']): number {
  switch (intent.kind) {
    case 'increment':
      return intent.by;
    case 'release':
      return intent.amount;
    case 'reserve':
      return -intent.amount;
    default:
      return 0;
  }
}

function wrongList(
  field: FieldSpec,
  items: readonly ListItem[],
  kept: readonly EditRecord[],
): string | null {
  const initial = new Set((field.initial as readonly ListItem[]).map(({ id }) => id));
  const fresh = items.map(({ id }) => id).filter((id) => !initial.has(id));
  const inserted = kept.filter(({ intent }) => intent.kind === 'insert');
  const wrong = differs(fresh.sort(), inserted.map(({ dot }) => dotKey(dot)).sort());
  if (wrong !== null) return wrong;
  for (const { intent } of kept) {
    const item = 'item' in intent ? items.find(({ id }) => id === intent.item) : undefined;
    if (intent.kind === 'remove-item' && item) {
      return `has an item (${intent.item}) whose removal the ledger calls kept`;
    }
    if (intent.kind === 'relabel' && item?.label !== intent.label) {
      return `has not the name “${intent.label}” that the ledger calls kept`;
    }
    if (intent.kind === 'toggle' && item?.done !== intent.done) {
      return `has not the tick of ${intent.item} that the ledger calls kept`;
    }
  }
  return null;
}

function differs(found: unknown, expected: unknown): string | null {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  return a === b ? null : `is ${a}, and the edits that the ledger calls kept make ${b}`;
}
