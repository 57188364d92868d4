/**
 * Which of six colours each replica has. The letters A to F have one each; other names have, in the order of the alphabet, those that are free. From the seventh
 * replica on they repeat, with a ring instead of a disc. Everybody who knows the same names gives them the same colours.
 */
import type { ReplicaId } from '../clocks/dot.ts';

/** The tokens that have a colour: `--rep-a` and so on. */
export const slots = 'abcdef';

export interface ColourSlot {
  readonly slot: string;
  readonly isRing: boolean;
}

/** Slots by name, without the number of a replica's life: "A.2" has the colour of A. */
export function colourSlots(names: Iterable<ReplicaId>): ReadonlyMap<string, ColourSlot> {
  const known = [...new Set([...names].map(baseOf))].sort();
  const places = new Map(known.filter(isLetter).map((name) => [name, letterPlace(name)] as const));
  const taken = new Set(places.values());
  let next = 0;
  for (const name of known) {
    if (places.has(name)) continue;
    while (taken.has(next)) next++;
    taken.add(next);
    places.set(name, next);
  }
  return new Map([...places].map(([name, place]) => [name, slotAt(place)]));
}

/** Of a replica that may not be among those that are known: letters have their own. */
export function slotOf(name: ReplicaId, known: ReadonlyMap<string, ColourSlot>): ColourSlot {
  const base = baseOf(name);
  return known.get(base) ?? slotAt(letterPlace(base));
}

function slotAt(place: number): ColourSlot {
  return { slot: slots[place % slots.length]!, isRing: place >= slots.length };
}

function baseOf(name: ReplicaId): string {
  return name.replace(/\.[0-9]+$/, '');
}

function isLetter(name: string): boolean {
  return /^[A-Za-z]$/.test(name);
}

function letterPlace(name: string): number {
  return Math.max(0, (name.toUpperCase().codePointAt(0) ?? 65) - 65);
}
