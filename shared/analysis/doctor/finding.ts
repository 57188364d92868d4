/** What the doctor finds. Ranges and units are those of Yjs: `clock` is the first one, `length` counts characters, elements and the like. */
import type { ClockRange } from './clock-ranges.ts';
import type { UnitId } from './content-run.ts';
import type { UpdateFormat } from '../../document/decoded-update.ts';
import type { Root } from './document-roots.ts';
import type { Wait } from './waiting-edits.ts';

/** Which of two documents. */
export type Side = 'first' | 'second';

/** A range, and what is in it as far as it can be shown: “hello”. */
export interface ShownRange extends ClockRange {
  readonly shown: string | null;
}

/** Where the unit is that an edit waits for: in another document, nowhere, or here, and waiting itself. */
export type Whereabouts = 'elsewhere' | 'nowhere' | 'waiting-too';

/** What can be said of one document. */
export type Symptom =
  | { readonly kind: 'pending-structs'; readonly waits: readonly (Wait & { readonly is: Whereabouts })[] }
  | { readonly kind: 'pending-deletions'; readonly ranges: readonly ClockRange[] }
  /** One root was written to as different types. */
  | { readonly kind: 'mixed-root'; readonly roots: readonly Pick<Root, 'name' | 'uses'>[] }
  /** Two clients began with the same content, as when a document is created from the same text on two sides: it is in there twice. */
  | { readonly kind: 'seeded-twice'; readonly beginnings: readonly SameBeginning[] };

/** Two clients that made the same out of nothing. */
export interface SameBeginning {
  readonly clients: readonly [number, number];
  /** How many units are the same. */
  readonly length: number;
  readonly shown: string | null;
}

/** Why two documents differ. */
export type Difference =
  | { readonly kind: 'missing-updates'; readonly on: Side; readonly ranges: readonly ShownRange[] }
  | { readonly kind: 'shared-client-id'; readonly ranges: readonly ClockRange[]; readonly example: UnitId & { readonly first: string | null; readonly second: string | null } }
  | { readonly kind: 're-seeded'; readonly beginnings: readonly SameBeginning[]; /** Whether they have nothing in common at all. */ readonly sharesNothing: boolean }
  /** Known to be deleted on one side alone: the other one has it, or neither has. */
  | { readonly kind: 'deletions-differ'; readonly deletedOn: Side; readonly ranges: readonly ShownRange[]; readonly sameStateVectors: boolean };

/** What is worth knowing and makes no difference. */
export type Remark =
  | { readonly kind: 'formats'; readonly first: UpdateFormat; readonly second: UpdateFormat }
  /** Of what both have deleted, one still has the content. */
  | { readonly kind: 'collected'; readonly on: Side; readonly units: number }
  | { readonly kind: 'empty'; readonly which: Side };

export type Finding = Symptom | Difference | Remark;
