/**
 * Decides where it is made whether a splice continues the run of typing before it: same text and column, no other edit between, at most 2 s later, and made
 * where the caret was left. Source: 3-semantics, "Intents and actions".
 */
import type { Intent, TextIntent } from '../document/intent.ts';
import type { FieldId } from '../document/schema.ts';
import { type Caret, caretAfter, meetsCaret, runPauseMs } from '../history/actions.ts';
import type { EditOptions, StrategyId } from '../history/record.ts';
import type { Clock } from '../ports/clock.ts';
import type { EditAside } from './event-stamps.ts';

interface Run {
  readonly field: FieldId;
  readonly column: StrategyId | undefined;
  readonly caret: Caret;
  readonly atMs: number;
  /** Whether the text changed since, other than by the run. */
  hasMoved: boolean;
}

export class TypingRun {
  private run: Run | null = null;

  constructor(private readonly clock: Clock) {}

  /** A column changed. What an edit made here changes, `editMade` comes after. */
  fieldsMoved(column: StrategyId, fields: ReadonlySet<FieldId>): void {
    if (this.run && fields.has(this.run.field) && column === (this.run.column ?? column)) this.run.hasMoved = true;
  }

  /** What an edit that is made now has beside its intent; null where it has nothing. */
  asideOf(field: FieldId, intent: Intent, options: EditOptions): EditAside | null {
    const { only, restores, gathers, column } = options;
    if (gathers !== undefined) return { gathers, ...(only ? { only } : {}) };
    const aside = { ...(only ? { only } : {}), ...(restores ? { restores } : {}) };
    if (intent.kind !== 'splice') return only || restores ? aside : null;
    return { ...aside, continues: !restores && (options.continues ?? this.isContinuedBy(field, intent, column)) };
  }

  /** An edit was made; any other than typing ends the run. What a pause gathers was typed before. */
  editMade(field: FieldId, intent: Intent, { column, gathers, restores }: EditOptions): void {
    if (gathers !== undefined) return;
    const isTyping = intent.kind === 'splice' && !restores;
    this.run = isTyping ? { field, column, caret: caretAfter(intent), atMs: this.clock.nowMs(), hasMoved: false } : null;
  }

  private isContinuedBy(field: FieldId, splice: TextIntent, column: StrategyId | undefined): boolean {
    const { run } = this;
    if (!run || run.field !== field || run.column !== column) return false;
    return this.clock.nowMs() - run.atMs <= runPauseMs && meetsCaret(splice, run.caret, run.hasMoved);
  }
}
