/** One client of the control channel: checks what it says, and sends it snapshots, not more often than it can use. */
import type { WebSocket } from 'ws';
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ControlMessage } from '../../shared/protocol/control.ts';
import { closeCodes, closeReason } from '../relay/refusal.ts';
import type { Room } from '../relay/room/room.ts';
import type { RoomLease } from '../relay/room/rooms.ts';
import { firstIssue, type IncomingControl, incomingControlSchema } from './schemas.ts';

export interface ChannelClientOptions {
  readonly clock: Clock;
  readonly received: (message: IncomingControl) => void;
  /** Called once. */
  readonly ended: () => void;
}

/** Least milliseconds between two snapshots. */
const snapshotMs = 50;
/** With this many bytes waiting, a snapshot is put off: a newer one will do. */
const bufferedBytesMax = 1_048_576;

export class ChannelClient {
  /** Whether it has told a replica's status. */
  hasStatus = false;

  private lease: RoomLease | null = null;
  private snapshot: (() => ControlMessage) | null = null;
  private sentAtMs = -Infinity;
  private cancelSnapshot: (() => void) | null = null;
  private over = false;
  private answering = true;

  constructor(private readonly socket: WebSocket, readonly room: string, readonly replica: ReplicaId | null, private readonly options: ChannelClientOptions) {
    socket.on('message', (data: Buffer, isBinary: boolean) => this.received(data, isBinary));
    socket.on('error', () => {});
    socket.on('close', () => this.finish());
    socket.on('pong', () => (this.answering = true));
  }

  /** The room that it watches, once that is loaded. */
  get leased(): Room | null {
    return this.lease?.room ?? null;
  }

  /** From now on it gets snapshots, the first one at once. Takes over the lease. */
  start(lease: RoomLease, snapshot: () => ControlMessage): void {
    if (this.over) return lease.release();
    this.lease = lease;
    this.snapshot = snapshot;
    this.sendSnapshot();
  }

  /** Sends a snapshot soon; whatever changes until then is in it. */
  refresh(): void {
    if (this.over || !this.snapshot || this.cancelSnapshot) return;
    const sinceMs = this.options.clock.nowMs() - this.sentAtMs;
    this.cancelSnapshot = this.options.clock.after(Math.max(0, snapshotMs - sinceMs), () => {
      this.cancelSnapshot = null;
      this.sendSnapshot();
    });
  }

  send(message: ControlMessage): void {
    if (!this.over) this.socket.send(JSON.stringify(message));
  }

  ping(): void {
    if (!this.answering) return this.socket.terminate();
    this.answering = false;
    this.socket.ping();
  }

  end(code: number, reason: string): void {
    if (this.over) return;
    this.socket.close(code, closeReason(reason));
    this.finish();
  }

  private sendSnapshot(): void {
    if (this.over || !this.snapshot) return;
    this.sentAtMs = this.options.clock.nowMs();
    if (this.socket.bufferedAmount > bufferedBytesMax) return this.refresh();
    this.send(this.snapshot());
  }

  private received(data: Buffer, isBinary: boolean): void {
    if (this.over) return;
    if (isBinary) return this.end(closeCodes.onlyBinary, 'the control channel takes JSON text');
    let json: unknown;
    try {
      json = JSON.parse(data.toString());
    } catch {
      return this.end(closeCodes.malformed, 'malformed message: not JSON');
    }
    const message = incomingControlSchema.safeParse(json);
    if (!message.success) return this.end(closeCodes.malformed, `malformed message: ${firstIssue(message.error)}`);
    if (message.data.kind === 'status' && message.data.status.replica !== this.replica) {
      return this.end(closeCodes.malformed, `malformed message: a status of ${message.data.status.replica} on the channel of ${this.replica ?? 'a control room'}`);
    }
    this.options.received(message.data);
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    this.cancelSnapshot?.();
    this.lease?.release();
    this.options.ended();
  }
}
