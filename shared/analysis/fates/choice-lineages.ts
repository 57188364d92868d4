/**
 * Which writes the value of each choice was made of. A bit for each write before it: choices may be many, and the lines between them long.
 * Costs time in proportion to the writes, and to the choices times a thirty-second of the writes.
 */
import type { DotKey } from '../../clocks/dot.ts';
import type { Sliced } from '../slices.ts';
import { isChoice, stepsInSlice, type WriteTree } from './write-tree.ts';

export class ChoiceLineages {
  /** By the place of the choice in the tree's writes: a bit for each place before it. */
  private readonly bits = new Map<number, Uint32Array>();

  private constructor(private readonly tree: WriteTree) {}

  static *of(tree: WriteTree): Sliced<ChoiceLineages> {
    const lineages = new ChoiceLineages(tree);
    for (const [place, write] of tree.writes.entries()) {
      if (isChoice(write)) lineages.bits.set(place, yield* lineages.descent(place, write.kept));
      else if (place % stepsInSlice === 0) yield;
    }
    return lineages;
  }

  /** Whether a choice was made of a write. */
  isMadeOf(choice: DotKey, write: DotKey): boolean {
    const [of, place] = [this.tree.placeOf(choice), this.tree.placeOf(write)];
    const bits = of === undefined ? undefined : this.bits.get(of);
    return bits !== undefined && place !== undefined && has(bits, place);
  }

  private *descent(before: number, kept: readonly DotKey[]): Sliced<Uint32Array> {
    const bits = new Uint32Array((before >>> 5) + 1);
    const open = [...kept];
    let steps = 0;
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      const place = this.tree.placeOf(key);
      if (place === undefined || place >= before || has(bits, place)) continue;
      bits[place >>> 5]! |= 1 << (place & 31);
      const known = this.bits.get(place);
      if (known) for (const [at, word] of known.entries()) bits[at]! |= word;
      else for (const each of this.tree.writes[place]!.kept) open.push(each);
      if (++steps % stepsInSlice === 0) yield;
    }
    return bits;
  }
}

function has(bits: Uint32Array, place: number): boolean {
  return ((bits[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0;
}
