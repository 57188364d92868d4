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
import { type TalkingId, talkingIds, isTalking } from '../strategies/conversing.ts';
import type { ConversingJudge } from './chain-judge.ts';
import { concurrentEdits } from './concurrency.ts';
import { consensusJudge } from './consensus-judge.ts';
import { crdtJudge } from './crdt-judge.ts';
import type { Fate, LedgerRow } from './fate.ts';
import { lastWriterWinsJudge } from './last-writer-wins-judge.ts';
import { quorumJudge } from './quorum-judge.ts';
import { brokenRules, latencyOf, oversoldUnder, totalsOf } from './scorecard.ts';
import { Settlements } from './settlements.ts';
import { siblingsJudge } from './siblings-judge.ts';
import { staleReads } from './stale-reads.ts';
import { singleLeaderJudge } from './single-leader-judge.ts';

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
  /** Of the strategies whose copies talk, those to judge even where no edit was meant for them yet. The records alone tell how edits ended under them. */
  readonly strategies?: readonly StrategyId[];
  /** What every replica has: an edit outside it is pending. */
  readonly everywhere: VersionVector;
}

export interface Ledger {
  readonly rows: readonly LedgerRow[];
  readonly totals: readonly StrategyTotals[];
  /** Edits with a concurrent edit of another replica on the same field. */
  readonly concurrentEdits: number;
  /** What the records make of a field under each strategy that was judged. */
  readonly values: ReadonlyMap<StrategyId, (field: FieldId) => FieldValue>;
}

/** How edits ended under one strategy, and what it holds. */
interface Judged {
  readonly strategy: StrategyId;
  readonly fateOf: (record: EditRecord) => Fate;
  readonly valueOf: (field: FieldId) => FieldValue;
}

const conversingJudges: Readonly<Record<TalkingId, (schema: Schema, edits: readonly EditRecord[], settlements: Settlements) => ConversingJudge>> = {
  quorum: quorumJudge,
  consensus: consensusJudge,
  'single-leader': singleLeaderJudge,
};

/** [ALL7] The ledger of a history. Costs time in proportion to the history. */
export function ledgerOf(input: LedgerInput): Ledger {
  const edits = input.records.filter(isEdit);
  const settlements = new Settlements(edits, input.records);
  const judges = judgesOf(input, edits, settlements);
  // What a pause in typing gathers was counted when it was typed.
  const concurrent = concurrentEdits(edits.filter(({ gathers }) => gathers === undefined));
  const rows = edits.map((record): LedgerRow => {
    const fates: Partial<Record<StrategyId, Fate>> = {};
    for (const { strategy, fateOf } of judges) {
      const fate = fateUnder(record, strategy, fateOf, input.everywhere);
      if (fate) fates[strategy] = fate;
    }
    return { record, fates, concurrent: concurrent.has(dotKey(record.dot)) };
  });
  const totals = judges.map(({ strategy, valueOf }) => totalsOf(strategy, rows, {
    ruleBroken: brokenRules(input.schema, valueOf),
    oversold: oversoldUnder(strategy, input.schema, edits, settlements),
    staleReads: staleReads(input.schema, input.records, strategy).length,
    latencyMs: latencyOf(strategy, edits, settlements),
  }));
  return { rows, totals, concurrentEdits: concurrent.size, values: new Map(judges.map(({ strategy, valueOf }) => [strategy, valueOf])) };
}

function judgesOf(input: LedgerInput, edits: readonly EditRecord[], settlements: Settlements): Judged[] {
  const { schema, crdt, lastWriterWins, siblings } = input;
  const judges: Judged[] = [];
  if (crdt) judges.push({ strategy: 'crdt', fateOf: crdtJudge(schema, edits, crdt), valueOf: (field) => readField(crdt, fieldOf(schema, field)) });
  if (lastWriterWins) judges.push({ strategy: 'last-writer-wins', fateOf: lastWriterWinsJudge(schema, edits, lastWriterWins), valueOf: (field) => lastWriterWins.value(field) });
  if (siblings) judges.push({ strategy: 'siblings', fateOf: siblingsJudge(schema, edits, siblings), valueOf: (field) => siblings.value(field) });
  for (const strategy of talkingIds) {
    if (!input.strategies?.includes(strategy) && !edits.some(({ traces }) => traces[strategy])) continue;
    judges.push({ strategy, ...conversingJudges[strategy](schema, edits, settlements) });
  }
  return judges;
}

/** What became of an edit under a strategy; undefined if it was not meant for it. */
function fateUnder(record: EditRecord, strategy: StrategyId, fateOf: (record: EditRecord) => Fate, everywhere: VersionVector): Fate | undefined {
  const trace = record.traces[strategy];
  if (!trace) return undefined;
  if (trace.outcome === 'refused') return { disposition: 'refused', refusal: trace.reason };
  if (!everywhere.includes(record.dot) || (trace.outcome === 'pending' && !isTalking(strategy))) return { disposition: 'pending' };
  return fateOf(record);
}
