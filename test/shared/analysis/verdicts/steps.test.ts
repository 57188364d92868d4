/** Counters judged by the steps that each read's number was made of, against the definitions, word by word. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causal } from '../../../../shared/analysis/verdicts/causal.ts';
import { linearizable } from '../../../../shared/analysis/verdicts/linearizable.ts';
import type { ObservedHistory } from '../../../../shared/analysis/verdicts/observed-history.ts';
import type { Operation, Read } from '../../../../shared/analysis/verdicts/operation.ts';
import { sequential } from '../../../../shared/analysis/verdicts/sequential.ts';
import { monotonicReads, monotonicWrites, readYourWrites, writesFollowReads } from '../../../../shared/analysis/verdicts/session-guarantees.ts';
import { counterOf, identifiedNumberOf, type Specification } from '../../../../shared/analysis/verdicts/specification.ts';
import { SeededRandom } from '../../../../shared/network/seeded-random.ts';
import { partsOf } from '../../../support/run-counts.ts';

const { runs, atLeast } = partsOf('step-properties');
const specifications = (): ObservedHistory['specifications'] => new Map(['x', 'y'].map((field) => [field, identifiedNumberOf(counterOf()) as Specification]));

/** Reads return any steps; or, `isReal`, what copies had that hear of each other now and then. */
function history(seed: number, isReal: boolean, count: number): ObservedHistory {
  const random = new SeededRandom(seed);
  const clocks = new Map<string, number>();
  const copies = new Map<string, Map<string, Operation>>(['A', 'B', 'C'].map((name) => [name, new Map<string, Operation>()]));
  const operations: Operation[] = [];
  for (let index = 0; index < count; index++) {
    const session = random.pick(['A', 'B', 'C']);
    const invokedAt = (clocks.get(session) ?? 0) + random.below(3);
    const asked = { id: `o${index}`, session, replica: session, field: random.pick(['x', 'y']), invokedAt, returnedAt: random.chance(0.1) ? null : invokedAt + random.below(3) };
    clocks.set(session, asked.returnedAt ?? invokedAt);
    const copy = random.chance(0.8) ? copies.get(session)! : random.pick([...copies.values()]);
    if (random.chance(0.4)) for (const [id, each] of random.pick([...copies.values()])) if (random.chance(0.8)) copy.set(id, each);
    if (random.chance(0.5)) {
      const update: Operation = { ...asked, kind: 'update', step: { kind: 'add', by: 1 } };
      operations.push(update);
      copies.get(session)!.set(update.id, update);
      continue;
    }
    const updates = isReal ? [...copy.values()] : operations.filter(({ kind }) => kind === 'update' && random.chance(0.5));
    const madeOf = new Set(updates.filter(({ field }) => field === asked.field).map(({ id }) => id));
    operations.push({ ...asked, kind: 'read', value: madeOf.size, madeOf });
  }
  return { operations, specifications: specifications() };
}

const ends = (each: Operation): number => each.returnedAt ?? Infinity;
const reads = ({ operations }: ObservedHistory): Read[] => operations.filter((each): each is Read => each.kind === 'read' && each.returnedAt !== null);

/** Of one session, the first before the second. The list is in each session's order. */
function before({ operations }: ObservedHistory, a: Operation, b: Operation): boolean {
  return a.session === b.session && a !== b && ends(a) <= b.invokedAt && (a.invokedAt < b.invokedAt || operations.indexOf(a) < operations.indexOf(b));
}

/** The fixed point of: in its session, was counted by, or what comes before one of these. */
function pastOf(story: ObservedHistory, end: Operation): Set<Operation> {
  const past = new Set<Operation>();
  for (let size = -1; size !== past.size; ) {
    size = past.size;
    for (const b of [end, ...past]) for (const a of story.operations) {
      const isRead = b.kind === 'read' && b.returnedAt !== null && b.madeOf!.has(a.id);
      const isMet = a.kind === 'update' || a.returnedAt !== null;
      if (isMet && (isRead || before(story, a, b))) past.add(a);
    }
  }
  return past;
}

