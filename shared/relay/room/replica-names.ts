import type { ReplicaId } from '../../clocks/dot.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * A name that is not taken: the wanted one or, when it is taken, its next life ("A.2"); without one, the first free letter, after Z
 * R27 and so on. Names are never reused, since a replica's name stands for its data.
 */
export function nextReplicaName(wanted: string | null, isTaken: (name: ReplicaId) => boolean): ReplicaId {
  if (wanted === null) {
    for (let number = 1; ; number++) {
      const name = letters[number - 1] ?? `R${number}`;
      if (!isTaken(name)) return name;
    }
  }
  if (!isTaken(wanted)) return wanted;
  const base = wanted.replace(/\.[0-9]+$/, '');
  for (let life = 2; ; life++) if (!isTaken(`${base}.${life}`)) return `${base}.${life}`;
}
