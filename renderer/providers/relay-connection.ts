/**
 * One replica's connection to the relay: y-websocket's provider for the Y.Doc and awareness, and our own messages on the same socket.
 *
 * Guarantees: switched off, the socket is closed and none is opened: no byte leaves or enters. "Saved" is said only of what the relay has
 * confirmed as stored on disk. Does not guarantee that what was sent arrives.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as sync from 'y-protocols/sync';
import { messageSync, WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { DocumentPieces, pieceBytes, smallDocumentBytes } from '../../shared/document/document-pieces.ts';
import { Listeners } from '../../shared/encoding/listeners.ts';
import type { TransportListener } from '../../shared/ports/transport.ts';
import { decodeMessage } from '../../shared/protocol/codec.ts';
import { emptiedCode, rejoinFrame } from '../../shared/protocol/messages.ts';
import { roomPath } from '../../shared/protocol/room-name.ts';
import type { Presence, ReplicaConnection } from '../../shared/ports/replica-connection.ts';
import { FrameTurns } from './frame-turns.ts';
import { UpdateReceipts } from './update-receipts.ts';

export interface RelayConnectionOptions {
  /** ws://HOST:PORT */
  readonly server: string;
  readonly room: string;
  /** The replica's id, as its session is named at the relay. */
  readonly name: string;
  readonly doc: Y.Doc;
  /** The sockets to use, where not the platform's own. */
  readonly WebSocket?: typeof WebSocket;
  /** Resolves in a task of its own: between turns of records that come in great number. Default: the platform's shortest timer. */
  readonly pause?: () => Promise<void>;
}

const shortestTimer = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

export class RelayConnection implements ReplicaConnection {
  private readonly provider: WebsocketProvider;
  private readonly receipts: UpdateReceipts;
  private readonly turns: FrameTurns;
  private readonly transportListeners = new Listeners<TransportListener>();
  private readonly changeListeners = new Listeners<() => void>();
  private refusal: string | null = null;

  /** Starts switched off. */
  constructor(private readonly options: RelayConnectionOptions) {
    this.turns = new FrameTurns({ handle: (frame) => this.receive(frame), pause: options.pause ?? shortestTimer, nowMs: () => performance.now() });
    // Before the provider, so that an update is counted before it is sent.
    this.receipts = new UpdateReceipts(options.doc, (origin) => origin === this.provider);
    this.provider = new WebsocketProvider(options.server, roomPath(options.room), options.doc, {
      connect: false,
      // Windows of one origin would else sync through BroadcastChannel, and a partition would leak.
      disableBc: true,
      params: { name: options.name },
      // As y-websocket does, but for an emptied room: there it must learn that its data are of a past life.
      shouldReconnect: ({ code }) => code === emptiedCode || code < 4400 || code >= 4500,
      WebSocketPolyfill: this.receipts.countingSocket(options.WebSocket ?? WebSocket),
    });
    const asYWebsocketDoes = this.provider.messageHandlers[messageSync]!;
    this.provider.messageHandlers[messageSync] = (encoder, decoder, provider, emitSynced, kind) => {
      if (decoding.peekVarUint(decoder) === sync.messageYjsSyncStep1) this.answerStepOne(decoder);
      else asYWebsocketDoes(encoder, decoder, provider, emitSynced, kind);
    };
    this.provider.messageHandlers[rejoinFrame] = (_encoder: unknown, decoder: decoding.Decoder) => this.turns.take(decoder.arr, decodeMessage(decoder.arr).kind === 'records');
    this.provider.on('status', ({ status }) => this.onStatus(status));
    this.provider.on('sync', () => this.tellChange());
    this.provider.on('closed', ({ reason }) => {
      this.refusal = reason || 'The relay refused this replica.';
      this.tellChange();
    });
    this.provider.awareness.on('change', (_change: unknown, origin: unknown) => origin === 'local' || this.tellChange());
  }

  get isOnline(): boolean {
    return this.provider.shouldConnect;
  }

  set isOnline(online: boolean) {
    if (online === this.isOnline) return;
    this.refusal = null;
    if (online) this.provider.connect();
    else this.provider.disconnect();
    this.tellChange();
  }

