/** A run of a scenario against both what its file expects and what the program promises of every run. */
import type { FinishedRun } from './finished-run.ts';
import { brokenInvariants } from './invariants.ts';
import { overall, type Outcome } from './judgement.ts';
import { type RunOptions, runScenario, type ScenarioRun } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';

export interface CheckedRun {
  readonly run: ScenarioRun;
  /** Promises of the program that were not kept, a sentence each. */
  readonly broken: readonly string[];
  readonly outcome: Outcome;
}

export async function checkScenario(
  scenario: Scenario,
  options: RunOptions = {},
): Promise<CheckedRun> {
  const run = await runScenario(scenario, options);
  const broken = run.room.replicas.some(({ isUp }) => isUp)
    ? brokenInvariants(finishedRun(run))
    : [];
  return { run, broken, outcome: broken.length > 0 ? 'broken' : overall(run.judgements) };
}

/** What the checks are told of a run that is over. At least one replica must be up. */
export function finishedRun({
  scenario,
  room,
  records,
  ledger,
  verdicts,
}: ScenarioRun): FinishedRun {
  const up = room.replicas.filter(({ isUp }) => isUp);
  const isConnected = room.replicas.every(({ isUp, isOnline }) => isUp && isOnline);
  const isHealed = isConnected && room.isUndisturbed;
  return {
    schema: scenario.schema,
    settings: scenario.settings,
    strategies: scenario.strategies,
    records,
    ledger,
    verdicts,
    hasUntold: room.replicas.some(({ diedUntold }) => diedUntold),
    isHealed,
    isSettled: isHealed && room.isAtRest,
    sentAgain: room.relay.sentAgain,
    replicas: up.map(({ id, replica }) => ({
      id,
      clock: replica.clock,
      records: replica.records,
      waiting: replica.waiting,
      open: (strategy) => replica.openEdits(strategy).length,
      digest: (strategy) => replica.strategy(strategy).digest(),
      value: (strategy, field) => replica.value(strategy, field),
    })),
    lastWriterWins: up[0]!.strategies.lastWriterWins,
    siblings: up[0]!.strategies.siblings,
  };
}
