/**
 * What can be wrong with one session's link to the relay, each way by itself, as the control API, scenarios and the simulator say it.
 *
 * Faults act on whole frames. `link-faults.ts` says what they do to each.
 */

/** What happens to frames one way. */
export interface LinkFaults {
  /** Least time that a frame takes, in milliseconds; 0 to 60,000. */
  readonly latencyMs: number;
  /** Each frame takes up to so much longer, evenly spread, in milliseconds; 0 to 60,000. By itself it keeps the order. */
  readonly jitterMs: number;
  /** How fast frames leave, one after the other, in kilobits (1,000 bits) a second, above 0; null: as fast as they come. */
  readonly bandwidthKbps: number | null;
  /** Share of the frames that are lost, 0 to 1. */
  readonly dropRate: number;
  /** Share of the frames that arrive twice, 0 to 1. */
  readonly duplicateRate: number;
  /** Share of the frames that are held back, so that later ones may overtake them, 0 to 1. */
  readonly reorderRate: number;
  /** Every frame is lost. */
  readonly cut: boolean;
}

/** A session's link: from it to the relay is upstream. */
export interface Link {
  /** Off: the socket is closed, and the name is refused until it is on again. */
  readonly online: boolean;
  readonly upstream: LinkFaults;
  readonly downstream: LinkFaults;
  /** Decides what chance decides; the same seed gives the n-th frame each way the same fate. A whole number, 0 to 2^32−1. */
  readonly seed: number;
}

/** The link of whoever has this name: a replica, or a session by the `?name=` of its address. */
export interface NamedLink extends Link {
  readonly name: string;
}

export const noFaults: LinkFaults = { latencyMs: 0, jitterMs: 0, bandwidthKbps: null, dropRate: 0, duplicateRate: 0, reorderRate: 0, cut: false };

/** Whether all frames arrive at once, whole and once. */
export function isFaultless(faults: LinkFaults): boolean {
  return (Object.keys(noFaults) as (keyof LinkFaults)[]).every((name) => faults[name] === noFaults[name]);
}

/** Whether a link is as good as none was ever bent. */
export function isSoundLink(link: Link): boolean {
  return link.online && isFaultless(link.upstream) && isFaultless(link.downstream);
}
