/** Labs, clients and waiting for the tests of the server. Everything that is started here ends with its test. */
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import * as encoding from 'lib0/encoding';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { ControlMessage } from '../../shared/control/control-message.ts';
import type { RoomView } from '../../shared/control/room-view.ts';
import type { EditRecord } from '../../shared/history/record.ts';
import { encodeRecord } from '../../shared/history/record-codec.ts';
import type { Store, StoreChange } from '../../shared/ports/store.ts';
import { decodeMessage, encodeMessage } from '../../shared/protocol/codec.ts';
import type { Message, MessageOf } from '../../shared/protocol/messages.ts';
import { MemoryStore } from './memory-store.ts';
import { until as waitUntil } from './until.ts';
import { createLab, type Lab, type LabOptions } from '../../server/control/lab.ts';

/** Has something ended after the test that is running, in reverse order. */
export function atEnd(end: () => unknown): void {
  onTestFinished(async () => void (await end()));
}

export interface TestLab extends Lab {
  /** What the lab reported. */
  readonly lines: string[];
  readonly ws: string;
}

export async function startLab(options: Partial<LabOptions> = {}): Promise<TestLab> {
  const lines: string[] = [];
  const lab = await createLab({ store: new MemoryStore(), report: (line) => lines.push(line), ...options });
  atEnd(() => lab.close());
  return { ...lab, lines, ws: lab.url.replace('http', 'ws') };
}

/** Waits until the condition holds; a failure quotes it. */
export async function until(condition: () => unknown): Promise<void> {
  await waitUntil(condition, condition.toString(), { everyMs: 2 });
}

/** An unmodified y-websocket client, as an app would use it. */
export function joinAsApp(lab: { ws: string }, room: string, doc = new Y.Doc(), params: Record<string, string> = {}): WebsocketProvider {
  const provider = new WebsocketProvider(lab.ws, room, doc, { WebSocketPolyfill: WebSocket as never, disableBc: true, params, maxBackoffTime: 50 });
  atEnd(() => {
    provider.destroy();
    doc.destroy();
  });
  return provider;
}

export interface RawClient {
  readonly socket: WebSocket;
  readonly frames: Uint8Array[];
  readonly closed: Promise<{ code: number; reason: string }>;
  messages(): Message[];
  last<Kind extends Message['kind']>(kind: Kind): MessageOf<Kind> | undefined;
  send(frame: Uint8Array | string): void;
  say(message: Message): void;
}

/** A socket that speaks only when told to. */
export async function connectRaw(lab: { ws: string }, path: string, headers: Record<string, string> = {}): Promise<RawClient> {
  const socket = new WebSocket(`${lab.ws}${path}`, { headers });
  const frames: Uint8Array[] = [];
  socket.on('message', (data: Buffer) => frames.push(new Uint8Array(data)));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
  socket.on('error', () => {});
  atEnd(() => socket.terminate());
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const messages = (): Message[] => frames.filter((frame) => frame[0] === 64).map(decodeMessage);
  return {
    socket,
    frames,
    closed,
    messages,
    last: <Kind extends Message['kind']>(kind: Kind) => messages().filter((message): message is MessageOf<Kind> => message.kind === kind).at(-1),
    send: (frame) => socket.send(frame),
    say: (message) => socket.send(encodeMessage(message)),
  };
}

/** A window's connection: says hello and waits for `welcome`. */
export async function connectReplica(lab: { ws: string }, room: string, replica: string, options: { instance?: string; summary?: VersionVector } = {}): Promise<RawClient> {
  const client = await connectRaw(lab, `/${room}?name=${replica}`);
  client.say({ kind: 'hello', version: 1, replica, instance: options.instance ?? `copy-of-${replica}`, summary: options.summary ?? VersionVector.empty });
  await until(() => client.last('welcome'));
  return client;
}

/** How a session was closed that was accepted only to be told why it may not come in. */
export async function refusedSession(lab: { ws: string }, path: string): Promise<{ code: number; reason: string }> {
  const client = await connectRaw(lab, path);
  const closed = await client.closed;
  if (client.frames.length > 0) throw new Error(`${path} was let in`);
  return closed;
}

/** The status of a refused WebSocket handshake, and what it said. */
export function refusedHandshake(lab: { ws: string }, path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${lab.ws}${path}`, { headers });
    socket.on('error', () => {});
    socket.on('open', () => {
      socket.terminate();
      reject(new Error(`${path} was let in`));
    });
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
  });
}

/** Watches a room as a control room does. Resolves, when the first view has come, to what tells the last one. */
export async function watchRoom(lab: { ws: string }, room: string): Promise<() => RoomView> {
  const socket = new WebSocket(`${lab.ws}/-/control?room=${room}`);
  atEnd(() => socket.terminate());
  let view: RoomView | null = null;
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as ControlMessage;
    if (message.kind === 'lab') view = message.room;
  });
  await until(() => view !== null);
  return () => view!;
}

/** The counter-th edit of a replica that had seen `context` (its own earlier edits need not be named). */
export function record(replica: string, counter: number, context: Record<string, number> = {}, value = `${replica}${counter}`): EditRecord {
  return {
    dot: { replica, counter },
    context: VersionVector.of(Object.entries({ ...context, [replica]: counter - 1 })),
    field: 'title',
    intent: { kind: 'set', value },
    wallMs: 1_700_000_000_000 + counter,
    hybrid: { ms: 1_700_000_000_000 + counter, counter: 0 },
    traces: {},
  };
}

export function encodedRecords(...records: EditRecord[]): MessageOf<'records'> {
  return { kind: 'records', records: records.map(encodeRecord) };
}

/** A sync frame: step 0 (state vector), 1 or 2 (update). */
export function syncFrame(step: number, bytes: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });
}

/** An update that writes a value into the map "map", made by a document of its own. */
export function updateOf(key: string, value: unknown): Uint8Array {
  const doc = new Y.Doc();
  doc.getMap('map').set(key, value);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/** What a room's document holds now, as canonical JSON of its update bytes. */
export async function documentOf(lab: Lab, room: string): Promise<{ map: Record<string, unknown>; snapshot: string }> {
  const lease = await lab.relay.lease(room);
  try {
    const { doc } = lease.room.document;
    return { map: doc.getMap('map').toJSON(), snapshot: Buffer.from(lease.room.document.snapshot()).toString('hex') };
  } finally {
    lease.release();
  }
}

/** A store whose writes wait for a go, or fail. */
export class HeldStore implements Store {
  holding = false;
  failing = false;
  private readonly held: (() => void)[] = [];

  constructor(private readonly inner: Store = new MemoryStore()) {}

  get waiting(): number {
    return this.held.length;
  }

  read(prefix: string): ReturnType<Store['read']> {
    return this.inner.read(prefix);
  }

  async write(changes: readonly StoreChange[]): Promise<void> {
    if (this.failing) throw new Error('disk full');
    if (this.holding) await new Promise<void>((resolve) => this.held.push(resolve));
    return this.inner.write(changes);
  }

  go(): void {
    this.holding = false;
    for (const resume of this.held.splice(0)) resume();
  }

  async close(): Promise<void> {}
}

/** A store that is not read before it is loaded. */
export class LoadingStore extends MemoryStore {
  /** Lets it be read. */
  loaded = (): void => undefined;
  private readonly waiting = new Promise<void>((resolve) => (this.loaded = resolve));

  override async *read(prefix: string): ReturnType<Store['read']> {
    await this.waiting;
    yield* super.read(prefix);
  }
}
