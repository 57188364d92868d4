/**
 * What goes over the control channel (`/-/control`, JSON text frames) and the control API. It is the observer's own line: a partition
 * never cuts it, it never carries document data, and no strategy may learn anything from it.
 */
import type { ReplicaId } from '../clocks/dot.ts';
import type { FieldId, Schema } from '../document/schema.ts';
import { type StrategyId, strategyIds } from '../history/record.ts';
import { type Preset, presetColumns, presetOf, withPreset } from '../strategies/presets.ts';
import { defaultStrategySettings, type StrategySettings } from '../strategies/settings.ts';
import type { NamedLink } from './link.ts';
import type { Verdicts } from './verdicts.ts';
import type { ReplicaStatus } from './replica-status.ts';
import type { WindowCommand } from './window-commands.ts';

export type { ReplicaStatus } from './replica-status.ts';

/** Settings that hold for a whole room. */
export interface LabSettings extends StrategySettings {
  /** The strategies that carry out edits; at least one. */
  readonly enabled: readonly StrategyId[];
  /** The columns on stage, in every window of the room; at least one. */
  readonly columns: readonly StrategyId[];
  /** When they were put on stage, in milliseconds since 1970; 0: nobody has chosen any. Tells one choice from the next, also where both are of the same columns. */
  readonly columnsSinceMs: number;
  /** The named system that the settings were last set to; null after anything else was changed. */
  readonly preset: string | null;
  /** The room's document; null: the lab's own. Changes only together with emptying the room. */
  readonly schema: Schema | null;
  /** Who leads under single leader at first: nobody is let in before it. Null: whoever comes first. Changes only together with emptying the room. */
  readonly leader: ReplicaId | null;
}

/** What people can change of them. */
export type SettingsChange = Partial<Omit<LabSettings, 'columnsSinceMs' | 'schema' | 'leader'>>;

/** The comparison that people come for. */
export const defaultColumns: readonly StrategyId[] = ['crdt', 'last-writer-wins'];

export const defaultSettings: LabSettings = { enabled: strategyIds, columns: defaultColumns, columnsSinceMs: 0, preset: null, schema: null, leader: null, ...defaultStrategySettings };

/**
 * The settings after a change. Choosing a preset sets what it names, switches its strategies on and puts their columns on stage. Which columns are on stage
 * is no part of a preset; any other change ends it. Throws a RangeError for an unknown preset. `nowMs`: milliseconds since 1970.
 */
export function changedSettings(settings: LabSettings, change: SettingsChange, nowMs: number): LabSettings {
  const chosen = change.columns || typeof change.preset === 'string' ? { columnsSinceMs: nextColumnsMs(settings, nowMs) } : {};
  if (typeof change.preset === 'string') return { ...withPresetOnStage(settings, change, presetOf(change.preset)), ...chosen };
  const isOnlyColumns = Object.keys(change).every((name) => name === 'columns');
  return { ...settings, ...(isOnlyColumns ? {} : { preset: null }), ...change, ...chosen };
}

/** Later than the choice before, whatever the clock says. */
export function nextColumnsMs({ columnsSinceMs }: LabSettings, nowMs: number): number {
  return Math.max(columnsSinceMs + 1, Math.round(nowMs));
}

function withPresetOnStage(settings: LabSettings, change: SettingsChange, preset: Preset): LabSettings {
  const columns = presetColumns(preset);
  const changed = withPreset({ ...settings, columns, ...change }, preset);
  return { ...changed, enabled: strategyIds.filter((id) => changed.enabled.includes(id) || columns.includes(id)) };
}

/** Totals of one strategy over all actions that are known: kept to pending add up to `actions`. */
export interface StrategyTotals {
  readonly strategy: StrategyId;
  /** Runs of typing, and all other edits, that were meant for it. */
  readonly actions: number;
  /** The single edits of those actions. */
  readonly edits: number;
  readonly kept: number;
  readonly superseded: number;
  readonly lost: number;
  readonly toResolve: number;
  readonly resurrected: number;
  readonly refused: number;
  readonly unknown: number;
  readonly pending: number;
  /** Marks beside the sum: actions whose outcome was unknown for a while, and actions that somebody put back. */
  readonly wasUnknown: number;
  readonly putBack: number;
  /** Places of texts where edits touch that people made without having seen each other: a mark of the CRDT. */
  readonly touching: number;
  /** How often a person chose between siblings. */
  readonly choices: number;
  readonly charactersTyped: number;
  readonly charactersLost: number;
  /** Rules of the document that the final state breaks: stocks below zero. */
  readonly ruleBroken: number;
  /** Things of a stock that were promised beyond what there was: reservations that people were told to have, less what was released, above the initial stock. */
  readonly oversold: number;
  /** Reads that returned a value older than one that had been acknowledged before they began. */
  readonly staleReads: number;
  /** Median time from an intent to its outcome, in milliseconds; 0 where the answer comes at once, null where there is none yet. */
  readonly latencyMs: number | null;
  /** The 95th percentile of the same. */
  readonly latencyP95Ms: number | null;
  /** Values of single fields that people asked for, and how many of them the strategy refused to tell. */
  readonly reads: number;
  readonly readsRefused: number;
  /** Median and 95th percentile of the time from asking to the answer, in milliseconds; 0 where the copy itself answers, null where nobody read. */
  readonly readLatencyMs: number | null;
  readonly readLatencyP95Ms: number | null;
}

