/**
 * What was said later of edits that were pending: one ending for each strategy and edit, whatever the order of the records.
 *
 * Guarantees: a final word wins over "unknown", and a place in the strategy's order over a refusal (of two leaders one may refuse what the other took).
 * An entry of a single leader is gone while some copy that took it off its log has not said since that it stands there again. Details come from
 * outside: malformed ones make the word "unknown", and never throw. Words about edits that were not pending count for nothing.
 */
import { dotKey, type ReplicaId } from '../clocks/dot.ts';
import { compareCausally } from '../history/causal-order.ts';
import { type EditRecord, isOutcome, type JournalRecord, type OutcomeRecord, type StrategyId } from '../history/record.ts';
import { comparePlaces, nameOfPlace, type Place } from '../strategies/place.ts';
import { coordinationOf, type CoordinatedId, coordinatedIds } from '../strategies/registry.ts';
import { filtered } from './filtered.ts';
import { ShelvedMap } from './shelved-map.ts';
import { eachOf, runWhole, type Sliced, sorted } from './slices.ts';

/** An accepted entry that is in no log any more. */
export interface RolledBack {
  readonly place: Place;
  /** The copies that say so. */
  readonly by: readonly ReplicaId[];
  readonly reason: string;
}

/** How one edit ended under one strategy, of all that was said about it. */
export interface Ending {
  /** Where it was accepted and still stands, in order; more than one only until the leaders of a partition have met. */
  readonly places: readonly Place[];
  /** Where it was accepted and stands no more, in order. */
  readonly rolledBack: readonly RolledBack[];
  readonly refusal: string | null;
  /** The latest word of somebody who could not say whether it happened. */
  readonly unknown: { readonly reason: string; readonly place: Place | null } | null;
  /** How long its maker waited for a yes or a no, in milliseconds; null where none came. */
  readonly answeredAfterMs: number | null;
}

/** Whether an edit waited for what copies would say. None of these strategies takes a choice between siblings, whatever somebody says. */
export function isTalkedAbout({ traces, intent }: EditRecord, strategy: CoordinatedId): boolean {
  return traces[strategy]?.outcome === 'pending' && intent.kind !== 'resolve';
}

export class Outcomes {
  private readonly endings = new ShelvedMap<Ending>();

  private constructor() {}

  static whole(edits: readonly EditRecord[], records: readonly JournalRecord[]): Outcomes {
    return runWhole(Outcomes.sliced(edits, records));
  }

  static *sliced(edits: readonly EditRecord[], records: readonly JournalRecord[]): Sliced<Outcomes> {
    const outcomes = new Outcomes();
    const words = yield* wordsByEdit(records);
    yield* eachOf(edits, (edit) => outcomes.note(edit, words));
    return outcomes;
  }

  private note(edit: EditRecord, words: Words): void {
    for (const strategy of coordinatedIds) {
      const ofEdit = isTalkedAbout(edit, strategy) ? words.get(keyOf(strategy, edit.dot)) : undefined;
      if (ofEdit) this.endings.set(keyOf(strategy, edit.dot), endingOf(edit, strategy, ofEdit));
    }
  }

  /** Undefined: nobody has said anything yet. */
  of(strategy: CoordinatedId, edit: EditRecord): Ending | undefined {
    return this.endings.get(keyOf(strategy, edit.dot));
  }
}

/** All that was said of each edit, each replica's words in order. */
type Words = Pick<ShelvedMap<readonly OutcomeRecord[]>, 'get'>;

function* wordsByEdit(records: readonly JournalRecord[]): Sliced<Words> {
  const words = new ShelvedMap<OutcomeRecord[]>();
  const inOrder = yield* sorted(yield* filtered(records, isOutcome), compareCausally);
  yield* eachOf(inOrder, (record) => void words.getOrMake(keyOf(record.strategy, record.settles), () => []).push(record));
  return words;
}

function keyOf(strategy: StrategyId, dot: OutcomeRecord['settles']): string {
  return `${strategy} ${dotKey(dot)}`;
}

const malformed = 'its details are malformed';

/** `words`: all that was said, each replica's in order. */
function endingOf(edit: EditRecord, strategy: CoordinatedId, words: readonly OutcomeRecord[]): Ending {
  const entries = new Entries();
  let refusal: string | null = null;
  let unknown: Ending['unknown'] = null;
  let answeredAfterMs: number | null = null;
  for (const { dot, wallMs, skewMs = 0, settlement } of words) {
    const place = 'details' in settlement && settlement.details !== undefined ? placeOf(strategy, settlement) : null;
    switch (settlement.outcome) {
      case 'refused':
        refusal = settlement.reason;
        break;
      case 'unknown':
        unknown = settlement.details !== undefined && !place ? { reason: malformed, place: null } : { reason: settlement.reason, place };
        continue;
      case 'accepted':
        if (place) entries.stands(place, dot.replica);
        break;
      case 'rolled-back':
        if (place) entries.isGone(place, dot.replica, settlement.reason);
        break;
    }
    if (settlement.outcome !== 'refused' && !place) unknown = { reason: malformed, place: null };
    // Only the maker's own clock told when the edit was made; a skew set in the meantime is no waiting.
    else if (settlement.outcome !== 'rolled-back' && dot.replica === edit.dot.replica) answeredAfterMs ??= Math.max(0, wallMs - skewMs - (edit.wallMs - (edit.skewMs ?? 0)));
  }
  return { ...entries.accepted(), refusal, unknown, answeredAfterMs };
}

/** The entries of one edit, with the copies that took each off their logs. */
class Entries {
  private readonly entries = new Map<string, { place: Place | null; readonly goneAt: Map<ReplicaId, string> }>();

  stands(place: Place, at: ReplicaId): void {
    const entry = this.entry(place);
    entry.place = place;
    entry.goneAt.delete(at);
  }

  isGone(place: Place, at: ReplicaId, reason: string): void {
    this.entry(place).goneAt.set(at, reason);
  }

  /** Entries that nobody acknowledged are nobody's loss: their makers ask for them again. */
  accepted(): Pick<Ending, 'places' | 'rolledBack'> {
    const places: Place[] = [];
    const rolledBack: RolledBack[] = [];
    for (const { place, goneAt } of this.entries.values()) {
      if (place && goneAt.size > 0) rolledBack.push({ place, by: [...goneAt.keys()], reason: [...goneAt.values()][0]! });
      else if (place) places.push(place);
    }
    return { places: places.sort(comparePlaces), rolledBack: rolledBack.sort((a, b) => comparePlaces(a.place, b.place)) };
  }

  private entry(place: Place) {
    const key = nameOfPlace(place);
    let entry = this.entries.get(key);
    if (!entry) this.entries.set(key, (entry = { place: null, goneAt: new Map<ReplicaId, string>() }));
    return entry;
  }
}

/** Reads where an edit stands, or stood; null where the details are not those of this strategy. */
export function placeOf(strategy: CoordinatedId, { outcome, details }: { readonly outcome: string; readonly details?: unknown }): Place | null {
  return Array.isArray(details) ? coordinationOf(strategy).placeOf(details as unknown[], outcome === 'rolled-back') : null;
}
