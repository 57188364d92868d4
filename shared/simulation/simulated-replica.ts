/**
 * A replica as in a window, with everything around it simulated: its disk, its link and its clock. The replica itself, its strategies and its Y.Doc are
 * the program's own.
 *
 * Guarantees: a crash ends a life without a word; what the disk had by then is all that the next life knows. No two lives share a Yjs client id. [YJS8]
 */
import * as Y from 'yjs';
import type { ReplicaId } from '../clocks/dot.ts';
import type { Schema } from '../document/schema.ts';
import { Listeners } from '../encoding/listeners.ts';
import type { StrategyId } from '../history/record.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Transport, TransportListener } from '../ports/transport.ts';
import { type FrameCodec, kindOf } from '../protocol/codec.ts';
import { isSyncFrame } from '../relay/frames.ts';
import { Replica } from '../replica/replica.ts';
import { ReplicaNotes } from '../replica/replica-notes.ts';
import type { StrategySettings } from '../strategies/registry.ts';
import { StrategySet } from '../strategies/strategy-set.ts';
import { YjsStrategy } from '../strategies/yjs/yjs-strategy.ts';
import { DocumentLine } from './document-line.ts';
import type { RoomNotes } from './room-notes.ts';
import { DiskContents, SimulatedDisk } from './simulated-disk.ts';
import type { SimulatedLink } from './simulated-link.ts';

export interface SimulatedReplicaOptions {
  readonly id: ReplicaId;
  /** Orders the replicas' Yjs client ids, from 0. */
  readonly rank: number;
  readonly schema: Schema;
  readonly strategies: readonly StrategyId[];
  readonly settings: StrategySettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly link: SimulatedLink;
  readonly codec: FrameCodec;
  readonly notes: RoomNotes;
  readonly slowDocumentStore?: boolean;
  /** Told, in one line, when something went wrong that a person would be told of. */
  readonly report: (trouble: string) => void;
}

/** How long a slow store takes to write at most, in milliseconds. */
const slowWriteMsMax = 200;
/** More lives than a replica ever has in a run. */
const livesMax = 1_000;

/** What one life has. */
interface Life {
  readonly replica: Replica;
  readonly strategies: StrategySet;
  readonly doc: Y.Doc;
  readonly disk: SimulatedDisk;
  /** The Y.Doc's: most often the same. */
  readonly documentDisk: SimulatedDisk;
  /** Null where nothing is noted. */
  readonly notes: ReplicaNotes | null;
  end(): void;
}

export class SimulatedReplica {
  readonly id: ReplicaId;
  /** Whether its network switch is on. */
  isOnline = false;
  /** Whether it was ever killed before its disk had all that it had done: others may have an edit of it by the Y.Doc's way that its journal lost. */
  diedUntold = false;
  private life: Life | null = null;
  private lives = 0;
  private readonly contents = new DiskContents();
  private readonly documentContents: DiskContents;
  private skew = 0;
  private updatesStored = 0;

  constructor(private readonly options: SimulatedReplicaOptions) {
    this.id = options.id;
    this.documentContents = options.slowDocumentStore ? new DiskContents() : this.contents;
  }

  get isUp(): boolean {
    return this.life !== null;
  }

  get replica(): Replica {
    return this.current.replica;
  }

  /** The disk of its journal. */
  get disk(): SimulatedDisk {
    return this.current.disk;
  }

  /** Its connection with the relay, both ends of it. */
  get link(): SimulatedLink {
    return this.options.link;
  }

  get strategies(): StrategySet {
    return this.current.strategies;
  }

  /** Whether its disk writes, or frames of its are on their way. */
  get isBusy(): boolean {
    const { life } = this;
    return this.options.link.isBusy || (life !== null && (life.disk.isBusy || life.documentDisk.isBusy));
  }

  get skewMs(): number {
    return this.skew;
  }

  set skewMs(skewMs: number) {
    this.skew = skewMs;
    if (this.life) this.life.replica.skewMs = skewMs;
  }

