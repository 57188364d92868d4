/** What happened to the network and to the programs in a simulated run, and what replicas noted, as a saved history tells it. Times are true ones, not those of skewed clocks. */
import { dotKey, type ReplicaId } from '../clocks/dot.ts';
import { dotOf } from '../history/record-codec.ts';
import type { NetworkEventKind, ReplicaNote, RoomEvent } from '../history/room-event.ts';
import type { Clock } from '../ports/clock.ts';
import { type FrameCodec, kindOf } from '../protocol/codec.ts';

export class RoomNotes {
  readonly events: RoomEvent[] = [];

  /** `messages`: whether each message with records or of a strategy's copies is noted; `replicas`: whether what replicas have, show and reach is. */
  constructor(private readonly clock: Clock, private readonly codec: FrameCodec, private readonly wanted: { readonly messages: boolean; readonly replicas: boolean }) {}

  get wantsReplicas(): boolean {
    return this.wanted.replicas;
  }

  settings(settings: object): void {
    this.events.push({ kind: 'settings', replica: null, wallMs: this.clock.wallMs(), payload: { ...settings } });
  }

  replicaNoted(note: ReplicaNote): void {
    this.events.push(note);
  }

  note(kind: NetworkEventKind, replica: ReplicaId | null, payload: unknown = null): void {
    this.events.push({ kind, replica, wallMs: this.clock.wallMs(), payload });
  }

  /** A frame leaves a replica, or arrives there. */
  frame(kind: 'send' | 'receive', replica: ReplicaId, frame: Uint8Array): void {
    if (!this.wanted.messages) return;
    const what = kindOf(frame);
    if (what !== 'records' && what !== 'direct') return;
    const message = this.codec.decode(frame);
    if (message.kind === 'records') this.note(kind, replica, { records: message.records.map((record) => dotKey(dotOf(record))) });
    if (message.kind === 'direct') this.note(kind, replica, { channel: message.channel, peer: message.peer, bytes: message.payload.length });
  }
}
