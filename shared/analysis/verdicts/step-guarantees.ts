/**
 * The four session guarantees of counters and stocks, by the updates that each read's number was made of; the sets of writes of Terry et al. read off directly.
 *
 * - Read your writes: a number contains the acknowledged updates of its own session before it.
 * - Monotonic reads: a number contains what an earlier number of the field in its session contained.
 * - Monotonic writes: who has seen what somebody wrote or changed sees, from then on, what that person had changed before.
 * - Writes follow reads: who has seen what somebody wrote or changed sees, from then on, what that person had read of the field before.
 * What was seen may be a register's write or a step of another field. A read that is judged counts among what its session has seen.
 */
import { eachOf, type Sliced } from '../slices.ts';
import { grouped, sessionPrecedes, sessionSteps } from './observed-history.ts';
import { endOf, isPure, type Operation, type OperationId, type Read } from './operation.ts';
import type { ReadsFrom } from './reads-from.ts';
import { deedOf, named, readBy } from './sentences.ts';
import { broken, type Verdict } from './verdict.ts';

type Session = readonly Operation[];
/** By update. */
type Causes = ReadonlyMap<OperationId, Operation>;

export class StepGuarantees {
  private readonly places: ReadonlyMap<Operation, number>;
  private readonly byId: ReadonlyMap<OperationId, Operation>;
  private readonly updates: ReadonlyMap<string, readonly Operation[]>;

  /** `sessions`: each by invocation. */
  constructor(private readonly sessions: ReadonlyMap<string, Session>, private readonly reads: Pick<ReadsFrom, 'sources' | 'made'>) {
    const all = [...sessions.values()].flat();
    this.places = new Map(all.map((each, place) => [each, place]));
    this.byId = new Map(all.map((each) => [each.id, each]));
    this.updates = grouped(all.filter((each) => !isPure(each)), ({ field }) => field) as Map<string, Operation[]>;
  }

  *readYourWrites(): Sliced<Verdict | null> {
    for (const [read, steps] of this.reads.made) {
      const missing = this.updatesOf(read.field).find((each) => each.session === read.session && !steps.has(each.id) && this.comesBefore(each, read));
      if (missing) return broken(`${readBy(read)} after ${read.session}'s own ${deedOf(missing)} had been acknowledged, and without it.`, [missing, read]);
      yield;
    }
    return null;
  }

  *monotonicReads(): Sliced<Verdict | null> {
    for (const session of this.sessions.values()) {
      const reads = session.filter((each): each is Read => each.kind === 'read' && this.reads.made.has(each));
      for (const ofField of grouped(reads, ({ field }) => field).values()) {
        for (const [earlier, later] of (yield* sessionSteps(ofField)) as [Read, Read][]) {
          const missing = [...this.reads.made.get(earlier)!].find((id) => !this.reads.made.get(later)!.has(id));
          if (missing !== undefined) return broken(`${readBy(earlier)} and then ${String(later.value)}, without ${this.nameOf(missing)}, which the first contained.`, [earlier, later]);
          yield;
        }
      }
    }
    return null;
  }

  monotonicWrites(): Sliced<Verdict | null> {
    return this.causesSeen((author) => this.ownChanges(author), (cause, effect) => `${cause.session} had made ${changeOf(cause)} before ${changeOf(effect)}`);
  }

  writesFollowReads(): Sliced<Verdict | null> {
    return this.causesSeen((author) => this.firstReads(author), (cause, effect) => `${effect.session} had read ${named(cause)} before ${changeOf(effect)}`);
  }

