/**
 * Rooms that several relays share, in one Redis (6.2 or newer, or Valkey); not in a Redis Cluster.
 *
 * Guarantees: what SharedStore says. A write is durable when its promise resolves if Redis answers only after it has flushed its append-only file
 * (appendfsync always), or knows WAITAOF (7.2) and has such a file at all; what of that does not hold is reported once.
 * A connection that ends is made anew, for as long as it takes; meanwhile writes reject.
 */
import { randomBytes } from 'node:crypto';
import { Command, Redis, type RedisOptions } from 'ioredis';
import type { Clock } from '../../shared/ports/clock.ts';
import { type RedisPromises, redisPromises } from './redis-promises.ts';
import { RedisRoom, told } from './redis-room.ts';
import { roomKey } from '../../shared/relay/storage/room-key.ts';
import { redisRoomKeys } from './redis-room-keys.ts';
import { RedisRoomCheck } from './redis-room-check.ts';
import type { CommandPart } from './redis-scripts.ts';
import {
  type SharedRoom,
  type SharedRoomListener,
  type SharedStore,
  type SharedStoreState,
  StoreUnavailable,
} from '../../shared/ports/shared-store.ts';
import type { RoomLister } from '../../shared/relay/storage/stored-rooms.ts';

export interface RedisSharedStoreOptions {
  /** redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], or rediss:// for TLS. */
  readonly url: string;
  /** Default: that of the address, if any. */
  readonly password?: string;
  readonly clock: Clock;
  /** Gets one line when Redis cannot be reached, when it can be again, and for what it does not promise. */
  readonly report: (line: string) => void;
  /**
   * Milliseconds between signs of life to the other relays, and between looks at whether Redis has
   * all that it had; default 3,000.
   */
  readonly beatMs?: number;
  /** Milliseconds after which a relay that gave none is taken for gone; default 10,000. */
  readonly silenceMsMax?: number;
  /** Milliseconds that Redis may take to answer; default 10,000. */
  readonly answerMsMax?: number;
}

/** Rooms in one command. */
const roomsAtOnce = 1_000;
/** The names of relays all have this length. */
const relayNameBytes = 9;

/** Resolves when Redis was tried once: it need not be there yet. */
export async function openRedisSharedStore(options: RedisSharedStoreOptions): Promise<SharedStore> {
  const store = new RedisSharedStore(options);
  await store.open();
  return store;
}

class RedisSharedStore implements SharedStore, RoomLister {
  readonly relay = randomBytes(relayNameBytes).toString('base64url');
  private readonly commands: Redis;
  private readonly ear: Redis;
  private readonly flusher: Redis;
  private lastFlush: Promise<void> = Promise.resolve();
  private nextFlush: Promise<void> | null = null;
  private readonly rooms = new Map<string, RedisRoom>();
  /** When each other relay was heard last. */
  private readonly heardMs = new Map<string, number>();
  private readonly beatChannel: string;
  private readonly place: string;
  private readonly roomCheck = new RedisRoomCheck({
    rooms: () => this.rooms.values(),
    run: (words) => this.run(words),
  });
  private stopBeating = (): void => {};
  private flushing: RedisPromises['flushing'] = 'unknown';
  private said: readonly string[] = [];
  /** Why it cannot be reached; null while there are connections. */
  private trouble: string | null = null;
  /** Why it does not answer, though there are. */
  private silence: string | null = null;
  private unreachableSinceMs: number | null = null;
  private isClosed = false;
  /** Resolves when it is known what this Redis promises. */
  private greeted: Promise<void> = Promise.resolve();
  /** Whether the channels of all rooms are heard. */
  private isListening = false;

  constructor(private readonly options: RedisSharedStoreOptions) {
    const url = new URL(options.url);
    this.place = url.host;
    this.beatChannel = `rejoin:${url.pathname.slice(1) || '0'}:relays`;
    const settings: RedisOptions = {
      lazyConnect: true,
      ...(options.password === undefined ? {} : { password: options.password }),
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(100 * times, 2_000),
    };
    const impatient = { ...settings, commandTimeout: options.answerMsMax ?? 10_000 };
    this.commands = new Redis(options.url, impatient);
    this.flusher = new Redis(options.url, impatient);
    this.ear = new Redis(options.url, settings);
  }

