/** A relay in a process of its own, attacked over real sockets. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { SeededRandom } from '../../../shared/network/seeded-random.ts';
import { badBytes, badHandshake, badMessage, messagesOf } from '../../support/bad-frames.ts';
import { repeatWith, seedsOf } from '../../support/run-counts.ts';
import { buildRelayProgram, RelayProcess, type RelayProgram, type RelayState } from '../../support/relay-process.ts';
import { atEnd, connectRaw, connectReplica, encodedRecords, joinAsApp, type RawClient, record, syncFrame, until } from '../../support/lab-fixture.ts';

/** So many between two looks at what the others heard. */
const batch = 10;
const payloadBytesMax = 100_000;
/** The longest time, in milliseconds, that an attack may keep the relay from others. */
const stallMsMax = 100;

let program: RelayProgram;

beforeAll(async () => {
  program = await buildRelayProgram();
});
afterAll(() => program.remove());

const nothing = Y.encodeStateVector(new Y.Doc());
const isStepTwo = (frame: Uint8Array): boolean => frame[0] === 0 && frame[1] === 1;

/** Somebody is here, as an awareness frame: its inner length takes one byte. */
function presenceOf(client: number): Uint8Array {
  const inner = encoding.encode((encoder) => {
    for (const number of [1, client, 1]) encoding.writeVarUint(encoder, number);
    encoding.writeVarString(encoder, '{"name":"Keeper"}');
  });
  return Uint8Array.of(1, inner.length, ...inner);
}

/** One that watches, and notes all that it hears. */
class Watcher {
  readonly doc = new Y.Doc();
  private taken = 0;

  constructor(private readonly client: RawClient) {}

  /** Waits until all that the relay has sent is here. Returns what came since the last time, but for who is there and what is stored, and the answer itself. */
  async heard(): Promise<Uint8Array[]> {
    const answers = this.client.frames.filter(isStepTwo).length;
    this.client.send(syncFrame(0, Y.encodeStateVector(this.doc)));
    await until(() => this.client.frames.filter(isStepTwo).length > answers || this.client.socket.readyState !== this.client.socket.OPEN);
    const frames = this.client.frames.splice(0);
    for (const frame of frames) if (frame[0] === 0 && frame[1] !== 0) this.apply(frame);
    return frames.filter((frame) => !isStepTwo(frame) && !(frame[0] === 64 && (frame[1] === 3 || frame[1] === 4)) && !(frame[0] === 0 && frame[1] === 0));
  }

  get isConnected(): boolean {
    return this.client.socket.readyState === this.client.socket.OPEN;
  }

  /** Throws where a frame is such that a client would fail over it. */
  private apply(frame: Uint8Array): void {
    let at = 2;
    while (frame[at]! >= 0x80) at++;
    Y.applyUpdate(this.doc, frame.subarray(at + 1));
    if (this.doc.store.pendingStructs !== null) throw new Error('the watcher waits for something');
  }
}

class Attack {
  private attacker: RawClient | null = null;
  readonly outcomes = { refused: 0, taken: 0, bytes: 0, handshakes: 0 };

  private readonly presence: RelayState['awareness'];

  constructor(private readonly relay: RelayProcess, private readonly watcher: Watcher, private state: RelayState) {
    this.presence = state.awareness;
  }

  async batch(seeds: readonly number[]): Promise<void> {
    let taken = false;
    for (const seed of seeds) {
      if (await this.one(seed)) taken = true;
    }
    await this.leave();
    const heard = await this.watcher.heard();
    if (!taken) expect(heard, 'what the others heard of it').toEqual([]);
    expect(this.watcher.isConnected, 'the others are connected').toBe(true);
    const stallMs = await this.relay.longestStallMs();
    if (stallMs < stallMsMax) return;
    // Where other programs have the cores, the relay takes longer for anything.
    for (let left = 20; left > 0; left--) await this.relay.state('lab');
    const busyMax = stallMsMax + 3 * (await this.relay.longestStallMs());
    expect(stallMs, 'the longest stall in milliseconds').toBeLessThan(busyMax);
  }

  /** Returns whether the relay took it, or may have taken a part of it. */
  private async one(seed: number): Promise<boolean> {
    const random = new SeededRandom(seed);
    const kind = random.below(10);
    if (kind === 0) await this.handshake(random);
    else if (kind <= 2) await this.bytes(random);
    else if (await this.message(random)) {
      this.state = await this.relay.state('lab');
      return true;
    }
    // A window that was let in may name members; the list of them follows when it is stored, which may be during a later attack.
    expect({ ...(await this.relay.state('lab')), members: this.state.members }, 'what the relay has').toEqual(this.state);
    return false;
  }

  /** What the attacker said of its presence goes with it. */
  private async leave(): Promise<void> {
    this.attacker?.socket.close();
    await this.attacker?.closed;
    this.gone();
  }

