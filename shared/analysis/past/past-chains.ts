/**
 * The values of strategies whose copies ask each other, edit by edit: each edit was applied to the value of another
 * one, as copies said. Which edit a copy showed at some time, its replica noted.
 *
 * An edit that a new leader took off the log and then took again has stood in two places. Its value is that of the
 * later one for those who had heard that it stands no more in the first; what it was before, nobody can tell.
 */
import { type Dot, type DotKey, dotKey } from '../../clocks/dot.ts';
import type { VersionVector } from '../../clocks/version-vector.ts';
import type { FieldId, FieldValue, Schema } from '../../document/schema.ts';
import { type EditRecord, isEdit, isOutcome, type JournalRecord, type OutcomeRecord } from '../../history/record.ts';
import { isCoordinated, type CoordinatedId, coordinatedIds } from '../../strategies/registry.ts';
import { type ChainedWrite, rootKey, WriteChain } from '../../strategies/last-writer-wins/write-chain.ts';
import { getOrMake } from '../concurrency.ts';
import { filtered } from '../filtered.ts';
import { Outcomes, placeOf } from '../outcomes.ts';
import { eachOf, type Sliced, sorted } from '../slices.ts';
import { latestPlace } from '../version-ranks.ts';
import { comparePlaces, nameOfPlace, type Place } from '../../strategies/place.ts';

interface Placed {
  readonly strategy: CoordinatedId;
  readonly record: EditRecord;
  readonly place: Place;
}

/** What copies said of where an edit stood: the dots of those words, by place. */
type Words = Map<string, Dot[]>;

export class PastChains {
  private readonly chains = new Map<string, WriteChain>();
  /** By strategy and edit: where its value in the chain was made. */
  private readonly places = new Map<string, Place>();
  private readonly words = new Map<string, Words>();

  private constructor(private readonly schema: Schema) {}

  static *of(schema: Schema, records: readonly JournalRecord[]): Sliced<PastChains> {
    const edits = yield* filtered(records, isEdit);
    const outcomes = yield* Outcomes.sliced(edits, records);
    const placed: Placed[] = [];
    yield* eachOf(edits, (record) => {
      for (const strategy of coordinatedIds) {
        const place = latestPlace(outcomes.of(strategy, record));
        if (place) placed.push({ strategy, record, place });
      }
    });
    const past = new PastChains(schema);
    yield* eachOf(yield* filtered(records, isOutcome), (word) => past.note(word));
    // Each after the one that it was applied to.
    yield* eachOf(yield* sorted(placed, (a, b) => comparePlaces(a.place, b.place)), (each) => past.add(each));
    return past;
  }

  /** The field's value after this edit, '' for the initial one, to somebody who had heard just this; undefined: nobody can tell. */
  valueAfter(strategy: CoordinatedId, field: FieldId, key: DotKey | '', has: VersionVector): FieldValue | undefined {
    const chain = this.chainOf(strategy, field);
    if (key === rootKey) return chain?.valueAfter(key);
    return chain?.get(key) && this.isSure(`${strategy} ${key}`, has) ? chain.valueAfter(key) : undefined;
  }

  /** Whether the edit stood nowhere else, or all who took it off there had said so. */
  private isSure(name: string, has: VersionVector): boolean {
    const place = nameOfPlace(this.places.get(name)!);
    return [...(this.words.get(name) ?? [])].every(([each, dots]) => each === place || dots.every((dot) => has.includes(dot)));
  }

  private note({ dot, strategy, settles, settlement }: OutcomeRecord): void {
    if (!isCoordinated(strategy) || !('details' in settlement)) return;
    const place = placeOf(strategy, settlement);
    if (place) getOrMake(getOrMake(this.words, `${strategy} ${dotKey(settles)}`, () => new Map<string, Dot[]>()), nameOfPlace(place), () => []).push(dot);
  }

  private add({ strategy, record, place }: Placed): void {
    const { dot, hybrid: stamp, field, intent } = record;
    const [key, chain] = [dotKey(dot), this.chainOf(strategy, field)];
    // Where the edit before it stands later today, its value there is not the one that this edit was applied to.
    if (place.replaces !== rootKey && !chain?.get(place.replaces)) return;
    this.places.set(`${strategy} ${key}`, place);
    const write: ChainedWrite = { key, dot, stamp, replaces: place.replaces, intent };
    chain?.add(write);
  }

  private chainOf(strategy: CoordinatedId, field: FieldId): WriteChain | undefined {
    const spec = this.schema.find(({ id }) => id === field);
    return spec && getOrMake(this.chains, `${strategy} ${field}`, () => new WriteChain(spec));
  }
}
