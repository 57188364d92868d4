/**
 * The proposer of one register: takes edits through prepare and accept on a majority. Edits that waited go into one proposal, one applied after the other.
 *
 * Guarantees: [CAS10] an edit's deadline runs from when it is proposed first; what the field's value does not allow refuses that edit alone. An edit is said to be accepted only when a majority accepted a state that it made or helped to make; refused only when no copy can ever
 * bring it back; unknown otherwise. Every round ends by having a state accepted, so that also a refusal rests on what was chosen.
 * Does not guarantee progress while others keep proposing: rounds that collide wait, the longer the lower in the order of names and the more often.
 * Source: Rystsov, "CASPaxos: Replicated State Machines without logs", 2018, sections 2.1 and 2.2.
 */
import { type Dot, dotKey, type DotKey } from '../../clocks/dot.ts';
import type { FieldSpec } from '../../document/schema.ts';
import { reachableMembers, tooFew } from '../coordinated-copy.ts';
import type { MemberNetwork } from '../coordinated-strategy.ts';
import { compareVersions, newestOf, noVersion, type Version } from '../version.ts';
import type { Acceptor } from './acceptor.ts';
import type { Chosen, ConsensusMessage } from './messages.ts';
import { appliedEdit, initialState, type ProposedEdit, type RegisterState, withEdits } from './register-state.ts';

/** A person's edit, or a question for the newest value. */
export interface Task {
  readonly edit: ProposedEdit | null;
  /** The highest ballot at which copies were asked to accept a state with the edit in it. */
  sentAt: Version | null;
  readonly done: (end: TaskEnd) => void;
}

export type TaskEnd =
  | { readonly kind: 'chosen'; readonly chosen: Chosen; readonly refusal: string | null }
  | { readonly kind: 'given-up'; readonly reason: string };

/** Edits that are proposed together, in their order, or questions that are answered together. */
interface Batch {
  readonly tasks: readonly Task[];
  readonly deadlineMs: number;
  /** Why edits were not applied where they were proposed last. */
  readonly refusals: Map<DotKey, string>;
  attempts: number;
}

interface Round {
  readonly ballot: Version;
  readonly batch: Batch;
  readonly promises: Map<string, Chosen | null>;
  readonly accepts: Set<string>;
  proposal: RegisterState | null;
  cancel: () => void;
}

export interface ProposerOptions {
  readonly network: MemberNetwork;
  readonly acceptor: Acceptor;
  readonly needed: () => number;
  /** Keeps the names of all edits that were sent and whose outcome is open, and tells the first one's counter; awaited before an edit is sent. */
  readonly keepOpen: () => { readonly openFrom: number; readonly kept: Promise<void> };
  readonly send: (to: string, message: ConsensusMessage) => void;
  /** Takes note of what a majority accepted, before the tasks end. */
  readonly learn: (chosen: Chosen) => void;
  readonly answerTimeoutMs: number;
  readonly outcomeTimeoutMs: number;
}

/** Most edits in one proposal: a window must not stand still while they are applied, and their names travel with the value. */
export const proposalEditsMax = 256;

/** The shortest wait after a collision, in milliseconds. */
const backoffMs = 8;

export class Proposer {
  private readonly queue: Task[] = [];
  private batch: Batch | null = null;
  private round: Round | null = null;
  private openFrom = 0;
  private highest: Version = noVersion;

  constructor(protected readonly field: FieldSpec, private readonly options: ProposerOptions) {}

  get idle(): boolean {
    return this.batch === null;
  }

  /** The edits that have not ended. */
  get openEdits(): Dot[] {
    return [...this.proposedEdits, ...this.queue.flatMap(({ edit }) => edit?.dot ?? [])];
  }

  /** Those of them that are under way: the others were never sent. */
  get proposedEdits(): Dot[] {
    return this.batch?.tasks.flatMap(({ edit }) => edit?.dot ?? []) ?? [];
  }

