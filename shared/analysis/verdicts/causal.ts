/**
 * Causally consistent: nobody saw an effect without its cause. There is a partial order that contains the session orders and in which each read
 * returns a write that nothing in the read's own past overwrites.
 *
 * Judged by bad patterns, which is exact where it is known which write each read returned: a history is causally consistent (CC) iff none occurs of
 * CyclicCO, WriteCOInitRead, ThinAirRead, WriteCORead; causally convergent (CCv) iff, moreover, CyclicCF does not. A pattern found where some sources
 * are unknown is one all the same; none found is then "unknown".
 * Source: Bouajjani, Enea, Guerraoui, Hamza: "On Verifying Causal Consistency", POPL 2017, table 2 and theorems 3 and 4.
 */
import { runWhole, type Sliced } from '../slices.ts';
import { CausalRelation } from './causal-relation.ts';
import { grouped, type ObservedHistory } from './observed-history.ts';
import { isPure, type Operation, type Read, writtenBy } from './operation.ts';
import { type ReadsFrom, readsFrom, type Source } from './reads-from.ts';
import { named, readBy, shortListOf, shown, spansFields } from './sentences.ts';
import { broken, holds, unknown, type Verdict } from './verdict.ts';
import { isOlder } from './version-order.ts';

/** Causal consistency (CC). */
export function causal(history: ObservedHistory): Verdict {
  return runWhole(causalSliced(history));
}

export function* causalSliced(history: ObservedHistory): Sliced<Verdict> {
  const reads = yield* readsFrom(history);
  const relation = yield* CausalRelation.sliced(history.operations, reads);
  return (yield* causalBreach(reads, relation)) ?? outcome(reads);
}

/** Causal convergence (CCv): besides, all can agree on which of two concurrent writes wins. Stronger than causal, weaker than sequential. */
export function causallyConvergent(history: ObservedHistory): Verdict {
  return runWhole(causallyConvergentSliced(history));
}

export function* causallyConvergentSliced(history: ObservedHistory): Sliced<Verdict> {
  const reads = yield* readsFrom(history);
  const relation = yield* CausalRelation.sliced(history.operations, reads);
  return (yield* causalBreach(reads, relation)) ?? (yield* conflictBreach(reads, relation)) ?? outcome(reads);
}

function outcome({ gap }: ReadsFrom): Verdict {
  return gap === null ? holds : unknown(gap);
}

function* causalBreach({ sources, made, thinAir }: ReadsFrom, relation: CausalRelation): Sliced<Verdict | null> {
  if (thinAir.length > 0) return broken(`${readBy(thinAir[0]!)}, which nobody had written.`, [thinAir[0]!]);
  const cycle = yield* relation.cycle();
  if (cycle !== null) return broken(`Each of these would have to come before the next, in a circle: ${shortListOf(cycle.map((each) => named(each, spansFields(cycle))))}.`, cycle);
  return (yield* overwrittenRead(sources, relation)) ?? (yield* missingStep(made, relation));
}

/** Of counters and stocks: a read's number lacks an update of the read's own past. Updates commute, so nothing else can be wrong with it. */
function* missingStep(made: ReadsFrom['made'], relation: CausalRelation): Sliced<Verdict | null> {
  const updates = grouped(relation.operations.filter((each) => !isPure(each)), ({ field }) => field);
  for (const [read, steps] of made) {
    const missing = (updates.get(read.field) ?? []).find((each) => !steps.has(each.id) && relation.precedes(each, read));
    if (missing) return broken(lacking(read, missing, made), yield* relation.chain(missing, read));
    yield;
  }
  return null;
}

/** WriteCOInitRead and WriteCORead: a read returns what a write in its own past had replaced. */
function* overwrittenRead(sources: ReadonlyMap<Read, Source>, relation: CausalRelation): Sliced<Verdict | null> {
  const writes = grouped(relation.operations.filter((each) => !isPure(each) && writtenBy(each) !== undefined), ({ field }) => field);
  for (const [read, source] of sources) {
    for (const write of writes.get(read.field) ?? []) {
      if (write === source || !relation.precedes(write, read) || !isOlder(source, write, relation)) continue;
      const carrier = carrierOf(write, read, relation, sources);
      return broken(missed(read, source, write, carrier, sources), [...(source === null ? [] : [source]), write, ...(carrier === null ? [] : [carrier, sources.get(carrier)!]), read]);
    }
    yield;
  }
  return null;
}

