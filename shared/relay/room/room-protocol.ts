/** What a frame from a session does to its room. Throws a Refusal for a message that cannot be taken; it has changed nothing. */
import type { ReplicaId } from '../../clocks/dot.ts';
import type { FrameCodec } from '../../protocol/codec.ts';
import { type Message, type MessageOf, messages, protocolVersion } from '../../protocol/messages.ts';
import { recordFrames } from '../../protocol/record-frames.ts';
import type { RoomTraffic } from '../../protocol/room-traffic.ts';
import { awarenessFrame, carriesUpdate, type FrameMessage, readFrame } from '../frames.ts';
import { closeCodes, Refusal } from '../refusal.ts';
import type { Island } from '../faults/island.ts';
import type { RoomIslands } from '../faults/room-islands.ts';
import type { RoomLinks } from '../faults/room-links.ts';
import type { DroppedPresence } from '../presence/dropped-presence.ts';
import type { DeferredFrames } from '../session/deferred-frames.ts';
import type { FrameReceiver, Session } from '../session/session.ts';
import type { DocumentSync } from './document-sync.ts';
import type { RoomEdits } from './room-edits.ts';
import type { RoomJournal } from './room-journal.ts';
import type { RoomMembers } from './room-members.ts';
import type { RoomNames } from './room-names.ts';
import type { RoomPeerRelays } from './room-peer-relays.ts';

export interface RoomProtocolOptions {
  readonly codec: FrameCodec;
  readonly life: { readonly epoch: string; readonly discarded: readonly string[] };
  /** Those that are in the room now. */
  readonly sessions: () => readonly Session[];
  readonly edits: RoomEdits;
  readonly journal: RoomJournal;
  readonly islands: RoomIslands;
  readonly links: RoomLinks;
  readonly members: RoomMembers;
  readonly names: RoomNames;
  readonly deferredFrames: DeferredFrames;
  readonly sync: DocumentSync;
  readonly droppedPresence: DroppedPresence;
  readonly traffic: RoomTraffic;
  /** Null where no other relay has the room. */
  readonly peerRelays: RoomPeerRelays | null;
  /** Called when a session has said hello. */
  readonly changed: (change: 'sessions') => void;
}

export class RoomProtocol implements FrameReceiver {
  constructor(private readonly options: RoomProtocolOptions) {}

  /**
   * Handles the messages of a frame, one after the other: those before one that is refused stand.
   * `receipt`: the number of a frame that came over a faulty link and was counted there; else null.
   */
  receive(session: Session, bytes: Uint8Array, receipt: number | null): void {
    if (this.options.deferredFrames.take(session, () => this.receive(session, bytes, receipt))) return;
    let counted = receipt;
    if (counted === null && carriesUpdate(bytes)) counted = session.receipts.next();
    for (const message of readFrame(bytes, this.options.codec.decode)) {
      if (session.hasEnded && !session.hasDeparted) return;
      if (session.isReadOnly && !reads(message)) session.leaveOut();
      else this.receiveFrameMessage(session, message, counted);
    }
  }

  /** Tells an island, here and at other relays, what was new in its presence. */
  passAwareness(island: Island, news: Uint8Array): void {
    island.send(awarenessFrame(news));
    this.options.peerRelays?.sendAwareness(island, news);
  }

  private receiveFrameMessage(session: Session, message: FrameMessage, receipt: number | null): void {
    switch (message.kind) {
      case 'step-one': return this.answerStepOne(session, message.stateVector);
      case 'update': return this.options.edits.takeUpdate(session, message.update, message.isStepTwo, receipt);
      case 'awareness': return this.takeAwareness(session, message.update);
      case 'query-awareness': return this.answerAwareness(session);
      case 'message': return this.receiveMessage(session, message.message);
      case 'ignored': return session.noteIgnored();
    }
  }

  private answerStepOne(session: Session, stateVector: Uint8Array): void {
    const { islands, sync } = this.options;
    const island = islands.of(session);
    sync.send(session, stateVector);
    if (session.syncState.wasAsked || session.isReadOnly) return;
    // Only now, and not on opening: a window that said hello first has heard `welcome` by then, and sends nothing from a discarded life of the room.
    session.askForDocument(island.document.stateVector);
  }

