/** What every strategy must do, whatever it is: SPEC.md, "Every strategy". */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HybridLogicalClock } from '../../shared/clocks/hybrid-logical-clock.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import { labSchema } from '../../shared/document/schema.ts';
import type { Edit, Trace } from '../../shared/history/record.ts';
import { SeededRandom } from '../../shared/simulation/seeded-random.ts';
import type { Strategy } from '../../shared/strategies/strategy.ts';
import { randomIntent } from '../support/random-intent.ts';

/** One copy with what names its edits. */
class Copy {
  clock = VersionVector.empty;
  private readonly hybrid = new HybridLogicalClock();

  constructor(readonly name: string, readonly strategy: Strategy) {}

  edit(random: SeededRandom, wallMs: number): Trace {
    const field = random.pick(labSchema);
    const dot = { replica: this.name, counter: this.clock.get(this.name) + 1 };
    const edit: Edit = { dot, context: this.clock, field: field.id, intent: randomIntent(random, field, this.strategy.value(field.id)), wallMs, hybrid: this.hybrid.tick(wallMs) };
    this.clock = this.clock.with(dot);
    return this.strategy.perform(edit).trace;
  }
}

export function strategyContract(name: string, make: (replica: string, life: number) => Strategy): void {
  describe(`strategy contract: ${name}`, () => {
    const values = (strategy: Strategy): string => JSON.stringify(labSchema.map((field) => strategy.value(field.id)));

    /** Three copies that edited apart from a common start. */
    function apart(seed: number, edits = 12): { copies: Copy[]; random: SeededRandom } {
      const random = new SeededRandom(seed);
      const copies = ['A', 'B', 'C'].map((replica, i) => new Copy(replica, make(replica, i)));
      for (let i = 0; i < edits; i++) copies[0]!.edit(random, 1000 + i);
      for (const copy of copies.slice(1)) {
        copy.strategy.receive(copies[0]!.strategy.delta(copy.strategy.summary()));
        copy.clock = copies[0]!.clock;
      }
      for (let i = 0; i < edits * 3; i++) random.pick(copies).edit(random, 2000 + random.below(20));
      return { copies, random };
    }

    const seeds = { numRuns: 60 };

    it('[ALL1] receiving a delta twice is receiving it once', () => {
      fc.assert(fc.property(fc.nat(), (seed) => {
        const { copies: [a, b] } = apart(seed);
        const delta = a!.strategy.delta(b!.strategy.summary());
        b!.strategy.receive(delta);
        const once = values(b!.strategy);
        b!.strategy.receive(delta);
        expect(values(b!.strategy)).toBe(once);
      }), seeds);
    });

    it('[ALL2] the order of deltas does not matter', () => {
      fc.assert(fc.property(fc.nat(), (seed) => {
        const { copies: [a, b] } = apart(seed);
        const empty = make('Z', 9).summary();
        const deltas = [a!.strategy.delta(empty), b!.strategy.delta(empty)];
        const [one, other] = [make('X', 7), make('Y', 8)];
        for (const delta of deltas) one.receive(delta);
        for (const delta of deltas.reverse()) other.receive(delta);
        expect(values(one)).toBe(values(other));
      }), seeds);
    });

    it('[ALL3] two deltas one after the other are the delta of both', () => {
      fc.assert(fc.property(fc.nat(), (seed) => {
        const { copies: [a, b, c] } = apart(seed);
        const [apart1, together] = [make('X', 7), make('Y', 8)];
        const fromA = a!.strategy.delta(apart1.summary());
        apart1.receive(fromA);
        apart1.receive(b!.strategy.delta(apart1.summary()));
        b!.strategy.receive(a!.strategy.delta(b!.strategy.summary()));
        together.receive(b!.strategy.delta(together.summary()));
        expect(values(together)).toBe(values(apart1));
        expect(c!.strategy.digest()).not.toBe('');
      }), seeds);
    });

    it('[ALL4] all that have received everything show the same', () => {
      fc.assert(fc.property(fc.nat(), (seed) => {
        const { copies } = apart(seed);
        for (let round = 0; round < 2; round++) {
          for (const to of copies) for (const from of copies) if (to !== from) to.strategy.receive(from.strategy.delta(to.strategy.summary()));
        }
        const [first, ...others] = copies.map((copy) => copy.strategy);
        for (const other of others) {
          expect(values(other)).toBe(values(first!));
          expect(other.digest()).toBe(first!.digest());
        }
      }), seeds);
    });

    it('[ALL5] a refused intent changes nothing and says why', () => {
      const copy = new Copy('A', make('A', 0));
      const before = values(copy.strategy);
      const edit = { dot: { replica: 'A', counter: 1 }, context: VersionVector.empty, field: 'seats', wallMs: 1, hybrid: { ms: 1, counter: 0 } };
      const { trace } = copy.strategy.perform({ ...edit, intent: { kind: 'reserve', amount: 4 } });
      expect(trace).toEqual({ outcome: 'refused', reason: '3 left, 4 wanted' });
      expect(values(copy.strategy)).toBe(before);
      const missing = copy.strategy.perform({ ...edit, dot: { replica: 'A', counter: 2 }, context: copy.clock.with(edit.dot), field: 'tasks', intent: { kind: 'toggle', item: 'B:9', done: true } });
      expect(missing.trace).toEqual({ outcome: 'refused', reason: 'this column has no such item' });
    });

    it('[ALL6] an intent is carried out on its own value; a splice beyond the end is clamped', () => {
      const strategy = make('A', 0);
      const first = { dot: { replica: 'A', counter: 1 }, context: VersionVector.empty };
      strategy.perform({ ...first, field: 'notes', intent: { kind: 'splice', index: 99, removed: 'xyz', inserted: 'hello' }, wallMs: 1, hybrid: { ms: 1, counter: 0 } });
      expect(strategy.value('notes')).toBe('hello');
    });

    it('malformed deltas are refused and change nothing', () => {
      const { copies: [a, b] } = apart(1);
      const delta = a!.strategy.delta(b!.strategy.summary());
      const before = values(b!.strategy);
      for (const bytes of [delta.slice(0, delta.length - 3), Uint8Array.of(255, 255, 255), Uint8Array.of()]) {
        expect(() => b!.strategy.receive(bytes), `${bytes.length} bytes`).toThrow();
        expect(values(b!.strategy)).toBe(before);
      }
    });

    it('listeners are told which fields changed, and only then', () => {
      const copy = new Copy('A', make('A', 0));
      const told: string[] = [];
      const stop = copy.strategy.onChange((fields) => told.push(...fields));
      const edit = { dot: { replica: 'A', counter: 1 }, context: VersionVector.empty, wallMs: 1, hybrid: { ms: 1, counter: 0 } };
      copy.strategy.perform({ ...edit, field: 'votes', intent: { kind: 'increment', by: 1 } });
      expect(told).toEqual(['votes']);
      stop();
      copy.strategy.perform({ ...edit, dot: { replica: 'A', counter: 2 }, context: VersionVector.of([['A', 1]]), wallMs: 2, field: 'votes', intent: { kind: 'increment', by: 1 } });
      expect(told).toEqual(['votes']);
    });
  });
}
