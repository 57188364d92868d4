/** What every strategy must do, whatever it is: SPEC.md, "Every strategy". */
import { HybridLogicalClock } from '../../shared/clocks/hybrid-logical-clock.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { Intent } from '../../shared/document/intent.ts';
import { labSchema } from '../../shared/document/schema.ts';
import { spliceOf } from '../../shared/document/splice.ts';
import type { Edit, Trace } from '../../shared/history/record.ts';
import { SeededRandom } from '../../shared/network/seeded-random.ts';
import type { Strategy } from '../../shared/strategies/strategy.ts';
import { forEachSeed, mustEqual, mustThrow } from './checks.ts';
import { randomIntent } from './random-intent.ts';
import type { TestFunctions } from './test-functions.ts';

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

export interface StrategyContractOptions {
  /** What random runs are made from, asked for once a test. Default: 1 to 20. */
  readonly seeds?: () => readonly number[];
  /** Registers a test of random runs, where it is not registered as others are. */
  readonly testRuns?: TestFunctions['test'];
}

const twentySeeds = (): readonly number[] => Array.from({ length: 20 }, (_, i) => i + 1);

/**
 * Registers the suite. `make` makes an empty copy of the lab's document (`labSchema`) at a replica;
 * `life` is another number for each copy of a test.
 *
 *     import { describe, test } from 'vitest';
 *     strategyContract({ describe, test }, 'mine', () => ({ strategy: new Mine(labSchema) }));
 */
export function strategyContract(
  { describe, test }: TestFunctions,
  name: string,
  make: (replica: string, life: number) => ContractCopy,
  { seeds = twentySeeds, testRuns = test }: StrategyContractOptions = {},
): void {
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

    testRuns('[ALL1] receiving a delta twice is receiving it once', async () => {
      await forEachSeed(seeds(), async (seed) => {
        const { copies: [a, b] } = await apart(seed);
        const delta = a!.strategy.delta(b!.strategy.summary());
        b!.strategy.receive(delta);
        await kept();
        const once = values(b!.strategy);
        b!.strategy.receive(delta);
        await kept();
        mustEqual(values(b!.strategy), once);
      });
    });

    testRuns('[ALL2] the order of deltas does not matter', async () => {
      await forEachSeed(seeds(), async (seed) => {
        const { copies: [a, b] } = await apart(seed);
        const empty = make('Z', 9).strategy.summary();
        const deltas = [a!.strategy.delta(empty), b!.strategy.delta(empty)];
        const [one, other] = [make('X', 7).strategy, make('Y', 8).strategy];
        for (const delta of deltas) one.receive(delta);
        for (const delta of deltas.reverse()) other.receive(delta);
        await kept();
        mustEqual(values(one), values(other));
      });
    });

    testRuns('[ALL3] two deltas one after the other are the delta of both', async () => {
      await forEachSeed(seeds(), async (seed) => {
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
        mustEqual(values(together), values(apart1));
        mustEqual(c!.strategy.digest() === '', false, 'whether the digest is empty');
      });
    });

    testRuns('[ALL4] all that have received everything show the same', async () => {
      await forEachSeed(seeds(), async (seed) => {
        const { copies } = await apart(seed);
        for (let round = 0; round < 2; round++) {
          for (const to of copies) for (const from of copies) if (to !== from) to.strategy.receive(from.strategy.delta(to.strategy.summary()));
          await kept();
        }
        const [first, ...others] = copies.map((copy) => copy.strategy);
        for (const other of others) {
          mustEqual(values(other), values(first!));
          mustEqual(other.digest(), first!.digest());
        }
      });
    });

    test('[ALL5] a refused intent changes nothing and says why', async () => {
      const made = make('A', 0);
      const copy = new Copy('A', made);
      const before = values(copy.strategy);
      const edit = { dot: { replica: 'A', counter: 1 }, context: VersionVector.empty, field: 'seats', wallMs: 1, hybrid: { ms: 1, counter: 0 } };
      mustEqual(await outcomeOf(made, { ...edit, intent: { kind: 'reserve', amount: 4 } }), { outcome: 'refused', reason: '3 left, 4 wanted' });
      mustEqual(values(copy.strategy), before);
      const missing = await outcomeOf(made, { ...edit, dot: { replica: 'A', counter: 2 }, context: copy.clock.with(edit.dot), field: 'tasks', intent: { kind: 'toggle', item: 'B:9', done: true } });
      mustEqual(missing, { outcome: 'refused', reason: 'this column has no such item' });
    });

    test('[ALL6] an intent is carried out on its own value; a splice beyond the end is clamped', async () => {
      const made = make('A', 0);
      const first = { dot: { replica: 'A', counter: 1 }, context: VersionVector.empty };
      await outcomeOf(made, { ...first, field: 'notes', intent: { kind: 'splice', index: 99, removed: 'xyz', inserted: 'hello' }, wallMs: 1, hybrid: { ms: 1, counter: 0 } });
      mustEqual(made.strategy.value('notes'), 'hello');
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
      mustEqual(await perform(spliceOf(other, 25, 7, 'Sunday')), { outcome: 'refused', reason: 'this column has another text here' });
      mustEqual(made.strategy.value('notes'), 'Monday at five');
      mustEqual((await perform(spliceOf(other, 11, 6, 'Sunday'))).outcome, 'accepted');
      mustEqual(made.strategy.value('notes'), 'Sunday at five');
      mustEqual((await perform(spliceOf('On Sunday at five', 17, 0, ' sharp'))).outcome, 'accepted');
      mustEqual(made.strategy.value('notes'), 'Sunday at five sharp');
    });

    test('malformed deltas are refused and change nothing', async () => {
      const { copies: [a, b] } = await apart(1);
      const delta = a!.strategy.delta(b!.strategy.summary());
      const before = values(b!.strategy);
      for (const bytes of [delta.slice(0, delta.length - 3), Uint8Array.of(255, 255, 255), Uint8Array.of()]) {
        mustThrow(() => b!.strategy.receive(bytes), `a delta of ${bytes.length} bytes`);
        mustEqual(values(b!.strategy), before);
      }
    });

    test('listeners are told which fields changed, and only then', async () => {
      const made = make('A', 0);
      const copy = new Copy('A', made);
      const told: string[] = [];
      const stop = copy.strategy.onChange((fields) => told.push(...fields));
      const edit = { dot: { replica: 'A', counter: 1 }, context: VersionVector.empty, wallMs: 1, hybrid: { ms: 1, counter: 0 } };
      await outcomeOf(made, { ...edit, field: 'votes', intent: { kind: 'increment', by: 1 } });
      mustEqual(told, ['votes']);
      stop();
      await outcomeOf(made, { ...edit, dot: { replica: 'A', counter: 2 }, context: VersionVector.of([['A', 1]]), wallMs: 2, field: 'votes', intent: { kind: 'increment', by: 1 } });
      mustEqual(told, ['votes']);
    });
  });
}
