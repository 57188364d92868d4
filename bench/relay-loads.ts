/** The loads of bench:relay. Each runs against one server that was started for it, and gives figures. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { parseEditingTrace } from '../shared/replay/editing-trace.ts';
import { SeededRandom } from '../shared/network/seeded-random.ts';
import { bareYjs } from './bare-yjs.ts';
import type { Figures } from './figures.ts';
import { eachRun, typings } from './load-edits.ts';
import { LoadSession, type LoadOptions, stepOne, updateMessage } from './load-session.ts';
import type { MeasuredServer } from './relay-servers.ts';

/** The part of the edits that only warms a server up. */
const warmUp = 0.2;
/** After so long without the end of a load it is given up, in milliseconds. */
const patienceMs = 60_000;

type Join = Pick<LoadOptions, 'updated'> & Partial<Pick<LoadOptions, 'stepTwo' | 'stateVector'>>;

function join(server: MeasuredServer, room: string, options: Join): Promise<LoadSession> {
  return LoadSession.join({ port: server.port, room, addressed: server.id.startsWith('hocuspocus'), silent: server.id === 'ws', ...options });
}

/** Latencies in tenths of a millisecond, as counts. */
class Latencies {
  private readonly counts = new Uint32Array(1_000_000);
  private total = 0;

  add(ms: number): void {
    this.counts[Math.min(this.counts.length - 1, Math.max(0, Math.round(ms * 10)))]!++;
    this.total++;
  }

  at(part: number): number {
    let left = this.total * part;
    for (let tenth = 0; tenth < this.counts.length; tenth++) {
      left -= this.counts[tenth]!;
      if (left <= 0) return tenth / 10;
    }
    return NaN;
  }
}

export interface FanOut {
  readonly sessions: number;
  readonly writers: number;
  readonly editsPerSecond: number;
  readonly seconds: number;
  readonly room?: string;
}

export interface Capacity {
  readonly sessions: number;
  readonly writers: number;
  readonly p99MsMax: number;
}

/** Each rate is tried for so long. */
const capacitySeconds = 2;
/** The rates that are tried are this much apart: a tenth. */
const capacityStep = 1.1;
const capacityFirst = 1_000;

/** The most edits a second that one room bears: all arrive, and 99 of 100 within a time. Found by halves among rates that are a tenth apart. */
export async function capacity(server: MeasuredServer, { sessions, writers, p99MsMax }: Capacity): Promise<Figures> {
  let tries = 0;
  const borne = async (step: number): Promise<Figures | null> => {
    const editsPerSecond = capacityFirst * capacityStep ** step;
    const found = await fanOut(server, { sessions, writers, editsPerSecond, seconds: capacitySeconds, room: `capacity-${tries++}` });
    return found['lost'] === 0 && found['p99Ms']! <= p99MsMax ? { editsPerSecond, p99Ms: found['p99Ms']! } : null;
  };
  let best: Figures = { editsPerSecond: 0, p99Ms: NaN };
  let [least, most] = [-1, 48];
  while (most - least > 1) {
    const step = (least + most) >> 1;
    const found = await borne(step);
    if (found) [best, least] = [found, step];
    else most = step;
  }
  return best;
}

