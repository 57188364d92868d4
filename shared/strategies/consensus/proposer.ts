/**
 * The proposer of one register: takes one edit after the other through prepare and accept on a majority.
 *
 * Guarantees: an edit is said to be accepted only when a majority accepted a state that it made or helped to make; refused only when no copy can ever
 * bring it back; unknown otherwise. Every round ends by having a state accepted, so that also a refusal rests on what was chosen.
 * Does not guarantee progress while others keep proposing: rounds that collide wait, the longer the lower in the order of names and the more often.
 * Source: Rystsov, "CASPaxos: Replicated State Machines without logs", 2018, sections 2.1 and 2.2.
 */
import type { Dot } from '../../clocks/dot.ts';
import type { Intent } from '../../document/intent.ts';
import type { FieldSpec } from '../../document/schema.ts';
import type { Line } from '../conversing.ts';
import { compareVersions, newestOf, noVersion, type Version } from '../version.ts';
import type { Acceptor } from './acceptor.ts';
import type { Chosen, ConsensusMessage } from './messages.ts';
import { appliedEdit, initialState, type RegisterState, withEdit } from './register-state.ts';

/** What a round carries: a person's edit, or a question for the newest value. */
export interface Task {
  readonly edit: { readonly dot: Dot; readonly intent: Intent } | null;
  readonly deadlineMs: number;
  attempts: number;
  /** The highest ballot at which copies were asked to accept a state with the edit in it. */
  sentAt: Version | null;
  readonly done: (end: TaskEnd) => void;
}

export type TaskEnd =
  | { readonly kind: 'chosen'; readonly chosen: Chosen; readonly refusal: string | null }
  | { readonly kind: 'given-up'; readonly reason: string };

interface Round {
  readonly ballot: Version;
  readonly task: Task;
  readonly promises: Map<string, Chosen | null>;
  readonly accepts: Set<string>;
  proposal: RegisterState | null;
  refusal: string | null;
  cancel: () => void;
}

export interface ProposerSurroundings {
  readonly line: Line;
  readonly acceptor: Acceptor;
  readonly needed: () => number;
  /** Keeps the names of all edits whose outcome is open, and tells the first one's counter; awaited before an edit is sent. */
  readonly keepOpen: () => { readonly openFrom: number; readonly kept: Promise<void> };
  readonly send: (to: string, message: ConsensusMessage) => void;
  readonly answerTimeoutMs: number;
}

/** The shortest wait after a collision, in milliseconds. */
const backoffMs = 8;

export class Proposer {
  private readonly queue: Task[] = [];
  private task: Task | null = null;
  private round: Round | null = null;
  private openFrom = 0;
  private highest: Version = noVersion;

  constructor(protected readonly field: FieldSpec, private readonly around: ProposerSurroundings) {}

  get idle(): boolean {
    return this.task === null;
  }

  /** The edits that have not ended. */
  get openEdits(): Dot[] {
    return [this.task, ...this.queue].flatMap((task) => task?.edit?.dot ?? []);
  }

  add(task: Task): void {
    this.queue.push(task);
    if (this.idle) this.next();
  }

  onPromise(from: string, ballot: Version, accepted: Chosen | null): void {
    const round = this.roundOf(ballot);
    if (!round || round.proposal) return;
    round.promises.set(from, accepted);
    if (round.promises.size >= this.around.needed()) this.propose(round);
  }

  onAccepted(from: string, ballot: Version): void {
    const round = this.roundOf(ballot);
    if (!round?.proposal) return;
    round.accepts.add(from);
    if (round.accepts.size < this.around.needed()) return;
    this.end({ kind: 'chosen', chosen: { ballot, state: round.proposal }, refusal: round.refusal });
  }

  onConflict(ballot: Version, promised: Version): void {
    this.highest = newestOf(this.highest, promised);
    const round = this.roundOf(ballot);
    if (!round || compareVersions(promised, ballot) <= 0) return;
    this.leave(round);
    const { line } = this.around;
    const rank = line.members().indexOf(line.self);
    this.later(round.task, backoffMs * 2 ** Math.min(round.task.attempts, 7) * (1 + rank / 2));
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
    this.task = this.queue.shift() ?? null;
    if (this.task) this.begin(this.task);
  }

