/**
 * What can be wrong with one session's link to the relay, each way by itself, as the control API, scenarios and the simulator say it.
 *
 * Faults act on whole frames. `shared/simulation/link-faults.ts` says what they do to each.
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

const delayMsMax = 60_000;
const bandwidthKbpsMax = 10_000_000;

/** Whether all frames arrive at once, whole and once. */
export function isFaultless(faults: LinkFaults): boolean {
  return (Object.keys(noFaults) as (keyof LinkFaults)[]).every((name) => faults[name] === noFaults[name]);
}

/** Whether a link is as good as none was ever bent. */
export function isSound(link: Link): boolean {
  return link.online && isFaultless(link.upstream) && isFaultless(link.downstream);
}

/** Faults as somebody wrote them; what is not named is no fault. Throws a RangeError of one line that begins with `where`, such as "upstream". */
export function parseLinkFaults(input: unknown, where = 'faults'): LinkFaults {
  const given = membersOf(input, where, Object.keys(noFaults));
  const number = (name: string, max: number, what: string): number => {
    const value = given(name, 0);
    if (typeof value !== 'number' || !(value >= 0 && value <= max)) throw new RangeError(`${where}.${name} is ${what} from 0 to ${max}, not ${shown(value)}`);
    return value;
  };
  return {
    latencyMs: number('latencyMs', delayMsMax, 'a number of milliseconds'),
    jitterMs: number('jitterMs', delayMsMax, 'a number of milliseconds'),
    bandwidthKbps: parseBandwidth(given('bandwidthKbps', null), where),
    dropRate: number('dropRate', 1, 'a share'),
    duplicateRate: number('duplicateRate', 1, 'a share'),
    reorderRate: number('reorderRate', 1, 'a share'),
    cut: parseFlag(given('cut', false), `${where}.cut`),
  };
}

/** A link as somebody wrote it; what is not named is no fault. `seed` is used where they named none. Throws a RangeError of one line. */
export function parseLink(input: unknown, seed: number): Link {
  const given = membersOf(input, 'a link', ['online', 'upstream', 'downstream', 'seed']);
  return {
    online: parseFlag(given('online', true), 'online'),
    upstream: parseLinkFaults(given('upstream', {}), 'upstream'),
    downstream: parseLinkFaults(given('downstream', {}), 'downstream'),
    seed: parseSeed(given('seed', seed)),
  };
}

function parseBandwidth(value: unknown, where: string): number | null {
  if (value === null) return null;
  if (typeof value !== 'number' || !(value > 0 && value <= bandwidthKbpsMax)) {
    throw new RangeError(`${where}.bandwidthKbps is a number of kilobits a second above 0, at most ${bandwidthKbpsMax}, or null for no limit, not ${shown(value)}`);
  }
  return value;
}

function parseFlag(value: unknown, where: string): boolean {
  if (typeof value !== 'boolean') throw new RangeError(`${where} is true or false, not ${shown(value)}`);
  return value;
}

function parseSeed(value: unknown): number {
  if (typeof value !== 'number' || value >>> 0 !== value) throw new RangeError(`seed is a whole number from 0 to ${2 ** 32 - 1}, not ${shown(value)}`);
  return value;
}

/** Looks up own members of an object, which may have only these; a member that is not there has the other value. */
function membersOf(input: unknown, where: string, allowed: readonly string[]): (name: string, otherwise: unknown) => unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw new RangeError(`${where} is an object, not ${shown(input)}`);
  const members = new Map<string, unknown>(Object.entries(input));
  for (const name of members.keys()) if (!allowed.includes(name)) throw new RangeError(`${where} has no member ${shown(name)}; ${allowed.join(', ')} are`);
  return (name, otherwise) => (members.has(name) ? members.get(name) : otherwise);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 40);
}
