/** The verdicts on a history that is over, by its final reads: the same for a run and for a replay of its file. */
import type { Schema } from '../document/schema.ts';
import type { JournalRecord, StrategyId } from '../history/record.ts';
import type { RoomEvent } from '../history/room-event.ts';
import { filtered } from './filtered.ts';
import { convergedInEnd, isFinalRead, shownInEnd } from './final-reads.ts';
import type { ShownNow } from './observed-room.ts';
import { type RoomLimits, roomVerdictsSliced } from './room-verdicts.ts';
import { runWhole, type Sliced } from './slices.ts';
import { unknown } from './verdicts/verdict.ts';
import type { Verdicts } from './verdicts/verdicts.ts';

/** What a command can spend: some seconds for the longest history. The same for a run and a replay, so that both say the same. */
export const commandLimits = { stepsMax: 200_000, operationsMax: 4_000, advice: 'of one file: 4,000 are the most' } as const satisfies RoomLimits;

export interface FinishedHistory {
  readonly schema: Schema;
  readonly records: readonly JournalRecord[];
  readonly events: readonly RoomEvent[];
  /** Of strategies that were carried out anew: what all showed in the end, which no event tells. */
  readonly anew?: Readonly<Partial<Record<StrategyId, ShownNow>>>;
}

export function historyVerdicts(history: FinishedHistory, strategies: readonly StrategyId[], limits?: RoomLimits): Partial<Record<StrategyId, Verdicts>> {
  return runWhole(historyVerdictsSliced(history, strategies, limits));
}

export function* historyVerdictsSliced({ schema, records, events, anew }: FinishedHistory, strategies: readonly StrategyId[], limits: RoomLimits = commandLimits): Sliced<Partial<Record<StrategyId, Verdicts>>> {
  const finals = yield* filtered(events, isFinalRead);
  const now = { ...shownInEnd(finals), ...anew };
  const converged = convergedInEnd(finals);
  const verdicts = yield* roomVerdictsSliced(schema, records, now, strategies, limits);
  for (const strategy of strategies) if (!now[strategy]) verdicts[strategy] = withoutEnd(verdicts[strategy]!, converged[strategy]);
  return verdicts;
}

function withoutEnd(verdicts: Verdicts, converged: boolean | undefined): Verdicts {
  const { eventual, linearizable } = verdicts.levels;
  const isSaidOfAll = eventual.verdict === 'unknown' && linearizable.verdict === 'unknown' && eventual.reason === linearizable.reason;
  if (eventual.verdict !== 'unknown' || isSaidOfAll) return verdicts;
  const reason = converged === false ? 'The copies differed in the end, and nobody read what they would have answered together.' : 'The history does not say what the replicas showed in the end.';
  return { ...verdicts, levels: { ...verdicts.levels, eventual: unknown(reason) } };
}
