/**
 * Notes what a replica has, shows and reaches, each time one of these changes: what replication lag, divergence and rejoins are computed from. Nothing of it
 * goes into the journal, and no strategy learns from it.
 *
 * Guarantees: what changes at one moment is one note; a note names what the replica had and showed after that moment. The times are the clock's, without the
 * skew that a person set. Design: 3-semantics, "History".
 */
import type { DotKey, ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import type { FieldId, Schema } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';
import type { ReplicaNote, ShownEdits } from '../history/room-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Replica } from './replica.ts';

type NotedStrategy = Pick<Strategy, 'id' | 'lastEdit' | 'onChange'>;

export interface ReplicaNotesOptions {
  readonly schema: Schema;
  readonly replica: Pick<Replica, 'id' | 'clock' | 'reachable' | 'onEvent'>;
  /** Those that run here. */
  readonly strategies: readonly NotedStrategy[];
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly note: (note: ReplicaNote) => void;
}

export class ReplicaNotes {
  private readonly changed = new Map<StrategyId, Set<FieldId>>();
  /** By strategy and field, the edit that was noted last. */
  private readonly noted = new Map<StrategyId, Map<FieldId, DotKey | '' | null>>();
  private readonly stops: (() => void)[] = [];
  private has = VersionVector.empty;
  private reached: readonly ReplicaId[];
  private isDue = false;
  private isOver = false;

  /** Begins with what the replica has already. */
  constructor(private readonly options: ReplicaNotesOptions) {
    const { replica, strategies, schema } = options;
    this.reached = [replica.id];
    this.stops.push(replica.onEvent(({ kind }) => kind === 'changed' && this.noteSoon()));
    for (const strategy of strategies) {
      this.stops.push(strategy.onChange((fields) => this.fieldsChanged(strategy.id, fields)));
      if (replica.clock !== VersionVector.empty) this.changed.set(strategy.id, new Set(schema.map(({ id }) => id)));
    }
    this.noteNow(true);
  }

  /** A person made this replica the leader, or tried to. */
  promoted(): void {
    this.options.note({ kind: 'promote', replica: this.options.replica.id, wallMs: this.options.clock.wallMs(), payload: null });
  }

  stop(): void {
    this.isOver = true;
    for (const stop of this.stops) stop();
  }

  private fieldsChanged(strategy: StrategyId, fields: ReadonlySet<FieldId>): void {
    const known = this.changed.get(strategy);
    if (known) for (const field of fields) known.add(field);
    else this.changed.set(strategy, new Set(fields));
    this.noteSoon();
  }

  /** When what is being done now has been done under all strategies. */
  private noteSoon(): void {
    if (this.isDue) return;
    this.isDue = true;
    void Promise.resolve().then(() => this.noteNow());
  }

  private noteNow(isFirst = false): void {
    this.isDue = false;
    if (this.isOver) return;
    const { replica: { id, clock, reachable }, note } = this.options;
    const wallMs = this.options.clock.wallMs();
    // First: what the replica had before it reached them is what they met.
    const after = [...new Set([id, ...reachable])].sort();
    if (after.join(' ') !== this.reached.join(' ')) note({ kind: 'reach', replica: id, wallMs, payload: { before: this.reached, after } });
    this.reached = after;
    const shows = this.shows();
    if (isFirst || Object.keys(shows).length > 0 || !this.has.covers(clock)) note({ kind: 'arrived', replica: id, wallMs, payload: { has: clock, shows } });
    this.has = clock;
    this.changed.clear();
  }

  private shows(): ShownEdits {
    const shown = this.options.strategies.map((strategy) => [strategy.id, this.shownBy(strategy)] as const);
    return Object.fromEntries(shown.filter(([, fields]) => Object.keys(fields).length > 0));
  }

  /** The fields whose value changed, and those that show another edit of the same value. */
  private shownBy(strategy: NotedStrategy): Record<FieldId, DotKey | '' | null> {
    const { id } = strategy;
    const before = this.noted.get(id) ?? new Map<FieldId, DotKey | '' | null>();
    this.noted.set(id, before);
    const changed: Record<FieldId, DotKey | '' | null> = {};
    for (const { id: field } of this.options.schema) {
      const last = strategy.lastEdit?.(field) ?? null;
      const isOther = last !== null && last !== (before.get(field) ?? '');
      if (!isOther && !this.changed.get(id)?.has(field)) continue;
      changed[field] = last;
      before.set(field, last);
    }
    return changed;
  }
}
