/**
 * Answers questions about the ledger in slices, one after the other, and takes what comes between them. What a worker runs, and the page where there are no
 * workers. Long answers go in parts, so that taking one is short work as well.
 */
import { decodeRecords } from '../history/record-codec.ts';
import type { Schema } from '../document/schema.ts';
import { LedgerMirror, type LedgerFindings, type LedgerQuestion } from './ledger-mirror.ts';
import type { ReviewEntry } from './review.ts';
import { inParts, runSliced, type SliceOptions } from './slices.ts';

export type ToLedger =
  | { readonly kind: 'open'; readonly schema: Schema }
  /** Encoded records that are new, each replica's in order. */
  | { readonly kind: 'records'; readonly records: Uint8Array }
  /** A Yjs update. */
  | { readonly kind: 'update'; readonly update: Uint8Array }
  | { readonly kind: 'question'; readonly question: LedgerQuestion };

export type FromLedger =
  | ({ readonly kind: 'findings'; readonly entries: number } & Omit<LedgerFindings, 'review'>)
  /** So many parts follow the findings as there are entries for. */
  | { readonly kind: 'entries'; readonly entries: readonly ReviewEntry[] }
  /** Nothing can be found out any more, and why. */
  | { readonly kind: 'trouble'; readonly trouble: string };

/** So many entries go at a time: some milliseconds of taking them. */
const entriesInPart = 200;

export class LedgerService {
  private mirror: LedgerMirror | null = null;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly post: (message: FromLedger) => void,
    private readonly slices: SliceOptions,
  ) {}

  /** What comes while a question is answered belongs to the next one. */
  receive(message: ToLedger): void {
    this.last = this.last.then(() => this.handle(message)).catch((error: unknown) => {
      this.post({ kind: 'trouble', trouble: error instanceof Error ? error.message : String(error) });
    });
  }

  private async handle(message: ToLedger): Promise<void> {
    if (message.kind === 'open') {
      this.mirror = new LedgerMirror(message.schema);
      return;
    }
    const { mirror } = this;
    if (!mirror) throw new Error('the ledger was asked before it was opened');
    switch (message.kind) {
      case 'records': return mirror.takeRecords(decodeRecords(message.records));
      case 'update': return mirror.takeUpdate(message.update);
      case 'question': return this.answer(mirror, message.question);
    }
  }

  private async answer(mirror: LedgerMirror, question: LedgerQuestion): Promise<void> {
    const { review, ...findings } = await runSliced(mirror.findings(question), this.slices);
    this.post({ kind: 'findings', ...findings, entries: review.length });
    for (const entries of inParts(review, entriesInPart)) this.post({ kind: 'entries', entries });
  }
}
