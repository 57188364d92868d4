/**
 * The colour of each replica: Okabe and Ito's set, which people with colour blindness tell apart (Okabe, Ito: "Color Universal
 * Design", 2008). Means "this replica wrote it", nothing else; always shown beside the name, never instead of it.
 */
import { colourSlots, slotOf } from '../../shared/analysis/colour-slots.ts';

export interface ReplicaColour {
  readonly fill: string;
  /** The same hue where it carries text. */
  readonly ink: string;
  /** Text on the fill, at 4.5:1 or more. */
  readonly on: string;
  /** From the seventh replica on colours repeat, with a ring instead of a disc. */
  readonly isRing: boolean;
}

/** Those of the room that this page shows. */
let names: readonly string[] = [];
let slots = colourSlots(names);

/** Names of the room that the page shows, as far as they are known: windows that know the same names show the same colours. Names are never forgotten. */
export function knowReplicas(more: Iterable<string>): void {
  const all = [...new Set([...names, ...more])];
  if (all.length === names.length) return;
  names = all;
  slots = colourSlots(all);
}

/** How many names are known: colours may be others than they were where it has changed. */
export function knownReplicas(): number {
  return names.length;
}

/** "A", and also "A.2", A's second life, have the first colour. */
export function replicaColour(name: string): ReplicaColour {
  const { slot, isRing } = slotOf(name, slots);
  return { fill: `var(--rep-${slot})`, ink: `var(--rep-${slot}-ink)`, on: `var(--on-${slot})`, isRing };
}
