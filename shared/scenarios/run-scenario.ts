/**
 * Runs a scenario without windows, in virtual time: a week offline takes milliseconds.
 *
 * Guarantees: the same scenario and the same seed give the same result, byte for byte, on every machine. Figures and verdicts come from the same functions
 * as those of the control room.
 */
import type * as Y from 'yjs';
import { finalReads, type Shower } from '../analysis/final-reads.ts';
import { commandLimits, historyVerdicts } from '../analysis/history-verdicts.ts';
import { roomLedger, type RoomLedger } from '../analysis/room-ledger.ts';
import { replicationFigures } from '../analysis/replication/replication-figures.ts';
import { reviewOf, type ReviewEntry } from '../analysis/review.ts';
import type { RoomLimits } from '../analysis/room-verdicts.ts';
import type { StrategyFigures } from '../analysis/strategy-figures.ts';
import type { Verdicts } from '../analysis/verdicts/verdicts.ts';
import type { ReplicaId } from '../clocks/dot.ts';
import type { FieldId, FieldValue } from '../document/schema.ts';
import type { JournalRecord, StrategyId } from '../history/record.ts';
import type { RoomEvent } from '../history/room-event.ts';
import type { FrameCodec } from '../protocol/codec.ts';
import { SimulatedRoom } from '../simulation/simulated-room.ts';
import { type Judgement, judge, type Outcome, overall } from './judgement.ts';
import { FieldMinimums } from './field-minimums.ts';
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
  /** Whether each Y.Doc has a store of its own that is slower than the journal's. Default false. */
  readonly slowDocumentStore?: boolean;
  /** Whether each message is noted for the history. Default false. */
  readonly notesMessages?: boolean;
  /** Whether what replicas have, show and reach is noted. Default true. */
  readonly notesReplicas?: boolean;
  /** Told of the room before the first step, to look into it. */
  readonly onRoom?: (room: SimulatedRoom) => void;
}

/** What a run gave. */
export interface ScenarioRun {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly room: SimulatedRoom;
  readonly records: readonly JournalRecord[];
  /** What else happened, the final reads included. */
  readonly events: readonly RoomEvent[];
  readonly document: Y.Doc;
  readonly ledger: RoomLedger;
  readonly figures: readonly StrategyFigures[];
  readonly verdicts: Readonly<Partial<Record<StrategyId, Verdicts>>>;
  readonly judgements: readonly Judgement[];
  readonly outcome: Outcome;
  /** What did not simply survive, newest first, a sentence each. */
  readonly review: readonly ReviewEntry[];
}

/** How long to wait, at the end, until all show the same, in milliseconds of virtual time. */
const convergeMsMax = 30_000;

/** Rejects with an ImpossibleStep where a step cannot be done. */
export async function runScenario(scenario: Scenario, options: RunOptions = {}): Promise<ScenarioRun> {
  const { seed = 1, limits = commandLimits } = options;
  const { schema, replicas, leader, strategies, settings } = scenario;
  const room = await SimulatedRoom.open({ schema, replicas, leader, strategies, settings, seed, notesMessages: options.notesMessages ?? false, notesReplicas: options.notesReplicas ?? true, slowDocumentStore: options.slowDocumentStore ?? false, ...(options.codec ? { codec: options.codec } : {}) });
  options.onRoom?.(room);
  const minimums = new FieldMinimums(schema, strategies);
  const note = (): void => {
    for (const each of room.replicas) if (each.isUp) minimums.note((strategy, field) => each.replica.value(strategy, field) as number);
  };
  const looksAtLows = scenario.expectations.some(({ kind }) => kind === 'never-below');
  await play(scenario, new SimulatedStage(room), { ...options, afterStep: () => void (looksAtLows && note()) });
  await room.converged(convergeMsMax);
  return endingOf(scenario, seed, room, minimums, limits, options.verdicts ?? true);
}

function endingOf(scenario: Scenario, seed: number, room: SimulatedRoom, minimums: FieldMinimums, limits: RoomLimits, judges: boolean): ScenarioRun {
  const { schema, strategies, settings, expectations } = scenario;
  const records = room.records();
  const document = room.relay.document;
  const ledger = roomLedger(schema, records, document, room.everywhere, { siblings: settings.siblings, enabled: strategies });
  const up = room.replicas.filter(({ isUp }) => isUp);
  const isSettled = up.length > 0 && room.isAtRest && room.everywhere.covers(room.relay.summary);
  // Once: a digest reads the whole document of a replica.
  const showers = up.map(({ id, replica }): Shower => {
    const digests = new Map(strategies.map((strategy) => [strategy, replica.strategy(strategy).digest()]));
    return { replica: id, digest: (strategy) => digests.get(strategy)!, value: (strategy, field) => replica.value(strategy, field) };
  });
  const agreed = new Set(strategies.filter((strategy) => new Set(showers.map(({ digest }) => digest(strategy))).size <= 1));
  const value = (strategy: StrategyId, field: FieldId): FieldValue | null => (agreed.has(strategy) && up.length > 0 ? up[0]!.replica.value(strategy, field) : null);
  const events = [...room.events, ...(isSettled ? finalReads(schema, strategies, room.clock.wallMs(), showers) : [])];
  const replication = replicationFigures(schema, records, events);
  const figures = ledger.totals.filter(({ strategy }) => strategies.includes(strategy)).map((totals) => ({ ...totals, ...replication(totals.strategy), converged: isSettled && up.length > 1 ? agreed.has(totals.strategy) : null, bytesSent: room.relay.traffic.ofStrategy(totals.strategy) }));
  const verdicts = judges ? historyVerdicts({ schema, records, events }, strategies, limits) : {};
  const judgements = expectations.map((expectation) => judge(expectation, { schema, figures, verdicts, value, minimums }));
  let review: readonly ReviewEntry[] | null = null;
  return {
    scenario, seed, room, records, events, document, ledger, figures, verdicts, judgements, outcome: overall(judgements),
    // Only when somebody reads it.
    get review() {
      return (review ??= reviewOf(ledger, schema, nobody, strategies));
    },
  };
}

/** Sentences are told from no replica's side. */
const nobody: ReplicaId = '';
