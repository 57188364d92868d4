/**
 * What faults do to the frames of one link, one way. Knows no socket and no clock: the relay and the simulator ask it when a frame arrives.
 *
 * Guarantees: a frame arrives never, once or twice, and not before it was sent; times never run backwards from one frame to the next unless
 * `reorderRate` held one back; a link without faults gives every frame its own time. Each frame uses up the same number of random words whatever
 * happens to it, so that the same seed gives the n-th frame the same fate, whatever became of those before it.
 * Does not guarantee anything of frames that are under way when faults change: that is for whoever holds them.
 */
import type { Random } from '../ports/random.ts';
import { type LinkFaults, noFaults } from './link.ts';
import { SeededRandom } from './seeded-random.ts';

/** A frame that is held back is late by at least this, and by up to so much more than latency and jitter, in milliseconds. */
const heldBackMsMin = 5;
const heldBackMsMore = 15;

export class LinkDirection {
  /** When the last frame will have left, where bandwidth limits. */
  private freeMs = -Infinity;
  /** When the last frame arrives of those that keep the order. */
  private latestMs = -Infinity;

  constructor(private readonly random: Random, public faults: LinkFaults = noFaults) {}

  /** One way of a link whose chances follow from a seed; the two ways of one link differ. */
  static seeded(seed: number, way: 'upstream' | 'downstream', faults: LinkFaults = noFaults): LinkDirection {
    return new LinkDirection(new SeededRandom(way === 'upstream' ? seed : seed ^ 0x5bd1e995), faults);
  }

  /**
   * When a frame of so many bytes arrives that is sent now, in milliseconds of the caller's clock: no time (lost), one, or two (repeated), in order.
   * Of frames with equal times the one that was sent first arrives first. To be asked in the order of sending, with a time that does not run backwards.
   */
  arrivals(frameBytes: number, nowMs: number): number[] {
    const { latencyMs, jitterMs, bandwidthKbps, dropRate, duplicateRate, reorderRate, cut } = this.faults;
    const [lost, repeated, heldBack, jitter, more] = [this.share(), this.share(), this.share(), this.share(), this.share()];
    if (cut) return [];
    // A kilobit a second is a bit a millisecond.
    const leavesMs = bandwidthKbps === null ? nowMs : Math.max(nowMs, this.freeMs) + (8 * frameBytes) / bandwidthKbps;
    this.freeMs = leavesMs;
    if (lost < dropRate) return [];
    const arrivesMs = Math.max(this.latestMs, leavesMs + latencyMs + jitter * jitterMs);
    if (heldBack < reorderRate) {
      // Of a frame that comes twice only one is late.
      const lateMs = arrivesMs + heldBackMsMin + more * (heldBackMsMore + latencyMs + jitterMs);
      return repeated < duplicateRate ? [arrivesMs, lateMs] : [lateMs];
    }
    const againMs = arrivesMs + more * jitterMs;
    this.latestMs = repeated < duplicateRate ? againMs : arrivesMs;
    return repeated < duplicateRate ? [arrivesMs, againMs] : [arrivesMs];
  }

  /** Uniform in 0 … 1, without 1. */
  private share(): number {
    return this.random.uint32() / 2 ** 32;
  }
}