  add(task: Task): void {
    this.queue.push(task);
    if (this.idle) this.next();
  }

  onPromise(from: string, ballot: Version, accepted: Chosen | null): void {
    const round = this.roundOf(ballot);
    if (!round || round.proposal) return;
    round.promises.set(from, accepted);
    if (round.promises.size >= this.options.needed()) this.propose(round);
  }

  onAccepted(from: string, ballot: Version): void {
    const round = this.roundOf(ballot);
    if (!round?.proposal) return;
    round.accepts.add(from);
    if (round.accepts.size < this.options.needed()) return;
    const chosen = { ballot, state: round.proposal };
    this.options.learn(chosen);
    this.end(({ edit }) => ({ kind: 'chosen', chosen, refusal: (edit && round.batch.refusals.get(dotKey(edit.dot))) ?? null }));
  }

  onConflict(ballot: Version, promised: Version): void {
    this.highest = newestOf(this.highest, promised);
    const round = this.roundOf(ballot);
    if (!round || compareVersions(promised, ballot) <= 0) return;
    this.leave(round);
    const { network } = this.options;
    const rank = network.members().indexOf(network.self);
    this.later(round.batch, backoffMs * 2 ** Math.min(round.batch.attempts, 7) * (1 + rank / 2));
  }

  protected baseOf(promises: ReadonlyMap<string, Chosen | null>): RegisterState {
    let newest: Chosen | null = null;
    for (const accepted of promises.values()) if (accepted && (!newest || compareVersions(accepted.ballot, newest.ballot) > 0)) newest = accepted;
    return newest?.state ?? initialState(this.field);
  }

  protected has(base: RegisterState, dot: Dot): boolean {
    return appliedEdit(base, dot) !== undefined;
  }

  private next(): void {
    const { network, outcomeTimeoutMs } = this.options;
    while (!this.batch && this.queue.length > 0) {
      const tasks = this.takeBatch();
      const reason = this.unreachable();
      if (reason !== null) for (const { done } of tasks) done({ kind: 'given-up', reason });
      else this.begin((this.batch = { tasks, deadlineMs: network.clock.nowMs() + outcomeTimeoutMs, refusals: new Map(), attempts: 0 }));
    }
  }

  private unreachable(): string | null {
    const { network, needed } = this.options;
    return tooFew(reachableMembers(network), network.members().length, needed());
  }

  /** The edits that wait first, or the reads: never both, so that no read shows an edit that was made after it. */
  private takeBatch(): Task[] {
    const isRead = this.queue[0]?.edit === null;
    const end = this.queue.findIndex(({ edit }) => (edit === null) !== isRead);
    return this.queue.splice(0, Math.min(proposalEditsMax, end < 0 ? this.queue.length : end));
  }

  private begin(batch: Batch): void {
    const { network, acceptor } = this.options;
    const ballot = { counter: Math.max(this.highest.counter, acceptor.promised.counter) + 1, replica: network.self };
    const round: Round = { ballot, batch, promises: new Map(), accepts: new Set(), proposal: null, cancel: () => undefined };
    this.round = round;
    this.highest = ballot;
    const { openFrom, kept } = this.options.keepOpen();
    this.openFrom = openFrom;
    const promise = acceptor.promise(ballot);
    // A ballot is kept before it is used, so that no later life of this copy uses it again.
    void Promise.all([promise, kept]).then(([accepted]) => this.prepare(round, accepted), () => this.failToKeep(round));
    this.wait(round);
  }

  private prepare(round: Round, accepted: Chosen | null): void {
    if (this.round !== round) return;
    this.sendAll({ kind: 'prepare', field: this.field.id, ballot: round.ballot });
    this.onPromise(this.options.network.self, round.ballot, accepted);
  }

