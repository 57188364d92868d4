import type { Random } from '../ports/random.ts';

/** A name that no other one is likely to have, of 0–9 and a–f. `bits`: a multiple of 32. */
export function randomName(random: Random, bits: number): string {
  let name = '';
  for (let left = bits; left > 0; left -= 32) name += random.uint32().toString(16).padStart(8, '0');
  return name;
}
