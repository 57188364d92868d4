/**
 * Asks a thread of its own about rooms with long histories, so that nobody waits at the relay while they are gone through.
 *
 * Guarantees: what is found is true of one moment of the room. Records go to the thread once, in small parts with pauses between them. The thread
 * ends when it was not asked for a minute. Only one question is with it at a time.
 */
import { Worker } from 'node:worker_threads';
import type { Replication } from '../../../shared/analysis/replication/replication-figures.ts';
import type { ReplicationSeries } from '../../../shared/analysis/replication/replication-series.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import type { FinalReadEvent } from '../../../shared/history/room-event.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { Room } from '../../../shared/relay/room/room.ts';
import type { RoomAnalysis } from '../../../shared/control/analysis/room-analysis.ts';
import { type Asked, type FromThread, packedRecords, type ToThread } from './analysis-messages.ts';
import type { ReportQuestion, RoomJudged, RoomQuestion, RoomTotals, SeriesQuestion, VerdictQuestion } from '../../../shared/control/analysis/room-findings.ts';

/** So many bytes of records are handed over at a time. */
const partBytes = 128 * 1024;
/** The thread keeps the records of so many rooms; those of others are sent anew. */
const roomsMax = 4;
const idleMs = 60_000;

/** What the thread has of a room. */
interface Sent {
  readonly room: Room;
  readonly epoch: string;
  has: VersionVector;
}

function ended(): Error {
  return new Error('the thread that goes through histories has ended');
}

function forget(worker: Worker, room: string): void {
  worker.postMessage({ kind: 'forget', room } satisfies ToThread);
}

export class AnalysisThread implements RoomAnalysis {
  private worker: Worker | null = null;
  /** By name, the one asked longest ago first. */
  private readonly sent = new Map<string, Sent>();
  private last: Promise<unknown> = Promise.resolve();
  private asked = 0;
  private cancelIdle: (() => void) | null = null;
  private isClosed = false;

  /** `file`: the built program of the thread. */
  constructor(
    private readonly file: URL,
    private readonly clock: Clock,
  ) {}

  /** Rejects with an Error of one line where the history cannot be gone through. */
  totals(room: Room, questionOf: () => RoomQuestion): Promise<readonly RoomTotals[]> {
    return this.inTurn(() => this.ask(room, () => ({ kind: 'totals', question: questionOf() }))) as Promise<readonly RoomTotals[]>;
  }

  /** Rejects as `totals`. */
  replication(room: Room, questionOf: () => RoomQuestion): Promise<Replication> {
    return this.inTurn(() => this.ask(room, () => ({ kind: 'replication', question: questionOf() }))) as Promise<Replication>;
  }

  /** Rejects as `totals`. */
  series(room: Room, questionOf: () => SeriesQuestion): Promise<ReplicationSeries> {
    return this.inTurn(() => this.ask(room, () => ({ kind: 'series', question: questionOf() }))) as Promise<ReplicationSeries>;
  }

  /** One HTML file. Rejects as `totals`. */
  report(room: Room, questionOf: () => ReportQuestion): Promise<string> {
    return this.inTurn(() => this.ask(room, () => ({ kind: 'report', question: questionOf() }))) as Promise<string>;
  }

  /** Rejects as `totals`. */
  finalReads(room: Room, questionOf: () => VerdictQuestion): Promise<readonly FinalReadEvent[]> {
    return this.inTurn(() => this.ask(room, () => ({ kind: 'final-reads', question: questionOf() }))) as Promise<readonly FinalReadEvent[]>;
  }

  /** Under all strategies that the settings name. Rejects as `totals`. */
  verdicts(room: Room, questionOf: () => VerdictQuestion): Promise<RoomJudged> {
    return this.inTurn(() => this.ask(room, () => ({ kind: 'verdicts', question: questionOf() }))) as Promise<RoomJudged>;
  }

  /** Whoever waits for an answer hears that there is none. */
  close(): void {
    this.isClosed = true;
    this.end();
  }

  private inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  private async ask(room: Room, asking: () => Asked): Promise<unknown> {
    if (this.isClosed) throw new Error('the lab is closed');
    this.cancelIdle?.();
    this.cancelIdle = null;
    // All of one moment. What comes while the records are handed over belongs to the next question.
    const question = asking();
    const document = room.document.snapshot();
    const until = room.journal.summary;
    const worker = this.thread;
    try {
      await this.sendRecords(worker, room, until);
      return await this.answerOf(worker, { ...question, number: ++this.asked, room: room.name, document } as Extract<ToThread, { number: number }>);
    } finally {
      if (!this.isClosed) this.cancelIdle = this.clock.after(idleMs, () => this.end());
    }
  }

  private async sendRecords(worker: Worker, room: Room, until: VersionVector): Promise<void> {
    const known = this.knownOf(worker, room);
    for (const part of room.journal.parts(known.has, until, partBytes)) {
      const records = packedRecords(part);
      worker.postMessage({ kind: 'records', room: room.name, records } satisfies ToThread, [records.buffer]);
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.worker !== worker) throw ended();
      if (room.epoch !== known.epoch) throw new Error('the room was emptied meanwhile');
    }
    known.has = until;
  }

  /** What the thread has of the room; it forgets another life of it, and the room that was asked about longest ago. */
  private knownOf(worker: Worker, room: Room): Sent {
    let known = this.sent.get(room.name);
    this.sent.delete(room.name);
    if (known && (known.room !== room || known.epoch !== room.epoch || !room.journal.summary.covers(known.has))) {
      forget(worker, room.name);
      known = undefined;
    }
    known ??= { room, epoch: room.epoch, has: VersionVector.empty };
    this.sent.set(room.name, known);
    for (const name of [...this.sent.keys()].slice(0, -roomsMax)) {
      this.sent.delete(name);
      forget(worker, name);
    }
    return known;
  }

  private answerOf(worker: Worker, message: Extract<ToThread, { number: number }>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = (settled: () => void): void => {
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.off('exit', onExit);
        settled();
      };
      const onMessage = ({ number, found, trouble }: FromThread): void => {
        if (number !== message.number) return;
        settle(() => (trouble === undefined ? resolve(found) : reject(new Error(trouble))));
      };
      const onError = (error: Error): void => settle(() => reject(error));
      const onExit = (): void => settle(() => reject(ended()));
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', onExit);
      worker.postMessage(message);
    });
  }

  private get thread(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(this.file);
    // A program that has nothing else to do may end.
    worker.unref();
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.worker === worker) this.forgetThread();
    });
    this.worker = worker;
    return worker;
  }

  private end(): void {
    this.cancelIdle?.();
    this.cancelIdle = null;
    const { worker } = this;
    this.forgetThread();
    void worker?.terminate();
  }

  private forgetThread(): void {
    this.worker = null;
    this.sent.clear();
  }
}
