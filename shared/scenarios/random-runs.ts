/**
 * Random runs of a document: made from a seed, checked, and made small when they fail.
 *
 * Guarantees: the same document, seed and options give the same run; what is reported as failing fails when its scenario is run by itself.
 */
import { errorText } from '../encoding/error-text.ts';
import { ImpossibleStep } from './player.ts';
import { checkScenario, type CheckedRun } from './check-scenario.ts';
import { type RunTemplate, type RandomOptions, randomSteps, type RandomStep, scenarioWith } from './random-scenario.ts';
import type { RunOptions } from './run-scenario.ts';
import { writtenDeed } from './parse-actions.ts';
import type { NameableAction, Scenario, Step } from './scenario.ts';
import type { RawScenario } from './scenario-format.ts';
import { parseScenario } from './parse-scenario.ts';
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

  /** Throws a ScenarioError where the template makes no sense. */
  constructor(private readonly template: RunTemplate, private readonly options: RandomOptions & Pick<RunOptions, 'verdicts' | 'codec' | 'slowDocumentStore'> = {}) {
    this.base = parseScenario(scenarioWith(template, []));
  }

  /** The run of a seed. */
  run(seed: number): Promise<CheckedRun> {
    return this.check(this.stepsOf(seed), seed);
  }

  /** The run of a seed that is known to fail, made small: what was wrong first is still wrong. */
  async small(seed: number, triesMax?: number): Promise<SmallFailure> {
    const all = this.stepsOf(seed);
    const [first] = await this.troublesIn(all, seed);
    const fails = async (steps: readonly RandomStep[]): Promise<boolean> => (await this.troublesIn(steps, seed)).some(({ of }) => of === first?.of);
    const fewest = await shrink(all, fails, triesMax);
    const steps = await this.withoutPassedOver(await this.spelledOut(fewest, seed), seed, fails);
    const wrong = (await this.troublesIn(steps, seed)).map(({ sentence }) => sentence);
    return { seed, scenario: scenarioWith(this.template, steps), wrong, stepsBefore: all.length, steps: steps.length };
  }

  private stepsOf(seed: number): RandomStep[] {
    return randomSteps(this.base, seed, this.options);
  }

  private check(steps: readonly RandomStep[], seed: number, onNearest: RunOptions['onNearest'] = () => {}): Promise<CheckedRun> {
    return checkScenario(parseScenario(scenarioWith(this.template, steps)), { seed, impossible: 'pass-over', notesReplicas: false, onNearest, ...(this.options.codec ? { codec: this.options.codec } : {}), slowDocumentStore: this.options.slowDocumentStore ?? false, verdicts: this.options.verdicts ?? this.base.expectations.some(({ kind }) => kind === 'level' || kind === 'strongest') });
  }

  /** An error that is thrown is a failure too. */
  private async troublesIn(steps: readonly RandomStep[], seed: number): Promise<readonly Trouble[]> {
    try {
      return troublesOf(await this.check(steps, seed));
    } catch (error) {
      return [{ of: 'error', sentence: errorText(error) }];
    }
  }

  /** What a run had to guess, as it was done: a scenario that people are shown leaves nothing to a guess. */
  private async spelledOut(steps: readonly RandomStep[], seed: number): Promise<readonly RandomStep[]> {
    const exact = new Map<number, RandomStep>();
    try {
      await this.check(steps, seed, (step, action) => {
        if (step.kind === 'edit') exact.set(placeOf(step), writtenDeed(action as NameableAction, step.field));
      });
    } catch {
      // The failure is an error that is thrown: what came before it was done all the same.
    }
    return steps.map((step, at) => ({ ...step, ...exact.get(at) }));
  }

  /** What cannot be done does nothing; a scenario that people are shown has no such steps. */
  private async withoutPassedOver(steps: readonly RandomStep[], seed: number, fails: (steps: readonly RandomStep[]) => Promise<boolean>): Promise<readonly RandomStep[]> {
    for (let left = [...steps]; ; ) {
      try {
        await checkScenario(parseScenario(scenarioWith(this.template, left)), { seed, impossible: 'fail', verdicts: false, notesReplicas: false, slowDocumentStore: this.options.slowDocumentStore ?? false });
        return left;
      } catch (error) {
        const at = error instanceof ImpossibleStep ? placeOf(error.step) : NaN;
        if (Number.isNaN(at)) return left;
        const fewer = left.filter((_step, index) => index !== at);
        if (!(await fails(fewer))) return steps;
        left = fewer;
      }
    }
  }
}

/** Which of the random steps it is, from 0 on; NaN for one that is none of them. */
function placeOf({ path }: Step): number {
  return Number(/together\[(\d+)\]/.exec(path)?.[1] ?? NaN) - 1;
}

/** Something that was wrong in a run. */
interface Trouble {
  /** What it is about: a promise of the program, something that people would be told of, an expectation of a strategy, an error. */
  readonly of: string;
  readonly sentence: string;
}

function troublesOf({ broken, run }: CheckedRun): Trouble[] {
  const unmet = run.judgements.filter(({ outcome }) => outcome === 'broken');
  const told = run.room.troubles.map((sentence) => ({ of: 'trouble', sentence }));
  return [...broken.map((sentence) => ({ of: 'promise', sentence })), ...told, ...unmet.map(({ expectation: { path, strategy }, sentence }) => ({ of: `${path} ${strategy}`, sentence }))];
}

/** What was wrong in a run, a sentence each; what nobody can tell is not wrong. */
export function wrongOf(checked: CheckedRun): string[] {
  return troublesOf(checked).map(({ sentence }) => sentence);
}
