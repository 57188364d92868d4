/**
 * The control channel: one connection for each window and control room, beside the rooms' own. It goes on while the relay is
 * switched off, so that a partition can be watched.
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { ControlMessage } from '../control-message.ts';
import type { WindowCommand } from '../window-commands.ts';
import { errorText } from '../../encoding/error-text.ts';
import type { Clock } from '../../ports/clock.ts';
import { closeCodes } from '../../relay/refusal.ts';
import type { LabRelay, LabRelayEvent } from '../lab-relay.ts';
import type { Room } from '../../relay/room/room.ts';
import { TooManyRooms } from '../../relay/room/rooms.ts';
import { ChannelClient } from './channel-client.ts';
import type { ControlSocket } from './control-socket.ts';
import type { RoomEvents } from '../room/room-events.ts';
import type { RoomMoments } from '../room/room-moments.ts';
import type { RoomViews } from '../room/room-views.ts';
import type { IncomingControl } from '../schemas.ts';

export interface ControlChannelOptions {
  readonly relay: () => LabRelay;
  readonly views: RoomViews;
  readonly events: RoomEvents;
  readonly moments: RoomMoments;
  readonly clock: Clock;
  readonly report: (line: string) => void;
  /** Milliseconds between pings. */
  readonly pingMs: number;
}

/** How long a window may take to answer, in milliseconds. */
const answerMsMax = 20_000;

/** What a window was asked and has not answered. */
interface Question {
  readonly client: ChannelClient;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly cancel: () => void;
}

export class ControlChannel {
  private readonly clients = new Set<ChannelClient>();
  private readonly questions = new Map<number, Question>();
  private asked = 0;
  private stopPinging = (): void => {};

  constructor(private readonly options: ControlChannelOptions) {
    this.pingLater();
  }

  /** Brings what changed at the relay to whoever watches. */
  relayChanged(event: LabRelayEvent): void {
    if (event.kind === 'online-changed') return this.refresh(null);
    if (event.change === 'emptied') {
      for (const client of this.clients) if (client.room === event.room.name) client.isFormer = true;
      this.send(event.room.name, null, { kind: 'emptied' });
    }
    this.refresh(event.room.name);
  }

  /** A new snapshot for all clients of a room, or of all rooms. */
  refresh(room: string | null): void {
    for (const client of this.clients) if (room === null || client.room === room) client.refresh();
  }

  /** Tells all clients of a room which moment its windows show. */
  momentChanged({ name }: Room): void {
    for (const client of this.clients) if (client.room === name) client.momentChanged();
  }

  /** Closes all clients. */
  close(): void {
    this.stopPinging();
    for (const client of this.clients) client.end(closeCodes.goingAway, 'the lab was ended');
  }

  /** Takes a connection of a window, or of a control room (`replica` null). Resolves when it has been told how its room stands, or was closed. */
  async admit(socket: ControlSocket, room: string, replica: ReplicaId | null): Promise<void> {
    const client = new ChannelClient(socket, room, replica, {
      clock: this.options.clock,
      received: (message) => this.received(client, message),
      ended: () => this.left(client),
    });
    this.clients.add(client);
    try {
      const { relay, views, moments } = this.options;
      const lease = await relay().lease(room);
      client.start(lease, {
        snapshot: () => ({ kind: 'lab', relayOnline: relay().online, room: views.view(lease.room) }),
        moment: () => ({ kind: 'moment', atMs: moments.of(lease.room) }),
      });
      if (client.earlyMoment) this.showMoment(client, client.earlyMoment);
    } catch (error) {
      if (error instanceof TooManyRooms) return client.end(closeCodes.restarting, error.message);
      this.options.report(`room ${room} cannot be read: ${errorText(error)}`);
      client.end(closeCodes.internal, `room ${room} cannot be read`);
    }
  }

  /** Whether a window or a control room shows this room. */
  isWatched(room: string): boolean {
    return [...this.clients].some((client) => client.room === room);
  }

  /** The replicas of a room that have a window now. */
  windows(room: string): ReplicaId[] {
    return [...this.clients].flatMap((client) => (client.room === room && client.replica !== null ? client.replica : []));
  }

