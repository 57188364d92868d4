/**
 * The ledger: how every intent ended under every strategy, with the reason and the edit that caused it.
 *
 * A pure function of the history (and, for the CRDT, of the Y.Doc that the history led to). Exact and complete: for each strategy the
 * dispositions add up to all intents that were meant for it.
 */
import type * as Y from 'yjs';
import { dotKey } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import { fieldOf, type FieldId, type FieldValue, type Schema } from '../document/schema.ts';
import { type EditRecord, isEdit, type JournalRecord, type StrategyId } from '../history/record.ts';
import type { StrategyTotals } from '../protocol/control.ts';
import type { LastWriterWins } from '../strategies/last-writer-wins/last-writer-wins.ts';
import type { Siblings } from '../strategies/siblings/siblings.ts';
import { readField } from '../strategies/yjs/yjs-fields.ts';
import { concurrentEdits } from './concurrency.ts';
import { crdtJudge } from './crdt-judge.ts';
import type { Fate, LedgerRow } from './fate.ts';
import { lastWriterWinsJudge } from './last-writer-wins-judge.ts';
import { siblingsJudge } from './siblings-judge.ts';
import { brokenRules, totalsOf } from './scorecard.ts';

export type { Disposition, Fate, LedgerRow, LossReason } from './fate.ts';

export interface LedgerInput {
  readonly schema: Schema;
  /** The whole history as far as it is known here, in any order that keeps each replica's own. */
  readonly records: readonly JournalRecord[];
  /** The strategies to judge, with their live state after these records. */
  readonly lastWriterWins?: LastWriterWins;
  readonly siblings?: Siblings;
  /** The Y.Doc of the CRDT. */
  readonly crdt?: Y.Doc;
  /** What every replica has: an edit outside it is pending. */
  readonly everywhere: VersionVector;
}

export interface Ledger {
  readonly rows: readonly LedgerRow[];
  readonly totals: readonly StrategyTotals[];
  /** Edits with a concurrent edit of another replica on the same field. */
  readonly concurrentEdits: number;
}

/** [ALL7] The ledger of a history. Costs time in proportion to the history. */
export function ledgerOf(input: LedgerInput): Ledger {
  const edits = input.records.filter(isEdit);
  const judges: [StrategyId, (record: EditRecord) => Fate][] = [];
  if (input.crdt) judges.push(['crdt', crdtJudge(input.schema, edits, input.crdt)]);
  if (input.lastWriterWins) judges.push(['last-writer-wins', lastWriterWinsJudge(input.schema, edits, input.lastWriterWins)]);
  if (input.siblings) judges.push(['siblings', siblingsJudge(input.schema, edits, input.siblings)]);
  const concurrent = concurrentEdits(edits);
  const rows = edits.map((record): LedgerRow => {
    const fates: Partial<Record<StrategyId, Fate>> = {};
    for (const [strategy, judge] of judges) {
      const fate = fateOf(record, strategy, judge, input.everywhere);
      if (fate) fates[strategy] = fate;
    }
    return { record, fates, concurrent: concurrent.has(dotKey(record.dot)) };
  });
  const values = new Map<StrategyId, (field: FieldId) => FieldValue>();
  if (input.crdt) values.set('crdt', (field) => readField(input.crdt!, fieldOf(input.schema, field)));
  if (input.lastWriterWins) values.set('last-writer-wins', (field) => input.lastWriterWins!.value(field));
  if (input.siblings) values.set('siblings', (field) => input.siblings!.value(field));
  const totals = judges.map(([strategy]) => totalsOf(strategy, rows, brokenRules(input.schema, values.get(strategy)!)));
  return { rows, totals, concurrentEdits: concurrent.size };
}

/** What became of an edit under a strategy; undefined if it was not meant for it. */
function fateOf(record: EditRecord, strategy: StrategyId, judge: (record: EditRecord) => Fate, everywhere: VersionVector): Fate | undefined {
  const trace = record.traces[strategy];
  if (!trace) return undefined;
  if (trace.outcome === 'refused') return { disposition: 'refused', refusal: trace.reason };
  if (trace.outcome === 'pending' || !everywhere.includes(record.dot)) return { disposition: 'pending' };
  return judge(record);
}