function lacking(read: Read, missing: Operation, made: ReadsFrom['made']): string {
  const isBefore = (each: Operation): boolean => each.session === read.session && each.returnedAt !== null && each.returnedAt <= read.invokedAt;
  if (isBefore(missing)) return `${readBy(read, true)} after ${named(missing)} had been acknowledged, and without it.`;
  const earlier = [...made].find(([each, steps]) => each !== read && each.field === read.field && isBefore(each) && steps.has(missing.id))?.[0];
  if (earlier) return `${readBy(earlier, true)} and then ${shown(read.value)}, without ${named(missing)}, which the first contained.`;
  return `${readBy(read, true)} without ${named(missing)}, though ${read.session} had seen by then what came after it: an effect without its cause.`;
}

function missed(read: Read, source: Source, write: Operation, carrier: Read | null, sources: ReadonlyMap<Read, Source>): string {
  const value = shown(writtenBy(write)!);
  if (carrier === null) return `${read.session} wrote ${value} to ${read.field} and then read ${shown(read.value)} from it${source === null ? '' : ', which it had replaced'}.`;
  if (sources.get(carrier) === write) return `${read.session} read ${value} from ${read.field} and then ${shown(read.value)}, which it had replaced.`;
  return `${readBy(carrier, true)}, which was written by somebody who knew of ${value} in ${read.field}, and then read ${shown(read.value)} from ${read.field}: an effect without its cause.`;
}

/** The first read of the reader's session by which it could know of the write; null if the write is its own. */
function carrierOf(write: Operation, read: Read, relation: CausalRelation, sources: ReadonlyMap<Read, Source>): Read | null {
  if (write.session === read.session && write.returnedAt !== null && write.returnedAt <= read.invokedAt) return null;
  const tells = (each: Operation): each is Read => {
    const source = each.kind === 'read' && each.session === read.session && relation.precedes(each, read) ? sources.get(each) : null;
    return source !== null && source !== undefined && (source === write || relation.precedes(write, source));
  };
  return relation.operations.find(tells) ?? null;
}

/** CyclicCF: write a is before write b for somebody who read b with a in the past; such orders, with the causal one, may not run in a circle. */
function* conflictBreach({ sources }: ReadsFrom, relation: CausalRelation): Sliced<Verdict | null> {
  const later = new Map<Operation, Set<Operation>>();
  const add = (a: Operation, b: Operation): void => void (later.get(a) ?? later.set(a, new Set()).get(a)!).add(b);
  const writes = relation.operations.filter((each) => !isPure(each));
  for (const [read, source] of sources) {
    if (source === null) continue;
    for (const write of writes) if (write !== source && write.field === source.field && relation.precedes(write, read)) add(write, source);
    yield;
  }
  for (const a of writes) {
    for (const b of writes) if (relation.precedes(a, b)) add(a, b);
    yield;
  }
  const cycle = yield* cycleIn(later);
  if (cycle === null) return null;
  return broken(`The replicas cannot have agreed which write is the last: each of these had to win over the one before, in a circle: ${shortListOf(cycle.map((each) => named(each, spansFields(cycle))))}.`, cycle);
}

function* cycleIn(later: ReadonlyMap<Operation, ReadonlySet<Operation>>): Sliced<Operation[] | null> {
  const finished = new Set<Operation>();
  for (const start of later.keys()) {
    const trail: { at: Operation; rest: Operation[] }[] = finished.has(start) ? [] : [{ at: start, rest: [...(later.get(start) ?? [])] }];
    while (trail.length > 0) {
      const top = trail.at(-1)!;
      const next = top.rest.pop();
      if (next === undefined) finished.add(trail.pop()!.at);
      else if (trail.some(({ at }) => at === next)) return trail.slice(trail.findIndex(({ at }) => at === next)).map(({ at }) => at);
      else if (!finished.has(next)) trail.push({ at: next, rest: [...(later.get(next) ?? [])] });
      yield;
    }
  }
  return null;
}
