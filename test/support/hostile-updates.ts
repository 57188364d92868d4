/**
 * Yjs updates that are well formed and mean harm: written by the grammar of the format, not by changing good ones, so that each field is often right and sometimes the
 * worst that its reader can be given. The same random numbers give the same update.
 */
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { SeededRandom } from '../../shared/network/seeded-random.ts';

type Encoder = encoding.Encoder;

const roots = ['text', 'list', 'map', 'xml', 'new', '', '__proto__', 'constructor'];
const keys = ['k', 'key', '', '__proto__', 'toString', 'bold'];
const values: readonly unknown[] = [1, -1, 1.5, true, null, undefined, 'x', [1, [2]], { a: { b: 1 } }, 2n ** 60n, Uint8Array.of(1)];
const strings = ['a', 'word', 'żółć', '👩‍👩‍👧', '\u0000', 'x'.repeat(300)];

export interface HostileOptions {
  /** The document that the updates are made for. */
  readonly doc: Y.Doc;
  readonly random: SeededRandom;
  /** How often a field is the worst rather than right: 0 to 1. */
  readonly malice: number;
}

/** One update. Often Yjs can take it, often it cannot. */
export function hostileUpdate(options: HostileOptions): Uint8Array {
  const writer = new HostileWriter(options);
  return encoding.encode((encoder) => writer.update(encoder));
}

class HostileWriter {
  private readonly clients: number[];
  private readonly random: SeededRandom;
  /** What this update adds so far: client → clock. */
  private readonly added = new Map<number, number>();

  constructor(private readonly options: HostileOptions) {
    this.random = options.random;
    this.clients = [...options.doc.store.clients.keys()];
  }

  update(encoder: Encoder): void {
    const blocks = this.random.pick([0, 1, 1, 1, 1, 2, 2, 3]);
    encoding.writeVarUint(encoder, this.count(blocks));
    for (let left = blocks; left > 0; left--) this.block(encoder);
    const deletions = this.random.pick([0, 0, 0, 1, 1, 2, 3]);
    encoding.writeVarUint(encoder, this.count(deletions));
    for (let left = deletions; left > 0; left--) this.deletions(encoder);
  }

  private isMalicious(): boolean {
    return this.random.chance(this.options.malice);
  }

  /** Now and then it lies. */
  private count(real: number): number {
    return this.isMalicious() && this.random.chance(0.2) ? this.random.pick([real + 1, Math.max(0, real - 1), 0, 70_000, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER]) : real;
  }

  private client(): number {
    if (this.isMalicious()) return this.random.pick([0, 1, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER, ...this.added.keys()]);
    return this.random.chance(0.6) && this.clients.length > 0 ? this.random.pick(this.clients) : 500 + this.random.below(5);
  }

  private known(client: number): number {
    return Math.max(this.added.get(client) ?? 0, Y.getState(this.options.doc.store, client));
  }

  private block(encoder: Encoder): void {
    const client = this.client();
    const known = this.known(client);
    const clock = this.isMalicious() ? this.random.pick([0, Math.max(0, known - 1 - this.random.below(4)), known + 1, known + 5, 2 ** 31, Number.MAX_SAFE_INTEGER - 2]) : known;
    const structs = 1 + this.random.below(4);
    encoding.writeVarUint(encoder, this.count(structs));
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    let at = clock;
    for (let left = structs; left > 0; left--) {
      at += this.struct(encoder, client, at);
      this.added.set(client, Math.max(at, this.added.get(client) ?? 0));
    }
  }

  /** Returns how many clocks it takes. */
  private struct(encoder: Encoder, client: number, clock: number): number {
    const ref = this.isMalicious() ? this.random.below(32) : this.random.pick([1, 3, 4, 4, 4, 5, 6, 7, 7, 8, 8]);
    if (ref === 0 || ref === 10) {
      encoding.writeUint8(encoder, ref | (this.isMalicious() ? this.random.below(8) << 5 : 0));
      return this.length(encoder);
    }
    const [origin, rightOrigin, parentSub] = [this.random.chance(0.5), this.random.chance(0.3), this.random.chance(0.3)];
    encoding.writeUint8(encoder, ref | (origin ? 0x80 : 0) | (rightOrigin ? 0x40 : 0) | (parentSub ? 0x20 : 0));
    if (origin) this.id(encoder, client, clock);
    if (rightOrigin) this.id(encoder, client, clock);
    if (!origin && !rightOrigin) {
      const isRoot = this.random.chance(0.6);
      encoding.writeVarUint(encoder, isRoot ? 1 : this.isMalicious() ? this.random.pick([2, 127, 2 ** 31]) : 0);
      if (isRoot) encoding.writeVarString(encoder, this.random.pick(roots));
      else this.id(encoder, client, clock);
      if (parentSub) encoding.writeVarString(encoder, this.random.pick(keys));
    }
    return this.content(encoder, ref);
  }

  private length(encoder: Encoder): number {
    const length = this.isMalicious() ? this.random.pick([0, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER]) : 1 + this.random.below(5);
    encoding.writeVarUint(encoder, length);
    return length;
  }

