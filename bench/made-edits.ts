/**
 * Edits as people would make them one after the other, made before anything is measured: making them takes as long as carrying them out.
 *
 * Guarantees: the same seed, the same edits; no edit is refused by a copy that has carried out all earlier ones and no others.
 */
import { dotKey } from '../shared/clocks/dot.ts';
import type { HybridTimestamp } from '../shared/clocks/hybrid-logical-clock.ts';
import { VersionVector } from '../shared/clocks/version-vector.ts';
import { applyIntent } from '../shared/document/apply-intent.ts';
import { spliceOf } from '../shared/document/splice.ts';
import type { Intent } from '../shared/document/intent.ts';
import { fieldOf, type FieldId, type FieldSpec, type FieldValue, labSchema, type ListItem } from '../shared/document/schema.ts';
import type { Edit } from '../shared/history/record.ts';
import { SeededRandom } from '../shared/network/seeded-random.ts';
import { randomIntent } from '../test/support/random-intent.ts';

/**
 * mix: any field of the lab's document, as in the tests; text and tasks grow for ever. steady: the same, but whoever meets a long text or list makes it
 * shorter, as people do. increments: one counter.
 */
export type Load = 'mix' | 'steady' | 'increments';

/** From here on a steady document is made shorter: characters of a text, items of a list. */
const steadyMax = { characters: 200, items: 12 };

export class EditMaker {
  private constructor(private readonly load: Load, private readonly random: SeededRandom, private readonly values: Map<FieldId, FieldValue>, private clock: VersionVector, private made: number) {}

  static begin(load: Load, seed = 1): EditMaker {
    return new EditMaker(load, new SeededRandom(seed), new Map(labSchema.map(({ id, initial }) => [id, initial])), VersionVector.empty, 0);
  }

  /** Somebody who goes on from here alone. */
  apart(seed: number): EditMaker {
    return new EditMaker(this.load, new SeededRandom(seed), new Map(this.values), this.clock, this.made);
  }

  edits(count: number, authors: readonly string[]): Edit[] {
    return Array.from({ length: count }, (_, i) => this.edit(authors[i % authors.length]!));
  }

  /** What the author has seen so far: all. */
  get context(): VersionVector {
    return this.clock;
  }

  /** A millisecond after the one before. */
  edit(author: string): Edit {
    const wallMs = 1_700_000_000_000 + this.made++;
    const dot = { replica: author, counter: this.clock.get(author) + 1 };
    const hybrid: HybridTimestamp = { ms: wallMs, counter: 0 };
    for (;;) {
      const field = this.load === 'increments' ? fieldOf(labSchema, 'votes') : this.random.pick(labSchema);
      const value = this.values.get(field.id)!;
      const intent = this.intent(field, value);
      const applied = applyIntent(field.type, value, intent, dotKey(dot));
      // No seats left: a person would do something else.
      if (!applied.ok) continue;
      this.values.set(field.id, applied.value);
      const context = this.clock;
      this.clock = context.with(dot);
      return { dot, context, field: field.id, intent, wallMs, hybrid };
    }
  }

  private intent(field: FieldSpec, value: FieldValue): Intent {
    if (this.load === 'increments') return { kind: 'increment', by: 1 };
    return (this.load === 'steady' ? this.shortening(field, value) : null) ?? randomIntent(this.random, field, value);
  }

  private shortening({ type }: FieldSpec, value: FieldValue): Intent | null {
    if (type === 'text' && (value as string).length > steadyMax.characters) {
      const index = this.random.below(steadyMax.characters - 100);
      return spliceOf(value as string, index, 100, '');
    }
    if (type === 'list' && (value as readonly ListItem[]).length > steadyMax.items) return { kind: 'remove-item', item: this.random.pick(value as readonly ListItem[]).id };
    return null;
  }
}
