/**
 * What a replica had, showed and reached at a moment, as it noted it. Source: 3-semantics, "History". What it had is
 * what it noted last, and its own edits up to then: notes may be missing, as in histories of version 1.
 */
import type { DotKey, ReplicaId } from '../../clocks/dot.ts';
import { VersionVector } from '../../clocks/version-vector.ts';
import type { FieldId } from '../../document/schema.ts';
import type { JournalRecord, StrategyId } from '../../history/record.ts';
import type { ArrivedEvent, ReachEvent, RoomEvent, ShownEdits } from '../../history/room-event.ts';
import { trueMsOf } from '../acknowledgements.ts';
import { firstIndex } from '../concurrency.ts';

export interface ReplicaMoment {
  readonly has: VersionVector;
  /** By strategy and field, the edit whose value it showed. */
  readonly shows: ShownEdits;
  /** What it had when what it reached changed last; what it had then where that never changed. */
  readonly since: VersionVector;
  /** Where it was cut off from others at that moment: true time, in milliseconds, when it reached others again; else null. */
  readonly rejoinedMs: number | null;
}

export class ReplicaPast {
  private readonly arrived: readonly ArrivedEvent[];
  private readonly reach: readonly ReachEvent[];
  private readonly own: readonly JournalRecord[];

  /** `records`: the replica's own are in order. */
  constructor(readonly replica: ReplicaId, records: readonly JournalRecord[], events: readonly RoomEvent[]) {
    const noted = events.filter((event) => event.replica === replica).sort((a, b) => a.wallMs - b.wallMs);
    this.arrived = noted.filter((event): event is ArrivedEvent => event.kind === 'arrived');
    this.reach = noted.filter((event): event is ReachEvent => event.kind === 'reach');
    this.own = records.filter(({ dot }) => dot.replica === replica);
  }

  /** `atMs`: true time, in milliseconds since the Unix epoch. */
  at(atMs: number): ReplicaMoment {
    const has = this.hadAt(atMs);
    const changed = firstIndex(this.reach, ({ wallMs }) => wallMs > atMs);
    const last = this.reach[changed - 1];
    const isApart = last?.payload.before.some((each) => !last.payload.after.includes(each)) ?? false;
    const rejoined = isApart ? this.reach.slice(changed).find(({ payload }) => payload.after.length > payload.before.length) : undefined;
    return {
      has,
      shows: this.shownAt(atMs),
      // A note on reach comes before one on what arrived in the same moment.
      since: last ? this.hadAt(last.wallMs - 1) : has,
      rejoinedMs: rejoined?.wallMs ?? null,
    };
  }

  private hadAt(atMs: number): VersionVector {
    const noted = this.arrived[firstIndex(this.arrived, ({ wallMs }) => wallMs > atMs) - 1]?.payload.has ?? VersionVector.empty;
    const own = this.own[firstIndex(this.own, (record) => trueMsOf(record) > atMs) - 1];
    const has = own ? noted.merge(own.context.with(own.dot)) : noted;
    // What a crash took before it was stored: another edit has its name today.
    const others = has.entries().filter(([replica]) => replica !== this.replica);
    return VersionVector.of([...others, [this.replica, own?.dot.counter ?? 0]]);
  }

  private shownAt(atMs: number): ShownEdits {
    const shows: Partial<Record<StrategyId, Record<FieldId, DotKey | '' | null>>> = {};
    for (const { wallMs, payload } of this.arrived) {
      if (wallMs > atMs) break;
      for (const [strategy, fields] of Object.entries(payload.shows) as [StrategyId, Record<FieldId, DotKey | '' | null>][]) {
        Object.assign((shows[strategy] ??= {}), fields);
      }
    }
    return shows;
  }
}
