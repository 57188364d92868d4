/** One sentence of the review after rejoining, as plain data: what a group of strategies that did the same did to one action, or what waits for a person. */
import type { DotKey, ReplicaId } from '../clocks/dot.ts';
import type { Intent, StockIntent } from '../document/intent.ts';
import type { FieldId } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';
import type { PutBack } from './put-back.ts';
import type { TouchingPart } from './touching.ts';

export type ReviewKind = 'rule' | 'touching' | 'sibling' | 'lost' | 'came back' | 'refused' | 'unknown';

/** Words, or what somebody did, to be shown on its author's line. */
export type SentencePart = string | { readonly mark: string; readonly author: ReplicaId };

/** What waits for a person: the values of a field, or the words that touch in a text. */
export type Turn =
  | { readonly kind: 'siblings'; readonly values: readonly { readonly key: DotKey; readonly author: ReplicaId }[] }
  | {
    readonly kind: 'touching';
    /** Where the whole place stands in the text, and how it reads. */
    readonly index: number;
    readonly text: string;
    readonly parts: readonly TouchingPart[];
    /** Whether one side can be kept by removing the others: without them the text reads as if they had not been there. */
    readonly canChoose: boolean;
  };

export interface ReviewReason {
  readonly strategy: StrategyId;
  /** "A wrote 4 s later"; empty where there is nothing to add to what became of it. */
  readonly why: string;
  /** Whether that may still change. */
  readonly isSoFar: boolean;
}

export interface FieldIntent {
  readonly field: FieldId;
  readonly intent: Intent;
}

export interface ReviewItem {
  /** Stable while what it tells stays the same. */
  readonly key: string;
  readonly kind: ReviewKind;
  readonly field: FieldId;
  /** Which rejoin of the window it belongs to, by its place; null where none is known. */
  readonly rejoin: number | null;
  readonly author: ReplicaId;
  /** What it did: "+1", "Offsite in Rome"; of replaced text, what was written. */
  readonly mark: string;
  /** Those that did the same, in the order of the columns. */
  readonly strategies: readonly StrategyId[];
  /** Why, in some words, under each of them; empty for what is not about one action: siblings, touching edits, broken rules. */
  readonly reasons: readonly ReviewReason[];
  /** What stands after their names: " lost your ", "Tuesday" by C, ": A wrote the whole field 9 s later." */
  readonly parts: readonly SentencePart[];
  /** In the order in which the actions were begun. */
  readonly order: number;
  /** Under these strategies alone; null where there is nothing to put back, or somebody has. */
  readonly putBack: PutBack | null;
  /** Whether putting it back adds something, and replaces nothing that is shown. */
  readonly adds: boolean;
  readonly isPutBack: boolean;
  /** Of a refused action: what makes it once more. */
  readonly retry: readonly FieldIntent[];
  readonly turn: Turn | null;
  /** Takes back this window's part of a broken rule; null where it has none. */
  readonly release: StockIntent | null;
  /** Of the edits that it tells of, each with what its maker had seen, in numbers of edits: "A:9 {A:9 B:3}". */
  readonly clocks: readonly string[];
}
