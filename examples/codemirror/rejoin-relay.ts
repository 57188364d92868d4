/** Rejoin's relay as a process of its own, and the calls that make its network bad. Copy this file into your own tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The command `rejoin`; where you have installed it, say where that is. */
const rejoin = process.env['REJOIN_COMMAND'] ?? fileURLToPath(new URL('../../tools/rejoin.mjs', import.meta.url));

export interface Faults {
  readonly latencyMs?: number;
  readonly jitterMs?: number;
  readonly bandwidthKbps?: number | null;
  readonly dropRate?: number;
  readonly duplicateRate?: number;
  readonly reorderRate?: number;
  readonly cut?: boolean;
}

export interface Room {
  /** Nobody on one island hears from another one: divide(['alice'], ['bob']). */
  divide(...islands: string[][]): Promise<void>;
  /** One island again. */
  heal(): Promise<void>;
  /** Makes the link of one person bad; what is not named is no fault. */
  link(name: string, link: { online?: boolean; upstream?: Faults; downstream?: Faults; seed?: number }): Promise<void>;
  /** All faults off. */
  reset(): Promise<void>;
}

export interface Relay {
  /** "ws://127.0.0.1:43215", the server for a WebsocketProvider. */
  readonly address: string;
  /** "http://127.0.0.1:43215/-/api", for calls of your own. */
  readonly api: string;
  room(name: string): Room;
  stop(): Promise<void>;
}

/** Starts a relay on a free port with an empty data folder; pages of this origin may use it. */
export async function startRelay(allowOrigin: string): Promise<Relay> {
  const data = await mkdtemp(join(tmpdir(), 'relay-'));
  const child = spawn(process.execPath, [rejoin, 'relay', '--port', '0', '--data', data, '--allow-origin', allowOrigin, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  const ready = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  const [line] = await Promise.race([ready, ended.then(([code]) => Promise.reject(new Error(`the relay ended with code ${code}: ${said.trim()}`)))]);
  const { url } = JSON.parse(line) as { url: string };
  return {
    address: url.replace('http', 'ws'),
    api: `${url}/-/api`,
    room: (name) => roomAt(`${url}/-/api/rooms/${name}`),
    async stop() {
      child.kill();
      await ended;
      await rm(data, { recursive: true, force: true });
    },
  };
}

function roomAt(room: string): Room {
  const call = async (method: string, path: string, body?: unknown): Promise<void> => {
    const answer = await fetch(`${room}/${path}`, { method, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  };
  return {
    divide: (...islands) => call('PUT', 'islands', islands),
    heal: () => call('DELETE', 'islands'),
    link: (name, link) => call('PUT', `links/${encodeURIComponent(name)}`, link),
    reset: () => call('POST', 'reset'),
  };
}
