/**
 * What one replica window works with: its replica, its connection and what is known about both. The elements read this and nothing else.
 */
import type { FieldAuthors } from '../../shared/analysis/authors.ts';
import type { RejoinView } from '../../shared/analysis/rejoin-views.ts';
import type { ReviewItem } from '../../shared/analysis/review-item.ts';
import type { StrategyTotals } from '../../shared/analysis/strategy-figures.ts';
import type { LabSettings, SettingsChange } from '../../shared/control/lab-settings.ts';
import type { ReplicaStatus } from '../../shared/control/replica-status.ts';
import type { ScenarioView } from '../../shared/control/scenario-view.ts';
import type { Intent } from '../../shared/document/intent.ts';
import type { FieldId, FieldValue, Schema } from '../../shared/document/schema.ts';
import type { Seen, StrategyId } from '../../shared/history/record.ts';
import type { NewestEdit } from '../../shared/replica/open-edits.ts';
import type { Reach } from './reach.ts';
import type { ReviewAnswers } from './review-answers.ts';
import type { Survival } from './survival.ts';
import type { WindowPast } from './window-past.ts';
import type { WindowPhase } from './window-phase.ts';

/** A concurrent value that waits for a person. */
export interface WaitingSibling {
  /** The dot of its edit. */
  readonly key: string;
  readonly from: string;
  readonly value: FieldValue;
}

export interface EditStanding {
  /** How many have no answer yet. */
  readonly pending: number;
  /** The newest one; null if none was made since the window was opened, or it was refused and another value has come since. */
  readonly newest: NewestEdit | null;
}

/** What a person was told when they read somewhere; `seen` is null while nobody has answered. */
export interface LastRead {
  readonly at: string;
  readonly seen: readonly Seen[] | null;
  readonly problem: string | null;
}

export interface ReplicaModel {
  /** "A" */
  readonly name: string;
  readonly room: string;
  readonly schema: Schema;
  /** Strategies whose columns this window shows, in their order; at least one. */
  readonly strategies: readonly StrategyId[];
  /** All strategies that run here, shown or not. */
  readonly runningStrategies: readonly StrategyId[];
  showStrategy(strategy: StrategyId, shown: boolean): void;
  /** What the strategy holds here. */
  value(strategy: StrategyId, field: FieldId): FieldValue;
  /** The same, with what the person typed and the strategy has not answered yet: typing never waits. Other fields than text and registers have none. */
  draft(strategy: StrategyId, field: FieldId): FieldValue;
  /** How this window's edits of a field stand under a strategy. */
  standing(strategy: StrategyId, field: FieldId): EditStanding;
  /** Carries out a person's edit, made in a column, under all strategies. */
  perform(field: FieldId, intent: Intent, column: StrategyId): void;

  /** What a column's head says of its strategy: "R=2 W=2 of N=3", "A leads, majority"; empty where there is nothing to say. */
  note(strategy: StrategyId): string;
  /** Who leads under the single leader, as far as this window knows; null while it is no member. */
  readonly leader: string | null;
  /** Makes this replica the leader. */
  promote(): void;
  /** What a promotion has just led to, in one sentence; empty otherwise. */
  readonly announcement: string;

  /** The replicas that a person may read at from here. */
  readonly readable: readonly string[];
  /** Reads all fields at a replica, this one or another; `lastRead` tells what came of it. */
  readFrom(replica: string): Promise<void>;
  readonly lastRead: LastRead | null;
  forgetRead(): void;

  /** The concurrent values of a field that wait for a person under the siblings strategy; empty when there is nothing to decide. */
  siblings(field: FieldId): readonly WaitingSibling[];
  /** What the steps of all siblings of a counter or a stock make together. */
  addedUp(field: FieldId): number;
  /** A person's choice: the value that replaces all siblings, and which of them live on in it. */
  resolve(field: FieldId, value: FieldValue, keeps: readonly string[]): void;

  /** The network switch of this window. */
  readonly online: boolean;
  setOnline(online: boolean): void;
  readonly status: ReplicaStatus;
  /** Which open replicas are out of reach, as the lab said last. */
  readonly reach: Reach;
  /** "Offline · 3 edits waiting", "Connected, but cut off from B, C", "Synced · saving 2 edits", "Synced, all saved" */
  readonly statusText: string;
  /** All other open replicas, reachable or not, as the lab said last. */
  readonly others: readonly string[];
  /** Other replicas that are reachable now. */
  readonly peers: readonly string[];
  /** This replica's version vector: "{A:12 B:4}" */
  readonly clockText: string;

  /** How far this replica's wall clock is off, in milliseconds; positive is ahead. */
  readonly skewMs: number;
  setSkewMs(skewMs: number): void;
  /** Settings of the whole room (they travel over the control channel). */
  readonly settings: LabSettings;
  /** Changes some of them; rejects with one sentence when they are refused, and nothing is changed then. */
  setSettings(change: SettingsChange): Promise<void>;

  readonly totals: readonly StrategyTotals[];
  /** What met at each rejoin of this window, oldest first. */
  readonly rejoins: readonly RejoinView[];
  /** Who wrote what a field shows, as far as it has been gone through; undefined before. */
  authors(strategy: StrategyId, field: FieldId): FieldAuthors | undefined;
  readonly phase: WindowPhase;
  /** By field: how many actions of this window not everybody is known to have. */
  readonly waitingIn: Readonly<Record<FieldId, number>>;
  /** Edits with a concurrent edit on the same field. */
  readonly concurrentActions: number;
  /** Whether all that was made survived, as far as is known. */
  readonly survival: Survival;
  putBack(item: Pick<ReviewItem, 'putBack'>): void;
  /** The review as it is read, sentence by sentence. */
  readonly items: readonly ReviewItem[];
  /** What the person did about them in this window. */
  readonly answers: ReviewAnswers;
  /** Carries out an edit under one strategy alone. */
  performIn(column: StrategyId, field: FieldId, intent: Intent): void;

  /** The scenario that is on stage in the room; null where none is. */
  readonly scenario: ScenarioView | null;

  /** The earlier moment that the windows of the room look at, and what this one shows of it. */
  readonly past: Pick<WindowPast, 'atMs' | 'view' | 'isShown' | 'leave'>;

  /** A trouble that the person must know of (storage failed, opened twice, relay refused us), in one sentence; else null. */
  readonly trouble: string | null;
  /** The history as JSON Lines, for "Save history". */
  history(): string;
  /** Empties the room for everybody: every replica starts over. */
  emptyRoom(): Promise<void>;

  /** Calls back after any change, at most once a frame. Returns a function that stops it. */
  subscribe(listener: () => void): () => void;
}