const lacks = (read: Read, update: Operation): boolean => update.kind === 'update' && update.field === read.field && !read.madeOf!.has(update.id);

const definitions: readonly (readonly [name: string, check: (history: ObservedHistory) => { readonly verdict: string }, isBroken: (story: ObservedHistory) => boolean])[] = [
  ['causal', causal, (story) => reads(story).some((read) => pastOf(story, read).has(read) || [...pastOf(story, read)].some((each) => lacks(read, each)))],
  ['read your writes', readYourWrites, (story) => reads(story).some((read) => story.operations.some((each) => before(story, each, read) && lacks(read, each)))],
  ['monotonic reads', monotonicReads, (story) => reads(story).some((later) => reads(story).some((earlier) => earlier.field === later.field && before(story, earlier, later) && [...earlier.madeOf!].some((id) => !later.madeOf!.has(id))))],
  ['monotonic writes', monotonicWrites, (story) => seenBy(story).some(({ read, effect }) => story.operations.some((cause) => before(story, cause, effect) && lacks(read, cause)))],
  ['writes follow reads', writesFollowReads, (story) => seenBy(story).some(({ read, effect }) => reads(story).some((cause) => before(story, cause, effect) && story.operations.some((each) => cause.madeOf!.has(each.id) && lacks(read, each))))],
];

/** Each step that a session had seen by a read, that read included. */
function seenBy(story: ObservedHistory): { read: Read; effect: Operation }[] {
  return reads(story).flatMap((read) => reads(story).filter((each) => each === read || before(story, each, read)).flatMap((seen) => story.operations.filter(({ id }) => seen.madeOf!.has(id)).map((effect) => ({ read, effect }))));
}

describe('by steps', { tags: ['runs'] }, () => {
  test.each(definitions)('%s is broken just where its definition is', (_name, check, isBroken) => {
    let broken = 0;
    let held = 0;
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.boolean(), (seed, isReal) => {
      const story = history(seed, isReal, 14);
      const expected = isBroken(story) ? 'broken' : 'holds';
      if (expected === 'broken') broken++;
      else held++;
      expect(check(story).verdict, JSON.stringify(story.operations, (_, value: unknown) => (value instanceof Set ? [...value] as unknown : value))).toBe(expected);
    }), runs(1_500));
    expect(Math.min(broken, held)).toBeGreaterThan(atLeast(50));
  });

  test('linearizable ⇒ sequential ⇒ causal ⇒ each session guarantee', () => {
    const met = new Set<string>();
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.boolean(), (seed, isReal) => {
      const story = history(seed, isReal, 7);
      const chain = [linearizable, sequential, causal].map((check) => check(story).verdict);
      met.add(chain.join());
      for (let at = 1; at < chain.length; at++) if (chain[at] === 'broken') expect(chain[at - 1]).toBe('broken');
      if ([readYourWrites, monotonicReads, monotonicWrites, writesFollowReads].some((check) => check(story).verdict === 'broken')) expect(chain.at(-1)).toBe('broken');
    }), runs(1_500));
    expect(met).toContain('broken,holds,holds');
    expect(met).toContain('broken,broken,broken');
  });
});

test('two ways to one number are told apart', () => {
  const base = { replica: 'A', field: 'x' };
  const add = (id: string, session: string, at: number): Operation => ({ ...base, id, session, kind: 'update', step: { kind: 'add', by: 1 }, invokedAt: at, returnedAt: at + 1 });
  const read = (id: string, at: number, ...made: string[]): Operation => ({ ...base, id, session: 'C', kind: 'read', value: made.length, madeOf: new Set(made), invokedAt: at, returnedAt: at + 1 });
  const story = { operations: [add('a', 'A', 1), add('b', 'B', 1), read('r', 3, 'a'), read('s', 5, 'b')], specifications: specifications()! };
  expect(monotonicReads(story).verdict).toBe('broken');
  expect(sequential(story).verdict).toBe('broken');
  expect(causal(story)).toMatchObject({ witness: { sentence: "C read 1 from x and then 1, without A's change by +1, which the first contained." } });
});
