/**
 * A version: a counter and the replica that made it. Consensus calls it a ballot, the single leader a term.
 *
 * Guarantees a total order, by counter, then by the replica's name: two replicas never make equal versions, and one replica that counts on never does.
 * Source: Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", 1978.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { isReplicaId, type ReplicaId } from '../clocks/dot.ts';
import { readText } from '../encoding/read-plain.ts';

export interface Version {
  readonly counter: number;
  /** Empty only in `noVersion`. */
  readonly replica: ReplicaId;
}

/** Before all others. */
export const noVersion: Version = { counter: 0, replica: '' };

/** How far beyond what is known here a counter may be: further, and somebody would use up all numbers that there are. */
export const versionLeapMax = 1_000_000;

export function compareVersions(a: Version, b: Version): number {
  return a.counter - b.counter || (a.replica === b.replica ? 0 : a.replica > b.replica ? 1 : -1);
}

export function newestOf(...versions: readonly Version[]): Version {
  return versions.reduce((newest, each) => (compareVersions(each, newest) > 0 ? each : newest), noVersion);
}

/** "7 of B" */
export function versionText({ counter, replica }: Version): string {
  return counter === 0 ? 'none' : `${counter} of ${replica}`;
}

/** Throws a RangeError where a version is further in the future than anybody can have come by counting. */
export function mustBeNear(version: Version, known: Version, what: string): void {
  if (version.counter <= known.counter + versionLeapMax) return;
  throw new RangeError(`${what} ${versionText(version)} is from the future: ${versionText(known)} is the newest known here`);
}

export function writeVersion(encoder: encoding.Encoder, { counter, replica }: Version): void {
  encoding.writeVarUint(encoder, counter);
  encoding.writeVarString(encoder, replica);
}

export function readVersion(decoder: decoding.Decoder): Version {
  const counter = decoding.readVarUint(decoder);
  const replica = readText(decoder);
  if (!Number.isSafeInteger(counter) || (counter === 0 ? replica !== '' : !isReplicaId(replica))) throw new RangeError(`${counter} of "${replica.slice(0, 40)}" is no version`);
  return { counter, replica };
}