  /** Asks a replica window to do something. Rejects with one line when it cannot, has gone, or does not answer. */
  ask(room: string, replica: ReplicaId, command: WindowCommand): Promise<unknown> {
    const client = [...this.clients].find((each) => each.room === room && each.replica === replica);
    if (!client) return Promise.reject(new Error(`replica ${replica} has no window`));
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      const cancel = this.options.clock.after(answerMsMax, () => this.answer(id, () => reject(new Error(`the window of replica ${replica} does not answer`))));
      this.questions.set(id, { client, resolve, reject, cancel });
      client.send({ kind: 'do', id, command });
    });
  }

  private answer(id: number, end: (question: Question) => void): void {
    const question = this.questions.get(id);
    if (!question) return;
    this.questions.delete(id);
    question.cancel();
    end(question);
  }

  private received(client: ChannelClient, message: IncomingControl): void {
    if (message.kind === 'done') return this.answer(message.id, ({ resolve, reject }) => (message.error === undefined ? resolve(message.value) : reject(new Error(message.error))));
    if (message.kind === 'network') return this.send(client.room, message.replica, message);
    if (message.kind === 'ask-time') return client.send({ kind: 'time', sentMs: message.sentMs, serverMs: this.options.clock.wallMs() });
    if (message.kind === 'moment') return this.showMoment(client, message);
    if (message.kind === 'notes') return this.takeNotes(client, message);
    client.hasStatus = true;
    const { views, events } = this.options;
    views.setStatus(client.room, message.status);
    if (client.leased) events.noteNetwork(client.leased, message.status.replica, message.status.online);
    this.statusChanged(client);
  }

  /** The control room decides for all windows of the room. */
  private showMoment(client: ChannelClient, moment: Extract<ControlMessage, { kind: 'moment' }>): void {
    if (client.replica !== null) return client.end(closeCodes.malformed, `malformed message: a moment on the channel of ${client.replica}`);
    if (client.leased) this.options.moments.show(client.leased, moment.atMs);
    else client.earlyMoment = moment;
  }

  /** A window sends notes until it hears that all are here. */
  private takeNotes(client: ChannelClient, message: Extract<IncomingControl, { kind: 'notes' }>): void {
    const { leased, replica } = client;
    if (replica === null) return client.end(closeCodes.malformed, 'malformed message: notes on the channel of a control room');
    // It asks again, on a channel of its own once it has started over.
    if (leased === null || client.isFormer) return;
    const { events } = this.options;
    try {
      events.take(leased, replica, { ...message, notes: message.notes as readonly Record<string, unknown>[] });
    } catch (error) {
      return client.end(closeCodes.malformed, `malformed message: ${errorText(error)}`);
    }
    client.send({ kind: 'noted', instance: message.instance, upTo: events.upTo(leased, replica, message.instance) });
    if (message.notes.length > 0) this.statusChanged(client);
  }

  private left(client: ChannelClient): void {
    this.clients.delete(client);
    for (const [id, { client: asked }] of [...this.questions]) if (asked === client) this.answer(id, ({ reject }) => reject(new Error(`the window of replica ${client.replica} was closed`)));
    const { replica, room } = client;
    // Nobody stays in the past because a presenter has closed the page.
    if (replica === null && client.leased && !this.hasControlRoom(room)) this.options.moments.show(client.leased, null);
    // A window that was loaded again may be here already, with a status of its own.
    const successor = [...this.clients].some((other) => other.room === room && other.replica === replica && other.hasStatus);
    if (replica !== null && client.hasStatus && !successor) this.options.views.removeStatus(room, replica);
    this.statusChanged(client);
  }

  private hasControlRoom(room: string): boolean {
    return [...this.clients].some((client) => client.room === room && client.replica === null);
  }

  /** What all open replicas have may be another now, and with it what is still pending. */
  private statusChanged(client: ChannelClient): void {
    if (client.leased) this.options.views.outdate(client.leased);
    this.refresh(client.room);
  }

  private send(room: string, replica: ReplicaId | null, message: ControlMessage): void {
    for (const client of this.clients) if (client.room === room && (replica === null || client.replica === replica)) client.send(message);
  }

  private pingLater(): void {
    this.stopPinging = this.options.clock.after(this.options.pingMs, () => {
      for (const client of this.clients) client.ping();
      this.pingLater();
    });
  }
}
