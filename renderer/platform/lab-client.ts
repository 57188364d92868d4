/** The control API, as a replica window uses it. Every call rejects with an Error of one clear line. */
import type { LabSettings } from '../../shared/protocol/control.ts';
import type { ServerAddress } from './server-address.ts';

export class LabClient {
  constructor(private readonly server: ServerAddress) {}

  /** Asks for an id for this copy of a replica. The same instance always gets the same id. */
  async nameReplica(name: string, instance: string): Promise<string> {
    const answer = await this.call('POST', '/replicas', { name, instance });
    return (answer as { replica: string }).replica;
  }

  /** Changes some of the room's settings. */
  async putSettings(change: Partial<LabSettings>): Promise<void> {
    await this.call('PUT', '/settings', change);
  }

  /** Empties the room for everybody. */
  async emptyRoom(): Promise<void> {
    await this.call('DELETE', '');
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const address = `${this.server.origin}/-/api/rooms/${this.server.room}${path}`;
    const response = await fetch(address, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) }).catch(() => {
      throw new Error(`The lab does not answer at ${this.server.origin}.`);
    });
    const text = await response.text();
    if (!response.ok) throw new Error(detailOf(text) ?? `The lab answered ${response.status} to ${method} ${path}.`);
    return text === '' ? null : (JSON.parse(text) as unknown);
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