  /** Of an item before this one; in malice of itself, of one that comes later, or of one that is nowhere. */
  private id(encoder: Encoder, client: number, clock: number): void {
    if (this.isMalicious()) {
      const other = this.random.pick([client, client, this.client()]);
      encoding.writeVarUint(encoder, other);
      encoding.writeVarUint(encoder, this.random.pick([clock, clock + 1, this.known(other), this.known(other) + 3, 2 ** 31, Number.MAX_SAFE_INTEGER]));
      return;
    }
    const mine = clock > 0 && this.random.chance(0.4);
    const other = mine || this.clients.length === 0 ? client : this.random.pick(this.clients);
    encoding.writeVarUint(encoder, other);
    encoding.writeVarUint(encoder, this.random.below(Math.max(1, mine ? clock : this.known(other))));
  }

  private content(encoder: Encoder, ref: number): number {
    switch (ref) {
      case 1: return this.length(encoder);
      case 2: return this.list(encoder, () => encoding.writeVarString(encoder, this.random.pick(['1', '"x"', 'undefined', 'null', ...(this.isMalicious() ? ['{', ''] : [])])));
      case 3: return encoding.writeVarUint8Array(encoder, new Uint8Array(this.random.below(6))), 1;
      case 4: return this.text(encoder);
      case 5: return encoding.writeVarString(encoder, this.json()), 1;
      case 6: return encoding.writeVarString(encoder, this.random.pick(keys)), encoding.writeVarString(encoder, this.json()), 1;
      case 7: return this.type(encoder), 1;
      case 8: return this.list(encoder, () => this.any(encoder, 0));
      case 9: return encoding.writeVarString(encoder, 'guid'), encoding.writeAny(encoder, {}), 1;
      default: return encoding.writeVarUint(encoder, this.random.below(10)), 1;
    }
  }

  private list(encoder: Encoder, value: () => void): number {
    const real = this.isMalicious() && this.random.chance(0.3) ? 0 : 1 + this.random.below(4);
    encoding.writeVarUint(encoder, this.count(real));
    for (let left = real; left > 0; left--) value();
    return real;
  }

  private text(encoder: Encoder): number {
    if (this.isMalicious()) {
      // Not UTF-8: half a character, a lone surrogate, an overlong form; or nothing at all.
      const bytes = this.random.pick([[], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xff], [0xef, 0xbb, 0xbf, 0x61], [0xf0, 0x9f, 0x98]]);
      encoding.writeVarUint8Array(encoder, Uint8Array.from(bytes));
      return bytes.length === 4 ? 2 : 1;
    }
    const text = this.random.pick(strings);
    encoding.writeVarString(encoder, text);
    return text.length;
  }

  private json(): string {
    return this.isMalicious() ? this.random.pick(['', '{', 'undefined', 'NaN', '[1', '"\\ud800"', `${'['.repeat(50)}${']'.repeat(50)}`, '{"__proto__":{"x":1}}']) : this.random.pick(['true', 'null', '{"a":1}', '"x"', '5']);
  }

  private type(encoder: Encoder): void {
    const kind = this.isMalicious() ? this.random.pick([7, 8, 100, 2 ** 31]) : this.random.below(7);
    encoding.writeVarUint(encoder, kind);
    if (kind === 3 || kind === 5) encoding.writeVarString(encoder, this.random.pick(['p', 'b', '__proto__']));
  }

  private any(encoder: Encoder, depth: number): void {
    if (!this.isMalicious()) return encoding.writeAny(encoder, values[this.random.below(values.length)] as never);
    const kind = this.random.below(6);
    if (kind === 0) encoding.writeUint8(encoder, this.random.below(256));
    else if (kind === 1 && depth < 100) {
      encoding.writeUint8(encoder, 117);
      encoding.writeVarUint(encoder, 1);
      this.any(encoder, depth + 1);
    } else if (kind === 2) {
      encoding.writeUint8(encoder, 118);
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarString(encoder, '__proto__');
      encoding.writeAny(encoder, { polluted: true });
    } else if (kind === 3) {
      encoding.writeUint8(encoder, 125);
      for (let left = this.random.below(12); left > 0; left--) encoding.writeUint8(encoder, 0xff);
      encoding.writeUint8(encoder, 1);
    } else encoding.writeAny(encoder, [null]);
  }

  private deletions(encoder: Encoder): void {
    const client = this.client();
    encoding.writeVarUint(encoder, client);
    const ranges = this.isMalicious() ? this.random.below(4) : 1 + this.random.below(3);
    encoding.writeVarUint(encoder, this.count(ranges));
    for (let left = ranges; left > 0; left--) {
      const known = Math.max(1, this.known(client));
      const clock = this.isMalicious() ? this.random.pick([known - 1, known, known + 2, 2 ** 31]) : this.random.below(known);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarUint(encoder, this.isMalicious() ? this.random.pick([0, 1, known, 2 ** 31, Number.MAX_SAFE_INTEGER]) : 1 + this.random.below(Math.max(1, known - clock)));
    }
  }
}
