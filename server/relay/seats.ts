/**
 * How many WebSockets each address holds, and each room.
 *
 * Guarantees: a seat is taken before its handshake is answered and free again exactly when the socket is closed, whoever closes it.
 */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RelayLimits, sessionsPerForeignAddressMax } from './relay-limits.ts';

export interface SeatObjection {
  readonly status: number;
  /** One line. */
  readonly reason: string;
}

export class Seats {
  private readonly byAddress = new Map<string, number>();
  private readonly byRoom = new Map<string, number>();

  constructor(private readonly limits: Pick<RelayLimits, 'sessionsPerRoomMax' | 'sessionsPerAddressMax'>) {}

  /** Takes a seat for an address, until the socket closes. Returns why there is none, or null. */
  takeForAddress(address: string, socket: Duplex): SeatObjection | null {
    const max = this.limits.sessionsPerAddressMax ?? (isLoopback(address) ? Infinity : sessionsPerForeignAddressMax);
    if ((this.byAddress.get(address) ?? 0) >= max) return { status: 429, reason: `${max} connections from ${address} are open, which is the most` };
    take(this.byAddress, address, socket);
    return null;
  }

  /** The same for a room. */
  takeInRoom(room: string, socket: Duplex): SeatObjection | null {
    const max = this.limits.sessionsPerRoomMax;
    if ((this.byRoom.get(room) ?? 0) >= max) return { status: 503, reason: `${max} sessions are in room ${room}, which is the most` };
    take(this.byRoom, room, socket);
    return null;
  }
}

/** Whether an address means this machine alone. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === 'localhost' || plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

function take(seats: Map<string, number>, key: string, socket: Duplex): void {
  seats.set(key, (seats.get(key) ?? 0) + 1);
  socket.once('close', () => {
    const left = seats.get(key)! - 1;
    if (left > 0) seats.set(key, left);
    else seats.delete(key);
  });
}