/** One room, everybody hears everything. */
export async function fanOut(server: MeasuredServer, { sessions, writers, editsPerSecond, seconds, room = 'load' }: FanOut): Promise<Figures> {
  const edits = Math.round(editsPerSecond * seconds);
  const each = Math.ceil(edits / writers);
  const typing = typings(writers, each);
  const writerOf = new Map(typing.map(({ client }, writer) => [client, writer]));
  const sentAt = typing.map(() => new Float64Array(each));
  const latencies = new Latencies();
  let delivered = 0;
  let cold = 0;
  const all: LoadSession[] = [];
  for (let number = 0; number < sessions; number++) {
    const have = new Uint32Array(writers);
    all.push(await join(server, room, {
      updated(update) {
        const nowMs = performance.now();
        eachRun(update, (client, clock, length) => {
          const writer = writerOf.get(client)!;
          if (writer === number) return;
          for (let at = Math.max(clock, have[writer]!); at < clock + length; at++) {
            if (cold > 0) latencies.add(nowMs - sentAt[writer]![at]!);
            delivered++;
          }
          have[writer] = Math.max(have[writer]!, clock + length);
        });
      },
    }));
  }
  const frames = typing.map(({ messages }, writer) => messages.map((message) => all[writer]!.framed(message)));
  const expected = each * writers * (sessions - 1);
  let cpuBefore = 0;
  const startedMs = performance.now();
  let sent = 0;
  let memoryBytes = 0;
  while (sent < each * writers) {
    if (cold === 0 && sent >= warmUp * each * writers) {
      cold = delivered;
      void server.cpuSeconds().then((seconds) => (cpuBefore = seconds));
    }
    const nowMs = performance.now();
    const due = Math.min(each * writers, Math.floor(((nowMs - startedMs) / 1_000) * editsPerSecond));
    for (; sent < due; sent++) {
      const writer = sent % writers;
      const at = Math.floor(sent / writers);
      sentAt[writer]![at] = nowMs;
      all[writer]!.sendBytes(frames[writer]![at]!);
    }
    await soon();
  }
  const sentMs = performance.now();
  if (editsPerSecond > 10_000) memoryBytes = await server.memoryBytes(false);
  await until(() => delivered >= expected || all.every(({ isClosed }) => isClosed));
  const endedMs = performance.now();
  const cpuSeconds = (await server.cpuSeconds()) - cpuBefore;
  for (const session of all) session.close();
  return {
    cpuSecondsPerMillion: cpuSeconds / ((delivered - cold) / 1e6), p50Ms: latencies.at(0.5), p99Ms: latencies.at(0.99), lost: Math.max(0, expected - delivered),
    drainMs: endedMs - sentMs, ...(memoryBytes ? { memoryMB: memoryBytes / 1e6 } : {}),
  };
}

/** Rooms of a writer and a reader: as fast as they go, with some edits of each room under way. */
export async function pairs(server: MeasuredServer, { rooms, seconds, underway }: { readonly rooms: number; readonly seconds: number; readonly underway: number }): Promise<Figures> {
  const typing = typings(1, 4_000)[0]!;
  const state = Array.from({ length: rooms }, () => ({ sent: 0, heard: 0, writer: null as LoadSession | null }));
  let frames: Buffer | null = null;
  let offsets: number[] = [];
  let running = false;
  const sessions: LoadSession[] = [];
  const send = (room: (typeof state)[number], count: number): void => {
    const to = Math.min(typing.messages.length, room.sent + count);
    if (to === room.sent) return;
    room.writer!.sendBytes(frames!.subarray(offsets[room.sent], offsets[to]));
    room.sent = to;
  };
  for (const [number, room] of state.entries()) {
    // Names of one length: where addresses count, the same bytes serve all.
    const name = `pair-${String(number).padStart(3, '0')}`;
    const reader = await join(server, name, {
      updated(update) {
        const before = room.heard;
        eachRun(update, (_client, clock, length) => (room.heard = Math.max(room.heard, clock + length)));
        if (running) send(room, room.heard - before);
      },
    });
    room.writer = await join(server, name, { updated: () => {} });
    sessions.push(reader, room.writer);
  }
  const addressed = server.id.startsWith('hocuspocus');
  const build = (writer: LoadSession): void => {
    const parts = typing.messages.map((message) => writer.framed(message));
    offsets = [0];
    for (const { length } of parts) offsets.push(offsets.at(-1)! + length);
    frames = Buffer.concat(parts);
  };
  if (!addressed) build(state[0]!.writer!);
  const cpuBefore = await server.cpuSeconds();
  const startedMs = performance.now();
  running = true;
  for (const room of state) {
    if (addressed) build(room.writer!);
    send(room, underway);
  }
  await until(() => performance.now() - startedMs > seconds * 1_000 || state.every(({ heard }) => heard >= typing.messages.length));
  const heard = state.reduce((sum, each) => sum + each.heard, 0);
  const tookS = (performance.now() - startedMs) / 1_000;
  running = false;
  const cpuSeconds = (await server.cpuSeconds()) - cpuBefore;
  for (const session of sessions) session.close();
  return { updatesPerSecond: heard / tookS, cpuSecondsPerMillion: cpuSeconds / (heard / 1e6), updatesPerCpuSecond: heard / cpuSeconds };
}

