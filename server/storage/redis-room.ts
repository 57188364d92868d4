/**
 * One room in Redis, as one relay knows it: up to which entry of its stream it has heard.
 *
 * Guarantees: each entry of another relay is handed on once, in the order of the stream; an entry that cannot be had any more is noticed by its number, and
 * the room is called outdated. A number counts only together with the life that it belongs to: the time since the room's hash was made. So is a Redis noticed
 * that has lost the room, or has less of it than it said.
 */
import { randomBytes } from 'node:crypto';
import type { StoreEntry } from '../../shared/ports/store.ts';
import {
  fetchScript,
  loadScript,
  type RoomPosition,
  type CommandPart,
  writeScript,
} from './redis-scripts.ts';
import type { LoadedRoom, SharedRoom, SharedRoomListener, SharedWrite, WriteOutcome } from '../../shared/ports/shared-store.ts';

/** First bytes of what goes over a room's channel: the number of a write and its life ("n12 LIFE"), or what a relay tells ("t", its name, the message). */
const written = 0x6e;
export const told = 0x74;

export interface RedisRoomOptions {
  readonly relay: string;
  readonly hash: string;
  readonly stream: string;
  readonly channel: string;
  readonly listener: SharedRoomListener;
  /** Runs a command; rejects with one line when Redis does not answer. Strings come back as Buffers. */
  readonly run: (words: readonly CommandPart[]) => Promise<unknown>;
  readonly listen: () => Promise<void>;
  /** Resolves when all that Redis has now is on disk, as far as it can say; a refusal means that nobody knows. */
  readonly flushed: () => Promise<void>;
  readonly left: () => void;
}

export class RedisRoom implements SharedRoom {
  private epoch: Uint8Array = new Uint8Array(0);
  private life = '';
  /** The last entry that was heard, and its number. */
  private at = '';
  private heard = 0;
  /** The highest number that was said to be there. */
  private rung = 0;
  private writing = 0;
  private fetching = false;
  /** Whether what is fetched counts: not before the first load, nor between an outdated room and its next load. */
  private isLoaded = false;
  /** Counts loads: what belongs to an earlier one is not heard. */
  private loads = 0;
  private unflushed = false;
  private readonly heardAll: (() => void)[] = [];

  constructor(private readonly options: RedisRoomOptions) {}

  async load(epoch: Uint8Array): Promise<LoadedRoom> {
    const load = ++this.loads;
    this.isLoaded = false;
    await this.options.listen();
    const { hash, stream, run } = this.options;
    const fields = (await run(['EVAL', loadScript, 2, hash, stream, epoch, newLife()])) as Buffer[];
    if (load !== this.loads) throw new Error('the room was left, or is being loaded once more');
    const entries: StoreEntry[] = [];
    const since: (readonly [number, Uint8Array])[] = [];
    this.at = '';
    this.heard = 0;
    for (let i = 0; i < fields.length; i += 2) {
      const key = fields[i]!.toString();
      const value = fields[i + 1]!;
      if (key === '@seq') this.heard = Number(value.toString());
      else if (key === '@at') this.at = value.toString();
      else if (key === '@life') this.life = value.toString();
      else if (key.startsWith('@since/')) since.push([Number(key.slice(7)), value]);
      else if (!key.startsWith('@')) entries.push({ key, value });
      if (key === 'meta/epoch') this.epoch = value;
    }
    this.unflushed = true;
    this.isLoaded = true;
    void this.catchUp();
    // A hash has no order.
    return { entries: entries.sort((a, b) => (a.key < b.key ? -1 : 1)), sinceDivided: since.sort(([a], [b]) => a - b).map(([, news]) => news) };
  }

  async write(write: SharedWrite): Promise<WriteOutcome> {
    const load = this.loads;
    let answer: unknown[];
    // What others wrote meanwhile is fetched after the answer: it tells whether there is anything but this.
    this.writing++;
    try {
      answer = (await this.options.run(this.wordsOf(write))) as unknown[];
      if (String(answer[0]) === 'written' && load === this.loads) this.advance(Number(answer[1]), String(answer[2]));
    } finally {
      this.writing--;
      void this.catchUp();
    }
    if (String(answer[0]) === 'behind') {
      await this.hearAll();
      return { kind: 'behind' };
    }
    if (String(answer[0]) === 'outdated') return { kind: 'outdated' };
    if (String(answer[0]) === 'refused') return { kind: 'refused', key: String(answer[1]), value: answer[2] instanceof Uint8Array ? answer[2] : null };
    if (write.isDurableLater) this.unflushed = true;
    else await this.options.flushed();
    return { kind: 'written' };
  }

  private wordsOf({ epoch, changes, news, empties = false, division }: SharedWrite): CommandPart[] {
    const { hash, stream, relay, channel } = this.options;
    const writer = `${relay}.${this.loads}`;
    const divides = division === undefined ? '' : `=${division ?? ''}`;
    const head: CommandPart[] = ['EVAL', writeScript, 2, hash, stream];
    head.push(this.life, epoch, this.at, writer, news, channel, empties ? '1' : '', divides);
    const changed = changes.flatMap(({ key, value, expects }): CommandPart[] => {
      const expected = expects === undefined ? '' : expects ? '1' : '0';
      return [key, value ? '=' : '-', value ?? '', expected, expects ?? ''];
    });
    return head.concat(changed);
  }