  private propose(round: Round): void {
    const { ballot, batch } = round;
    const base = this.baseOf(round.promises);
    const edits = batch.tasks.flatMap(({ edit }) => edit ?? []);
    // Whatever comes before an edit that was applied had its turn: applied now, it would come after what its author did later.
    const hadTheirTurn = edits.reduce((count, { dot }, at) => (this.has(base, dot) ? at + 1 : count), 0);
    const fresh = edits.slice(hadTheirTurn);
    const { state: proposal, refusals } = withEdits(this.field, base, this.options.network.self, fresh, this.openFrom);
    for (const [key, reason] of refusals) batch.refusals.set(key, reason);
    round.proposal = proposal;
    for (const task of batch.tasks) if (task.edit && appliedEdit(proposal, task.edit.dot)) task.sentAt = ballot;
    round.cancel();
    this.wait(round);
    this.sendAll({ kind: 'accept', field: this.field.id, ballot, state: proposal });
    const { acceptor, network } = this.options;
    const own = acceptor.accept(ballot, proposal);
    if (!own) return this.onConflict(ballot, acceptor.promised);
    void own.then(() => this.onAccepted(network.self, ballot), () => undefined);
  }

  private wait(round: Round): void {
    const { network, answerTimeoutMs } = this.options;
    const untilMs = Math.min(answerTimeoutMs * 2 ** round.batch.attempts, Math.max(1, round.batch.deadlineMs - network.clock.nowMs()));
    const answers = (): number => (round.proposal ? round.accepts : round.promises).size;
    round.cancel = network.clock.after(untilMs, () => this.expire(round, `${answers()} of ${network.members().length} replicas answered, ${this.options.needed()} needed`));
  }

  private expire(round: Round, reason: string): void {
    if (this.round !== round) return;
    this.leave(round);
    if (this.options.network.clock.nowMs() >= round.batch.deadlineMs) return this.end(() => ({ kind: 'given-up', reason }));
    this.again(round.batch);
  }

  /** A store that fails now may fail for long: to try at once and again would leave no time for anything else. */
  private failToKeep(round: Round): void {
    if (this.round !== round) return;
    this.leave(round);
    this.later(round.batch, this.options.answerTimeoutMs, 'this copy could not keep its promise');
  }

  private later(batch: Batch, delayMs: number, reason = `others were writing the same field, ${batch.attempts + 1} attempts`): void {
    const { clock } = this.options.network;
    if (clock.nowMs() + delayMs >= batch.deadlineMs) return this.end(() => ({ kind: 'given-up', reason }));
    clock.after(delayMs, () => this.again(batch));
  }

  private again(batch: Batch): void {
    if (this.batch !== batch) return;
    batch.attempts++;
    const reason = this.unreachable();
    if (reason === null) this.begin(batch);
    else this.end(() => ({ kind: 'given-up', reason }));
  }

  private end(endOf: (task: Task) => TaskEnd): void {
    const { batch } = this;
    if (this.round) this.leave(this.round);
    if (!batch) return;
    // The edits count as open until all are told, so that what they tell is kept with them.
    try {
      for (const task of batch.tasks) task.done(endOf(task));
    } finally {
      this.batch = null;
    }
    this.next();
  }

  private leave(round: Round): void {
    round.cancel();
    this.round = null;
  }

  private roundOf(ballot: Version): Round | null {
    return this.round && compareVersions(this.round.ballot, ballot) === 0 ? this.round : null;
  }

  private sendAll(message: ConsensusMessage): void {
    const { network, send } = this.options;
    for (const member of network.members()) if (member !== network.self) send(member, message);
  }
}

/** Whether an unknown edit is settled by what was chosen: applied where it stands, never chosen, or still open (null). */
export function verdictOn(dot: Dot, sentAt: Version, chosen: Chosen): ReturnType<typeof appliedEdit> | 'never' | null {
  return appliedEdit(chosen.state, dot) ?? (compareVersions(chosen.ballot, sentAt) >= 0 ? 'never' : null);
}