  private gone(): void {
    this.attacker = null;
    this.state = { ...this.state, awareness: this.presence };
  }

  private async message(random: SeededRandom): Promise<boolean> {
    const bytes = badMessage(random, this.watcher.doc);
    const client = (this.attacker ??= await (random.chance(0.5) ? connectReplica(this.relay, 'lab', 'M', { instance: 'm' }) : connectRaw(this.relay, '/lab')));
    client.frames.length = 0;
    client.send(bytes);
    // The answer to a good frame behind it, or the end, says that it was handled.
    client.send(syncFrame(0, nothing));
    const isOver = (): boolean => client.socket.readyState === client.socket.CLOSED;
    const sent = messagesOf(bytes);
    const sentAnswers = 1 + sent.filter((kind) => kind === 'step-one').length;
    await until(() => isOver() || client.frames.filter(isStepTwo).length >= sentAnswers);
    if (!isOver()) {
      this.outcomes.taken++;
      return true;
    }
    this.outcomes.refused++;
    this.gone();
    const { code } = await client.closed;
    expect([4400, 4409, 4413, 4426, 4429], 'the close code').toContain(code);
    // Messages before the one that is refused stand.
    return sent.length > 1;
  }

  private async bytes(random: SeededRandom): Promise<void> {
    this.outcomes.bytes++;
    const name = random.pick(Object.keys(badBytes));
    const socket = connect(this.relay.port, '127.0.0.1');
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('GET /lab HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.resume();
    socket.end(badBytes[name]!(random, payloadBytesMax));
    await closed;
  }

  private async handshake(random: SeededRandom): Promise<void> {
    this.outcomes.handshakes++;
    const socket = connect(this.relay.port, '127.0.0.1');
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    socket.end(badHandshake(random));
    await closed;
  }
}

test('attacks: the relay goes on and never stalls, what it refuses changes nothing, and nobody else hears of it', { timeout: 3_600_000, tags: ['runs'] }, async () => {
  const seeds = seedsOf('frame-attacks');
  const relay = await RelayProcess.start(program, { lab: { payloadBytesMax } });
  atEnd(() => relay.kill());
  const author = joinAsApp(relay, 'lab');
  author.doc.getText('text').insert(0, 'What was here before. '.repeat(20));
  author.doc.getMap('map').set('key', { nested: [1, 2, 3] });
  author.doc.getText('text').delete(3, 30);
  const w = await connectReplica(relay, 'lab', 'W');
  w.say(encodedRecords(record('W', 1), record('W', 2)));
  // M comes back and back; from now on it is a member like W.
  const m = await connectReplica(relay, 'lab', 'M', { instance: 'm' });
  await until(async () => (await relay.state('lab')).members.length >= 1 && w.last('saved')?.summary.get('W') === 2);
  m.socket.close();
  // What the author wrote stays; its name in the document is one that attackers take.
  await until(async () => (await relay.state('lab')).document.length > 2 * Y.encodeStateAsUpdate(author.doc).length - 2);
  author.destroy();
  w.send(presenceOf(1_000));
  await m.closed;
  const watcher = new Watcher(w);
  await until(async () => (await relay.state('lab')).awareness[0] === Buffer.from(presenceOf(1_000).subarray(2)).toString('hex'));
  await watcher.heard();
  // Handshakes that never end are cut.
  const halfOpen = Array.from({ length: 20 }, (_, i) => {
    const socket = connect(relay.port, '127.0.0.1');
    socket.on('error', () => {});
    if (i % 2 === 0) socket.write('GET /lab HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
    return socket.resume();
  });
  await relay.longestStallMs();

  const attack = new Attack(relay, watcher, await relay.state('lab'));
  for (let at = 0; at < seeds.length; at += batch) {
    const some = seeds.slice(at, at + batch);
    try {
      await attack.batch(some);
    } catch (error) {
      const [first, alone] = [repeatWith('frame-attacks', seeds[0]!, at + batch), repeatWith('frame-attacks', some[0]!, batch)];
      throw new Error(`seeds ${some.join(', ')}; ${alone} (or, with all before it, ${first})`, { cause: error });
    }
  }
  for (const count of Object.values(attack.outcomes)) expect(count).toBeGreaterThan(seeds.length / 30);
  // Of presence that it drops the relay tells; nothing else is worth a line.
  expect((await relay.lines()).filter((line) => !/presence of .* was dropped: /.test(line))).toEqual([]);
  // Those who did nothing wrong were there all the time, and new ones come.
  const [early, late] = [joinAsApp(relay, 'lab'), joinAsApp(relay, 'lab')];
  early.doc.getText('after').insert(0, 'still here');
  await until(() => late.doc.getText('after').toString() === 'still here');
  for (const socket of halfOpen) await until(() => socket.closed);
});
