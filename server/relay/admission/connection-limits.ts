/**
 * How many WebSockets each address holds, and each room.
 *
 * Guarantees: a connection counts from before its handshake is answered until exactly when its socket is closed,
 * whichever side closes it.
 */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RelayLimits, sessionsPerForeignAddressMax } from '../../../shared/relay/relay-limits.ts';

/** All that one address, or one room, holds. */
interface Row {
  readonly key: string;
  count: number;
}

/** The rows in which a socket counts. */
interface Place {
  readonly address: Row;
  room: Row | null;
}

export class ConnectionLimits {
  private readonly byAddress = new Map<string, Row>();
  private readonly byRoom = new Map<string, Row>();
  /** There may be many sockets: none has listeners or names of its own. */
  private readonly places = new Map<Duplex, Place>();
  private readonly onClose: (this: Duplex) => void;

  constructor(private readonly limits: Pick<RelayLimits, 'sessionsPerRoomMax' | 'sessionsPerAddressMax'>) {
    const leave = (socket: Duplex): void => this.leave(socket);
    this.onClose = function () {
      leave(this);
    };
  }

  /** Counts a socket for an address, until it closes. Returns in one line why it may not be, or null. */
  takeForAddress(address: string, socket: Duplex): string | null {
    const max = this.limits.sessionsPerAddressMax ?? (isLoopback(address) ? Infinity : sessionsPerForeignAddressMax);
    if ((this.byAddress.get(address)?.count ?? 0) >= max) return `${max} connections from ${address} are open, which is the most`;
    this.places.set(socket, { address: add(this.byAddress, address), room: null });
    socket.on('close', this.onClose);
    return null;
  }

  /** Why no further socket may count for a room, in one line; null if one may. */
  roomObjection(room: string): string | null {
    const max = this.limits.sessionsPerRoomMax;
    return (this.byRoom.get(room)?.count ?? 0) < max ? null : `${max} sessions are in room ${room}, which is the most`;
  }

  /** Counts a socket that counts for its address for a room too. */
  takeInRoom(room: string, socket: Duplex): void {
    const place = this.places.get(socket);
    if (place) place.room = add(this.byRoom, room);
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

function add(rows: Map<string, Row>, key: string): Row {
  const row = rows.get(key) ?? { key, count: 0 };
  rows.set(key, row);
  row.count++;
  return row;
}

function free(rows: Map<string, Row>, row: Row): void {
  row.count--;
  if (row.count === 0) rows.delete(row.key);
}
