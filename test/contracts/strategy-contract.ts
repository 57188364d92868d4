/** What every strategy must do, whatever it is: SPEC.md, "Every strategy". */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HybridLogicalClock } from '../../shared/clocks/hybrid-logical-clock.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { Intent } from '../../shared/document/intent.ts';
import { labSchema } from '../../shared/document/schema.ts';
import { spliceOf } from '../../shared/document/splice.ts';
import type { Edit, Trace } from '../../shared/history/record.ts';
import { SeededRandom } from '../../shared/network/seeded-random.ts';
import type { Strategy } from '../../shared/strategies/strategy.ts';
import { randomIntent } from '../support/random-intent.ts';
import { propertyRuns } from '../support/run-counts.ts';

/** A copy, and how to wait until it has answered an edit, for those that answer later. */
export interface ContractCopy {
  readonly strategy: Strategy;
  readonly answer?: (edit: Edit) => Promise<Trace>;
}

async function outcomeOf({ strategy, answer }: ContractCopy, edit: Edit): Promise<Trace> {
  const { trace } = strategy.perform(edit);
  return trace.outcome === 'pending' && answer ? answer(edit) : trace;
}

/** What was received is shown when it is kept: here that takes no time, but a turn. */
async function kept(): Promise<void> {
  for (let turns = 5; turns > 0; turns--) await Promise.resolve();
}

/** One copy with what names its edits. */
class Copy {
  clock = VersionVector.empty;
  private readonly hybrid = new HybridLogicalClock();

  readonly strategy: Strategy;

  constructor(readonly name: string, private readonly made: ContractCopy) {
    this.strategy = made.strategy;
  }

  edit(random: SeededRandom, wallMs: number): Promise<Trace> {
    const field = random.pick(labSchema);
    const dot = { replica: this.name, counter: this.clock.get(this.name) + 1 };
    const edit: Edit = { dot, context: this.clock, field: field.id, intent: randomIntent(random, field, this.strategy.value(field.id)), wallMs, hybrid: this.hybrid.tick(wallMs) };
    this.clock = this.clock.with(dot);
    return outcomeOf(this.made, edit);
  }
}

