/**
 * Answers questions about the ledger in slices, one after the other, and takes what comes between them. What a worker runs, and the page where there are no
 * workers. Long answers go in parts, so that taking one is short work as well.
 */
import { errorText } from '../encoding/error-text.ts';
import { decodeRecords } from '../history/record-codec.ts';
import type { Schema } from '../document/schema.ts';
import type { Authors } from './authors.ts';
import { LedgerMirror, type LedgerFindings, type LedgerQuestion, type PastQuestion } from './ledger-mirror.ts';
import type { PastState } from './past/past-states.ts';
import type { RejoinView } from './rejoin-views.ts';
import type { ReviewItem } from './review-item.ts';
import { inParts, runSliced, type Sliced, type SliceOptions } from './slices.ts';

export type ToLedger =
  | { readonly kind: 'open'; readonly schema: Schema }
  /** Encoded records that are new, each replica's in order. `isMeeting`: more of a rejoin will come, and what met is asked then; they are carried out after that. */
  | { readonly kind: 'records'; readonly records: Uint8Array; readonly isMeeting?: boolean }
  /** A Yjs update. */
  | { readonly kind: 'update'; readonly update: Uint8Array }
  /** `number`: the answer carries it. `replaces`: those that were asked before are answered no more. `isNew`: what met at the latest rejoin is told first, at once. */
  | { readonly kind: 'question'; readonly number: number; readonly question: LedgerQuestion; readonly replaces?: boolean; readonly isNew?: boolean }
  /** `id`: stands in the answers. A later one takes its place. */
  | { readonly kind: 'past'; readonly id: number; readonly question: PastQuestion };

export type FromLedger =
  | ({ readonly kind: 'findings'; readonly number: number; readonly itemCount: number } & Omit<LedgerFindings, 'items'>)
  /** What met at the latest rejoin; how it ended follows with the findings. */
  | { readonly kind: 'met'; readonly number: number; readonly rejoin: RejoinView }
  /** So many parts follow the findings as there are items for. */
  | { readonly kind: 'items'; readonly items: readonly ReviewItem[] }
  /** What was shown at an earlier moment, and a while later who wrote it. */
  | { readonly kind: 'past'; readonly id: number; readonly state: PastState }
  | { readonly kind: 'past-authors'; readonly id: number; readonly authors: Authors }
  /** Nothing can be found out any more, and why. */
  | { readonly kind: 'trouble'; readonly trouble: string };

/** So many items go at a time: some milliseconds of taking them. */
const itemsInPart = 200;

export class LedgerService {
  private mirror: LedgerMirror | null = null;
  private last: Promise<void> = Promise.resolve();
  /** What met is found out before anything else goes on. */
  private meeting: Promise<void> = Promise.resolve();
  /** Questions below this number are answered no more. */
  private firstWanted = 0;
  private latestPast = 0;
  /** How many updates of the document wait to be taken. */
  private updatesWaiting = 0;
  private readonly slices: SliceOptions;

  constructor(private readonly post: (message: FromLedger) => void, private readonly slicesOfMeeting: SliceOptions) {
    const pause = async (): Promise<void> => {
      await slicesOfMeeting.pause();
      await this.meeting;
    };
    this.slices = { ...slicesOfMeeting, pause };
  }

  /** What comes while a question is answered belongs to the next one; only a look at the past, and at what met, do not wait for it. */
  receive(message: ToLedger): void {
    if (message.kind === 'question' && message.replaces) this.firstWanted = message.number;
    if (message.kind === 'past') this.latestPast = message.id;
    if (message.kind === 'update') this.updatesWaiting++;
    if (message.kind === 'question' && message.isNew) this.meeting = this.told(this.meet(message));
    const isAtOnce = message.kind === 'open' || (message.kind === 'past' && this.updatesWaiting === 0 && this.mirror?.covers(message.question.has));
    const handled = this.told(isAtOnce ? this.handle(message) : this.inTurn(message));
    // One that cannot be read ends at once; what comes after it waits for what came before it all the same.
    if (!isAtOnce) this.last = this.last.then(() => handled);
  }

  private async told(handled: Promise<void>): Promise<void> {
    try {
      await handled;
    } catch (error) {
      this.post({ kind: 'trouble', trouble: errorText(error) });
    }
  }

  /** Records are noted at once: what met is found out without their effects. Whatever else is asked needs them. */
  private async inTurn(message: ToLedger): Promise<void> {
    if (message.kind === 'records') this.opened.note(decodeRecords(message.records));
    await this.last;
    await this.meeting;
    const mayWait = message.kind === 'update' || (message.kind === 'records' && message.isMeeting);
    if (!mayWait) await runSliced(this.opened.takeNoted(), this.slices);
    if (message.kind !== 'records') await this.handle(message);
  }

  private get opened(): LedgerMirror {
    if (!this.mirror) throw new Error('the ledger was asked before it was opened');
    return this.mirror;
  }

  private async handle(message: Exclude<ToLedger, { kind: 'records' }>): Promise<void> {
    switch (message.kind) {
      case 'open':
        this.mirror = new LedgerMirror(message.schema);
        return;
      case 'update':
        this.updatesWaiting--;
        return this.opened.takeUpdate(message.update);
      case 'question': return this.answer(this.opened, message);
      case 'past': return this.lookBack(this.opened, message.id, message.question);
    }
  }

  private async meet({ number, question }: Extract<ToLedger, { kind: 'question' }>): Promise<void> {
    const rejoin = await runSliced(this.opened.met(question), this.slicesOfMeeting);
    if (rejoin && number >= this.firstWanted) this.post({ kind: 'met', number, rejoin });
  }

  private async answer(mirror: LedgerMirror, { number, question }: Extract<ToLedger, { kind: 'question' }>): Promise<void> {
    const found = await runSliced(this.unlessGivenUp(() => number < this.firstWanted, mirror.findings(question)), this.slices);
    if (!found) return;
    const { items, ...findings } = found;
    this.post({ kind: 'findings', number, ...findings, itemCount: items.length });
    for (const part of inParts(items, itemsInPart)) this.post({ kind: 'items', items: part });
  }

  /** Somebody who drags asks many a second: what is not asked any more is not gone through. */
  private async lookBack(mirror: LedgerMirror, id: number, question: PastQuestion): Promise<void> {
    const isGivenUp = (): boolean => id !== this.latestPast;
    if (isGivenUp()) return;
    this.post({ kind: 'past', id, state: await runSliced(mirror.pastState(question), this.slices) });
    const authors = await runSliced(this.unlessGivenUp(isGivenUp, mirror.pastAuthors(question)), this.slices);
    if (authors) this.post({ kind: 'past-authors', id, authors });
  }

  /** Null where another question has taken the place of this one: it is given up between two steps. */
  private *unlessGivenUp<Value>(isGivenUp: () => boolean, computation: Sliced<Value>): Sliced<Value | null> {
    for (;;) {
      if (isGivenUp()) return null;
      const step = computation.next();
      if (step.done) return step.value;
      yield;
    }
  }
}