/** What people did at replicas that were cut off, under one strategy. */
export interface WhileCut {
  /** Where it was done. */
  readonly replicas: readonly ReplicaId[];
  /** Actions that were meant for the strategy and done while cut off. */
  readonly actions: number;
  /** Those of them that people were told to have gone through before the cut ended. */
  readonly answered: number;
}

/** What replicas noted of how edits travelled, under one strategy; null where nobody noted anything. */
export interface ReplicationFigures {
  /** True time from an edit to its arrival at each other replica, in whole milliseconds: median and worst. */
  readonly lagMs: number | null;
  readonly lagWorstMs: number | null;
  /** For how long some field did not show the same at all replicas, in whole milliseconds. */
  readonly divergedMs: number | null;
  /** Null also where no replica was cut off, or nothing was done there meanwhile. */
  readonly whileCut: WhileCut | null;
}

/** What only the relay can tell of a strategy beside its totals. */
export interface StrategyFigures extends StrategyTotals, ReplicationFigures {
  /** Whether all open replicas show the same now; null where fewer than two are open, or one has edits that others lack. */
  readonly converged: boolean | null;
  /** Bytes that windows have sent for it since the relay began. Last writer wins and siblings share the journal's records, which count for both. */
  readonly bytesSent: number;
}

export interface SessionView {
  readonly name: string;
  readonly replica: boolean;
  /** While the room is divided: its island, counted from 0 in the order of `islands`; the one of those that none names comes last. */
  readonly island?: number;
}

/** One room, as the control room sees it. */
export interface RoomView {
  readonly room: string;
  readonly settings: LabSettings;
  /** Replica windows that are open now, by name, with what they last said. */
  readonly replicas: readonly ReplicaStatus[];
  /** Sessions at the relay now: replicas' and other y-websocket clients'. */
  readonly sessions: readonly SessionView[];
  /** The names on each island; empty while the room is whole. Sessions that none names form one more island together. */
  readonly islands: readonly (readonly string[])[];
  /** The links that have faults, by name. */
  readonly links: readonly NamedLink[];
  readonly totals: readonly StrategyFigures[];
  /** How consistent the room was so far, by what people did and saw; strategies that were not judged yet are not among them. */
  readonly verdicts: Partial<Record<StrategyId, Verdicts>>;
  readonly documentBytes: number;
  /** The scenario that was chosen for the room; null where none was. */
  readonly scenario: ScenarioView | null;
}

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

export type ControlMessage =
  /** Server → everybody, on opening and after each change. */
  | { readonly kind: 'lab'; readonly relayOnline: boolean; readonly room: RoomView }
  /** Replica window → server, on opening and after each change. */
  | { readonly kind: 'status'; readonly status: ReplicaStatus }
  /** Control room → server → that replica window: set its network switch. */
  | { readonly kind: 'network'; readonly replica: ReplicaId; readonly online: boolean }
  /**
   * Control room → server: all windows of the room shall show their state at this moment, in milliseconds since the Unix epoch, by true time as the events
   * of the history have it; null: now. Fractions are rounded. Refused from a replica window.
   * Server → everybody of the room, the sender too, after each change; changes that come quickly go out as one. A page that connects is told after its first
   * `lab`, and only of a moment: where nothing comes it is now, also for a page that was told of a moment before it lost its connection.
   */
  | { readonly kind: 'moment'; readonly atMs: number | null }
  /** Server → all windows of the room: the room was emptied; start over. */
  | { readonly kind: 'emptied' }
  /** Server → a replica window: do this, and say so. */
  | { readonly kind: 'do'; readonly id: number; readonly command: WindowCommand }
  /** Replica window → server: what it noted, from the note of this number on, counted from 1; none: it asks how many of its notes are there. */
  | { readonly kind: 'notes'; readonly instance: string; readonly from: number; readonly notes: readonly object[] }
  /** Server → that window: so many notes of this copy of its storage are there. */
  | { readonly kind: 'noted'; readonly instance: string; readonly upTo: number }
  /** Replica window → server: what time is it? By its own clock it is `sentMs`. Times in milliseconds since the Unix epoch. */
  | { readonly kind: 'ask-time'; readonly sentMs: number }
  /** Server → that window. */
  | { readonly kind: 'time'; readonly sentMs: number; readonly serverMs: number }
  /** Replica window → server: the answer, or why it could not be done. */
  | { readonly kind: 'done'; readonly id: number; readonly value?: unknown; readonly error?: string };
