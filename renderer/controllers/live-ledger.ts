/**
 * The ledger of a live replica, made anew after changes, in a worker. It waits as long again as the last one took, so that half of a core goes into it at most.
 */
import * as Y from 'yjs';
import type { FromLedger, ToLedger } from '../../shared/analysis/ledger-service.ts';
import type { LedgerFindings, LedgerQuestion } from '../../shared/analysis/ledger-mirror.ts';
import type { ReviewEntry } from '../../shared/analysis/review.ts';
import { encodeRecords } from '../../shared/history/record-codec.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Replica } from '../../shared/replica/replica.ts';

const waitMsMin = 100;
/** So many records are encoded at a time, which takes some 2 ms. */
const recordsInPart = 400;

/** Who goes through the history. */
export interface LedgerLine {
  send(message: ToLedger): void;
  close(): void;
}

export interface LiveLedgerOptions {
  /** `received` is called with each message. */
  readonly openLine: (received: (message: FromLedger) => void) => LedgerLine;
  readonly clock: Pick<Clock, 'nowMs' | 'after'>;
  readonly replica: Pick<Replica, 'schema' | 'records'>;
  readonly doc: Y.Doc;
  readonly question: () => LedgerQuestion;
  /** Called after each new ledger. */
  readonly changed: () => void;
}

export class LiveLedger {
  found: LedgerFindings = { totals: [], concurrentActions: 0, review: [], rejoins: [] };
  /** Why nothing is found out any more. */
  trouble: string | null = null;
  private readonly line: LedgerLine;
  private sent = 0;
  private cancel: (() => void) | null = null;
  private askedMs: number | null = null;
  private tookMs = 0;
  private isOutdated = false;
  /** The answer that is under way, and how many of its entries are still to come. */
  private coming: { readonly found: Omit<LedgerFindings, 'review'>; readonly review: ReviewEntry[]; readonly entries: number } | null = null;

  constructor(private readonly options: LiveLedgerOptions) {
    const { openLine, replica, doc } = options;
    this.line = openLine((message) => this.receive(message));
    this.line.send({ kind: 'open', schema: replica.schema });
    this.line.send({ kind: 'update', update: Y.encodeStateAsUpdate(doc) });
    doc.on('update', (update: Uint8Array) => this.line.send({ kind: 'update', update }));
  }

  /** Whether the ledger is of all that is here. */
  get isCurrent(): boolean {
    return !this.isOutdated && this.askedMs === null && this.cancel === null;
  }

  /** Says that the ledger is out of date. */
  schedule(): void {
    this.isOutdated = true;
    if (this.askedMs === null) this.cancel ??= this.options.clock.after(Math.max(waitMsMin, this.tookMs), () => this.ask());
  }

  /** Sends what is new, a part at a time, and then the question. */
  private ask(): void {
    const { clock, replica: { records }, question } = this.options;
    const part = records.slice(this.sent, this.sent + recordsInPart);
    if (part.length > 0) this.line.send({ kind: 'records', records: encodeRecords(part) });
    this.sent += part.length;
    if (this.sent < records.length) {
      this.cancel = clock.after(0, () => this.ask());
      return;
    }
    this.cancel = null;
    this.isOutdated = false;
    this.askedMs = clock.nowMs();
    this.line.send({ kind: 'question', question: question() });
  }

  private receive(message: FromLedger): void {
    switch (message.kind) {
      case 'trouble':
        this.trouble = `The edits of this window cannot be judged: ${message.trouble}`;
        return this.options.changed();
      case 'findings': {
        const { kind: _, entries, ...found } = message;
        this.coming = { found, review: [], entries };
        break;
      }
      case 'entries':
        for (const entry of message.entries) this.coming?.review.push(entry);
        break;
    }
    if (this.coming && this.coming.review.length === this.coming.entries) this.publish({ ...this.coming.found, review: this.coming.review });
  }

  private publish(found: LedgerFindings): void {
    this.coming = null;
    this.found = found;
    this.tookMs = this.options.clock.nowMs() - (this.askedMs ?? 0);
    this.askedMs = null;
    if (this.isOutdated) this.schedule();
    this.options.changed();
  }
}
