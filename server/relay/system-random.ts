import { randomBytes } from 'node:crypto';
import type { Random } from '../../shared/ports/random.ts';

/** The machine's own randomness, which nobody can foretell. */
export const systemRandom: Random = {
  uint32: () => randomBytes(4).readUInt32BE(),
};
