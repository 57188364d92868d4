/**
 * Runs a scenario without windows, in virtual time: a week offline takes milliseconds.
 *
 * Guarantees: the same scenario and the same seed give the same result, byte for byte, on every machine. Figures and verdicts come from the same functions
 * as those of the control room.
 */
import type * as Y from 'yjs';
import { roomLedger, type RoomLedger } from '../analysis/room-ledger.ts';
import { reviewOf, type ReviewEntry } from '../analysis/review.ts';
import { roomVerdicts, type RoomLimits } from '../analysis/room-verdicts.ts';
import type { ReplicaId } from '../clocks/dot.ts';
import type { FieldId, FieldValue } from '../document/schema.ts';
import type { JournalRecord, StrategyId } from '../history/record.ts';
import type { StrategyFigures } from '../protocol/control.ts';
import type { FrameCodec } from '../protocol/codec.ts';
import type { Verdicts } from '../protocol/verdicts.ts';
import { SimulatedRoom, type SimulatedRoomOptions } from '../simulation/simulated-room.ts';
import { type Judgement, judge, type Outcome, overall } from './judgement.ts';
import { Lows } from './lows.ts';
import { play, type PlayOptions } from './player.ts';
import type { Scenario } from './scenario.ts';
import { SimulatedStage } from './simulated-stage.ts';

export interface RunOptions extends Pick<PlayOptions, 'impossible' | 'onStep' | 'onPassedOver' | 'onNearest'> {
  /** Decides all that chance decides; default 1. */
  readonly seed?: number;
  /** How much work a verdict may be. */
  readonly limits?: RoomLimits;
  /** False: no verdicts are made. Default true. */
  readonly verdicts?: boolean;
  readonly codec?: FrameCodec;
  /** Default: the simulation's own relay. */
  readonly relay?: SimulatedRoomOptions['relay'];
  /** Whether each message is noted for the history. Default false. */
  readonly notesMessages?: boolean;
  /** Told of the room before the first step, to look into it. */
  readonly onRoom?: (room: SimulatedRoom) => void;
}

/** What a run gave. */
export interface ScenarioRun {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly room: SimulatedRoom;
  readonly records: readonly JournalRecord[];
  readonly document: Y.Doc;
  readonly ledger: RoomLedger;
  readonly figures: readonly StrategyFigures[];
  readonly verdicts: Readonly<Partial<Record<StrategyId, Verdicts>>>;
  readonly judgements: readonly Judgement[];
  readonly outcome: Outcome;
  /** What did not simply survive, newest first, a sentence each. */
  readonly review: readonly ReviewEntry[];
}

/** What a machine may spend on one verdict when nobody waits at a screen. */
export const runLimits = { stepsMax: 200_000, operationsMax: 2_000 } as const satisfies RoomLimits;
/** How long to wait, at the end, until all show the same, in milliseconds of virtual time. */
const convergeMsMax = 30_000;

/** Rejects with an ImpossibleStep where a step cannot be done. */
export async function runScenario(scenario: Scenario, options: RunOptions = {}): Promise<ScenarioRun> {
  const { seed = 1, limits = runLimits } = options;
  const { schema, replicas, leader, strategies, settings } = scenario;
  const room = await SimulatedRoom.open({ schema, replicas, leader, strategies, settings, seed, notesMessages: options.notesMessages ?? false, ...(options.codec ? { codec: options.codec } : {}), ...(options.relay ? { relay: options.relay } : {}) });
  options.onRoom?.(room);
  const lows = new Lows(schema, strategies);
  const note = (): void => {
    for (const each of room.replicas) if (each.isUp) lows.note((strategy, field) => each.replica.value(strategy, field) as number);
  };
  const looksAtLows = scenario.expectations.some(({ kind }) => kind === 'never-below');
  await play(scenario, new SimulatedStage(room), { ...options, afterStep: () => void (looksAtLows && note()) });
  await room.converged(convergeMsMax);
  return endingOf(scenario, seed, room, lows, limits, options.verdicts ?? true);
}

function endingOf(scenario: Scenario, seed: number, room: SimulatedRoom, lows: Lows, limits: RoomLimits, judges: boolean): ScenarioRun {
  const { schema, strategies, settings, expectations } = scenario;
  const records = room.records();
  const document = room.relay.document;
  const ledger = roomLedger(schema, records, document, room.everywhere, { siblings: settings.siblings, enabled: strategies });
  const up = room.replicas.filter(({ isUp }) => isUp);
  const isSettled = up.length > 0 && room.isAtRest && room.everywhere.covers(room.relay.summary);
  // Once: a digest reads the whole document of a replica.
  const agreed = new Set(strategies.filter((strategy) => room.agrees([strategy])));
  const value = (strategy: StrategyId, field: FieldId): FieldValue | null => (agreed.has(strategy) && up.length > 0 ? up[0]!.replica.value(strategy, field) : null);
  const figures = ledger.totals.filter(({ strategy }) => strategies.includes(strategy)).map((totals) => ({ ...totals, converged: isSettled && up.length > 1 ? agreed.has(totals.strategy) : null, bytesSent: room.relay.traffic.ofStrategy(totals.strategy) }));
  const now = Object.fromEntries(strategies.flatMap((strategy) => (isSettled && agreed.has(strategy) ? [[strategy, { atMs: room.clock.wallMs(), replicas: up.map(({ id }) => id), value: (field: FieldId) => up[0]!.replica.value(strategy, field) }] as const] : [])));
  const verdicts = judges ? roomVerdicts(schema, records, now, strategies, limits) : {};
  const judgements = expectations.map((expectation) => judge(expectation, { schema, figures, verdicts, value, lows }));
  let review: readonly ReviewEntry[] | null = null;
  return {
    scenario, seed, room, records, document, ledger, figures, verdicts, judgements, outcome: overall(judgements),
    // Only when somebody reads it.
    get review() {
      return (review ??= reviewOf(ledger, schema, nobody, strategies));
    },
  };
}

/** Sentences are told from no replica's side. */
const nobody: ReplicaId = '';
