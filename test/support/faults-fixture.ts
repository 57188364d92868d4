/** Windows as the lab has them, the calls for faults, and what must be equal when all is mended. */
import { expect } from 'vitest';
import WebSocket from 'ws';
import type { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { RelayConnection } from '../../renderer/providers/relay-connection.ts';
import { systemClock } from '../../server/relay/system-clock.ts';
import { labSchema } from '../../shared/document/schema.ts';
import { decodeRecord } from '../../shared/history/record-codec.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { Replica } from '../../shared/replica/replica.ts';
import { MemoryStore } from './memory-store.ts';
import { StrategySet } from '../../shared/strategies/strategy-set.ts';
import { YjsStrategy } from '../../shared/strategies/yjs/yjs-strategy.ts';
import { atEnd, type RawClient, type TestLab, until } from './lab-fixture.ts';

export interface LabWindow {
  readonly name: string;
  readonly doc: Y.Doc;
  readonly replica: Replica;
  readonly strategies: StrategySet;
  readonly connection: RelayConnection;
}

/**
 * A replica as in a window: strategies, journal, outbox and the real connection; only its disk is memory. Without the coordinated strategies, as those write
 * records of their own accord.
 */
export async function openWindow(lab: { ws: string }, name: string, { coordinated = false, clock = systemClock }: { readonly coordinated?: boolean; readonly clock?: Clock } = {}): Promise<LabWindow> {
  const doc = new Y.Doc();
  const strategies = new StrategySet(labSchema, new YjsStrategy(labSchema, doc));
  const connection = new RelayConnection({ server: lab.ws, room: 'lab', name, doc, WebSocket: WebSocket as never });
  const replica = await Replica.open({ id: name, instance: `copy-of-${name}`, schema: labSchema, strategies: strategies.answering, coordinated: coordinated ? strategies.coordinated : [], clock, store: new MemoryStore(), transport: connection });
  connection.announce({ replica: name, clock: {} });
  connection.isOnline = true;
  atEnd(async () => {
    connection.close();
    await replica.close();
    doc.destroy();
  });
  await until(() => connection.state === 'synced' && replica.isSynced);
  return { name, doc, replica, strategies, connection };
}

/** Windows of these names with all strategies, opened one after the other, once all are members. */
export async function openMembers(lab: { ws: string }, names: readonly string[]): Promise<LabWindow[]> {
  const windows: LabWindow[] = [];
  for (const name of names) windows.push(await openWindow(lab, name, { coordinated: true }));
  await until(() => windows.every(({ replica }) => replica.members.length === names.length));
  return windows;
}

/** Who of others is there, as a window shows it. */
export function peersOf({ connection }: LabWindow): string[] {
  return connection.peers.map((peer) => peer?.replica ?? '?').sort();
}

/** Whether the relay has confirmed all that a window did. */
export function isSaved({ replica, connection }: LabWindow): boolean {
  return replica.waiting === 0 && connection.isDocumentSaved;
}

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows the shape of its answer
  readonly json: any;
}

/** One call of the control API; the path is within the room "lab". A text is sent as it is. */
export async function call(lab: { url: string }, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${lab.url}/-/api/rooms/lab${path}`, { method, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), json: text === '' ? null : JSON.parse(text) };
}

async function succeed(answer: Promise<Answer>): Promise<void> {
  const { status, json } = await answer;
  expect(status, JSON.stringify(json)).toBeLessThan(300);
}

export function divide(lab: { url: string }, ...lists: readonly (readonly string[])[]): Promise<void> {
  return succeed(call(lab, 'PUT', '/islands', lists));
}

export function heal(lab: { url: string }): Promise<void> {
  return succeed(call(lab, 'DELETE', '/islands'));
}

export function bend(lab: { url: string }, name: string, link: object): Promise<void> {
  return succeed(call(lab, 'PUT', `/links/${name}`, { seed: 1, ...link }));
}

export function reset(lab: { url: string }): Promise<void> {
  return succeed(call(lab, 'POST', '/reset'));
}

/** The room's own document, the union of all islands; to be read only. */
export async function roomDocument(lab: TestLab): Promise<Y.Doc> {
  const lease = await lab.relay.lease('lab');
  lease.release();
  return lease.room.document.doc;
}

/** Whether documents hold the same: equal state vectors and equal deletions, nothing waiting. */
export function haveEqualDocuments(docs: readonly Y.Doc[]): boolean {
  const [first, ...others] = docs.map((doc) => Y.snapshot(doc));
  return docs.every((doc) => doc.store.pendingStructs === null && doc.store.pendingDs === null) && others.every((each) => Y.equalSnapshots(first!, each));
}

/** Waits until windows and apps show the same as the room's document, and all windows have the same journal, on disk. */
export async function converged(lab: TestLab, windows: readonly LabWindow[], apps: readonly WebsocketProvider[] = []): Promise<void> {
  const docs = [...windows, ...apps].map(({ doc }) => doc);
  // Asked for each time: a room that all have left for a moment is loaded anew.
  await until(async () => haveEqualDocuments([await roomDocument(lab), ...docs]));
  await until(() => windows.every(isSaved) && new Set(windows.map(({ replica }) => replica.clock.toString())).size <= 1);
  for (const strategy of ['crdt', 'last-writer-wins', 'siblings'] as const) {
    expect(new Set(windows.map(({ replica }) => replica.strategy(strategy).digest())).size, strategy).toBe(Math.min(1, windows.length));
  }
}

/** Waits until all that the relay sent a session so far has been read: pings keep their place among frames. */
export async function caughtUp({ socket }: Pick<RawClient, 'socket'>): Promise<void> {
  await new Promise((resolve) => {
    socket.once('pong', resolve);
    socket.ping();
  });
}

/** Names of all records that a client was sent, in order. */
export function recordsOf(client: RawClient): string[] {
  return client.messages().flatMap((message) => (message.kind === 'records' ? message.records : [])).map((bytes) => {
    const { dot } = decodeRecord(bytes);
    return `${dot.replica}:${dot.counter}`;
  });
}

/** The updates that a client was sent in sync frames of a step (1: step 2, 2: update). */
export function updatesOf(client: RawClient, step: 1 | 2): Uint8Array[] {
  return client.frames.filter((frame) => frame[0] === 0 && frame[1] === step);
}
