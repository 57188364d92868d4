/** The name of a replica, unique in its room and never reused for other data: "A", or "A.2" for a second life of A. */
export type ReplicaId = string;

/**
 * A dot names one event: the counter-th event of one replica, counted from 1.
 * Source: Preguiça et al., "Dotted Version Vectors: Logical Clocks for Optimistic Replication", 2010.
 */
export interface Dot {
  readonly replica: ReplicaId;
  readonly counter: number;
}

/** "A:12", the form in which dots are shown and used as keys. */
export type DotKey = string;

export function dotKey(dot: Dot): DotKey {
  return `${dot.replica}:${dot.counter}`;
}

/** Reads "A:12". Throws a RangeError that quotes the text when it is not a dot. */
export function parseDot(key: DotKey): Dot {
  const at = key.lastIndexOf(':');
  const counter = Number(key.slice(at + 1));
  if (at < 1 || !Number.isSafeInteger(counter) || counter < 1) throw new RangeError(`"${key}" is not a dot such as A:12`);
  return { replica: key.slice(0, at), counter };
}

/** Whether a replica is the first life of this name, or a later one: "A" and "A.2" are lives of "A". */
export function isLifeOf(name: string, replica: ReplicaId): boolean {
  return replica === name || replica.startsWith(`${name}.`);
}

const plainName = '[A-Za-z0-9_-]{1,32}';

/** The name of a replica in its first life: without a number. */
export const plainReplicaNamePattern = new RegExp(`^${plainName}$`);

/** The name of a replica in any life. */
export const replicaNamePattern = new RegExp(`^${plainName}(\\.[0-9]{1,6})?$`);

/** Whether a text can name a replica: 1 to 32 of A–Z a–z 0–9 _ -, then optionally a point and the number of its life. */
export function isReplicaId(text: unknown): text is ReplicaId {
  return typeof text === 'string' && replicaNamePattern.test(text);
}