  get isOpen(): boolean {
    return this.provider.wsconnected;
  }

  get state(): ReplicaConnection['state'] {
    if (!this.provider.shouldConnect) return 'offline';
    if (!this.provider.wsconnected) return 'connecting';
    return this.provider.synced ? 'synced' : 'open';
  }

  /** Whether the relay has confirmed all that this Y.Doc did here. */
  get isDocumentSaved(): boolean {
    return this.receipts.isAllSaved;
  }

  /** Why the relay has closed the connection for good; null if it has not. */
  get trouble(): string | null {
    return this.refusal;
  }

  /** What the other clients of the room that are reachable now say of themselves; clients that say nothing we know count as null. */
  get peers(): (Presence | null)[] {
    if (!this.isOpen) return [];
    return [...this.provider.awareness.getStates()].filter(([client]) => client !== this.options.doc.clientID).map(([, state]) => (state['rejoin'] as Presence | undefined) ?? null);
  }

  /** Tells the peers of this replica. */
  announce(presence: Presence): void {
    this.provider.awareness.setLocalStateField('rejoin', presence);
  }

  send(frame: Uint8Array): void {
    if (this.isOpen) this.provider.ws?.send(frame as Uint8Array<ArrayBuffer>);
  }

  listen(listener: TransportListener): () => void {
    const remove = this.transportListeners.add(listener);
    if (this.isOpen) listener.opened();
    return remove;
  }

  onChange(listener: () => void): () => void {
    return this.changeListeners.add(listener);
  }

  /** Closes the socket for good. The Y.Doc stays. */
  close(): void {
    this.provider.destroy();
    this.provider.awareness.destroy();
    this.receipts.close();
  }

  private receive(frame: Uint8Array): void {
    const message = decodeMessage(frame);
    if (message.kind === 'saved') this.receipts.confirm(message.yjsFrames);
    this.transportListeners.callEach((listener) => listener.received(frame));
    if (message.kind === 'again') this.syncAgain();
    if (message.kind === 'saved') this.tellChange();
  }

  /**
   * Answers as y-websocket does, but by pieces where one message would be large: after a long time offline it could be more than any relay takes. What
   * waits here for what came before it is in one message only.
   */
  private answerStepOne(decoder: decoding.Decoder): void {
    const { doc } = this.options;
    decoding.readVarUint(decoder);
    const stateVector = decoding.readVarUint8Array(decoder);
    const whole = Y.encodeStateAsUpdate(doc, stateVector);
    const waits = doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
    if (waits || whole.length <= smallDocumentBytes) return this.sendSync(sync.messageYjsSyncStep2, whole);
    const pieces = new DocumentPieces(() => doc, Y.decodeStateVector(stateVector), pieceBytes);
    while (!pieces.isComplete) {
      const piece = pieces.next();
      this.sendSync(pieces.isComplete ? sync.messageYjsSyncStep2 : sync.messageYjsUpdate, piece);
    }
  }

  private sendSync(kind: number, update: Uint8Array): void {
    this.send(encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, messageSync);
      encoding.writeVarUint(encoder, kind);
      encoding.writeVarUint8Array(encoder, update);
    }));
  }

  /** Asks for what the Y.Doc lacks, as on opening; the listeners have said hello by now. */
  private syncAgain(): void {
    this.send(encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, messageSync);
      sync.writeSyncStep1(encoder, this.options.doc);
    }));
  }

  private onStatus(status: 'connected' | 'connecting' | 'disconnected'): void {
    if (status === 'connected') {
      this.receipts.startConnection();
      // Peers dropped our state when we went, and take it again only with a newer clock.
      this.provider.awareness.setLocalState(this.provider.awareness.getLocalState());
      this.transportListeners.callEach((listener) => listener.opened());
    }
    if (status === 'disconnected') {
      this.turns.clear();
      this.transportListeners.callEach((listener) => listener.closed());
    }
    this.tellChange();
  }

  private tellChange(): void {
    this.changeListeners.callEach((listener) => listener());
  }
}