  /** `causesOf`: by update, the operation of the author's session from which on it is a cause of what the author does. */
  private *causesSeen(causesOf: (author: string) => Sliced<Causes>, said: (cause: Operation, effect: Operation) => string): Sliced<Verdict | null> {
    const causes = new Map<string, Causes>();
    for (const author of this.sessions.keys()) causes.set(author, yield* causesOf(author));
    for (const session of this.sessions.values()) {
      const view = new Sight(session, (seen, read) => this.note(seen, read));
      for (const read of view.reads) {
        const steps = this.reads.made.get(read);
        const seen = yield* view.at(read);
        if (!steps) continue;
        for (const [author, { effect, by }] of seen) {
          const isCause = ({ id }: Operation): boolean => {
            const since = causes.get(author)!.get(id);
            return since !== undefined && this.comesBefore(since, effect);
          };
          const missing = this.updatesOf(read.field).find((each) => !steps.has(each.id) && isCause(each));
          if (missing) return broken(`${said(missing, effect)}, but ${by === read ? `${readBy(read, true)} with the second and without the first` : `${readBy(by, true)} and then ${String(read.value)} from ${read.field} without the first`}.`, by === read ? [missing, effect, read] : [missing, effect, by, read]);
          yield;
        }
      }
    }
    return null;
  }

  private note(seen: Map<string, Seen>, read: Read): void {
    const source = this.reads.sources.get(read);
    if (source) this.noteEffect(seen, source, read);
    for (const id of this.reads.made.get(read) ?? []) {
      const effect = this.byId.get(id);
      if (effect) this.noteEffect(seen, effect, read);
    }
  }

  private noteEffect(seen: Map<string, Seen>, effect: Operation, by: Read): void {
    const known = seen.get(effect.session);
    if (!known || this.isEarlier(known.effect, effect)) seen.set(effect.session, { effect, by });
  }

  private *ownChanges(author: string): Sliced<Causes> {
    const changes = new Map<OperationId, Operation>();
    yield* eachOf(this.sessions.get(author)!, (each) => {
      if (!isPure(each)) changes.set(each.id, each);
    });
    return changes;
  }

  /** By update, the read of a session that returned it first. */
  private *firstReads(author: string): Sliced<Causes> {
    const first = new Map<OperationId, Operation>();
    for (const each of this.sessions.get(author)!) {
      if (each.kind !== 'read') continue;
      for (const id of this.reads.made.get(each) ?? []) if (endOf(each) < endOf(first.get(id) ?? neverEnding)) first.set(id, each);
      yield;
    }
    return first;
  }

  /** Of one session: equal times are in the order of the list. */
  private isEarlier(a: Operation, b: Operation): boolean {
    return a.invokedAt === b.invokedAt ? this.places.get(a)! < this.places.get(b)! : a.invokedAt < b.invokedAt;
  }

  private comesBefore(a: Operation, b: Operation): boolean {
    return sessionPrecedes(a, b) && this.isEarlier(a, b);
  }

  private updatesOf(field: string): readonly Operation[] {
    return this.updates.get(field) ?? [];
  }

  private nameOf(id: OperationId): string {
    const operation = this.byId.get(id);
    return operation ? named(operation) : id;
  }
}

const neverEnding = { returnedAt: null } as Operation;

interface Seen {
  readonly effect: Operation;
  readonly by: Read;
}

/** What a session has seen, as it goes on: by author, the latest that it had seen by then, and the read that showed it. */
class Sight {
  /** Those of the session. */
  readonly reads: readonly Read[];
  private readonly ended: readonly Read[];
  private readonly seen = new Map<string, Seen>();
  private next = 0;

  /** `note` adds what a read shows. */
  constructor(session: Session, private readonly note: (seen: Map<string, Seen>, read: Read) => void) {
    this.reads = session.filter((each): each is Read => each.kind === 'read');
    this.ended = [...this.reads].sort((a, b) => endOf(a) - endOf(b));
  }

  /** To be asked of each read in turn; what that read itself shows counts. */
  *at(read: Read): Sliced<ReadonlyMap<string, Seen>> {
    while (this.next < this.ended.length && this.ended[this.next] !== read && sessionPrecedes(this.ended[this.next]!, read)) {
      this.note(this.seen, this.ended[this.next++]!);
      yield;
    }
    const now = new Map(this.seen);
    this.note(now, read);
    return now;
  }
}

/** "a change by +1" */
function changeOf(operation: Operation): string {
  return `a ${deedOf(operation)}`;
}

