/**
 * A scenario: a document, replicas, and what people and the network do to them, step by step, with what must hold in the end. One scenario is a lesson in
 * the windows, a test on the command line and a link.
 *
 * This is a scenario that was read and checked; how people write one: scenario-format.ts and docs/scenarios.md.
 */
import type { Level } from '../analysis/verdicts/levels.ts';
import type { ReplicaId } from '../clocks/dot.ts';
import type { FieldId, FieldValue, Scalar, Schema } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';
import type { LinkFaults } from '../network/link.ts';
import type { StrategySettings } from '../strategies/registry.ts';

export interface Scenario {
  readonly title: string;
  /** What it teaches and where to look, in a sentence or two. */
  readonly lookAt: string;
  readonly schema: Schema;
  readonly replicas: readonly ReplicaId[];
  /** Who leads under single leader at first: one of them. */
  readonly leader: ReplicaId;
  readonly strategies: readonly StrategyId[];
  readonly settings: StrategySettings;
  readonly steps: readonly Step[];
  readonly expectations: readonly Expectation[];
}

/** An item of a list: by its label, or where several have it, which of them, counted from the top from 1 on. */
export type ItemName = string | { readonly label: string; readonly nth: number };

/** What a person wants to do to a field, in the words of what they see: which intent it is shows when it is done. */
export type Action =
  | { readonly kind: 'set'; readonly value: Scalar }
  | { readonly kind: 'type'; readonly text: string; readonly at: TextPlace }
  | { readonly kind: 'erase'; readonly what: string | { readonly at: number; readonly count: number } }
  | { readonly kind: 'increment'; readonly by: number }
  | { readonly kind: 'add' | 'remove'; readonly element: string }
  /** `after` null: first; undefined: last. */
  | { readonly kind: 'insert'; readonly label: string; readonly after: ItemName | null | undefined }
  | { readonly kind: 'relabel'; readonly item: ItemName; readonly label: string }
  | { readonly kind: 'tick'; readonly item: ItemName; readonly done: boolean }
  | { readonly kind: 'move'; readonly item: ItemName; readonly after: ItemName | null | undefined }
  | { readonly kind: 'remove-item'; readonly item: ItemName }
  | { readonly kind: 'reserve' | 'release'; readonly amount: number }
  /** A choice between siblings: one of them, or the person's own words. */
  | { readonly kind: 'keep'; readonly value: FieldValue };

/** An action that names a place in a text or an item of a list, and so may name none, or several. */
export type NameableAction = Extract<Action, { readonly kind: 'type' | 'insert' | 'relabel' | 'tick' | 'move' | 'remove-item' }>;

/** Where text is typed: a number of UTF-16 code units from the start, at an end, or next to some text. */
export type TextPlace = number | 'start' | 'end' | { readonly after: string } | { readonly before: string };

export type Step = StepDoes & {
  /** What happens and what to look at, in one sentence. */
  readonly say: string | null;
  /** Where it stands: "steps[3]". */
  readonly path: string;
  /** The line of the file where it begins; null where it came from no file. */
  readonly line: number | null;
};

export type StepDoes =
  | { readonly kind: 'edit'; readonly at: ReplicaId; readonly field: FieldId; readonly action: Action; /** Whose value the person looks at; null: the first column's. */ readonly column: StrategyId | null; readonly times: number }
  | { readonly kind: 'read'; readonly at: ReplicaId; readonly from: ReplicaId }
  | { readonly kind: 'offline' | 'online' | 'crash' | 'restart'; readonly replicas: readonly ReplicaId[] }
  | { readonly kind: 'islands'; readonly groups: readonly (readonly ReplicaId[])[] }
  | { readonly kind: 'heal' }
  | { readonly kind: 'link'; readonly replica: ReplicaId; readonly upstream: LinkFaults; readonly downstream: LinkFaults }
  | { readonly kind: 'skew'; readonly replica: ReplicaId; readonly skewMs: number }
  | { readonly kind: 'promote'; readonly replica: ReplicaId }
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'together'; readonly steps: readonly Step[] }
  | { readonly kind: 'say' };

export type Bounds = { readonly atLeast: number; readonly atMost: number };

/** A figure of the scorecard that can be expected. */
export type Figure = (typeof figures)[number];

export const figures = ['actions', 'edits', 'kept', 'superseded', 'lost', 'toResolve', 'resurrected', 'refused', 'unknown', 'pending', 'wasUnknown', 'putBack', 'touching', 'choices', 'charactersTyped', 'charactersLost', 'oversold', 'ruleBroken', 'staleReads', 'reads', 'readsRefused', 'latencyMs', 'latencyP95Ms', 'readLatencyMs', 'readLatencyP95Ms', 'lagMs', 'lagWorstMs', 'divergedMs', 'bytesSent'] as const;

export type Expectation = { readonly strategy: StrategyId; /** Where it stands: "expect.crdt.lost". */ readonly path: string } & (
  | { readonly kind: 'figure'; readonly figure: Figure; readonly bounds: Bounds }
  | { readonly kind: 'converged'; readonly converged: boolean }
  | { readonly kind: 'level'; readonly level: Level; readonly verdict: 'holds' | 'broken' }
  | { readonly kind: 'strongest'; readonly level: Level }
  | { readonly kind: 'value'; readonly field: FieldId; readonly value: FieldValue | readonly string[] }
  | { readonly kind: 'never-below'; readonly field: FieldId; readonly least: number }
);