  private takeAwareness(session: Session, update: Uint8Array): void {
    const { islands, droppedPresence } = this.options;
    const island = islands.of(session);
    const { news, drops } = island.takeAwareness(update, session);
    // To the sender too: y-websocket closes a connection on which it hears nothing for 30 s.
    if (news) this.passAwareness(island, news);
    droppedPresence.tell(session, drops);
  }

  private answerAwareness(session: Session): void {
    const present = this.options.islands.of(session).awareness.all();
    if (present) session.send(awarenessFrame(present));
  }

  private receiveMessage(session: Session, message: Message): void {
    if (messages[message.kind].from === 'relay') throw new Refusal(closeCodes.malformed, `malformed message: ${message.kind} goes only from the relay to windows`);
    if (message.kind === 'hello') return this.greet(session, message);
    if (session.replica === null) throw new Refusal(closeCodes.malformed, `malformed message: ${message.kind} came before hello`);
    if (message.kind === 'records') this.options.edits.takeRecords(session, message.records);
    else if (message.kind === 'caught-up') this.options.members.onCaughtUp(message.members);
    else if (message.kind === 'direct') this.passDirect(session, session.replica, message);
  }

  /** To whom it is for, if they can be reached; nothing is kept for those who are not. */
  private passDirect(session: Session, from: ReplicaId, message: MessageOf<'direct'>): void {
    const { codec, islands, peerRelays, traffic } = this.options;
    const island = islands.of(session);
    const to = [...island.sessions].find((each) => each.replica === message.peer);
    if (to === session) return;
    const frame = codec.encode({ ...message, peer: from });
    if (to) to.send(frame);
    else if (!peerRelays?.passDirect(island, message.peer, frame)) return;
    traffic.count(message.channel, message.payload.length);
  }

  private greet(session: Session, hello: MessageOf<'hello'>): void {
    const { life, sessions, names, peerRelays, deferredFrames, edits, members, changed } = this.options;
    const { replica, instance, version } = hello;
    if (session.replica !== null && session.replica !== replica) throw new Refusal(closeCodes.malformed, `malformed message: a second hello, of ${replica} after ${session.replica}`);
    if (version !== protocolVersion) throw new Refusal(closeCodes.versionUnknown, `protocol version ${version} was asked for; this relay speaks ${protocolVersion}`);
    const owner = names.ownerOf(replica);
    if (owner === null) names.mustHaveFree();
    // Where other relays give names too, nothing of it counts before it is known whose the name is.
    if (owner === null && peerRelays) return deferredFrames.defer(session, names.bind(replica, instance), () => this.greet(session, hello));
    if (owner !== null && owner !== instance) {
      // A copy from a life of the room that was thrown away must learn so, to start over under a new name.
      if (life.discarded.length > 0) this.sendWelcome(session);
      throw new Refusal(closeCodes.contradiction, `Replica ${replica} belongs to another copy of its data`);
    }
    for (const other of sessions()) if (other !== session && other.replica === replica) other.end(closeCodes.contradiction, `Replica ${replica} was opened somewhere else`);
    if (owner === null) void names.bind(replica, instance);
    this.identify(session, replica);
    this.sendWelcome(session);
    this.sendRecords(session, hello);
    session.welcome();
    edits.confirmTo(session);
    peerRelays?.opened(session);
    members.arrive(session);
    changed('sessions');
  }

  /** By its name as a replica a session may have another link, and belong to another island. */
  private identify(session: Session, replica: ReplicaId): void {
    if (!session.identify(replica)) return;
    this.options.links.bind(session);
    this.options.islands.renamed(session);
  }

  private sendWelcome(session: Session): void {
    const { codec, life, islands } = this.options;
    session.send(codec.encode({ kind: 'welcome', version: protocolVersion, epoch: life.epoch, discarded: life.discarded, summary: islands.viewOf(islands.of(session)) }));
  }

  private sendRecords(session: Session, hello: MessageOf<'hello'>): void {
    const { codec, islands, journal } = this.options;
    const view = islands.viewOf(islands.of(session));
    session.sendFrom(recordFrames(journal.missing(hello.summary, view).map(({ bytes }) => bytes), codec.encode));
  }
}

/** Whether a session that only reads may send this. Throws a Refusal for what makes it a replica, which has edits of its own. */
function reads(frame: FrameMessage): boolean {
  if (frame.kind === 'message') throw new Refusal(closeCodes.readOnly, 'this token only reads, and a replica of the lab writes');
  return frame.kind !== 'update';
}
