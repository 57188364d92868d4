/** What the ledger finds of this window's history, now and at an earlier moment, and what the person does about it. */
import type * as Y from 'yjs';
import type { FieldAuthors } from '../../../shared/analysis/authors.ts';
import type { LedgerFindings, LedgerQuestion } from '../../../shared/analysis/ledger-mirror.ts';
import type { LabSettings } from '../../../shared/control/lab-settings.ts';
import type { FieldId } from '../../../shared/document/schema.ts';
import { answerTo } from '../../../shared/history/answer-to.ts';
import type { ReplicaNote } from '../../../shared/history/room-event.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import type { Replica } from '../../../shared/replica/replica.ts';
import type { ControlConnection } from '../control-connection.ts';
import { everywhere } from '../known-clocks.ts';
import { LiveLedger, type LiveLedgerOptions } from '../live-ledger.ts';
import { ReviewAnswers } from '../review-answers.ts';
import { type Survival, survivalOf } from '../survival.ts';
import type { WindowColumns } from '../window-columns.ts';
import { WindowPast } from '../window-past.ts';
import { sinceAllHad } from '../window-phase.ts';
import type { LiveConnection } from './live-connection.ts';
import type { LiveEdits } from './live-edits.ts';

export interface LiveReviewOptions {
  readonly replica: Pick<Replica, 'id' | 'schema' | 'records'>;
  readonly doc: Y.Doc;
  readonly columns: Pick<WindowColumns, 'shown'>;
  readonly connection: Pick<LiveConnection, 'known' | 'phase' | 'rejoins'>;
  readonly edits: Pick<LiveEdits, 'make' | 'value' | 'siblings' | 'resolve'>;
  readonly settings: { readonly current: Pick<LabSettings, 'enabled' | 'siblings'> };
  readonly notes: { all(): readonly ReplicaNote[] };
  readonly control: Pick<ControlConnection, 'listen'>;
  readonly openLedger: LiveLedgerOptions['openLine'];
  readonly clock: LiveLedgerOptions['clock'];
  /** Called after each new ledger. */
  readonly judged: () => void;
  /** Called after each answer of the person, and when another moment is shown. */
  readonly changed: () => void;
}

export class LiveReview {
  readonly past: WindowPast;
  readonly answers: ReviewAnswers;
  private readonly ledger: LiveLedger;

  constructor(private readonly options: LiveReviewOptions) {
    const { replica, doc, columns, edits, notes, control, openLedger: openLine, clock, judged, changed } = options;
    this.answers = new ReviewAnswers(edits, (field, intent, how) => edits.make(field, intent, how), changed, (strategy, dot) => answerTo(dot, strategy, replica.records));
    this.past = new WindowPast({ replica, control, notes: () => notes.all(), strategies: () => columns.shown, ask: (id, question) => this.ledger.lookBack(id, question), changed });
    this.ledger = new LiveLedger({ openLine, clock, replica, doc, question: () => this.question(), changed: judged, lookedBack: (found) => this.past.found(found) });
  }

  get found(): LedgerFindings {
    return this.ledger.found;
  }

  /** Why nothing is found out any more. */
  get trouble(): string | null {
    return this.ledger.trouble;
  }

  get survival(): Survival {
    const { found: { totals }, ledger: { isCurrent: isJudged }, options: { columns: { shown }, connection: { known: { name, clock, saved, room } } } } = this;
    return survivalOf({ name, clock, saved, windows: room?.replicas ?? null, totals, shown, isJudged });
  }

  authors(strategy: StrategyId, field: FieldId): FieldAuthors | undefined {
    return this.found.authors[strategy]?.[field];
  }

  /** Says that the ledger is out of date; see LiveLedger. */
  schedule(isMeeting?: boolean, hasRejoined?: boolean): void {
    this.ledger.schedule(isMeeting, hasRejoined);
  }

  /** Other columns are shown. */
  columnsChanged(): void {
    this.schedule();
    this.past.columnsChanged();
  }

  private question(): LedgerQuestion {
    const { replica: { id: viewer }, columns: { shown }, connection: { known, phase, rejoins: watched }, settings: { current: { enabled, siblings } } } = this.options;
    const allHave = everywhere(known);
    const rejoins = watched.map((each) => ({ ...each, had: each.had.entries(), others: each.others.entries() }));
    const since = sinceAllHad(phase, watched, allHave).entries();
    return { everywhere: allHave.entries(), enabled, siblings, viewer, shown, rejoins, since };
  }
}
