/** What the control room works with; made by the page's entry. */
import type { ReplicationSeries } from '../../../shared/analysis/replication/replication-series.ts';
import type { SettingsChange } from '../../../shared/control/lab-settings.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import type { Link } from '../../../shared/network/link.ts';
import type { ControlConnection } from '../../controllers/control-connection.ts';
import type { SavedHistory } from '../../controllers/saved-history.ts';
import type { Host } from '../../platform/host.ts';
import type { CatalogueEntry } from '../../platform/lab-client.ts';
import type { ServerAddress } from '../../platform/server-address.ts';
import type { TimelineSource } from '../diagram/live-space-time.ts';
import type { Islands } from './map-view.ts';

export interface LabControls {
  readonly server: ServerAddress;
  readonly channel: ControlConnection;
  readonly host: Host;
  /** Reads the room's history for the space-time diagram. */
  readonly timelines: TimelineSource;
  /** Switches the relay; rejects with a sentence when the server does not do it. */
  setRelayOnline(online: boolean): Promise<void>;
  /** Changes some of the room's settings; rejects with a sentence when the server refuses them. */
  putSettings(change: SettingsChange): Promise<void>;
  /** Divides the room; no lists: makes it whole. */
  putIslands(lists: Islands): Promise<void>;
  putLink(name: string, link: Omit<Link, 'seed'>): Promise<void>;
  /** Throws away all edits, for everybody. */
  emptyRoom(): Promise<void>;
  /** Divergence and lag over time under a strategy. */
  replicationSeries(strategy: StrategyId): Promise<ReplicationSeries>;
  /** Saves a report of the room as a file. */
  saveReport(): Promise<void>;
  /** The scenarios that there are. */
  catalogue(): Promise<readonly CatalogueEntry[]>;
  chooseScenario(name: string | null): Promise<void>;
  /** Puts a scenario on stage that came as a file. */
  chooseScenarioText(text: string): Promise<void>;
  /** Opens a saved history; rejects with a sentence where the text is none. */
  openHistory(name: string, text: string): Promise<SavedHistory>;
  /** Saves the report of a saved history as a file. */
  saveReportOf(saved: SavedHistory): Promise<void>;
  steerScenario(how: 'play' | 'pause' | 'step', speed?: number): Promise<void>;
}