export function strategyContract(name: string, make: (replica: string, life: number) => ContractCopy): void {
  describe(`strategy contract: ${name}`, () => {
    const values = (strategy: Strategy): string => JSON.stringify(labSchema.map((field) => strategy.value(field.id)));

    /** Three copies that edited apart from a common start. */
    async function apart(seed: number, edits = 12): Promise<{ copies: Copy[]; random: SeededRandom }> {
      const random = new SeededRandom(seed);
      const copies = ['A', 'B', 'C'].map((replica, i) => new Copy(replica, make(replica, i)));
      for (let i = 0; i < edits; i++) await copies[0]!.edit(random, 1000 + i);
      for (const copy of copies.slice(1)) {
        copy.strategy.receive(copies[0]!.strategy.delta(copy.strategy.summary()));
        await kept();
        copy.clock = copies[0]!.clock;
      }
      for (let i = 0; i < edits * 3; i++) await random.pick(copies).edit(random, 2000 + random.below(20));
      return { copies, random };
    }

    const seeds = (): ReturnType<typeof propertyRuns> => propertyRuns('strategy-contracts');

    test('[ALL1] receiving a delta twice is receiving it once', { tags: ['runs'] }, async () => {
      await fc.assert(fc.asyncProperty(fc.nat(), async (seed) => {
        const { copies: [a, b] } = await apart(seed);
        const delta = a!.strategy.delta(b!.strategy.summary());
        b!.strategy.receive(delta);
        await kept();
        const once = values(b!.strategy);
        b!.strategy.receive(delta);
        await kept();
        expect(values(b!.strategy)).toBe(once);
      }), seeds());
    });

    test('[ALL2] the order of deltas does not matter', { tags: ['runs'] }, async () => {
      await fc.assert(fc.asyncProperty(fc.nat(), async (seed) => {
        const { copies: [a, b] } = await apart(seed);
        const empty = make('Z', 9).strategy.summary();
        const deltas = [a!.strategy.delta(empty), b!.strategy.delta(empty)];
        const [one, other] = [make('X', 7).strategy, make('Y', 8).strategy];
        for (const delta of deltas) one.receive(delta);
        for (const delta of deltas.reverse()) other.receive(delta);
        await kept();
        expect(values(one)).toBe(values(other));
      }), seeds());
    });

    test('[ALL3] two deltas one after the other are the delta of both', { tags: ['runs'] }, async () => {
      await fc.assert(fc.asyncProperty(fc.nat(), async (seed) => {
        const { copies: [a, b, c] } = await apart(seed);
        const [apart1, together] = [make('X', 7).strategy, make('Y', 8).strategy];
        const fromA = a!.strategy.delta(apart1.summary());
        apart1.receive(fromA);
        await kept();
        apart1.receive(b!.strategy.delta(apart1.summary()));
        b!.strategy.receive(a!.strategy.delta(b!.strategy.summary()));
        await kept();
        together.receive(b!.strategy.delta(together.summary()));
        await kept();
        expect(values(together)).toBe(values(apart1));
        expect(c!.strategy.digest()).not.toBe('');
      }), seeds());
    });

    test('[ALL4] all that have received everything show the same', { tags: ['runs'] }, async () => {
      await fc.assert(fc.asyncProperty(fc.nat(), async (seed) => {
        const { copies } = await apart(seed);
        for (let round = 0; round < 2; round++) {
          for (const to of copies) for (const from of copies) if (to !== from) to.strategy.receive(from.strategy.delta(to.strategy.summary()));
          await kept();
        }
        const [first, ...others] = copies.map((copy) => copy.strategy);
        for (const other of others) {
          expect(values(other)).toBe(values(first!));
          expect(other.digest()).toBe(first!.digest());
        }
      }), seeds());
    });

    test('[ALL5] a refused intent changes nothing and says why', { tags: ['runs'] }, async () => {
      const made = make('A', 0);
      const copy = new Copy('A', made);
      const before = values(copy.strategy);
      const edit = { dot: { replica: 'A', counter: 1 }, context: VersionVector.empty, field: 'seats', wallMs: 1, hybrid: { ms: 1, counter: 0 } };
      expect(await outcomeOf(made, { ...edit, intent: { kind: 'reserve', amount: 4 } })).toEqual({ outcome: 'refused', reason: '3 left, 4 wanted' });
      expect(values(copy.strategy)).toBe(before);
      const missing = await outcomeOf(made, { ...edit, dot: { replica: 'A', counter: 2 }, context: copy.clock.with(edit.dot), field: 'tasks', intent: { kind: 'toggle', item: 'B:9', done: true } });
      expect(missing).toEqual({ outcome: 'refused', reason: 'this column has no such item' });
    });

    test('[ALL6] an intent is carried out on its own value; a splice beyond the end is clamped', { tags: ['runs'] }, async () => {
      const made = make('A', 0);
      const first = { dot: { replica: 'A', counter: 1 }, context: VersionVector.empty };
      await outcomeOf(made, { ...first, field: 'notes', intent: { kind: 'splice', index: 99, removed: 'xyz', inserted: 'hello' }, wallMs: 1, hybrid: { ms: 1, counter: 0 } });
      expect(made.strategy.value('notes')).toBe('hello');
    });

    test('[ALL8] a splice that was made in another column removes only what reads the same, and is refused where nothing does', async () => {
      const made = make('A', 0);
      let counter = 0;
      const perform = (intent: Intent): Promise<Trace> => {
        const context = VersionVector.of(counter === 0 ? [] : [['A', counter]]);
        const dot = { replica: 'A', counter: ++counter };
        return outcomeOf(made, { dot, context, field: 'notes', intent, wallMs: counter, hybrid: { ms: counter, counter: 0 } });
      };
      await perform(spliceOf('', 0, 0, 'Monday at five'));
      const other = 'See you on Monday, or on Tuesday';
      expect(await perform(spliceOf(other, 25, 7, 'Sunday'))).toEqual({ outcome: 'refused', reason: 'this column has another text here' });
      expect(made.strategy.value('notes')).toBe('Monday at five');
      expect(await perform(spliceOf(other, 11, 6, 'Sunday'))).toMatchObject({ outcome: 'accepted' });
      expect(made.strategy.value('notes')).toBe('Sunday at five');
      expect(await perform(spliceOf('On Sunday at five', 17, 0, ' sharp'))).toMatchObject({ outcome: 'accepted' });
      expect(made.strategy.value('notes')).toBe('Sunday at five sharp');
    });

    test('malformed deltas are refused and change nothing', async () => {
      const { copies: [a, b] } = await apart(1);
      const delta = a!.strategy.delta(b!.strategy.summary());
      const before = values(b!.strategy);
      for (const bytes of [delta.slice(0, delta.length - 3), Uint8Array.of(255, 255, 255), Uint8Array.of()]) {
        expect(() => b!.strategy.receive(bytes), `${bytes.length} bytes`).toThrow();
        expect(values(b!.strategy)).toBe(before);
      }
    });

    test('listeners are told which fields changed, and only then', async () => {
      const made = make('A', 0);
      const copy = new Copy('A', made);
      const told: string[] = [];
      const stop = copy.strategy.onChange((fields) => told.push(...fields));
      const edit = { dot: { replica: 'A', counter: 1 }, context: VersionVector.empty, wallMs: 1, hybrid: { ms: 1, counter: 0 } };
      await outcomeOf(made, { ...edit, field: 'votes', intent: { kind: 'increment', by: 1 } });
      expect(told).toEqual(['votes']);
      stop();
      await outcomeOf(made, { ...edit, dot: { replica: 'A', counter: 2 }, context: VersionVector.of([['A', 1]]), wallMs: 2, field: 'votes', intent: { kind: 'increment', by: 1 } });
      expect(told).toEqual(['votes']);
    });
  });
}
