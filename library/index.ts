/**
 * The library: replicas that carry out each edit under several strategies at once, what each
 * strategy did to every edit, and whole rooms in simulated time.
 *
 * Nothing here needs a window, a browser or a file: time, chance, storage and network come in
 * through ports. Times are in milliseconds; names that end in `Ms` say so. Indexes and lengths of
 * text count UTF-16 code units, as Yjs and the DOM do. Wrong arguments throw a TypeError or a
 * RangeError of one sentence, and change nothing.
 *
 * Beside it: `rejoin/indexeddb` (a store), `rejoin/websocket` (a transport to a relay) and
 * `rejoin/contracts` (test suites for stores, transports and strategies of your own).
 */

/**
 * The document: named fields with a type, and the intents that people have about them.
 *
 *     const schema: Schema = [{ id: 'seats', type: 'stock', label: 'Seats', initial: 3 }];
 *     replica.perform('seats', { kind: 'reserve', amount: 1 });
 *
 * `parseIntent` and `fieldOf` throw where something does not fit the schema.
 */
export {
  fieldOf,
  type FieldId,
  type FieldSpec,
  type FieldType,
  type FieldValue,
  type FieldValues,
  labSchema,
  type ListItem,
  type Scalar,
  type Schema,
} from '../shared/document/schema.ts';
export { type Intent, type IntentsByType, parseIntent } from '../shared/document/intent.ts';
export { spliceOf } from '../shared/document/splice.ts';

/**
 * The order of events: a dot names one event, a version vector says what has been seen.
 *
 *     const seen = VersionVector.of([['A', 2]]);
 *     seen.includes({ replica: 'A', counter: 1 }); // true
 */
export { type Dot, type DotKey, dotKey, type ReplicaId } from '../shared/clocks/dot.ts';
export { type CausalOrder, VersionVector } from '../shared/clocks/version-vector.ts';
export { HybridLogicalClock, type HybridTimestamp } from '../shared/clocks/hybrid-logical-clock.ts';

/**
 * A replica: one copy of the document that accepts edits, also while it is cut off.
 *
 *     const strategies = new StrategySet(schema, new YjsStrategy(schema, doc));
 *     const replica = await Replica.open({
 *       id: 'A', instance: crypto.randomUUID(), schema, clock: systemClock, store, transport,
 *       strategies: strategies.answering, coordinated: strategies.coordinated,
 *     });
 *     replica.perform('votes', { kind: 'increment', by: 1 });
 *     replica.value('crdt', 'votes');
 *     await replica.close();
 *
 * `instance` names this copy of the storage: keep it with the store, and never use it for another.
 * `open` rejects when the store cannot be read. `perform` throws where an intent makes no sense.
 * What goes wrong later, such as a full disk, comes as an event of kind "trouble".
 */
export { Replica } from '../shared/replica/replica.ts';
export type { ReplicaEvent, ReplicaOptions } from '../shared/replica/replica-options.ts';

/**
 * The six strategies, and what can be set of each. `Strategy` is the interface of those that answer
 * an edit at once, `CoordinatedStrategy` of those that have to ask other replicas first.
 *
 *     const strategies = new StrategySet(schema, new YjsStrategy(schema, doc));
 *     const { quorum, ...others } = defaultStrategySettings;
 *     strategies.configure({ ...others, quorum: { ...quorum, r: 1, w: 1 } });
 *     strategies.configure(withPreset(defaultStrategySettings, presetOf('cassandra')));
 *
 * Settings count for what begins after they are set. Quorum throws a RangeError where R or W is
 * no whole number from 1 on; `presetOf` throws one that names the presets.
 */
