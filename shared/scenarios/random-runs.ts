/**
 * Random runs of a document: made from a seed, checked, and made small when they fail.
 *
 * Guarantees: the same document, seed and options give the same run; what is reported as failing fails when its scenario is run by itself.
 */
import { ImpossibleStep } from './player.ts';
import { checkScenario, type CheckedRun } from './check-scenario.ts';
import { type Ground, type RandomOptions, randomSteps, type RandomStep, scenarioWith } from './random-scenario.ts';
import type { RunOptions } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import type { RawScenario } from './scenario-format.ts';
import { scenarioOf } from './scenario-parts.ts';
import { shrink } from './shrink.ts';

/** A failure, as small as it could be made. */
export interface SmallFailure {
  readonly seed: number;
  /** As it is written. */
  readonly scenario: RawScenario;
  /** What went wrong in it, a sentence each. */
  readonly wrong: readonly string[];
  /** How many steps the run had before. */
  readonly stepsBefore: number;
  readonly steps: number;
}

/** What a run is asked to be: its document and replicas, and how much happens. */
export class RandomRuns {
  private readonly base: Scenario;

  /** Throws a ScenarioTrouble where the ground makes no sense. */
  constructor(private readonly ground: Ground, private readonly options: RandomOptions & Pick<RunOptions, 'verdicts' | 'codec'> = {}) {
    this.base = scenarioOf(scenarioWith(ground, []));
  }

  /** The run of a seed. */
  run(seed: number): Promise<CheckedRun> {
    return this.check(this.stepsOf(seed), seed);
  }

  /** The run of a seed that is known to fail, made small. */
  async small(seed: number, triesMax?: number): Promise<SmallFailure> {
    const all = this.stepsOf(seed);
    const fails = async (steps: readonly RandomStep[]): Promise<boolean> => (await this.wrongIn(steps, seed)).length > 0;
    const fewest = await shrink(all, fails, triesMax);
    const steps = await this.withoutPassedOver(fewest, seed);
    return { seed, scenario: scenarioWith(this.ground, steps), wrong: await this.wrongIn(steps, seed), stepsBefore: all.length, steps: steps.length };
  }

  private stepsOf(seed: number): RandomStep[] {
    return randomSteps(this.base, seed, this.options);
  }

  private check(steps: readonly RandomStep[], seed: number): Promise<CheckedRun> {
    return checkScenario(scenarioOf(scenarioWith(this.ground, steps)), { seed, impossible: 'pass-over', ...(this.options.codec ? { codec: this.options.codec } : {}), verdicts: this.options.verdicts ?? this.base.expectations.some(({ kind }) => kind === 'level' || kind === 'strongest') });
  }

  /** An error that is thrown is a failure too. */
  private async wrongIn(steps: readonly RandomStep[], seed: number): Promise<readonly string[]> {
    try {
      return wrongOf(await this.check(steps, seed));
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  }

  /** What cannot be done does nothing; a scenario that people are shown has no such steps. */
  private async withoutPassedOver(steps: readonly RandomStep[], seed: number): Promise<readonly RandomStep[]> {
    for (let left = [...steps]; ; ) {
      try {
        await checkScenario(scenarioOf(scenarioWith(this.ground, left)), { seed, impossible: 'fail', verdicts: false });
        return left;
      } catch (error) {
        const at = error instanceof ImpossibleStep ? Number(/together\[(\d+)\]/.exec(error.step.path)?.[1] ?? NaN) - 1 : NaN;
        if (Number.isNaN(at)) return left;
        const fewer = left.filter((_step, index) => index !== at);
        if ((await this.wrongIn(fewer, seed)).length === 0) return steps;
        left = fewer;
      }
    }
  }
}

/** What was wrong in a run, a sentence each; what nobody can tell is not wrong. */
export function wrongOf({ broken, run }: CheckedRun): string[] {
  return [...broken, ...run.judgements.filter(({ outcome }) => outcome === 'broken').map(({ sentence }) => sentence)];
}
