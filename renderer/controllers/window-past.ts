/**
 * What a window shows while all windows of its room look at an earlier moment. The lab says at which; this window asks
 * its ledger what its replica showed then. A person may go back to now in this window alone.
 */
import type { Authors } from '../../shared/analysis/authors.ts';
import type { PastQuestion } from '../../shared/analysis/ledger-mirror.ts';
import type { PastState } from '../../shared/analysis/past/past-states.ts';
import { type ReplicaMoment, ReplicaPast } from '../../shared/analysis/past/replica-past.ts';
import { trueMsOf } from '../../shared/analysis/acknowledgements.ts';
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import { isEdit, type JournalRecord, type StrategyId } from '../../shared/history/record.ts';
import type { ReplicaNote } from '../../shared/history/room-event.ts';
import type { ControlConnection } from './control-connection.ts';
import type { PastFindings } from './live-ledger.ts';

/** The fields of a replica at an earlier moment, under these strategies. */
export interface PastTableView {
  readonly strategies: readonly StrategyId[];
  readonly state: PastState;
  readonly authors: Authors;
}

/** A replica at an earlier moment, as the elements of its window read it. */
export interface PastView extends PastTableView {
  /** True time, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** How many edits this window has that were made later. */
  readonly later: number;
  /** Where it was cut off then: in how many milliseconds it reached others again; else null. */
  readonly rejoinsInMs: number | null;
}

export interface WindowPastOptions {
  readonly replica: { readonly id: ReplicaId; readonly records: readonly JournalRecord[] };
  readonly notes: () => readonly ReplicaNote[];
  readonly control: Pick<ControlConnection, 'listen'>;
  readonly strategies: () => readonly StrategyId[];
  readonly ask: (id: number, question: PastQuestion) => void;
  readonly changed: () => void;
}

export class WindowPast {
  /** The moment that the windows of the room show; null: now. */
  atMs: number | null = null;
  /** What this window shows of it; null: now, or it is not known yet. */
  view: PastView | null = null;
  private hasLeft = false;
  private asked = 0;
  private replica: ReplicaPast | null = null;
  private moment: ReplicaMoment | null = null;

  constructor(private readonly options: WindowPastOptions) {
    options.control.listen({
      opened: () => this.reconnected(),
      received: (message) => message.kind === 'moment' && this.follow(message.atMs),
    });
  }

  /** Whether the windows of the room look at another moment, and this one was not brought back to now. */
  get isShown(): boolean {
    return this.atMs !== null && !this.hasLeft;
  }

  private follow(atMs: number | null): void {
    if (atMs === null || this.atMs === null) this.begin();
    this.atMs = atMs;
    if (this.isShown) this.look();
    this.options.changed();
  }

  /** The lab says on each connection which moment is shown, but for now. */
  private reconnected(): void {
    if (this.atMs !== null) this.follow(null);
  }

  /** Back to now, in this window alone. */
  leave(): void {
    this.hasLeft = true;
    this.view = null;
    this.options.changed();
  }

  /** Other columns are shown. */
  columnsChanged(): void {
    if (this.isShown) this.look();
  }

  found({ id, state, authors }: PastFindings): void {
    const { atMs, moment } = this;
    if (id !== this.asked || atMs === null || !moment || this.hasLeft) return;
    const { records } = this.options.replica;
    const later = records.filter((record) => isEdit(record) && record.gathers === undefined && trueMsOf(record) > atMs).length;
    const rejoinsInMs = moment.rejoinedMs === null ? null : moment.rejoinedMs - atMs;
    this.view = { atMs, strategies: this.options.strategies(), state, authors, later, rejoinsInMs };
    this.options.changed();
  }

  private begin(): void {
    this.hasLeft = false;
    this.view = null;
    this.replica = null;
  }

  private look(): void {
    const { replica: { id, records }, notes, strategies, ask } = this.options;
    this.replica ??= new ReplicaPast(id, records, notes());
    this.moment = this.replica.at(this.atMs!);
    const { has, shows, since } = this.moment;
    ask(++this.asked, { has: has.entries(), shows, since: since.entries(), strategies: strategies() });
  }
}
