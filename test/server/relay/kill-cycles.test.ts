/** The relay is killed while several rooms are written to; whatever it had confirmed is there when it is started again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { SeededRandom } from '../../../shared/network/seeded-random.ts';
import { buildRelayProgram, RelayProcess, type RelayProgram } from '../../support/relay-process.ts';
import { repeatWith, seedsOf } from '../../support/run-counts.ts';
import { atEnd, connectReplica, encodedRecords, type RawClient, record, syncFrame, until } from '../../support/lab-fixture.ts';

const roomCount = 3;
/** Edits of a room between two kills, at most. */
const burst = 60;

let program: RelayProgram;

beforeAll(async () => {
  program = await buildRelayProgram();
});
afterAll(() => program.remove());

/** What one replica did in a room, and how much of it was confirmed. */
class Writer {
  readonly doc = new Y.Doc();
  /** Each edit: a key that it set, or took away (null). */
  private readonly edits: { readonly key: string; readonly value: number | null }[] = [];
  private readonly updates: Uint8Array[] = [];
  private confirmedEdits = 0;
  confirmedRecords = 0;
  private client: RawClient | null = null;
  /** Edits that the first frame of this connection carried. */
  private before = 0;

  constructor(readonly room: string) {
    this.doc.on('update', (update: Uint8Array) => this.updates.push(update));
  }

  async connect(relay: RelayProcess): Promise<void> {
    const client = await connectReplica(relay, this.room, 'A');
    this.client = client;
    expect(client.last('welcome')!.summary.get('A'), `confirmed records of ${this.room}`).toBeGreaterThanOrEqual(this.confirmedRecords);
    client.send(syncFrame(0, Uint8Array.of(0)));
    await until(() => client.frames.some((frame) => frame[0] === 0 && frame[1] === 1));
    this.check(client.frames.find((frame) => frame[0] === 0 && frame[1] === 1)!);
    this.before = this.edits.length;
    client.send(syncFrame(1, Y.encodeStateAsUpdate(this.doc)));
  }

  /** As if nobody waited for anything: all at once. */
  write(random: SeededRandom): void {
    const first = this.client!.last('welcome')!.summary.get('A') + 1;
    for (let i = 0; i < burst; i++) {
      const keys = [...this.doc.getMap('map').keys()];
      if (random.chance(0.3) && keys.length > 0) this.take(random.pick(keys), null);
      else this.take(`key ${this.edits.length}`, this.edits.length);
      for (const update of this.updates.splice(0)) this.client!.send(syncFrame(2, update));
      this.client!.say(encodedRecords(record('A', first + i)));
    }
  }

  /** To be called when the relay is gone. Returns how many edits it has confirmed in this room by now. */
  note(): number {
    const saved = this.client!.last('saved');
    if (saved && saved.yjsFrames > 0) this.confirmedEdits = this.before + saved.yjsFrames - 1;
    this.confirmedRecords = Math.max(this.confirmedRecords, saved?.summary.get('A') ?? 0);
    return this.confirmedEdits;
  }

  get savedFrames(): number {
    return this.client?.last('saved')?.yjsFrames ?? 0;
  }

  private take(key: string, value: number | null): void {
    this.edits.push({ key, value });
    if (value === null) this.doc.getMap('map').delete(key);
    else this.doc.getMap('map').set(key, value);
  }

  /** What came after the last confirmed edit may be there or not. */
  private check(stepTwo: Uint8Array): void {
    let at = 2;
    while (stepTwo[at]! >= 0x80) at++;
    const stored = new Y.Doc();
    Y.applyUpdate(stored, stepTwo.subarray(at + 1));
    const open = new Set(this.edits.slice(this.confirmedEdits).map(({ key }) => key));
    const expected = new Map(this.edits.slice(0, this.confirmedEdits).map(({ key, value }) => [key, value] as const));
    const wrong = [...expected].filter(([key, value]) => !open.has(key) && (stored.getMap('map').get(key) ?? null) !== value);
    expect(wrong, `confirmed edits of ${this.room} that are not there as they were`).toEqual([]);
    stored.destroy();
  }
}

test(`what was confirmed in ${roomCount} rooms survives kills of the relay at random moments`, { timeout: 3_600_000, tags: ['runs'] }, async () => {
  const seeds = seedsOf('kill-cycles');
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-kills-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const writers = Array.from({ length: roomCount }, (_, i) => new Writer(`room-${i}`));
  let confirmedInAll = 0;
  for (const [at, seed] of seeds.entries()) {
    const random = new SeededRandom(seed);
    const relay = await RelayProcess.start(program, { folder: join(folder, 'rooms') });
    atEnd(() => relay.kill());
    try {
      for (const writer of writers) await writer.connect(relay);
      for (const writer of writers) writer.write(random);
      const target = random.below(burst);
      const chosen = random.pick(writers);
      await until(() => chosen.savedFrames > target);
      expect(await relay.lines()).toEqual([]);
    } catch (error) {
      throw new Error(`kill ${at + 1}; ${repeatWith('kill-cycles', seeds[0]!, at + 1)}`, { cause: error });
    }
    await relay.kill();
    confirmedInAll += writers.reduce((sum, writer) => sum + writer.note(), 0);
  }
  const last = await RelayProcess.start(program, { folder: join(folder, 'rooms') });
  atEnd(() => last.kill());
  for (const writer of writers) await writer.connect(last);
  expect(confirmedInAll).toBeGreaterThan(seeds.length);
});
