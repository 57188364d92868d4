/**
 * What sessions and programs write into a room: to those whom it reaches, and to disk.
 *
 * Guarantees: what is refused has changed nothing and reached nobody; a session hears as saved only
 * what is on disk.
 */
import { isEdit } from '../../history/record.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FrameCodec } from '../../protocol/codec.ts';
import type { RoomTraffic } from '../../protocol/room-traffic.ts';
import type { RoomStorage, StoredRecord } from '../storage/room-storage.ts';
import type { RoomDocument } from '../document/room-document.ts';
import type { Island } from '../faults/island.ts';
import type { RoomIslands } from '../faults/room-islands.ts';
import type { RoomLinks } from '../faults/room-links.ts';
import { updateFrame, updateIn } from '../frames.ts';
import type { ClusterRoom } from '../cluster/cluster-room.ts';
import type { RelayMeter } from '../relay-meter.ts';
import type { FrameSender } from '../session/frame-sender.ts';
import type { Session } from '../session/session.ts';
import type { Confirmations } from './confirmations.ts';
import type { DocumentSync } from './document-sync.ts';
import type { UpdateBatch } from './update-batch.ts';
import type { RoomJournal } from './room-journal.ts';
import type { RoomWrites } from './room-writes.ts';

export interface RoomEditsOptions {
  readonly codec: Pick<FrameCodec, 'encode'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly document: RoomDocument;
  readonly journal: RoomJournal;
  readonly islands: RoomIslands;
  readonly links: RoomLinks;
  readonly sync: DocumentSync;
  readonly traffic: RoomTraffic;
  readonly storage: RoomStorage;
  /** Null where no other relay has the room. */
  readonly cluster: ClusterRoom | null;
  readonly writes: RoomWrites;
  readonly batch: UpdateBatch;
  readonly confirmations: Confirmations;
  readonly outgoing: Pick<FrameSender, 'noteEdits'>;
  readonly meter: RelayMeter;
  /** Most bytes of the document. */
  readonly documentBytesMax: number;
  readonly changed: (change: 'document' | 'records') => void;
}

export class RoomEdits {
  constructor(private readonly options: RoomEditsOptions) {}

  /** Takes a Yjs update from a session: to those it reaches, and to disk. `receipt`: null where it was counted with its frame. Throws a Refusal. */
  takeUpdate(session: Session, update: Uint8Array, isStepTwo: boolean, receipt: number | null): void {
    const { batch, islands } = this.options;
    const island = islands.of(session);
    batch.add(session, receipt, isStepTwo, this.spread(island, update, session));
    islands.catchUpSoon(island);
  }

  /** Takes an update of a program's to an island. Resolves to whether anything of it was new, when that is on disk. Rejects with a Refusal. */
  async merge(island: Island, update: Uint8Array): Promise<boolean> {
    const { storage, writes } = this.options;
    const kept = this.spread(island, update, null);
    await writes.stored(kept ? storage.addUpdates([kept]) : []);
    return kept !== null;
  }

  /** Takes encoded records from a session: to the replicas that it reaches, and to disk. Throws a Refusal. */
  takeRecords(session: Session, encoded: readonly Uint8Array[]): void {
    const { codec, journal, islands, links, traffic, cluster, outgoing, changed } = this.options;
    const whole = session.syncState.mayLeaveGaps ? journal.withoutGaps(encoded) : encoded;
    if (whole.length < encoded.length) links.noteLoss(session);
    const fresh = journal.add(whole);
    for (const { record, bytes } of fresh) if (isEdit(record)) traffic.count('records', bytes.length);
    const island = islands.of(session);
    const news = island.view ? islands.advance(island, whole) : fresh;
    if (news.length > 0) {
      const message = codec.encode({ kind: 'records', records: news.map(({ bytes }) => bytes) });
      outgoing.noteEdits(news.length * island.sendToReplicas(message, session));
      cluster?.addRecords(islands.placeOf(island), news);
    }
    this.store(session, fresh);
    if (news.length > 0) changed('records');
  }

  /** Says `saved` to a session as soon as all that the room knows now is on disk. */
  confirmTo(session: Session): void {
    const { writes, confirmations } = this.options;
    writes.add([], () => confirmations.owe(session));
  }

  private store(from: Session, fresh: readonly StoredRecord[]): void {
    const { clock, storage, writes, meter, journal, confirmations } = this.options;
    const sinceMs = clock.nowMs();
    const changes = fresh.map((entry) => storage.addRecord(entry));
    writes.add(changes, () => {
      meter.saving.add(clock.nowMs() - sinceMs, fresh.length);
      journal.markStored(fresh);
      confirmations.owe(from);
    });
  }

  /** Applies an update and tells those whom it reaches. Returns what is to be stored of it; null if nothing. Throws a Refusal. */
  private spread(island: Island, update: Uint8Array, from: Session | null): Uint8Array | null {
    const { document, islands, links, sync, traffic, cluster, outgoing, changed } = this.options;
    document.mustHold(update, this.options.documentBytesMax);
    // The bytes that go out are those that are kept.
    const frame = updateFrame(update);
    const own = updateIn(frame);
    const before = sync.beforeLarge(update, island.document);
    const { shown, kept, mayRelease, gaveUp } = from?.syncState.mayLeaveGaps ? islands.applyWithGaps(island, own) : { ...islands.apply(island, own), gaveUp: false };
    if (gaveUp) links.askForLost(island);
    if (kept) cluster?.addUpdate(islands.placeOf(island), kept);
    if (!shown) return kept;
    traffic.count('crdt', update.length);
    const except = mayRelease ? null : from;
    outgoing.noteEdits(before ? sync.sendLarge(island, before, except) : island.send(shown === own ? frame : updateFrame(shown), except));
    changed('document');
    return kept;
  }
}
