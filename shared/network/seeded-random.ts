/**
 * Randomness from a seed: the same seed, the same numbers, everywhere. Not for secrets.
 * Source: mulberry32 by Tommy Ettinger (public domain): one 32-bit word of state, period 2^32.
 */
import type { Random } from '../ports/random.ts';

export class SeededRandom implements Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  uint32(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number in 0 … limit−1. */
  below(limit: number): number {
    return Math.floor((this.uint32() / 2 ** 32) * limit);
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.uint32() / 2 ** 32 < probability;
  }

  /** One of the items; there must be one. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
}
