/**
 * What the maker of an edit was told of it under one strategy, and when.
 *
 * True time is the wall clock without the skew that somebody set: as true as the devices' own clocks, and no truer. A final word wins over "unknown";
 * of several final ones the latest. That an edit was rolled back later does not undo that its maker had been told yes.
 */
import { dotKey } from '../clocks/dot.ts';
import { type Edit, type EditRecord, isOutcome, type JournalRecord, type OutcomeRecord, type StrategyId } from '../history/record.ts';
import { isCoordinated } from '../strategies/registry.ts';
import { isTalkedAbout } from './outcomes.ts';
import { ShelvedMap } from './shelved-map.ts';
import { eachOf, type Sliced } from './slices.ts';

/** In milliseconds since the Unix epoch. */
export function trueMsOf({ wallMs, skewMs = 0 }: Pick<Edit, 'wallMs' | 'skewMs'>): number {
  return wallMs - skewMs;
}

export type Told =
  /** `atMs`: true time of the first yes, never before the edit itself. */
  | { readonly answer: 'accepted'; readonly atMs: number }
  | { readonly answer: 'refused' }
  /** Nothing yet, or only that nobody could say. */
  | { readonly answer: 'none' };

export class Acknowledgements {
  private readonly finals = new ShelvedMap<{ acceptedMs: number; latest: 'accepted' | 'refused' }>();

  private constructor(private readonly strategy: StrategyId) {}

  /** Takes the records in an order that keeps each replica's own. */
  static *sliced(records: readonly JournalRecord[], strategy: StrategyId): Sliced<Acknowledgements> {
    const acknowledgements = new Acknowledgements(strategy);
    yield* eachOf(records, (record) => {
      if (isOutcome(record) && record.strategy === strategy) acknowledgements.note(record);
    });
    return acknowledgements;
  }

  private note(record: OutcomeRecord): void {
    const { outcome } = record.settlement;
    if (record.dot.replica !== record.settles.replica || (outcome !== 'accepted' && outcome !== 'refused')) return;
    const key = dotKey(record.settles);
    const acceptedMs = Math.min(this.finals.get(key)?.acceptedMs ?? Infinity, outcome === 'accepted' ? trueMsOf(record) : Infinity);
    this.finals.set(key, { acceptedMs, latest: outcome });
  }

  /** Undefined where the edit was not meant for the strategy. */
  of(edit: EditRecord): Told | undefined {
    const trace = edit.traces[this.strategy];
    if (!trace) return undefined;
    const madeMs = trueMsOf(edit);
    if (trace.outcome === 'refused' || (isCoordinated(this.strategy) && !isTalkedAbout(edit, this.strategy))) return { answer: 'refused' };
    if (trace.outcome === 'accepted') return { answer: 'accepted', atMs: madeMs };
    const final = this.finals.get(dotKey(edit.dot));
    if (!final) return { answer: 'none' };
    return final.latest === 'refused' ? { answer: 'refused' } : { answer: 'accepted', atMs: Math.max(madeMs, final.acceptedMs) };
  }
}
