/**
 * The steps that a number was made of which somebody read from a counter or a stock: by them reads are judged for causality and session guarantees.
 *
 * CRDT: the steps that the answering copy had. Where copies hold whole values (the others; siblings while there is only one): the step that made the value, the one
 * that it was applied to, and so on back to the initial value. Nothing is said where siblings wait or were chosen between, nor where the steps do not add up to the
 * number, as of a CRDT's document that was ahead of the journal.
 */
import { dotKey, type DotKey } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { FieldId, FieldSpec } from '../document/schema.ts';
import type { EditRecord, StrategyId } from '../history/record.ts';
import type { SiblingWrite } from '../strategies/siblings/sibling-graph.ts';
import { siblingWriteOf } from '../strategies/siblings/siblings.ts';
import { firstIndex } from './concurrency.ts';
import { editsByAuthor, type EditsByAuthor, editsByKey, type EditsByKey } from './edit-index.ts';
import { filtered } from './filtered.ts';
import { ShelvedMap } from './shelved-map.ts';
import { eachOf, type Sliced } from './slices.ts';
import { stepOf } from './step-sums.ts';
import type { VersionRanks } from './version-ranks.ts';

/** What was read. */
export interface ReadNumber {
  readonly value: unknown;
  readonly last: DotKey | '' | null;
  /** What the copy had that answered. */
  readonly had: VersionVector;
}

export class StepsRead {
  private readonly fields: ReadonlyMap<FieldId, FieldSpec>;
  /** Of siblings: the only write that a write covers. */
  private readonly covered = new ShelvedMap<DotKey | ''>();
  private readonly known = new Map<string, ReadonlySet<DotKey> | undefined>();

  private constructor(
    fields: readonly FieldSpec[],
    private readonly strategy: StrategyId,
    private readonly ranks: VersionRanks,
    private readonly edits: EditsByKey,
    /** For the CRDT. */
    private readonly byAuthor: EditsByAuthor,
  ) {
    this.fields = new Map(fields.map((field) => [field.id, field]));
  }

  /** `fields`: counters and stocks. `edits` in causal order. */
  static *sliced(fields: readonly FieldSpec[], edits: readonly EditRecord[], strategy: StrategyId, ranks: VersionRanks): Sliced<StepsRead> {
    const ids = new Set(fields.map(({ id }) => id));
    const meant = yield* filtered(edits, ({ field, traces }) => ids.has(field) && traces[strategy] !== undefined && traces[strategy].outcome !== 'refused');
    const steps = new StepsRead(fields, strategy, ranks, yield* editsByKey(meant), strategy === 'crdt' ? yield* editsByAuthor(meant) : new Map());
    yield* eachOf(strategy === 'siblings' ? meant : [], (edit) => void steps.noteCovered(edit));
    return steps;
  }

  /** A write that covers several is a choice: what its number is made of nobody can say. */
  private noteCovered(edit: EditRecord): void {
    const write = wellFormedSiblingWrite(edit);
    if (write && write.covers.length < 2) this.covered.set(write.key, write.covers[0] ?? '');
  }

  /** Undefined where it is not known. */
  of(field: FieldId, { value, last, had }: ReadNumber): ReadonlySet<DotKey> | undefined {
    const spec = this.fields.get(field);
    const steps = spec && this.stepsOf(field, last, had);
    if (!steps) return undefined;
    const sum = [...steps].reduce((all, key) => all + changeBy(this.edits.get(key)!), spec.initial as number);
    return sum === value ? steps : undefined;
  }

  private stepsOf(field: FieldId, last: DotKey | '' | null, had: VersionVector): ReadonlySet<DotKey> | undefined {
    if (this.strategy === 'crdt') return this.had(field, had);
    if (last === null) return undefined;
    const origin = this.ranks.originOf(field, last);
    return this.once(`${field} ${origin}`, () => this.chain(field, origin));
  }

  private had(field: FieldId, had: VersionVector): ReadonlySet<DotKey> {
    const counts = [...(this.byAuthor.get(field) ?? [])].map(([author, edits]) => [edits, firstIndex(edits, ({ dot }) => dot.counter > had.get(author))] as const);
    return this.once(`${field} ${counts.map(([, count]) => count).join()}`, () => new Set(counts.flatMap(([edits, count]) => edits.slice(0, count).map(({ dot }) => dotKey(dot)))))!;
  }

  private chain(field: FieldId, origin: DotKey | ''): ReadonlySet<DotKey> | undefined {
    const steps = new Set<DotKey>();
    for (let key = origin; key !== ''; ) {
      const before = this.covered.get(key) ?? this.ranks.appliedTo(key);
      if (before === undefined || steps.has(key) || this.edits.get(key)?.field !== field) return undefined;
      steps.add(key);
      key = this.ranks.originOf(field, before);
    }
    return steps;
  }

  /** Many reads return the same. */
  private once(key: string, make: () => ReadonlySet<DotKey> | undefined): ReadonlySet<DotKey> | undefined {
    if (!this.known.has(key)) this.known.set(key, make());
    return this.known.get(key);
  }
}

/** A choice puts a number there, whatever it was: no step. */
function changeBy({ intent }: EditRecord): number {
  return intent.kind === 'resolve' ? NaN : stepOf(intent);
}

function wellFormedSiblingWrite(edit: EditRecord): SiblingWrite | null {
  try {
    return siblingWriteOf(edit);
  } catch {
    return null;
  }
}