export type { Performed, Strategy } from '../shared/strategies/strategy.ts';
export type { CoordinatedStrategy, MemberNetwork } from '../shared/strategies/coordinated-strategy.ts';
export {
  coordinatedIds,
  type CoordinatedId,
  defaultStrategySettings,
  isCoordinated,
  strategyNames,
  type StrategySettings,
} from '../shared/strategies/registry.ts';
export { StrategySet } from '../shared/strategies/strategy-set.ts';
export { YjsStrategy } from '../shared/strategies/yjs/yjs-strategy.ts';
export { LastWriterWins } from '../shared/strategies/last-writer-wins/last-writer-wins.ts';
export type { LastWriterWinsSettings } from '../shared/strategies/last-writer-wins/settings.ts';
export { Siblings } from '../shared/strategies/siblings/siblings.ts';
export {
  defaultSiblingsSettings,
  type SiblingsSettings,
} from '../shared/strategies/siblings/settings.ts';
export { Quorum } from '../shared/strategies/quorum/quorum.ts';
export {
  defaultQuorumSettings,
  type QuorumSettings,
} from '../shared/strategies/quorum/settings.ts';
export { Consensus } from '../shared/strategies/consensus/consensus.ts';
export {
  type ConsensusSettings,
  defaultConsensusSettings,
} from '../shared/strategies/consensus/settings.ts';
export { SingleLeader } from '../shared/strategies/single-leader/single-leader.ts';
export {
  defaultSingleLeaderSettings,
  type SingleLeaderSettings,
} from '../shared/strategies/single-leader/settings.ts';
export { type Preset, presetOf, presets, withPreset } from '../shared/strategies/presets.ts';

/**
 * The ports, and adapters that need no network and no disk. `systemClock` uses the timers of a
 * browser or of Node; `MemoryStore` forgets when the program ends. Write an adapter of your own
 * and let the suites of `rejoin/contracts` test it.
 *
 *     const store: Store = new MemoryStore();
 *     await store.write([{ key: 'a', value: new Uint8Array(1) }]);
 */
export type { Clock } from '../shared/ports/clock.ts';
export type { Random } from '../shared/ports/random.ts';
export type { Store, StoreChange, StoreEntry } from '../shared/ports/store.ts';
export type { Transport, TransportListener } from '../shared/ports/transport.ts';
export { browserClock as systemClock } from '../renderer/platform/browser-clock.ts';
export { MemoryStore } from '../shared/simulation/memory-store.ts';
export { SeededRandom } from '../shared/network/seeded-random.ts';

/**
 * The history: one record for each edit, outcome and read, as JSON Lines hold it.
 *
 *     const text = toJsonLines(schema, strategyIds, replica.records);
 *     const { records } = parseHistory(text.trimEnd().split('\n'));
 *
 * `parseHistory` throws an `UnreadableInput`, whose `line` says where.
 */
export {
  type EditOptions,
  type EditRecord,
  isEdit,
  isOutcome,
  isRead,
  type JournalRecord,
  type OutcomeRecord,
  type ReadRecord,
  type StrategyId,
  strategyIds,
  type Trace,
} from '../shared/history/record.ts';
export type { RoomEvent } from '../shared/history/room-event.ts';
export type { History } from '../shared/history/history.ts';
export { toJsonLines } from '../shared/history/json-lines.ts';
export { parseHistory } from '../shared/history/history-file.ts';
export { UnreadableInput } from '../shared/encoding/unreadable-input.ts';

/**
 * Analysis: pure functions of a history. The ledger says how every edit ended under every strategy,
 * and its totals are the scorecard; the review says it in sentences; verdicts say how consistent
 * each strategy was, with a witness where a level is broken; a report is one HTML file of it all.
 *
 *     const ledger = roomLedger(schema, room.records(), room.relay.document, room.everywhere,
 *       { enabled: strategyIds, siblings: defaultSiblingsSettings });
 *     for (const { strategy, kept, lost } of ledger.totals) console.log(strategy, kept, lost);
 *     reviewOf(ledger, schema, 'A', strategyIds).map(({ sentence }) => sentence);
 *
 * Totals count actions: a run of typing is one. The dispositions of a strategy add up to its
 * actions. A ledger takes time in proportion to the history.
 */
