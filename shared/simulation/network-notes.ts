/** What happened to the network and to the programs in a simulated run, as a saved history tells it. Times are true ones, not those of skewed clocks. */
import { dotKey, type ReplicaId } from '../clocks/dot.ts';
import type { NetworkEvent, NetworkEventKind } from '../history/history.ts';
import { dotOf } from '../history/record-codec.ts';
import type { Clock } from '../ports/clock.ts';
import { type FrameCodec, kindOf } from '../protocol/codec.ts';

export class NetworkNotes {
  readonly events: NetworkEvent[] = [];

  /** `messages`: whether each message with records or of a strategy's copies is noted too. */
  constructor(private readonly clock: Clock, private readonly codec: FrameCodec, private readonly messages: boolean) {}

  note(kind: NetworkEventKind, replica: ReplicaId | null, payload: unknown = null): void {
    this.events.push({ kind, replica, wallMs: this.clock.wallMs(), payload });
  }

  /** A frame leaves a replica, or arrives there. */
  frame(kind: 'send' | 'receive', replica: ReplicaId, frame: Uint8Array): void {
    if (!this.messages) return;
    const what = kindOf(frame);
    if (what !== 'records' && what !== 'direct') return;
    const message = this.codec.decode(frame);
    if (message.kind === 'records') this.note(kind, replica, { records: message.records.map((record) => dotKey(dotOf(record))) });
    if (message.kind === 'direct') this.note(kind, replica, { channel: message.channel, peer: message.peer, bytes: message.payload.length });
  }
}
