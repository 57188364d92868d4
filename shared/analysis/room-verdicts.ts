/**
 * The consistency of a room under each strategy, as far as its people have seen it so far: for windows, which judge again and again while the room is used.
 *
 * Guarantees: "broken" comes with a witness that is true of this journal, and "holds" is never said of what nobody has looked at. Does not judge long
 * histories: to leave out their beginning would invent violations, so they are not judged at all. The search for an order is given up after a number of
 * steps, as no clock is asked here; then the level is unknown.
 * What the levels mean and how they are judged: verdicts/verdicts.ts.
 */
import type { FieldId, Schema } from '../document/schema.ts';
import type { JournalRecord, StrategyId } from '../history/record.ts';
import { observedRoomSliced, type ShownNow } from './observed-room.ts';
import { plainlyNotLinearizable, plainlyNotSequential } from './plain-witness.ts';
import { runWhole, type Sliced } from './slices.ts';
import { causalSliced } from './verdicts/causal.ts';
import { type Level, levels } from './verdicts/levels.ts';
import type { SearchLimits } from './verdicts/linearizable.ts';
import type { ObservedHistory } from './verdicts/observed-history.ts';
import { isPure, type Operation } from './verdicts/operation.ts';
import { shortListOf } from './verdicts/sentences.ts';
import { monotonicReadsSliced, monotonicWritesSliced, readYourWritesSliced, writesFollowReadsSliced } from './verdicts/session-guarantees.ts';
import { unknown, type Verdict } from './verdicts/verdict.ts';
import { type Verdicts, verdictsOfSliced } from './verdicts/verdicts.ts';

export interface RoomLimits extends SearchLimits {
  /** Operations of one strategy beyond which it is not judged. Default 1,000. */
  readonly operationsMax?: number;
  /** What to do about longer histories, as the rest of a sentence. Default: what helps in a room. */
  readonly advice?: string;
}

const roomAdvice = 'while a room is used; save the history, and empty the room to begin anew';

/** What a window can spend each time. */
export const liveLimits = { stepsMax: 10_000, operationsMax: 1_000 } as const satisfies RoomLimits;

/** `now`: of strategies under which everything was delivered everywhere, what all replicas show. */
export function roomVerdicts(
  schema: Schema,
  records: readonly JournalRecord[],
  now: Readonly<Partial<Record<StrategyId, ShownNow>>>,
  strategies: readonly StrategyId[],
  limits: RoomLimits = liveLimits,
): Partial<Record<StrategyId, Verdicts>> {
  return runWhole(roomVerdictsSliced(schema, records, now, strategies, limits));
}

export function* roomVerdictsSliced(
  schema: Schema,
  records: readonly JournalRecord[],
  now: Readonly<Partial<Record<StrategyId, ShownNow>>>,
  strategies: readonly StrategyId[],
  limits: RoomLimits = liveLimits,
): Sliced<Partial<Record<StrategyId, Verdicts>>> {
  const { operationsMax = liveLimits.operationsMax } = limits;
  const verdicts: Partial<Record<StrategyId, Verdicts>> = {};
  for (const strategy of strategies) {
    const history = yield* observedRoomSliced(schema, records, strategy, now[strategy], operationsMax);
    verdicts[strategy] = yield* verdictsOn(history, limits);
  }
  return verdicts;
}

function* verdictsOn(history: ObservedHistory, { operationsMax = liveLimits.operationsMax, stepsMax = liveLimits.stepsMax, advice = roomAdvice }: RoomLimits): Sliced<Verdicts> {
  const { operations } = history;
  if (operations.length > operationsMax) {
    return allUnknown(`${operations.length.toLocaleString('en')} edits and reads are more than are judged ${advice}.`);
  }
  if (operations.every(isPure)) return allUnknown('Nobody has changed anything yet that is judged: a register, a counter or a stock.');
  const limits = { stepsMax };
  const found = { ...(yield* verdictsOfSliced(history, limits)).levels };
  // What is broken for want of causality says so best by itself.
  if (found.sequential !== found.causal) found.sequential = yield* plainlyNotSequential(found.sequential, history, limits);
  if (found.linearizable.verdict === 'unknown' && found.sequential.verdict === 'broken') found.linearizable = found.sequential;
  else found.linearizable = yield* plainlyNotLinearizable(found.linearizable, history, limits);
  for (const level of singleSourceLevels) found[level] = yield* ofRegisters(level, found, history);
  if (history.settledAt === Infinity) found.eventual = unknown('Not all replicas have everything yet; only then can it be seen whether they agree.');
  admitUnseen(found, operations);
  return { levels: found, strongest: levels.find((level) => found[level].verdict === 'holds') ?? null };
}

