/**
 * The colour of each replica: Okabe and Ito's set, which people with colour blindness tell apart (Okabe, Ito: "Color Universal
 * Design", 2008). Always shown beside the name, never instead of it.
 */
export interface ReplicaColour {
  readonly fill: string;
  /** Text on the fill, at 4.5:1 or more. */
  readonly on: string;
}

const colours: readonly ReplicaColour[] = [
  { fill: '#0072B2', on: '#ffffff' },
  { fill: '#D55E00', on: '#000000' },
  { fill: '#009E73', on: '#000000' },
  { fill: '#CC79A7', on: '#000000' },
  { fill: '#E69F00', on: '#000000' },
  { fill: '#56B4E9', on: '#000000' },
];

/** "A", and also "A.2", A's second life, have the first colour; after F they repeat. */
export function replicaColour(name: string): ReplicaColour {
  const first = name.toUpperCase().codePointAt(0) ?? 65;
  const index = (((first - 65) % colours.length) + colours.length) % colours.length;
  return colours[index] as ReplicaColour;
}
