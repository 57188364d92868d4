/** A scenario in windows, as the control room, the windows and the control API show it. */
import type { ReplicaId } from '../clocks/dot.ts';
import type { FieldId } from '../document/schema.ts';

/** A scenario that is played in windows, as the control room sees it. */
export interface ScenarioView {
  /** In the catalogue; "text:1" where it came as a text, which can be chosen again by this name; null where it is not known any more. */
  readonly name: string | null;
  readonly title: string;
  readonly lookAt: string;
  readonly replicas: readonly ReplicaId[];
  readonly steps: readonly StepView[];
  /** The moment before the first step; null until that begins. In the same time as the ends of the steps. */
  readonly beganMs: number | null;
  /** How many steps were begun: people look at the last of them. */
  readonly begun: number;
  /** How many steps were done. */
  readonly done: number;
  readonly state: 'waiting' | 'playing' | 'paused' | 'judging' | 'over';
  /** Why it cannot go on, or what it waits for, in one line. */
  readonly trouble: string | null;
  /** Once it is over. */
  readonly judgements: readonly { readonly path: string; readonly outcome: 'holds' | 'broken' | 'unknown'; readonly sentence: string }[];
}

/** A step of a scenario. */
export interface StepView {
  readonly does: string;
  /** What people are told; null: what it does. */
  readonly say: string | null;
  /** Those that it changes. */
  readonly fields: readonly FieldId[];
  /** When it began: nothing that it caused is earlier. Null until then; in the same time as its end. */
  readonly beganMs: number | null;
  /**
   * When it was done with all that it caused: what the windows show at this moment is what people saw before the next step. Null until then. In milliseconds
   * since the Unix epoch, in the time that the events of the history have: the lab's clock, and what the scenario let pass without anybody waiting for it.
   */
  readonly endedMs: number | null;
}
