import { randomBytes } from 'node:crypto';
import { firstLife, nextLife } from '../../../shared/protocol/room-life.ts';

/** A name for the first life of a room, which no other one has. */
export function newEpoch(): string {
  return firstLife(randomBytes(16).toString('hex'));
}

/** A name for the life after this one. */
export function epochAfter(epoch: string): string {
  return nextLife(epoch, randomBytes(16).toString('hex'));
}