export {
  type Disposition,
  type Fate,
  type Ledger,
  type LedgerAction,
  type LedgerInput,
  ledgerOf,
  type LedgerRow,
  type LossReason,
} from '../shared/analysis/ledger.ts';
export {
  type RoomLedger,
  roomLedger,
  type RoomLedgerSettings,
} from '../shared/analysis/room-ledger.ts';
export type { StrategyFigures, StrategyTotals } from '../shared/analysis/strategy-figures.ts';
export { scorecardCsv, type ScorecardRow } from '../shared/analysis/scorecard-csv.ts';
export { type ReviewEntry, reviewOf } from '../shared/analysis/review.ts';
export { type StaleRead, staleReads } from '../shared/analysis/stale-reads.ts';
export { finalReads, type Shower } from '../shared/analysis/final-reads.ts';
export { type FinishedHistory, historyVerdicts } from '../shared/analysis/history-verdicts.ts';
export { type Level, levels } from '../shared/analysis/verdicts/levels.ts';
export type { Verdict, Witness } from '../shared/analysis/verdicts/verdict.ts';
export type { Verdicts } from '../shared/analysis/verdicts/verdicts.ts';
export type { Report } from '../shared/analysis/report/report.ts';
export { reportHtml } from '../shared/analysis/report/report-html.ts';

/**
 * Simulation: replicas, relay, links and disks in virtual time, all of the same code as in windows.
 * The same options and calls give the same run, byte for byte, on every machine.
 *
 *     const room = await SimulatedRoom.open({
 *       schema, replicas: ['A', 'B'], strategies: strategyIds,
 *       settings: defaultStrategySettings, seed: 1,
 *     });
 *     room.islands([['A'], ['B']]);
 *     room.at('A').replica.perform('votes', { kind: 'increment', by: 1 });
 *     await room.heal();
 *     await room.converged(30_000);
 *
 * Time passes only in `pass`, `quiet`, `until` and `converged`, and is virtual: a week takes
 * no time. `at` throws a RangeError where there is no such replica.
 */
export {
  type LinkChange,
  SimulatedRoom,
  type SimulatedRoomOptions,
  simulationVersion,
} from '../shared/simulation/simulated-room.ts';
export { type LinkFaults, noFaults } from '../shared/network/link.ts';
export { VirtualClock } from '../shared/simulation/virtual-clock.ts';
export { DiskContents, SimulatedDisk } from '../shared/simulation/simulated-disk.ts';

/**
 * Scenarios: what people and the network do, and what must hold in the end, in one YAML file.
 * Random runs make them up from a seed, and make a run that fails as small as it gets.
 *
 *     const checked = await checkScenario(readScenario(text, 'trip.yaml'), { seed: 1 });
 *     checked.outcome; // "holds", "broken" or "unknown"
 *     wrongOf(await new RandomRuns(template, { edits: 50 }).run(7)); // a sentence for each flaw
 *
 * `readScenario` throws a RangeError that names the file and the line. `runScenario` and
 * `checkScenario` reject with an `ImpossibleStep` where a step cannot be done.
 */
export type { Scenario } from '../shared/scenarios/scenario.ts';
export { readScenario } from '../shared/scenarios/read-scenario.ts';
export {
  type RunOptions,
  runScenario,
  type ScenarioRun,
} from '../shared/scenarios/run-scenario.ts';
export { type CheckedRun, checkScenario } from '../shared/scenarios/check-scenario.ts';
export type { Judgement, Outcome } from '../shared/scenarios/judgement.ts';
export { ImpossibleStep } from '../shared/scenarios/player.ts';
export type { RandomOptions, RunTemplate } from '../shared/scenarios/random-scenario.ts';
export { RandomRuns, type SmallFailure, wrongOf } from '../shared/scenarios/random-runs.ts';
