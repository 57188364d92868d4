/** One client of the control channel: checks what it says, and sends it snapshots and the room's moment, not more often than it can use. */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { ControlMessage } from '../control-message.ts';
import type { Clock } from '../../ports/clock.ts';
import { closeCodes, closeReason } from '../../relay/refusal.ts';
import type { Room } from '../../relay/room/room.ts';
import type { RoomLease } from '../../relay/room/rooms.ts';
import type { ControlSocket } from './control-socket.ts';
import { PacedMessage } from './paced-message.ts';
import { firstIssue, type IncomingControl, incomingControlSchema } from '../schemas.ts';

export interface ChannelClientOptions {
  readonly clock: Clock;
  readonly received: (message: IncomingControl) => void;
  /** Called once. */
  readonly ended: () => void;
}

/** Least milliseconds between two snapshots. */
const snapshotMs = 50;
/** Least milliseconds between two moments: a screen shows no more pictures. */
const momentMs = 16;
/** With this many bytes waiting, a snapshot or a moment is put off: a newer one will do. */
const waitingBytesMax = 1_048_576;

/** What a client is told of its room, as it is now. */
export interface ChannelState {
  snapshot(): Extract<ControlMessage, { kind: 'lab' }>;
  moment(): Extract<ControlMessage, { kind: 'moment' }>;
}

export class ChannelClient {
  /** Whether it has told a replica's status. */
  hasStatus = false;
  /** Whether the room was emptied since it came: what it notes until it has started over is of a life that is over. */
  isFormer = false;
  /** What it said of the room's moment before the room was loaded. */
  earlyMoment: Extract<ControlMessage, { kind: 'moment' }> | null = null;

  private lease: RoomLease | null = null;
  /** Null until the room is loaded. */
  private snapshots: PacedMessage | null = null;
  private moments: PacedMessage | null = null;
  private over = false;
  private answering = true;

  constructor(private readonly socket: ControlSocket, readonly room: string, readonly replica: ReplicaId | null, private readonly options: ChannelClientOptions) {
    socket.listen({
      received: (text) => this.received(text),
      answered: () => void (this.answering = true),
      closed: () => this.finish(),
    });
  }

  /** The room that it watches, once that is loaded. */
  get leased(): Room | null {
    return this.lease?.room ?? null;
  }

  /** From now on it gets snapshots, the first one at once, then the moment if the windows of the room show one. Takes over the lease. */
  start(lease: RoomLease, state: ChannelState): void {
    if (this.over) return lease.release();
    this.lease = lease;
    this.snapshots = this.paced(snapshotMs, () => state.snapshot());
    this.moments = this.paced(momentMs, () => state.moment());
    this.snapshots.sendNow();
    if (state.moment().atMs !== null) this.moments.sendNow();
  }

  /** Sends a snapshot soon; whatever changes until then is in it. */
  refresh(): void {
    if (!this.over) this.snapshots?.sendSoon();
  }

  /** The same for the room's moment. */
  momentChanged(): void {
    if (!this.over) this.moments?.sendSoon();
  }

  /** What was changed before does not come later: a window is back in the present before it is asked to do something there. */
  send(message: ControlMessage): void {
    if (this.over) return;
    this.moments?.flush();
    this.write(message);
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

  private paced(everyMs: number, make: () => ControlMessage): PacedMessage {
    const { clock } = this.options;
    return new PacedMessage({ clock, everyMs, make, send: (message) => this.write(message), isSlow: () => this.socket.waitingBytes > waitingBytesMax });
  }

  private write(message: ControlMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  private received(text: string | null): void {
    if (this.over) return;
    if (text === null) return this.end(closeCodes.onlyBinary, 'the control channel takes JSON text');
    let json: unknown;
    try {
      json = JSON.parse(text);
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
    this.snapshots?.cancel();
    this.moments?.cancel();
    this.lease?.release();
    this.options.ended();
  }
}