  private begin(task: Task): void {
    const { line, acceptor, needed } = this.around;
    const members = line.members();
    const reached = members.filter((member) => member === line.self || line.reaches(member));
    if (reached.length < needed()) return this.end({ kind: 'given-up', reason: `${reached.length} of ${members.length} replicas reachable, ${needed()} needed` });
    const ballot = { counter: Math.max(this.highest.counter, acceptor.promised.counter) + 1, replica: line.self };
    const round: Round = { ballot, task, promises: new Map(), accepts: new Set(), proposal: null, refusal: null, cancel: () => undefined };
    this.round = round;
    this.highest = ballot;
    const { openFrom, kept } = this.around.keepOpen();
    this.openFrom = openFrom;
    const promise = acceptor.promise(ballot);
    // A ballot is kept before it is used, so that no later life of this copy uses it again.
    void Promise.all([promise, kept]).then(([accepted]) => this.prepare(round, accepted), () => this.failToKeep(round));
    this.wait(round);
  }

  private prepare(round: Round, accepted: Chosen | null): void {
    if (this.round !== round) return;
    this.sendAll({ kind: 'prepare', field: this.field.id, ballot: round.ballot });
    this.onPromise(this.around.line.self, round.ballot, accepted);
  }

  private propose(round: Round): void {
    const { ballot, task } = round;
    const base = this.baseOf(round.promises);
    let proposal = base;
    if (task.edit && !this.has(base, task.edit.dot)) {
      const after = withEdit(this.field, base, task.edit.dot, task.edit.intent, this.openFrom);
      if ('refusal' in after) round.refusal = after.refusal;
      else proposal = after.state;
    }
    round.proposal = proposal;
    if (task.edit && appliedEdit(proposal, task.edit.dot)) task.sentAt = ballot;
    round.cancel();
    this.wait(round);
    this.sendAll({ kind: 'accept', field: this.field.id, ballot, state: proposal });
    const { acceptor, line } = this.around;
    const own = acceptor.accept(ballot, proposal);
    if (!own) return this.onConflict(ballot, acceptor.promised);
    void own.then(() => this.onAccepted(line.self, ballot), () => undefined);
  }

  private wait(round: Round): void {
    const { line, answerTimeoutMs } = this.around;
    const untilMs = Math.min(answerTimeoutMs * 2 ** round.task.attempts, Math.max(1, round.task.deadlineMs - line.clock.nowMs()));
    const answers = (): number => (round.proposal ? round.accepts : round.promises).size;
    round.cancel = line.clock.after(untilMs, () => this.expire(round, `${answers()} of ${line.members().length} replicas answered, ${this.around.needed()} needed`));
  }

  private expire(round: Round, reason: string): void {
    if (this.round !== round) return;
    this.leave(round);
    if (this.around.line.clock.nowMs() >= round.task.deadlineMs) return this.end({ kind: 'given-up', reason });
    round.task.attempts++;
    this.begin(round.task);
  }

  /** A store that fails now may fail for long: to try at once and again would leave no time for anything else. */
  private failToKeep(round: Round): void {
    if (this.round !== round) return;
    this.leave(round);
    this.later(round.task, this.around.answerTimeoutMs, 'this copy could not keep its promise');
  }

  private later(task: Task, delayMs: number, reason = `others were writing the same field, ${task.attempts + 1} attempts`): void {
    const { clock } = this.around.line;
    if (clock.nowMs() + delayMs >= task.deadlineMs) return this.end({ kind: 'given-up', reason });
    clock.after(delayMs, () => {
      task.attempts++;
      if (this.task === task) this.begin(task);
    });
  }

  private end(end: TaskEnd): void {
    const { task } = this;
    if (this.round) this.leave(this.round);
    if (!task) return;
    // The task counts as open until it is told, so that what it tells is kept with it.
    this.task = null;
    task.done(end);
    if (this.idle) this.next();
  }

  private leave(round: Round): void {
    round.cancel();
    this.round = null;
  }

  private roundOf(ballot: Version): Round | null {
    return this.round && compareVersions(this.round.ballot, ballot) === 0 ? this.round : null;
  }

  private sendAll(message: ConsensusMessage): void {
    const { line, send } = this.around;
    for (const member of line.members()) if (member !== line.self) send(member, message);
  }
}

/** Whether an unknown edit is settled by what was chosen: applied where it stands, never chosen, or still open (null). */
export function verdictOn(dot: Dot, sentAt: Version, chosen: Chosen): ReturnType<typeof appliedEdit> | 'never' | null {
  return appliedEdit(chosen.state, dot) ?? (compareVersions(chosen.ballot, sentAt) >= 0 ? 'never' : null);
}
