/**
 * The ledger of a live replica, made anew after changes, in a worker. It waits as long again as the last one took, so that half of a core goes into it at most;
 * but what met at a rejoin is judged as soon as all of it is here. Records go to the worker as they come.
 */
import * as Y from 'yjs';
import type { FromLedger, ToLedger } from '../../shared/analysis/ledger-service.ts';
import type { Authors } from '../../shared/analysis/authors.ts';
import type { LedgerFindings, LedgerQuestion, PastQuestion } from '../../shared/analysis/ledger-mirror.ts';
import type { PastState } from '../../shared/analysis/past/past-states.ts';
import type { ReviewItem } from '../../shared/analysis/review-item.ts';
import { encodeRecords } from '../../shared/history/record-codec.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Replica } from '../../shared/replica/replica.ts';

const waitMsMin = 100;
/** While what others had is coming in, a ledger would be of half of it and keep the next one waiting: it waits so long. */
const meetingWaitMs = 600;
/** Records that come within so many milliseconds go to the worker together. */
const gatherMs = 20;
/** So many records are encoded at a time, which takes some 2 ms. */
const recordsInPart = 400;
/** So many parts may go at once: as many records as one frame brings. */
const partsAtOnce = 4;

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
  /** Called with what was shown at the moment that was asked for last. */
  readonly lookedBack: (found: PastFindings) => void;
}

/** What was shown at an earlier moment; `authors` come a while later. */
export interface PastFindings {
  readonly id: number;
  readonly state: PastState;
  readonly authors: Authors;
}

export class LiveLedger {
  found: LedgerFindings = { totals: [], concurrentActions: 0, items: [], rejoins: [], authors: {}, waiting: {} };
  /** Why nothing is found out any more. */
  trouble: string | null = null;
  private readonly line: LedgerLine;
  private sent = 0;
  private isSending = false;
  private cancel: (() => void) | null = null;
  private isMeeting = false;
  private asked = 0;
  private askedMs: number | null = null;
  private tookMs = 0;
  private isOutdated = false;
  private past: PastFindings | null = null;
  /** The answer that is under way, and how many items it will have. */
  private coming: (Omit<LedgerFindings, 'items'> & { readonly items: ReviewItem[]; readonly itemCount: number }) | null = null;

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

  /**
   * Says that the ledger is out of date. `isMeeting`: what others had is coming in; missing where nothing is new about that. `hasRejoined`: all of it is here.
   * People wait for what is found when that is over: it is asked at once, and a question that is under way is given up.
   */
  schedule(isMeeting = this.isMeeting, hasRejoined = false): void {
    const wasMeeting = this.isMeeting;
    this.isMeeting = isMeeting;
    this.isOutdated = true;
    this.sendNow();
    if (!isMeeting && (wasMeeting || hasRejoined)) {
      this.stopWaiting();
      return this.ask(true);
    }
    if (this.askedMs !== null) return;
    if (isMeeting && !wasMeeting) this.stopWaiting();
    this.cancel ??= this.options.clock.after(Math.max(waitMsMin, this.tookMs, isMeeting ? meetingWaitMs : 0), () => this.ask(false));
  }

  private stopWaiting(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private get unsent(): number {
    return this.options.replica.records.length - this.sent;
  }

  /** What comes in great number goes at once, as far as that is short: while the page is busy no timer rings. */
  private sendNow(): void {
    for (let parts = 0; parts < partsAtOnce && this.unsent >= recordsInPart; parts++) this.sendPart();
    this.sendSoon();
  }

  private sendSoon(): void {
    if (this.isSending || this.unsent === 0) return;
    this.isSending = true;
    this.options.clock.after(gatherMs, () => {
      this.isSending = false;
      this.sendPart();
      this.sendSoon();
    });
  }

  private sendPart(): void {
    const part = this.options.replica.records.slice(this.sent, this.sent + recordsInPart);
    if (part.length > 0) this.line.send({ kind: 'records', records: encodeRecords(part), isMeeting: this.isMeeting });
    this.sent += part.length;
  }

  /** Asks what was shown at an earlier moment; `id` stands in the answer. */
  lookBack(id: number, question: PastQuestion): void {
    // All that is here must be there.
    while (this.unsent > 0) this.sendPart();
    this.line.send({ kind: 'past', id, question });
  }

  /** Sends what is new, a part at a time, and then the question. */
  private ask(replaces: boolean): void {
    const { clock, replica: { records }, question } = this.options;
    this.sendPart();
    if (this.sent < records.length) {
      this.cancel = clock.after(0, () => this.ask(replaces));
      return;
    }
    this.cancel = null;
    this.isOutdated = false;
    this.askedMs = clock.nowMs();
    const asked = question();
    this.line.send({ kind: 'question', number: ++this.asked, question: asked, replaces, isNew: this.isNewIn(asked) });
  }

  /** Whether the latest rejoin is over, and nothing final is known of it: people wait to see what met. */
  private isNewIn({ rejoins }: LedgerQuestion): boolean {
    const [latest, known] = [rejoins.at(-1), this.found.rejoins];
    return latest !== undefined && latest.endedMs !== null && known.length >= rejoins.length - 1 && (known[rejoins.length - 1]?.endedMs ?? null) === null;
  }

  private receive(message: FromLedger): void {
    switch (message.kind) {
      case 'trouble':
        this.trouble = `The edits of this window cannot be judged: ${message.trouble}`;
        return this.options.changed();
      case 'findings': {
        const { kind: _, number, ...found } = message;
        // Of a question that another one has taken the place of meanwhile nothing is shown.
        this.coming = number === this.asked ? { ...found, items: [] } : null;
        break;
      }
      case 'met':
        if (message.number !== this.asked) return;
        this.found = { ...this.found, rejoins: [...this.found.rejoins.filter(({ beganMs }) => beganMs < message.rejoin.beganMs), message.rejoin] };
        return this.options.changed();
      case 'items':
        for (const item of message.items) this.coming?.items.push(item);
        break;
      case 'past':
        this.past = { id: message.id, state: message.state, authors: {} };
        return this.options.lookedBack(this.past);
      case 'past-authors':
        if (this.past?.id === message.id) this.options.lookedBack({ ...this.past, authors: message.authors });
        return;
    }
    const { coming } = this;
    if (coming && coming.items.length === coming.itemCount) this.publish(coming);
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