  /** Begins a life with what is on the disk. */
  async start(): Promise<void> {
    const { clock, random, schema, link, id, codec, notes, settings, strategies: enabled } = this.options;
    if (this.life) return;
    if (this.lives > 0) notes.note('restart', id);
    let isAlive = true;
    const disk = new SimulatedDisk(clock, random, this.contents, true);
    const documentDisk = this.options.slowDocumentStore
      ? new SimulatedDisk(clock, random, this.documentContents, true, slowWriteMsMax)
      : disk;
    const doc = new Y.Doc({ guid: id });
    doc.clientID = (this.options.rank + 1) * livesMax + this.lives++;
    const strategies = new StrategySet(schema, new YjsStrategy(schema, doc));
    strategies.configure(settings);
    const runsDocument = enabled.includes('crdt');
    if (runsDocument) await this.loadDocument(documentDisk, doc);
    const connection = new Connection(link, codec, runsDocument ? doc : null, (way, frame) => notes.frame(way, id, frame));
    const own = { nowMs: () => clock.nowMs(), wallMs: () => clock.wallMs(), after: (delayMs: number, callback: () => void) => clock.after(delayMs, () => isAlive && callback()) };
    const replica = await Replica.open({
      id, instance: `disk-${id}`, schema, clock: own, codec, store: disk, transport: connection,
      strategies: strategies.answering.filter((each) => enabled.includes(each.id)),
      coordinated: strategies.coordinated.filter((each) => enabled.includes(each.id)),
    });
    replica.skewMs = this.skew;
    replica.onEvent((event) => {
      // Its writes fail with it, and nobody is there to hear of that.
      if (!isAlive) return;
      if (event.kind === 'trouble' && event.trouble !== null) this.options.report(`${id}: ${event.trouble}`);
      if (connection.isDocumentSaved) replica.releaseCarried(replica.clock.get(id));
    });
    const running = strategies.all.filter((each) => enabled.includes(each.id));
    const ownNotes = notes.wantsReplicas ? new ReplicaNotes({ schema, replica, strategies: running, clock, note: (note) => notes.replicaNoted(note) }) : null;
    const end = (): void => {
      isAlive = false;
      ownNotes?.stop();
      connection.close();
      void replica.close();
    };
    this.life = { replica, strategies, doc, disk, documentDisk, notes: ownNotes, end };
    this.connectIfOnline();
  }

  /** Ends its life without a word. */
  crash(): void {
    const { life } = this;
    if (!life) return;
    this.options.notes.note('crash', this.id);
    this.life = null;
    this.diedUntold ||= life.disk.isBusy;
    life.disk.crash();
    life.documentDisk.crash();
    this.options.link.cut();
    life.end();
  }

  /** A person makes it the leader, or tries to. */
  promote(): void {
    const { strategies, notes } = this.current;
    notes?.promoted();
    strategies.singleLeader.promote();
  }

  setOnline(online: boolean): void {
    if (online !== this.isOnline) this.options.notes.note(online ? 'online' : 'offline', this.id);
    this.isOnline = online;
    if (online) this.connectIfOnline();
    else this.options.link.cut();
  }

  private connectIfOnline(): void {
    if (this.isUp && this.isOnline) this.options.link.connect();
  }

  private get current(): Life {
    if (!this.life) throw new Error(`replica ${this.id} is down`);
    return this.life;
  }

  /** The Y.Doc has a store of its own beside the journal, as in the windows. */
  private async loadDocument(disk: SimulatedDisk, doc: Y.Doc): Promise<void> {
    const stored: Uint8Array[] = [];
    for await (const { value } of disk.read('yjs/')) stored.push(value);
    doc.transact(() => stored.forEach((update) => Y.applyUpdate(doc, update)), disk);
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== disk) void disk.write([{ key: `yjs/${String(this.updatesStored++).padStart(8, '0')}`, value: update }]).catch(() => undefined);
    });
  }
}

/** A replica's end of its link: y-websocket's frames for the Y.Doc, and our own for the replica. */
class Connection implements Transport {
  private readonly listeners = new Listeners<TransportListener>();
  private readonly line: DocumentLine | null;
  private readonly stop: () => void;

  constructor(private readonly link: SimulatedLink, private readonly codec: FrameCodec, doc: Y.Doc | null, private readonly note: (way: 'send' | 'receive', frame: Uint8Array) => void) {
    this.line = doc && new DocumentLine(doc, this);
    this.stop = link.replicaEnd.listen({
      opened: () => {
        this.line?.opened();
        this.listeners.callEach((listener) => listener.opened());
      },
      received: (frame) => this.receive(frame),
      closed: () => {
        this.listeners.callEach((listener) => listener.closed());
      },
    });
  }

  get isOpen(): boolean {
    return this.link.replicaEnd.isOpen;
  }

  /** Whether the relay has all that the Y.Doc did here. */
  get isDocumentSaved(): boolean {
    return this.line !== null && this.isOpen && this.line.isSaved;
  }

  send(frame: Uint8Array): void {
    if (this.isOpen) this.note('send', frame);
    this.link.replicaEnd.send(frame);
  }

  listen(listener: TransportListener): () => void {
    const remove = this.listeners.add(listener);
    if (this.isOpen) listener.opened();
    return remove;
  }

  close(): void {
    this.stop();
    this.line?.close();
  }

  private receive(frame: Uint8Array): void {
    if (isSyncFrame(frame)) return this.line?.received(frame);
    const kind = kindOf(frame);
    // Of who is present nothing is simulated.
    if (kind === undefined) return;
    this.note('receive', frame);
    const message = kind === 'saved' && this.line ? this.codec.decode(frame) : null;
    if (message?.kind === 'saved') this.line?.saved(message.yjsFrames);
    this.listeners.callEach((listener) => listener.received(frame));
    if (kind === 'again') this.line?.ask();
  }
}
