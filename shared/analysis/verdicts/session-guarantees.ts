/**
 * The four session guarantees, each judged by itself: what a person who goes from replica to replica may rely on.
 *
 * Of registers, with sessions, (of counters and stocks: step-guarantees.ts) the write that each read returned, and the age of versions as in version-order.ts: by causality; the initial value is
 * older than any write. Two versions of unknown age break nothing.
 * - Read your writes: a read does not return an older version than an acknowledged write of its own session before it.
 * - Monotonic reads: a read does not return an older version than an earlier read of its session.
 * - Monotonic writes: who has read a write, and then reads a field that the same session had written earlier, gets that or a newer version.
 * - Writes follow reads: who has read a write, and then reads a field of which its author had read a version before writing, gets that or a newer
 *   version.
 * Each follows from causal consistency. An open operation comes before nothing in its session (observed-history.ts).
 * Source: Terry, Demers, Petersen, Spreitzer, Theimer, Welch: "Session Guarantees for Weakly Consistent Replicated Data", PDIS 1994, with the sets of
 * writes that they speak of (what a replica had) read off from what clients saw.
 */
import { inParts, runWhole, type Sliced } from '../slices.ts';
import { CausalRelation } from './causal-relation.ts';
import { grouped, type ObservedHistory, sessionPrecedes } from './observed-history.ts';
import { isPure, type Operation, type OperationId, type Read, writtenBy } from './operation.ts';
import { type ReadsFrom, readsFrom, type Source } from './reads-from.ts';
import { named, readBy, shown } from './sentences.ts';
import { broken, holds, unknown, type Verdict } from './verdict.ts';
import { StepGuarantees } from './step-guarantees.ts';
import { isOlder } from './version-order.ts';

/** So many earlier reads are held against a later one at once: what each showed may have as many causes as there are operations. */
const readsPerPart = 8;

export function readYourWrites(history: ObservedHistory): Verdict {
  return runWhole(readYourWritesSliced(history));
}

export function* readYourWritesSliced(history: ObservedHistory): Sliced<Verdict> {
  const view = yield* SessionView.sliced(history);
  for (const [read, source] of view.sources) {
    for (const write of view.earlierWrites(read, read.field)) {
      if (source === write || !view.isOlder(source, write)) continue;
      return broken(`${readBy(read)} after ${read.session}'s own write of ${shown(writtenBy(write)!)} had been acknowledged.`, [write, read]);
    }
    yield;
  }
  return (yield* view.steps.readYourWrites()) ?? view.outcome;
}

export function monotonicReads(history: ObservedHistory): Verdict {
  return runWhole(monotonicReadsSliced(history));
}

export function* monotonicReadsSliced(history: ObservedHistory): Sliced<Verdict> {
  const view = yield* SessionView.sliced(history);
  for (const { later, before: reads } of view.readsBefore()) {
    for (const earlier of reads) {
      if (earlier.field !== later.field || !view.isOfRegister(earlier)) continue;
      const [before, after] = [view.sourceOf(earlier), view.sourceOf(later)];
      if (before === null || after === before || !view.isOlder(after, before)) continue;
      return broken(`${readBy(earlier)} and then ${shown(later.value)}, which is older.`, [earlier, later]);
    }
    yield;
  }
  return (yield* view.steps.monotonicReads()) ?? view.outcome;
}

export function monotonicWrites(history: ObservedHistory): Verdict {
  return runWhole(monotonicWritesSliced(history));
}

export function monotonicWritesSliced(history: ObservedHistory): Sliced<Verdict> {
  return wellOrderedWrites(history, (steps) => steps.monotonicWrites(), (view, write, field) => view.earlierWrites(write, field), (cause, effect, seen, later) =>
    `${cause.session} wrote ${shown(writtenBy(cause)!)} before ${shown(writtenBy(effect)!)}, but ${readBy(seen)} and then ${shown(later.value)}, as if the first came later or not at all.`,
  );
}

export function writesFollowReads(history: ObservedHistory): Verdict {
  return runWhole(writesFollowReadsSliced(history));
}

export function writesFollowReadsSliced(history: ObservedHistory): Sliced<Verdict> {
  return wellOrderedWrites(history, (steps) => steps.writesFollowReads(), (view, write, field) => view.readBefore(write, field), (cause, effect, seen, later) =>
    `${effect.session} had read ${shown(writtenBy(cause)!)} before writing ${shown(writtenBy(effect)!)}, but ${readBy(seen)} and then ${shown(later.value)}, without ${named(cause)}.`,
  );
}