/** Two sides that were apart, with so many random edits each, come back at the same moment. */
export async function heal(server: MeasuredServer, sides: readonly [Side, Side]): Promise<Figures> {
  // Somebody stays, so that no server lets the room go.
  const host = await join(server, 'heal', { updated: () => {} });
  const cpuBefore = await server.cpuSeconds();
  const startedMs = performance.now();
  const arrivals = sides.map((_, i) => new Arrival(sides[1 - i]!));
  const joining = sides.map((side, i) => join(server, 'heal', {
    stateVector: side.stateVector,
    // Making a difference is a client's work, and takes it long: not where the server has nothing of it.
    stepTwo: (stateVector) => (Y.decodeStateVector(stateVector).has(side.client) ? Y.diffUpdate(side.update, stateVector) : side.update),
    updated: (update) => arrivals[i]!.take(update),
  }));
  const sessions = await Promise.all(joining);
  await until(() => arrivals.every((each) => each.isComplete));
  // What is still on its way belongs to the bytes.
  let quietSince = sessions.reduce((sum, session) => sum + session.bytes, 0);
  for (let calm = 0; calm < 20; ) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const bytes = sessions.reduce((sum, session) => sum + session.bytes, 0);
    calm = bytes === quietSince ? calm + 1 : 0;
    quietSince = bytes;
  }
  const cpuSeconds = (await server.cpuSeconds()) - cpuBefore;
  const doneMs = arrivals.map((each) => each.completedMs);
  const least = 2 * (sides[0].update.length + sides[1].update.length);
  for (const session of [...sessions, host]) session.close();
  return { ms: Math.max(...doneMs) - startedMs, bytesOverLeast: quietSince / least, leastMB: least / 1e6, cpuMs: cpuSeconds * 1_000 };
}

/** What a session got of the other side. Looked at only afterwards: that takes a while, and must not hold up what is still to come. */
class Arrival {
  /** When it had all; NaN before. */
  completedMs = NaN;
  private readonly unread: { readonly atMs: number; readonly update: Buffer }[] = [];
  private reached = 0;

  constructor(private readonly from: Side) {}

  take(update: Buffer): void {
    this.unread.push({ atMs: performance.now(), update: Buffer.from(update) });
  }

  get isComplete(): boolean {
    const { client, edits } = this.from;
    for (const { atMs, update } of this.unread.splice(0)) {
      const { from, to } = Y.parseUpdateMeta(update);
      if (to.has(client) && from.get(client)! <= this.reached) this.reached = Math.max(this.reached, to.get(client)!);
      if (this.reached >= edits && Number.isNaN(this.completedMs)) this.completedMs = atMs;
    }
    return this.reached >= edits;
  }
}

export interface Side {
  readonly client: number;
  /** Clocks that its edits take. */
  readonly edits: number;
  readonly update: Uint8Array;
  readonly stateVector: Uint8Array;
}

/** Insertions of a character at random places of a text, and some deletions. */
export function side(client: number, edits: number): Side {
  const random = new SeededRandom(client);
  const doc = new Y.Doc();
  doc.clientID = client;
  const text = doc.getText('text');
  for (let made = 0; made < edits; made++) {
    if (text.length > 10 && random.chance(0.1)) text.delete(random.below(text.length), 1);
    else text.insert(random.below(text.length + 1), String.fromCharCode(97 + random.below(26)));
  }
  return { client, edits: Y.getState(doc.store, client), update: Y.encodeStateAsUpdate(doc), stateVector: Y.encodeStateVector(doc) };
}

