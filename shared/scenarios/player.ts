/**
 * Plays a scenario on a stage, step by step.
 *
 * Guarantees: a step begins when what the steps before it caused has arrived wherever it can, except inside `together`. A step that cannot be done, as a
 * replica is down or there is no such item, ends the play with one line that names it, or is passed over, as the caller wants.
 */
import { fieldOf } from '../document/schema.ts';
import { ImpossibleAction, intentOf, nearestIntent } from './action-intent.ts';
import type { Action, Scenario, Step } from './scenario.ts';
import type { Stage } from './stage.ts';

export interface PlayOptions {
  /** What becomes of a step that cannot be done, or not without a guess. Default: it ends the play. Passed over: of a guess, the nearest is done. */
  readonly impossible?: 'fail' | 'pass-over';
  /** Called before each step, which begins when its promise resolves. */
  readonly onStep?: (step: Step, index: number) => Promise<void> | void;
  /** Called for each step that is passed over. */
  readonly onPassedOver?: (step: Step) => void;
  /** Called for each edit that was unclear, with what was done in its stead. */
  readonly onNearest?: (step: Step, action: Action) => void;
  /** Called after each step, when all is quiet. */
  readonly afterStep?: (step: Step, index: number) => Promise<void> | void;
}

/** How long people take between two steps, in milliseconds. */
export const paceMs = 1_000;
/** How long two of somebody's clicks are apart, in milliseconds. */
const clickMs = 5;

/** A step that could not be done. */
export class ImpossibleStep extends Error {
  constructor(readonly step: Step, message: string) {
    super(`${step.path}: ${message}`);
  }
}

/** Rejects with an ImpossibleStep. */
export async function play(scenario: Scenario, stage: Stage, options: PlayOptions = {}): Promise<void> {
  for (const [index, step] of scenario.steps.entries()) {
    await options.onStep?.(step, index);
    if (step.kind === 'together') {
      for (const each of step.steps) {
        await tried(scenario, stage, each, options);
        // In the same millisecond, unless they say that time passes; others act while somebody reads.
        await stage.pass(0);
      }
    } else await tried(scenario, stage, step, options);
    for (const replica of scenario.replicas) await stage.endRead(replica);
    await stage.quiet();
    await options.afterStep?.(step, index);
    if (step.kind !== 'say') await stage.pass(paceMs);
  }
}

async function tried(scenario: Scenario, stage: Stage, step: Step, options: PlayOptions): Promise<void> {
  const { impossible = 'fail', onPassedOver } = options;
  try {
    await done(scenario, stage, step, options);
  } catch (error) {
    if (!(error instanceof ImpossibleAction)) throw error;
    if (impossible === 'fail') throw new ImpossibleStep(step, error.message);
    onPassedOver?.(step);
  }
}

async function done(scenario: Scenario, stage: Stage, step: Step, options: PlayOptions): Promise<void> {
  switch (step.kind) {
    case 'edit': return edit(scenario, stage, step, options);
    case 'read': {
      await stage.endRead(mustBeUp(stage, step.at));
      return stage.beginRead(step.at, step.from);
    }
    case 'offline':
    case 'online': {
      for (const replica of step.replicas) await stage.setOnline(replica, step.kind === 'online');
      return;
    }
    case 'crash': {
      for (const replica of step.replicas) await stage.crash(mustBeUp(stage, replica));
      return;
    }
    case 'restart': {
      for (const replica of step.replicas) await stage.restart(replica);
      return;
    }
    case 'islands': return stage.setIslands(step.groups);
    case 'heal': return stage.heal();
    case 'link': return stage.setLink(step.replica, step.upstream, step.downstream);
    case 'skew': return stage.setSkew(step.replica, step.skewMs);
    case 'promote': return stage.promote(mustBeUp(stage, step.replica));
    case 'wait': return stage.pass(step.waitMs);
    case 'together':
    case 'say': return;
  }
}

async function edit({ schema, strategies }: Scenario, stage: Stage, step: Step & { readonly kind: 'edit' }, { impossible, onNearest }: PlayOptions): Promise<void> {
  const { at, action, field } = step;
  // A person does one thing at a time.
  await stage.endRead(mustBeUp(stage, at));
  const isChoice = action.kind === 'keep';
  const column = isChoice ? 'siblings' : (step.column ?? strategies[0]!);
  if (isChoice && !strategies.includes('siblings')) throw new ImpossibleAction('the siblings strategy does not run here');
  for (let left = step.times; left > 0; left--) {
    const shown = await stage.shown(at, column, field);
    const spec = fieldOf(schema, field);
    const { intent, action: nearest } = impossible === 'pass-over' ? nearestIntent(action, spec, shown) : { intent: intentOf(action, spec, shown), action };
    if (nearest !== action) onNearest?.(step, nearest);
    const options = isChoice ? { only: ['siblings'] as const } : { continues: left < step.times };
    await stage.perform(at, field, intent, { column, ...options });
    if (left > 1) await stage.pass(clickMs);
  }
}

function mustBeUp(stage: Stage, replica: string): string {
  if (!stage.isUp(replica)) throw new ImpossibleAction(`replica ${replica} is down`);
  return replica;
}
