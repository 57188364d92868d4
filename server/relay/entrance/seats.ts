/**
 * How many WebSockets each address holds, and each room.
 *
 * Guarantees: a seat is taken before its handshake is answered and free again exactly when the socket is closed, whoever closes it.
 */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RelayLimits, sessionsPerForeignAddressMax } from '../relay-limits.ts';

export interface SeatObjection {
  readonly status: number;
  /** One line. */
  readonly reason: string;
}

/** All that one address, or one room, holds. */
interface Row {
  readonly key: string;
  taken: number;
}

export class Seats {
  private readonly byAddress = new Map<string, Row>();
  private readonly byRoom = new Map<string, Row>();
  /** The rows in which a socket sits. There may be many sockets: none has listeners or names of its own. */
  private readonly places = new Map<Duplex, { readonly address: Row; room: Row | null }>();
  private readonly onClose: (this: Duplex) => void;

  constructor(private readonly limits: Pick<RelayLimits, 'sessionsPerRoomMax' | 'sessionsPerAddressMax'>) {
    const leave = (socket: Duplex): void => this.leave(socket);
    this.onClose = function () {
      leave(this);
    };
  }

  /** Takes a seat for an address, until the socket closes. Returns why there is none, or null. */
  takeForAddress(address: string, socket: Duplex): SeatObjection | null {
    const max = this.limits.sessionsPerAddressMax ?? (isLoopback(address) ? Infinity : sessionsPerForeignAddressMax);
    if ((this.byAddress.get(address)?.taken ?? 0) >= max) return { status: 429, reason: `${max} connections from ${address} are open, which is the most` };
    this.places.set(socket, { address: take(this.byAddress, address), room: null });
    socket.on('close', this.onClose);
    return null;
  }

  /** The same for a room, of a socket that has a seat for its address. */
  takeInRoom(room: string, socket: Duplex): SeatObjection | null {
    const max = this.limits.sessionsPerRoomMax;
    if ((this.byRoom.get(room)?.taken ?? 0) >= max) return { status: 503, reason: `${max} sessions are in room ${room}, which is the most` };
    this.places.get(socket)!.room = take(this.byRoom, room);
    return null;
  }

  private leave(socket: Duplex): void {
    const place = this.places.get(socket);
    this.places.delete(socket);
    if (place) free(this.byAddress, place.address);
    if (place?.room) free(this.byRoom, place.room);
  }
}

/** Whether an address means this machine alone. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === 'localhost' || plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

function take(rows: Map<string, Row>, key: string): Row {
  const row = rows.get(key) ?? { key, taken: 0 };
  rows.set(key, row);
  row.taken++;
  return row;
}

function free(rows: Map<string, Row>, row: Row): void {
  row.taken--;
  if (row.taken === 0) rows.delete(row.key);
}