export interface RealDocument {
  /** One an edit, in order. */
  readonly updates: readonly Uint8Array[];
  readonly whole: Uint8Array;
}

/** The recorded session, so many times over, each time into a text of its own by clients of their own; null where the recording is missing. */
export function realDocument(file: string, times: number): RealDocument | null {
  if (!existsSync(file)) return null;
  const trace = parseEditingTrace(gunzipSync(readFileSync(file)).toString());
  const updates: Uint8Array[] = [];
  for (let round = 0; round < times; round++) bareYjs(trace, { firstClient: 1_000_000_007 + round * trace.agents, name: `text ${round}`, onUpdate: (update) => updates.push(update) });
  const doc = new Y.Doc();
  doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)));
  return { updates, whole: Y.encodeStateAsUpdate(doc) };
}

/** So many sessions join at once where somebody brought a document. */
export async function joinAtOnce(server: MeasuredServer, sessions: number, { whole }: RealDocument): Promise<Figures> {
  const host = await join(server, 'join', { updated: () => {} });
  host.say(updateMessage(whole));
  const first = await comesTo(server, 'join', whole.length * 0.9);
  const cpuBefore = await server.cpuSeconds();
  const startedMs = performance.now();
  const all = await Promise.all(Array.from({ length: sessions }, () => comesTo(server, 'join', whole.length * 0.9)));
  const tookMs = performance.now() - startedMs;
  const cpuSeconds = (await server.cpuSeconds()) - cpuBefore;
  for (const session of [host, first, ...all]) session.close();
  return { cpuMs: cpuSeconds * 1_000, ms: tookMs, documentMB: whole.length / 1e6 };
}

/** A new session, when it has got so many bytes of the document. */
async function comesTo(server: MeasuredServer, room: string, bytes: number): Promise<LoadSession> {
  for (;;) {
    let got = 0;
    const session = await join(server, room, { updated: (update) => void (got += update.length) });
    if (got >= bytes) return session;
    session.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A document comes in edit by edit. */
export async function takeIn(server: MeasuredServer, { updates, whole }: RealDocument): Promise<Figures> {
  let answered: (() => void) | null = null;
  const session = await join(server, 'take-in', { updated: (_update, isStepTwo) => isStepTwo && answered?.() });
  const bytes = updates.map((update) => session.framed(updateMessage(update)));
  const cpuBefore = await server.cpuSeconds();
  const startedMs = performance.now();
  for (let at = 0; at < bytes.length; at += 100) {
    session.sendBytes(Buffer.concat(bytes.slice(at, at + 100)));
    if (at % 10_000 === 0) await soon();
  }
  // Its answer comes after all of them.
  const done = new Promise<void>((resolve) => (answered = resolve));
  session.say(stepOne(Y.encodeStateVectorFromUpdate(whole)));
  await done;
  const tookMs = performance.now() - startedMs;
  // What is stored later counts too.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const cpuSeconds = (await server.cpuSeconds()) - cpuBefore;
  session.close();
  return { cpuSeconds, ms: tookMs, edits: updates.length };
}

/** Sessions that are there and say nothing. */
export async function idle(server: MeasuredServer, sessions: number): Promise<Figures> {
  const warm = await join(server, 'idle', { updated: () => {} });
  const before = await server.memoryBytes(true);
  const all: LoadSession[] = [];
  for (let left = sessions; left > 0; left -= 50) all.push(...(await Promise.all(Array.from({ length: Math.min(50, left) }, () => join(server, 'idle', { updated: () => {} })))));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const after = await server.memoryBytes(true);
  for (const session of [...all, warm]) session.close();
  return { kilobytesPerSession: (after - before) / 1_000 / sessions, wholeMB: after / 1e6 };
}

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!condition() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 1));
}