  async open(): Promise<void> {
    // The others say the same.
    this.flusher.on('error', () => {});
    for (const connection of [this.commands, this.ear]) connection.on('error', (error: Error) => this.fail(error.message || (error as NodeJS.ErrnoException).code || 'no reason given')).on('close', () => this.fail('the connection has ended'));
    this.commands.on('ready', () => {
      this.greeted = this.greet();
      this.resume();
    });
    this.ear.on('ready', () => void this.resubscribe());
    this.ear.on('close', () => (this.isListening = false));
    this.ear.on('messageBuffer', (channel: Buffer, message: Buffer) => this.hear(channel.toString(), message));
    // Failing is reported, and tried again.
    await Promise.all([this.commands, this.ear].map((connection) => connection.connect().catch(() => {})));
    this.beatLater();
  }

  enter(room: string, listener: SharedRoomListener): SharedRoom {
    const channel = this.channelOf(room);
    const entered: RedisRoom = new RedisRoom({
      relay: this.relay,
      hash: `rejoin:{${roomKey(room)}}`,
      stream: `rejoin:{${roomKey(room)}}:news`,
      channel,
      listener,
      run: (words) => this.run(words),
      listen: async () => {
        this.rooms.set(channel, entered);
        await this.ear.subscribe(channel).catch((error: Error) => Promise.reject(this.unreachable(error)));
      },
      flushed: () => this.flush(),
      left: () => {
        // The same room may have been entered anew.
        if (this.rooms.get(channel) !== entered) return;
        this.rooms.delete(channel);
        this.ear.unsubscribe(channel).catch(() => {});
      },
    });
    return entered;
  }

  state(): SharedStoreState {
    const trouble = this.trouble ?? this.silence;
    if (trouble === null) return { reachable: true, trouble: null, sinceMs: null };
    return { reachable: false, trouble: this.sentenceOf(trouble), sinceMs: this.unreachableSinceMs };
  }

  roomKeys(after: string, max: number): Promise<string[]> {
    return redisRoomKeys((...words) => this.run(words), after, max);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.stopBeating();
    this.commands.disconnect();
    this.ear.disconnect();
    this.flusher.disconnect();
  }

  private channelOf(room: string): string {
    return this.beatChannel.replace('relays', `{${roomKey(room)}}`);
  }

  private async run([name, ...words]: readonly CommandPart[]): Promise<unknown> {
    try {
      // As a command of its own: a call would have each word as an argument, of which there may be too many.
      const command = new Command(String(name), words.map(bufferOf), { replyEncoding: null });
      const answer: unknown = await this.commands.sendCommand(command);
      this.answered();
      return answer;
    } catch (error) {
      if ((error as Error).name === 'ReplyError') this.answered();
      else this.setSilence((error as Error).message);
      throw this.unreachable(error as Error);
    }
  }

  private unreachable(error: Error): Error {
    if (error.name === 'ReplyError') return new Error(`Redis at ${this.place} refuses: ${error.message}`);
    return new StoreUnavailable(this.sentenceOf(this.trouble ?? error.message));
  }

  private sentenceOf(reason: string): string {
    return `Redis at ${this.place} cannot be reached: ${reason.split('\n')[0]}`;
  }

  private answered(): void {
    this.silence = null;
    if (this.trouble === null) this.unreachableSinceMs = null;
  }

  private setSilence(reason: string): void {
    this.silence = reason;
    this.unreachableSinceMs ??= this.options.clock.wallMs();
  }

  /** One at a time: all who ask meanwhile share the next one. */
  private async flush(): Promise<void> {
    await this.greeted;
    if (this.flushing !== 'asked') return;
    this.nextFlush ??= this.lastFlush.catch(() => {}).then(() => {
      this.nextFlush = null;
      return (this.lastFlush = this.flushNow());
    });
    await this.nextFlush;
  }

