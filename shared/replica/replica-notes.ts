/**
 * Notes what a replica has, shows and reaches, each time one of these changes: what replication lag, divergence and rejoins are computed from. Nothing of it
 * goes into the journal, and no strategy learns from it.
 *
 * Guarantees: what changes at one moment is one note; a note names what the replica had and showed after that moment. The times are the clock's, without the
 * skew that a person set. Design: 3-semantics, "History".
 */
import type { ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import type { FieldId, Schema } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';
import type { ReplicaNote, ShownEdits } from '../history/room-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Replica } from './replica.ts';

export interface ReplicaNotesOptions {
  readonly schema: Schema;
  readonly replica: Pick<Replica, 'id' | 'clock' | 'reachable' | 'onEvent'>;
  /** Those that run here. */
  readonly strategies: readonly Pick<Strategy, 'id' | 'lastEdit' | 'onChange'>[];
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly note: (note: ReplicaNote) => void;
}

export class ReplicaNotes {
  private readonly changed = new Map<StrategyId, Set<FieldId>>();
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
    if (isFirst || this.changed.size > 0 || !this.has.covers(clock)) note({ kind: 'arrived', replica: id, wallMs, payload: { has: clock, shows: this.shows() } });
    this.has = clock;
    this.changed.clear();
  }

  private shows(): ShownEdits {
    const named = this.options.strategies.filter(({ id }) => this.changed.has(id));
    return Object.fromEntries(named.map((strategy) => [strategy.id, Object.fromEntries([...this.changed.get(strategy.id)!].sort().map((field) => [field, strategy.lastEdit?.(field) ?? null]))]));
  }
}
