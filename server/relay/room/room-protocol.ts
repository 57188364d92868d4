/** What a frame from a session does to its room. Throws a Refusal for a message that cannot be taken; it has changed nothing. */
import type { ReplicaId } from '../../../shared/clocks/dot.ts';
import { encodeMessage } from '../../../shared/protocol/codec.ts';
import { type Message, type MessageOf, protocolVersion } from '../../../shared/protocol/messages.ts';
import { recordFrames } from '../../../shared/protocol/record-frames.ts';
import { awarenessFrame, carriesUpdate, type FrameMessage, readFrame } from '../frames.ts';
import { closeCodes, Refusal } from '../refusal.ts';
import type { Room } from './room.ts';
import type { Session } from '../session/session.ts';

/**
 * Handles the messages of a frame, one after the other: those before one that is refused stand.
 * `receipt`: the number of a frame that came over a faulty link and was counted there; else null.
 */
export function receiveFrame(room: Room, session: Session, bytes: Uint8Array, receipt: number | null): void {
  if (room.held.take(session, () => receiveFrame(room, session, bytes, receipt))) return;
  let counted = receipt;
  if (counted === null && carriesUpdate(bytes)) counted = session.receipts.next();
  for (const message of readFrame(bytes)) {
    if (session.hasEnded && !session.hasDeparted) return;
    if (session.isReadOnly && !reads(message)) session.leaveOut();
    else receiveFrameMessage(room, session, message, counted);
  }
}

function receiveFrameMessage(room: Room, session: Session, message: FrameMessage, receipt: number | null): void {
  switch (message.kind) {
    case 'step-one': return answerStepOne(room, session, message.stateVector);
    case 'update': return room.takeUpdate(session, message.update, message.isStepTwo, receipt);
    case 'awareness': return passAwareness(room, session, message.update);
    case 'query-awareness': return answerAwareness(room, session);
    case 'message': return receiveMessage(room, session, message.message);
    case 'ignored': return session.noteIgnored();
  }
}

function answerStepOne(room: Room, session: Session, stateVector: Uint8Array): void {
  const island = room.islands.of(session);
  room.sync.send(session, stateVector);
  if (session.syncState.wasAsked || session.isReadOnly) return;
  // Only now, and not on opening: a window that said hello first has heard `welcome` by then, and sends nothing from a discarded life of the room.
  session.askForDocument(island.document.stateVector);
}

/** Whether a session that only reads may send this. Throws a Refusal for what makes it a replica, which has edits of its own. */
function reads(frame: FrameMessage): boolean {
  if (frame.kind === 'message') throw new Refusal(closeCodes.readOnly, 'this token only reads, and a replica of the lab writes');
  return frame.kind !== 'update';
}

function passAwareness(room: Room, session: Session, update: Uint8Array): void {
  const island = room.islands.of(session);
  const { news, drops } = island.takeAwareness(update, session);
  // To the sender too: y-websocket closes a connection on which it hears nothing for 30 s.
  if (news) room.passAwareness(island, news);
  room.droppedPresence.tell(session, drops);
}

function answerAwareness(room: Room, session: Session): void {
  const present = room.islands.of(session).awareness.all();
  if (present) session.send(awarenessFrame(present));
}

function receiveMessage(room: Room, session: Session, message: Message): void {
  if (message.kind === 'hello') return greet(room, session, message);
  if (message.kind !== 'records' && message.kind !== 'settled-in' && message.kind !== 'direct') throw new Refusal(closeCodes.malformed, `malformed message: ${message.kind} goes only from the relay to windows`);
  if (session.replica === null) throw new Refusal(closeCodes.malformed, `malformed message: ${message.kind} came before hello`);
  if (message.kind === 'records') room.takeRecords(session, message.records);
  else if (message.kind === 'settled-in') room.members.settledIn(message.members);
  else passDirect(room, session, session.replica, message);
}

/** To whom it is for, if they can be reached; nothing is kept for those who are not. */
function passDirect(room: Room, session: Session, from: ReplicaId, message: MessageOf<'direct'>): void {
  const island = room.islands.of(session);
  const to = [...island.sessions].find((each) => each.replica === message.peer);
  if (to === session) return;
  const frame = encodeMessage({ ...message, peer: from });
  if (to) to.send(frame);
  else if (!room.peers?.passDirect(island, message.peer, frame)) return;
  room.traffic.count(message.channel, message.payload.length);
}

function greet(room: Room, session: Session, hello: MessageOf<'hello'>): void {
  const { replica, instance, version } = hello;
  if (session.replica !== null && session.replica !== replica) throw new Refusal(closeCodes.malformed, `malformed message: a second hello, of ${replica} after ${session.replica}`);
  if (version !== protocolVersion) throw new Refusal(closeCodes.versionUnknown, `protocol version ${version} was asked for; this relay speaks ${protocolVersion}`);
  const owner = room.names.ownerOf(replica);
  if (owner === null) room.names.mustHaveFree();
  // Where other relays give names too, nothing of it counts before it is known whose the name is.
  if (owner === null && room.peers) return room.held.hold(session, room.names.bind(replica, instance), () => greet(room, session, hello));
  if (owner !== null && owner !== instance) {
    // A copy from a life of the room that was thrown away must learn so, to start over under a new name.
    if (room.discarded.length > 0) sendWelcome(room, session);
    throw new Refusal(closeCodes.contradiction, `Replica ${replica} belongs to another copy of its data`);
  }
  for (const other of room.sessions) if (other !== session && other.replica === replica) other.end(closeCodes.contradiction, `Replica ${replica} was opened somewhere else`);
  if (owner === null) void room.names.bind(replica, instance);
  room.identify(session, replica);
  sendWelcome(room, session);
  sendRecords(room, session, hello);
  session.welcome();
  room.confirmTo(session);
  room.peers?.opened(session);
  room.members.arrive(session);
  room.announce('sessions');
}

function sendWelcome(room: Room, session: Session): void {
  session.send(encodeMessage({ kind: 'welcome', version: protocolVersion, epoch: room.epoch, discarded: room.discarded, summary: room.islands.viewOf(room.islands.of(session)) }));
}

function sendRecords(room: Room, session: Session, hello: MessageOf<'hello'>): void {
  const view = room.islands.viewOf(room.islands.of(session));
  session.sendFrom(recordFrames(room.journal.missing(hello.summary, view).map(({ bytes }) => bytes)));
}
