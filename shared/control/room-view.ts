/** A room as the control room and the control API show it. */
import type { StrategyFigures } from '../analysis/strategy-figures.ts';
import type { Verdicts } from '../analysis/verdicts/verdicts.ts';
import type { StrategyId } from '../history/record.ts';
import type { NamedLink } from '../network/link.ts';
import type { LabSettings } from './lab-settings.ts';
import type { ReplicaStatus } from './replica-status.ts';
import type { ScenarioView } from './scenario-view.ts';

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