function allUnknown(reason: string): Verdicts {
  return { levels: Object.fromEntries(levels.map((level) => [level, unknown(reason)])) as Record<Level, Verdict>, strongest: null };
}

/** Judged by the one write that each read returned: what was read from counters and stocks has none. */
const singleSourceLevels = ['causal', 'read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads'] as const satisfies readonly Level[];

const singleSourceCheckers: Readonly<Record<(typeof singleSourceLevels)[number], (history: ObservedHistory) => Sliced<Verdict>>> = {
  causal: causalSliced,
  'read-your-writes': readYourWritesSliced,
  'monotonic-reads': monotonicReadsSliced,
  'monotonic-writes': monotonicWritesSliced,
  'writes-follow-reads': writesFollowReadsSliced,
};

/**
 * Where the reads of counters and stocks are all that makes a level unknown: what of the registers holds, holds for all fields if there is one order that
 * explains everything.
 */
function* ofRegisters(level: (typeof singleSourceLevels)[number], found: Readonly<Record<Level, Verdict>>, history: ObservedHistory): Sliced<Verdict> {
  const verdict = found[level];
  if (verdict.verdict !== 'unknown') return verdict;
  const isSum = (each: Operation): boolean => history.specifications?.get(each.field)?.overwrites === false;
  const sums = fieldsOf(history.operations.filter((each) => each.kind === 'read' && isSum(each)));
  if (sums.length === 0) return verdict;
  const rest = yield* singleSourceCheckers[level]({ ...history, operations: history.operations.filter((each) => each.kind !== 'read' || !isSum(each)) });
  if (rest.verdict !== 'holds') return rest;
  if (found.linearizable.verdict === 'holds' || found.sequential.verdict === 'holds') return rest;
  const registers = fieldsOf(history.operations.filter((each) => each.kind === 'read' && !isSum(each)));
  const sum = `what was read from ${shortListOf(sums)} is the sum of several changes, and nobody can say of which`;
  return unknown(registers.length === 0 ? `This is judged by the write that each read returned: ${sum}.` : `It holds for ${shortListOf(registers)}; ${sum}.`);
}

/** What nobody has looked at cannot be said to hold. */
function admitUnseen(found: Record<Level, Verdict>, operations: readonly Operation[]): void {
  const unseen = unseenFields(operations);
  if (unseen.length === 0) return;
  for (const level of levels.slice(0, 7)) {
    if (found[level].verdict === 'holds') found[level] = unknown(`Nobody has read ${shortListOf(unseen)} since ${unseen.length === 1 ? 'it was' : 'they were'} changed.`);
  }
}

/** Fields that were changed, of which nobody was shown anything after that. */
function unseenFields(operations: readonly Operation[]): FieldId[] {
  const changedAt = new Map<FieldId, number>();
  for (const { field, invokedAt } of operations.filter((each) => !isPure(each))) changedAt.set(field, Math.min(invokedAt, changedAt.get(field) ?? Infinity));
  const isSight = (each: Operation): boolean => (each.kind === 'read' || (each.kind === 'update' && each.returned !== undefined)) && each.returnedAt !== null && each.returnedAt >= (changedAt.get(each.field) ?? Infinity);
  const seen = new Set(fieldsOf(operations.filter(isSight)));
  return [...changedAt.keys()].filter((field) => !seen.has(field));
}

function fieldsOf(operations: readonly Operation[]): FieldId[] {
  return [...new Set(operations.map(({ field }) => field))];
}