type Tell = (cause: Operation, effect: Operation, seen: Read, later: Read) => string;

/** Whoever saw an effect sees its causes from then on. */
function* wellOrderedWrites(history: ObservedHistory, ofSteps: (steps: StepGuarantees) => Sliced<Verdict | null>, causesOf: (view: SessionView, effect: Operation, field: string) => Operation[], tell: Tell): Sliced<Verdict> {
  const view = yield* SessionView.sliced(history);
  const known = new Map<Operation, Map<string, Operation[]>>();
  const causes = (effect: Operation, field: string): Operation[] => {
    const ofEffect = known.get(effect) ?? new Map<string, Operation[]>();
    const found = ofEffect.get(field) ?? causesOf(view, effect, field);
    known.set(effect, ofEffect.set(field, found));
    return found;
  };
  const missedBy = (later: Read, seen: Read): Verdict | null => {
    const source = view.sourceOf(later);
    for (const effect of view.effectsOf(seen)) {
      for (const cause of causes(effect, later.field)) {
        const isBack = source === cause ? cause.field === effect.field : view.isOlder(source, cause);
        if (isBack && source !== effect) return broken(tell(cause, effect, seen, later), [cause, effect, seen, later]);
      }
    }
    return null;
  };
  for (const { later, before } of view.readsBefore()) {
    for (const part of inParts(before, readsPerPart)) {
      for (const seen of part) {
        const missed = missedBy(later, seen);
        if (missed) return missed;
      }
      yield;
    }
  }
  return (yield* ofSteps(view.steps)) ?? view.outcome;
}

/** What the guarantees speak of. */
class SessionView {
  readonly outcome: Verdict;
  readonly steps: StepGuarantees;
  readonly sources: ReadonlyMap<Read, Source>;
  private readonly made: ReadonlyMap<Read, ReadonlySet<OperationId>>;
  private readonly effects = new Map<Read, readonly Operation[]>();
  private readonly sessions: ReadonlyMap<string, readonly Operation[]>;

  private constructor(reads: ReadsFrom, private readonly relation: CausalRelation) {
    this.sources = reads.sources;
    this.made = reads.made;
    this.sessions = grouped(this.relation.operations, ({ session }) => session);
    this.steps = new StepGuarantees(this.sessions, reads);
    this.outcome = reads.gap === null ? holds : unknown(reads.gap);
  }

  static *sliced(history: ObservedHistory): Sliced<SessionView> {
    const reads = yield* readsFrom(history);
    return new SessionView(reads, yield* CausalRelation.sliced(history.operations, reads));
  }

  isOlder(version: Source, than: Operation): boolean {
    return isOlder(version, than, this.relation);
  }

  isOfRegister(read: Read): boolean {
    return this.sources.has(read);
  }

  sourceOf(read: Read): Source {
    return this.sources.get(read)!;
  }

  /** Each read of a register, with those before it in its session that are known to have returned something. */
  *readsBefore(): Generator<{ later: Read; before: readonly Read[] }> {
    for (const session of this.sessions.values()) {
      const reads = session.filter((each): each is Read => each.kind === 'read' && (this.sources.has(each) || this.made.has(each)));
      for (const [at, later] of reads.entries()) if (this.sources.has(later)) yield { later, before: reads.slice(0, at).filter((earlier) => sessionPrecedes(earlier, later)) };
    }
  }

  /** What a read showed: a write, or of the steps of a number the latest of each session, as what comes before that in the session follows from it. */
  effectsOf(read: Read): readonly Operation[] {
    const source = this.sources.get(read);
    if (source !== undefined) return source === null ? [] : [source];
    let effects = this.effects.get(read);
    if (!effects) {
      const latest = new Map<string, Operation>();
      for (const each of this.relation.operations) if (this.made.get(read)!.has(each.id)) latest.set(each.session, each);
      this.effects.set(read, (effects = [...latest.values()]));
    }
    return effects;
  }

  /** Acknowledged writes of the field in the operation's session before it. */
  earlierWrites(operation: Operation, field: string): Operation[] {
    return this.before(operation, field).filter((each) => !isPure(each) && writtenBy(each) !== undefined);
  }

  /** The versions of the field that the operation's session had read before it. */
  readBefore(operation: Operation, field: string): Operation[] {
    return this.before(operation, field).flatMap((each) => (each.kind === 'read' && this.sources.get(each)) || []);
  }

  private before(operation: Operation, field: string): Operation[] {
    const session = this.sessions.get(operation.session)!;
    return session.slice(0, session.indexOf(operation)).filter((each) => each.field === field && sessionPrecedes(each, operation));
  }
}
