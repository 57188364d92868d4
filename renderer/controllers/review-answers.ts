/**
 * What a person does about the review in this window: puts back, chooses, releases, tries again, closes. Each is an ordinary edit, in the column alone that it is about.
 *
 * Guarantees: an item that was answered here stays known as done, also when the history no longer gives it; nothing is done twice; a text is changed only
 * where it still reads as the person saw it.
 */
import { editsToPutBack, type PutBack } from '../../shared/analysis/put-back.ts';
import type { FieldIntent, ReviewItem, Turn } from '../../shared/analysis/review-item.ts';
import type { Dot, DotKey, ReplicaId } from '../../shared/clocks/dot.ts';
import type { Intent } from '../../shared/document/intent.ts';
import type { FieldId, FieldValue } from '../../shared/document/schema.ts';
import { nearest, spliceOf } from '../../shared/document/splice.ts';
import type { Answer } from '../../shared/history/answer-to.ts';
import type { EditOptions, EditRecord, StrategyId } from '../../shared/history/record.ts';
import { Retries } from './retries.ts';

interface Waiting {
  readonly key: DotKey;
  readonly value: FieldValue;
}

/** What it needs of a session. */
interface AnsweredSession {
  value(strategy: StrategyId, field: FieldId): FieldValue;
  siblings(field: FieldId): readonly Waiting[];
  resolve(field: FieldId, value: FieldValue, keeps: readonly DotKey[]): void;
}

/** Makes an edit of this window; null where it could not be made. */
type MakeEdit = (field: FieldId, intent: Intent, options: EditOptions) => EditRecord | null;

export interface DoneItem {
  readonly item: ReviewItem;
  readonly word: 'put back' | 'done';
}

type TouchingTurn = Extract<Turn, { readonly kind: 'touching' }>;

/** So many are put back before the window is shown again: some milliseconds of edits. */
const itemsAtOnce = 16;

export class ReviewAnswers {
  /** By the item's key, in the order in which they were done. */
  readonly done = new Map<string, DoneItem>();
  readonly retries: Retries;

  /** `changed` is called after each answer; `answer` says how an edit stands under a strategy. */
  constructor(
    private readonly session: AnsweredSession,
    private readonly make: MakeEdit,
    private readonly changed: () => void,
    answer: (strategy: StrategyId, dot: Dot) => Answer | null,
  ) {
    const makeIn = (only: StrategyId, { field, intent }: FieldIntent): Dot | null => make(field, intent, { only: [only], column: only })?.dot ?? null;
    this.retries = new Retries({ make: makeIn, answer });
  }

  isDone(item: ReviewItem): boolean {
    return this.doneWord(item) !== null;
  }

  /** What was done about it; null where nothing was. */
  doneWord(item: ReviewItem): DoneItem['word'] | 'accepted' | null {
    if (item.isPutBack) return 'put back';
    return this.done.get(item.key)?.word ?? (this.retries.isAcceptedEverywhere(item) ? 'accepted' : null);
  }

  putBack(item: ReviewItem): boolean {
    if (!item.putBack || this.isDone(item)) return false;
    return this.finish(this.restore(item.putBack), item, 'put back');
  }

  /** Oldest first. `pause` resolves when the window has been shown meanwhile. */
  async putAllBack(items: readonly ReviewItem[], pause: () => Promise<void>): Promise<void> {
    const left = items.filter((item) => item.adds && !this.isDone(item)).sort((a, b) => a.order - b.order);
    for (const [at, item] of left.entries()) {
      if (at > 0 && at % itemsAtOnce === 0) await pause();
      this.putBack(item);
    }
  }

  /** Whether all of it could be made. */
  restore(putBack: PutBack): boolean {
    const made = editsToPutBack(putBack).map(({ intent, only, restores }) => this.edit(putBack.field, intent, { only, restores }));
    return made.length > 0 && made.every((each) => each);
  }

  release(item: ReviewItem): boolean {
    if (!item.release || this.isDone(item)) return false;
    return this.finish(this.edit(item.field, item.release, { only: item.strategies }), item, 'done');
  }

  /** Both, or all of them, stay: that closes the item in this window, and changes nothing. */
  keepAll(item: ReviewItem): boolean {
    return this.finish(item.turn?.kind === 'touching' && !this.isDone(item), item, 'done');
  }

  /** Whether what one author wrote can be kept alone now. */
  canKeep(item: ReviewItem, author: ReplicaId): boolean {
    const { turn, field } = item;
    if (!turn || this.isDone(item)) return false;
    if (turn.kind === 'siblings') return this.siblingOf(item, author) !== undefined;
    return turn.canChoose && turn.parts.some((part) => part.author === author) && this.placeOf(field, turn) !== null;
  }

  /** Keeps what one author wrote: of siblings that value, of words that touch by removing the others'. */
  keep(item: ReviewItem, author: ReplicaId): boolean {
    if (!this.canKeep(item, author)) return false;
    const { turn, field } = item;
    if (turn!.kind === 'touching') return this.finish(this.removeOthers(field, turn!, author), item, 'done');
    const { value, key } = this.siblingOf(item, author)!;
    this.session.resolve(field, value, [key]);
    return this.finish(true, item, 'done');
  }

  /** Undefined where another choice has been made meanwhile, or the author has two. */
  private siblingOf({ field, turn }: ReviewItem, author: ReplicaId): Waiting | undefined {
    if (turn?.kind !== 'siblings') return undefined;
    const keys = turn.values.filter((value) => value.author === author).map(({ key }) => key);
    return keys.length === 1 ? this.session.siblings(field).find(({ key }) => key === keys[0]) : undefined;
  }

  /** From right to left, so that what is left of it keeps its place. */
  private removeOthers(field: FieldId, turn: TouchingTurn, author: ReplicaId): boolean {
    const shift = this.placeOf(field, turn)! - turn.index;
    const others = turn.parts.filter((part) => part.author !== author).reverse();
    return others.every(({ index, text }) => {
      const whole = this.session.value('crdt', field) as string;
      return this.edit(field, spliceOf(whole, index + shift, text.length, ''), { only: ['crdt'], continues: false });
    });
  }

  /** Where the words stand now; null where the text there is another one. */
  private placeOf(field: FieldId, { index, text }: TouchingTurn): number | null {
    return nearest(this.session.value('crdt', field) as string, text, index);
  }

  /** Whether it was made, and no column refused it. */
  private edit(field: FieldId, intent: Intent, options: EditOptions): boolean {
    const record = this.make(field, intent, options);
    return record !== null && Object.values(record.traces).every(({ outcome }) => outcome !== 'refused');
  }

  private finish(isMade: boolean, item: ReviewItem, word: DoneItem['word']): boolean {
    if (!isMade) return false;
    this.done.set(item.key, { item, word });
    this.changed();
    return true;
  }
}
