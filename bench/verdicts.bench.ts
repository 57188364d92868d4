/**
 * How long it takes to judge histories: 10,000 of about 50 operations, by 5 sessions on 3 fields, with realistic overlap and a tenth of the
 * operations open, on one core. A third of the histories have one answer changed, so that witnesses are counted too. Prints figures; judges nothing.
 */
import { linearizable } from '../shared/analysis/verdicts/linearizable.ts';
import type { ObservedHistory } from '../shared/analysis/verdicts/observed-history.ts';
import type { Operation, Value } from '../shared/analysis/verdicts/operation.ts';
import { counterOf, type Specification, stockOf } from '../shared/analysis/verdicts/specification.ts';
import { verdictsOf } from '../shared/analysis/verdicts/verdicts.ts';
import { SeededRandom } from '../shared/network/seeded-random.ts';
import { report, spread } from './figures.ts';

const histories = 10_000;
const operationsPerHistory = 50;
const fields = ['city', 'votes', 'seats'];
const specifications = new Map<string, Specification>([['votes', counterOf() as Specification], ['seats', stockOf(20) as Specification]]);

export default function verdicts(): void {
  measure('linearizable, 3 registers with unique values', (seed) => madeHistory(seed, { registersOnly: true, unique: true, operations: operationsPerHistory }), judgeLinearizable);
  measure('linearizable, 3 registers with 4 values again and again', (seed) => madeHistory(seed, { registersOnly: true, unique: false, operations: operationsPerHistory }), judgeLinearizable);
  measure('linearizable, a register, a counter and a stock', (seed) => madeHistory(seed, { registersOnly: false, unique: true, operations: operationsPerHistory }), judgeLinearizable);
  measure('all levels, 3 registers with unique values', (seed) => madeHistory(seed, { registersOnly: true, unique: true, operations: operationsPerHistory }), judgeAll);
  for (const operations of [500, 2_000, 5_000]) {
    // A seed that is not divisible by 3: to find that all is well takes longest.
    const history = madeHistory(4, { registersOnly: true, unique: true, operations });
    for (const [what, judge] of [['linearizable', judgeLinearizable], ['all levels', judgeAll]] as const) {
      const started = performance.now();
      const verdict = judge(history);
      console.log(`${what}, one history of ${operations} operations: ${(performance.now() - started).toFixed(0)} ms (${verdict})`);
    }
  }
}

function judgeAll(history: ObservedHistory): string {
  return verdictsOf(history).levels.linearizable.verdict;
}

function judgeLinearizable(history: ObservedHistory): string {
  return linearizable(history).verdict;
}

function measure(what: string, make: (seed: number) => ObservedHistory, judge: (history: ObservedHistory) => string): void {
  const made = Array.from({ length: histories }, (_, seed) => make(seed));
  const counts = new Map<string, number>();
  const times = made.map((history) => {
    const started = performance.now();
    const verdict = judge(history);
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    return performance.now() - started;
  });
  const totalS = times.reduce((sum, ms) => sum + ms, 0) / 1_000;
  console.log(`${what}: ${histories} histories of ${operationsPerHistory} operations in ${totalS.toFixed(2)} s (${[...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ')})`);
  report('  one history', spread(times), 'ms');
}

interface Draft {
  readonly session: string;
  readonly field: string;
  readonly invokedAt: number;
  readonly returnedAt: number | null;
  readonly point: number;
  readonly happens: boolean;
}

/** A linearizable history, with one read changed where the seed is divisible by 3. Think times and round trips are of one size, so sessions overlap. */
function madeHistory(seed: number, shape: { registersOnly: boolean; unique: boolean; operations: number }): ObservedHistory {
  const random = new SeededRandom(seed + 1);
  const clocks = new Map<string, number>();
  const drafts = Array.from({ length: shape.operations }, (): Draft => {
    const session = random.pick(['A', 'B', 'C', 'D', 'E']);
    const invokedAt = (clocks.get(session) ?? random.below(50)) + 1 + random.below(100);
    const end = invokedAt + 5 + random.below(100);
    clocks.set(session, end);
    const isOpen = random.chance(0.1);
    return { session, field: random.pick(fields), invokedAt, returnedAt: isOpen ? null : end, point: invokedAt + random.below(isOpen ? 1_000 : end - invokedAt), happens: !isOpen || random.chance(0.5) };
  });
  const state = new Map<string, Value>(fields.map((field) => [field, shape.registersOnly || field === 'city' ? null : field === 'seats' ? 20 : 0]));
  const operations = [...drafts].sort((a, b) => a.point - b.point).map((draft, index) => carriedOut(draft, index, state, random, shape));
  if (seed % 3 === 0) spoil(operations, random);
  return { operations: operations.sort((a, b) => a.invokedAt - b.invokedAt), specifications: shape.registersOnly ? undefined : specifications };
}

function carriedOut({ point: _point, happens, ...draft }: Draft, index: number, state: Map<string, Value>, random: SeededRandom, shape: { registersOnly: boolean; unique: boolean }): Operation {
  const asked = { ...draft, id: `o${index}`, replica: draft.session };
  const present = state.get(draft.field)!;
  if (random.chance(0.5)) return { ...asked, kind: 'read', value: present };
  if (shape.registersOnly || draft.field === 'city') {
    const value = shape.unique ? `v${index}` : `v${random.below(4)}`;
    if (happens) state.set(draft.field, value);
    return { ...asked, kind: 'write', value };
  }
  const isSeats = draft.field === 'seats';
  const accepted = !isSeats || (present as number) >= 3;
  if (happens && accepted) state.set(draft.field, (present as number) + (isSeats ? -3 : 1));
  return { ...asked, kind: 'update', step: isSeats ? { kind: 'reserve', amount: 3 } : { kind: 'add', by: 1 }, accepted };
}

function spoil(operations: Operation[], random: SeededRandom): void {
  const at = operations.findIndex((each) => each.kind === 'read' && each.returnedAt !== null && random.chance(0.2));
  const read = operations[at];
  if (read?.kind !== 'read') return;
  const others = operations.flatMap((each) => (each.kind === 'read' && each.field === read.field && each.value !== read.value ? [each.value] : []));
  if (others.length > 0) operations[at] = { ...read, value: random.pick(others) };
}