  async heardIsDurable(): Promise<void> {
    if (!this.unflushed) return;
    this.unflushed = false;
    try {
      await this.options.flushed();
    } catch (error) {
      this.unflushed = true;
      throw error;
    }
  }

  tell(message: Uint8Array): void {
    const { relay, channel, run } = this.options;
    // Lost where Redis is not there: `reached` says so to whoever must repeat it.
    run(['PUBLISH', channel, Buffer.concat([Buffer.from(`t${relay}`), message])]).catch(() => {});
  }

  leave(): void {
    this.loads++;
    this.isLoaded = false;
    this.options.left();
  }

  /** The channel says something: a number that is there now, or what a relay tells. */
  hear(message: Buffer): void {
    if (!this.isLoaded) return;
    const { relay, listener } = this.options;
    if (message[0] === written) {
      const [number, life] = message.subarray(1).toString().split(' ');
      // Of another life: what is fetched tells which one counts.
      this.rung = life === this.life ? Math.max(this.rung, Number(number)) : Infinity;
      return void this.catchUp();
    }
    const teller = message.subarray(1, 1 + relay.length).toString();
    listener.told(teller, message.subarray(1 + relay.length), teller === relay);
  }

  /** The channel can be heard again: whatever was said meanwhile was missed. */
  resume(): void {
    if (!this.isLoaded) return;
    this.rung = Infinity;
    void this.catchUp();
    this.options.listener.reached();
  }

  /** Up to where it has heard, to be compared with what Redis has; null where that is not certain now. */
  get position(): RoomPosition | null {
    if (!this.isLoaded || this.writing > 0) return null;
    const words = [this.life, this.epoch, this.heard, this.at];
    return { hash: this.options.hash, words, load: this.loads };
  }

  /** What the check script found for a position. */
  checked({ load }: RoomPosition, found: number): void {
    if (!this.isLoaded || load !== this.loads) return;
    if (found === -1) return void this.lose();
    this.rung = Math.max(this.rung, found);
    void this.catchUp();
  }

  gone(relay: string): void {
    if (this.isLoaded) this.options.listener.gone(relay);
  }

  appeared(): void {
    if (this.isLoaded) this.options.listener.appeared();
  }

  private advance(number: number, at: string): void {
    if (number === this.heard + 1) {
      this.heard = number;
      this.at = at;
    } else this.rung = Math.max(this.rung, number);
  }

  /** Resolves when all that was written by now has been heard, or cannot be. */
  private async hearAll(): Promise<void> {
    const load = this.loads;
    this.rung = Infinity;
    void this.catchUp();
    while (this.rung === Infinity && this.isLoaded && load === this.loads) await new Promise<void>((resolve) => this.heardAll.push(resolve));
  }

  private async catchUp(): Promise<void> {
    if (this.fetching || this.writing > 0 || !this.isLoaded || this.rung <= this.heard) return;
    this.fetching = true;
    const load = this.loads;
    try {
      while (this.rung > this.heard && load === this.loads && (await this.fetch(load)));
    } catch {
      // Redis is not there: when it is again, `resume` asks anew.
    } finally {
      this.fetching = false;
      for (const resolve of this.heardAll.splice(0)) resolve();
    }
    if (load !== this.loads) void this.catchUp();
  }

  /** Returns whether there may be more. */
  private async fetch(load: number): Promise<boolean> {
    const { hash, stream, run } = this.options;
    const rung = this.rung;
    const entries = (await run(['EVAL', fetchScript, 2, hash, stream, this.life, this.epoch, this.at])) as [Buffer, Buffer[]][] | null;
    if (load !== this.loads) return false;
    if (entries === null) return this.lose();
    for (const [at, fields] of entries) {
      const entry = fieldsOf(fields);
      const number = Number(String(entry['n']));
      // Its answer came while we fetched.
      if (number <= this.heard) continue;
      if (number !== this.heard + 1) return this.lose();
      this.heard = number;
      this.at = at.toString();
      // One of ours from before the room was loaded anew may have come after it was.
      if (String(entry['w']) === `${this.options.relay}.${load}`) continue;
      if (String(entry['e']) === '1') return this.lose();
      this.unflushed = true;
      this.options.listener.news(entry['b']!);
      if (load !== this.loads || !this.isLoaded) return false;
    }
    if (entries.length > 0) return true;
    // Nobody knows what was said in between (Infinity); or Redis has less than it said.
    if (this.rung === rung) this.rung = this.heard;
    return this.rung > this.heard;
  }

  private lose(): false {
    this.isLoaded = false;
    this.options.listener.outdated();
    return false;
  }
}

function newLife(): string {
  return randomBytes(9).toString('base64url');
}

function fieldsOf(flat: readonly Buffer[]): Record<string, Buffer> {
  const fields: Record<string, Buffer> = {};
  for (let i = 0; i < flat.length; i += 2) fields[flat[i]!.toString()] = flat[i + 1]!;
  return fields;
}
