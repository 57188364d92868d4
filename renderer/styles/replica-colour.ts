/**
 * The colour of each replica: Okabe and Ito's set, which people with colour blindness tell apart (Okabe, Ito: "Color Universal
 * Design", 2008). Means "this replica wrote it", nothing else; always shown beside the name, never instead of it.
 */
export interface ReplicaColour {
  readonly fill: string;
  /** The same hue where it carries text. */
  readonly ink: string;
  /** Text on the fill, at 4.5:1 or more. */
  readonly on: string;
  /** From the seventh replica on colours repeat, with a ring instead of a disc. */
  readonly isRing: boolean;
}

const letters = 'abcdef';

/** "A", and also "A.2", A's second life, have the first colour; after F they repeat. */
export function replicaColour(name: string): ReplicaColour {
  const at = (name.toUpperCase().codePointAt(0) ?? 65) - 65;
  const letter = letters[((at % letters.length) + letters.length) % letters.length]!;
  return { fill: `var(--rep-${letter})`, ink: `var(--rep-${letter}-ink)`, on: `var(--on-${letter})`, isRing: at >= letters.length };
}
