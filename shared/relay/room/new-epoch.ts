import { randomName } from '../../network/random-name.ts';
import type { Random } from '../../ports/random.ts';
import { firstLife, nextLife } from '../../protocol/room-life.ts';

const nameBits = 128;

/** A name for the first life of a room, which no other one has. */
export function newEpoch(random: Random): string {
  return firstLife(randomName(random, nameBits));
}

/** A name for the life after this one. */
export function epochAfter(epoch: string, random: Random): string {
  return nextLife(epoch, randomName(random, nameBits));
}
