import { randomBytes } from 'node:crypto';

/** A name for a life of a room, which no other one has. */
export function newEpoch(): string {
  return randomBytes(16).toString('base64url');
}
