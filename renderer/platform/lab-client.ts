/** The control API, as a replica window uses it. Every call rejects with an Error of one clear line. */
import type { ReplicationSeries } from '../../shared/analysis/replication/replication-series.ts';
import type { LabSettings, SettingsChange } from '../../shared/control/lab-settings.ts';
import type { StrategyId } from '../../shared/history/record.ts';
import type { Link } from '../../shared/network/link.ts';
import { roomSegment } from '../../shared/protocol/room-name.ts';
import type { ServerAddress } from './server-address.ts';

/** A scenario of the catalogue. */
export interface CatalogueEntry {
  readonly name: string;
  readonly title: string;
  readonly lookAt: string;
  readonly replicas: readonly string[];
}

export class LabClient {
  constructor(private readonly server: ServerAddress) {}

  /** Asks for an id for this copy of a replica. The same instance always gets the same id. */
  async nameReplica(name: string, instance: string): Promise<string> {
    const answer = await this.call('POST', '/replicas', { name, instance });
    return (answer as { replica: string }).replica;
  }

  /** The room's settings, with its document. */
  async settings(): Promise<LabSettings> {
    return (await this.call('GET', '/settings')) as LabSettings;
  }

  /** Divergence and lag over time under a strategy. */
  async replicationSeries(strategy: StrategyId): Promise<ReplicationSeries> {
    return (await this.call('GET', `/replication/series?strategy=${strategy}`)) as ReplicationSeries;
  }

  /** What happened in the room so far, as one HTML file. */
  async report(): Promise<string> {
    return this.text('GET', `/-/api/rooms/${roomSegment(this.server.room)}/report`);
  }

  /** What there is to play: the catalogue, and what came to the room as a file. */
  async catalogue(): Promise<readonly CatalogueEntry[]> {
    return (await this.ask('GET', `/-/api/scenarios?room=${encodeURIComponent(this.server.room)}`)) as readonly CatalogueEntry[];
  }

  /** Empties the room and gives it a scenario of the catalogue, or the lab's own document back. */
  async chooseScenario(name: string | null): Promise<void> {
    await (name === null ? this.call('DELETE', '/scenario') : this.call('PUT', '/scenario', { name }));
  }

  /** Empties the room and gives it a scenario that came as a file. */
  async chooseScenarioText(text: string): Promise<void> {
    await this.call('PUT', '/scenario', { text });
  }

  /** `speed`: of playing, from 0.5 to 2. */
  async steerScenario(how: 'play' | 'pause' | 'step', speed = 1): Promise<void> {
    await this.call('POST', how === 'play' ? `/scenario/play?speed=${speed}` : `/scenario/${how}`);
  }

  /** Changes some of the room's settings. */
  async putSettings(change: SettingsChange): Promise<void> {
    await this.call('PUT', '/settings', change);
  }

  /** Divides the room by names; no lists: makes it whole. Who is in no list is on one more island with all others of that kind. */
  async putIslands(lists: readonly (readonly string[])[]): Promise<void> {
    await (lists.length === 0 ? this.call('DELETE', '/islands') : this.call('PUT', '/islands', lists));
  }

  /** Sets what is wrong with a link, by the name of its replica. */
  async putLink(name: string, link: Omit<Link, 'seed'>): Promise<void> {
    await this.call('PUT', `/links/${encodeURIComponent(name)}`, link);
  }

  /** Empties the room for everybody. */
  async emptyRoom(): Promise<void> {
    await this.call('DELETE', '');
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.ask(method, `/-/api/rooms/${roomSegment(this.server.room)}${path}`, body);
  }

  private async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const text = await this.text(method, path, body);
    return text === '' ? null : (JSON.parse(text) as unknown);
  }

  private async text(method: string, path: string, body?: unknown): Promise<string> {
    const address = `${this.server.origin}${path}`;
    const response = await fetch(address, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) }).catch(() => {
      throw new Error(`The lab does not answer at ${this.server.origin}.`);
    });
    const text = await response.text();
    if (!response.ok) throw new Error(detailOf(text) ?? `The lab answered ${response.status} to ${method} ${path}.`);
    return text;
  }
}

/** The sentence of a problem report (RFC 9457). */
function detailOf(text: string): string | null {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? detail : null;
  } catch {
    return null;
  }
}