  /** WAITAOF waits for what its own connection wrote last, and nothing else comes through there meanwhile: hence the mark, and a connection of its own. */
  private async flushNow(): Promise<void> {
    if (this.flusher.status === 'wait') await this.flusher.connect();
    const marking = this.flusher.set(this.beatChannel.replace('relays', 'mark'), this.relay, 'EX', 60);
    const waiting = this.flusher.callBuffer('WAITAOF', 1, 0, Math.floor((this.options.answerMsMax ?? 10_000) * 0.8)) as Promise<[number]>;
    const [, [flushed]] = await Promise.all([marking, waiting]).catch((error: Error) => Promise.reject(this.unreachable(error)));
    if (flushed < 1) throw new Error(`Redis at ${this.place} has not flushed its append-only file in time`);
  }

  /** A new connection: what does this Redis promise? */
  private async greet(): Promise<void> {
    if (this.trouble !== null) this.options.report(`Redis at ${this.place} can be reached again`);
    this.trouble = null;
    this.answered();
    const { flushing, doubts } = redisPromises({
      appendOnly: await this.setting('appendonly'),
      appendFsync: await this.setting('appendfsync'),
      maxMemoryPolicy: await this.setting('maxmemory-policy'),
      knowsWait: await this.knowsWait(),
    });
    this.flushing = flushing;
    for (const doubt of doubts) {
      if (!this.said.includes(doubt)) this.options.report(`Redis at ${this.place} ${doubt}`);
    }
    this.said = doubts;
  }

  /** Empty where Redis does not say. */
  private async setting(name: string): Promise<string> {
    const answer = (await this.run(['CONFIG', 'GET', name]).catch(() => [])) as Buffer[];
    return String(answer[1] ?? '');
  }

  private async knowsWait(): Promise<boolean> {
    // With no file at all it answers with an error, as it does where it does not know the command.
    return this.run(['WAITAOF', 1, 0, 1]).then(() => true, () => false);
  }

  private async resubscribe(): Promise<void> {
    try {
      await this.ear.subscribe(this.beatChannel);
      const channels = [...this.rooms.keys()];
      // eslint-disable-next-line no-restricted-syntax -- at most so many
      for (let i = 0; i < channels.length; i += roomsAtOnce) await this.ear.subscribe(...channels.slice(i, i + roomsAtOnce));
      this.isListening = true;
      this.resume();
    } catch {
      // It ended again; the next one subscribes.
    }
  }

  /** Once both connections are there: what was missed is asked for over the one, and what comes then is heard over the other. */
  private resume(): void {
    if (!this.isListening || this.commands.status !== 'ready') return;
    for (const room of this.rooms.values()) room.resume();
  }

  private hear(channel: string, message: Buffer): void {
    if (channel === this.beatChannel) this.heardOf(message.toString());
    else {
      if (message[0] === told) this.heardOf(message.subarray(1, 1 + this.relay.length).toString());
      this.rooms.get(channel)?.hear(message);
    }
  }

  private heardOf(relay: string): void {
    const isNew = !this.heardMs.has(relay);
    this.heardMs.set(relay, this.options.clock.nowMs());
    if (isNew && relay !== this.relay) for (const room of this.rooms.values()) room.appeared();
  }

  private beatLater(): void {
    const { clock, beatMs = 3_000, silenceMsMax = 10_000 } = this.options;
    this.stopBeating = clock.after(beatMs, () => {
      if (this.isClosed) return;
      this.run(['PUBLISH', this.beatChannel, this.relay]).catch(() => {});
      void this.roomCheck.check();
      for (const [relay, ms] of this.heardMs) {
        if (clock.nowMs() - ms <= silenceMsMax) continue;
        this.heardMs.delete(relay);
        // We do not even hear ourselves: the connection is dead and nobody has told us.
        if (relay === this.relay) this.ear.disconnect(true);
        for (const room of this.rooms.values()) room.gone(relay);
      }
      this.beatLater();
    });
  }

  private fail(reason: string): void {
    if (this.trouble !== null || this.isClosed) return;
    this.trouble = reason;
    this.unreachableSinceMs ??= this.options.clock.wallMs();
    this.options.report(`Redis at ${this.place} cannot be reached (${reason}); nothing is confirmed and no room is loaded until it can, which is tried again and again`);
  }
}

function bufferOf(word: CommandPart): string | number | Buffer {
  if (!(word instanceof Uint8Array) || Buffer.isBuffer(word)) return word;
  return Buffer.from(word.buffer, word.byteOffset, word.length);
}
