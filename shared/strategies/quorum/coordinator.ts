/**
 * The coordinator of one field at one member: carries edits and reads through a read quorum and a write quorum. Edits that waited go together: one
 * question, one write, and a version of its own for each edit.
 *
 * Guarantees: an edit is refused only if nothing was written of it; accepted only when W members hold its version or a newer one; unknown otherwise.
 * [QUO13] Its deadline runs from when it is sent, and it builds on what this copy wrote before, whatever became of that. With R + W > N, no stand-ins,
 * and write-back, reads and whole-value writes of a field are linearizable. Read-modify-write is not atomic: of two concurrent edits one can be overwritten.
 * Source: Attiya, Bar-Noy, Dolev, "Sharing Memory Robustly in Message-Passing Systems", 1995; Lynch, Shvartsman, 1997 (many writers); DeCandia et al.,
 * "Dynamo", 2007, sections 4.5 and 4.6.
 */
import { type Dot, dotKey, type DotKey, type ReplicaId } from '../../clocks/dot.ts';
import type { Intent } from '../../document/intent.ts';
import type { FieldSpec } from '../../document/schema.ts';
import { reachableMembers, tooFew } from '../coordinated-copy.ts';
import type { MemberNetwork } from '../coordinated-strategy.ts';
import { compareVersions, type Version } from '../version.ts';
import { changed } from '../whole-value.ts';
import type { QuorumMessage, QuorumQuestion, QuorumState } from './messages.ts';
import type { QuorumSettings } from './settings.ts';
import type { VersionedCopy } from './versioned-copy.ts';

/** An edit that was written, with its place among the versions. */
export interface Written {
  readonly dot: Dot;
  readonly version: Version;
  readonly replaces: DotKey;
}

export type QuorumEnd =
  | { readonly kind: 'held'; readonly state: QuorumState; readonly written: Written | null }
  /** Nothing was written. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly written: Written | null };

export interface QuorumTask {
  readonly edit: { readonly dot: Dot; readonly intent: Intent } | null;
  readonly done: (end: QuorumEnd) => void;
}

/** Edits that are carried out together, in their order, or reads that are answered together. */
interface Turn {
  readonly tasks: readonly QuorumTask[];
  readonly deadlineMs: number;
  readonly question: QuorumQuestion;
  readonly answers: Map<ReplicaId, QuorumState>;
  /** What must be held by W members before the turn ends. */
  state: QuorumState | null;
  readonly written: Map<QuorumTask, Written>;
  /** Why the field's value did not allow an edit. */
  readonly refusals: Map<QuorumTask, string>;
  cancel: () => void;
}

/** How a turn ends for those of its tasks that were not refused by the field's value. */
type TurnEnd =
  | { readonly kind: 'held'; readonly state: QuorumState }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Most edits that go together: a window must not stand still while they are carried out. */
export const batchMax = 256;

export interface CoordinatorOptions {
  readonly network: MemberNetwork;
  readonly copy: VersionedCopy;
  readonly settings: () => QuorumSettings;
  readonly nextQuestion: () => QuorumQuestion;
  readonly send: (to: ReplicaId, message: QuorumMessage) => void;
  /** Keeps the names of written edits whose outcome is open, these included; awaited before anything is written. */
  readonly keepOpen: (written: readonly Written[]) => Promise<void>;
  /** Keeps a state here for a member that cannot be reached. */
  readonly standIn: (member: ReplicaId, state: QuorumState) => Promise<void>;
}

export class Coordinator {
  private readonly queue: QuorumTask[] = [];
  private turn: Turn | null = null;

  constructor(private readonly field: FieldSpec, private readonly options: CoordinatorOptions) {}

  /** The edits that have not ended. */
  get openEdits(): Dot[] {
    return [...(this.turn?.tasks ?? []), ...this.queue].flatMap(({ edit }) => edit?.dot ?? []);
  }

  add(task: QuorumTask): void {
    this.queue.push(task);
    if (!this.turn) this.next();
  }

  onAnswer(from: ReplicaId, question: QuorumQuestion, state: QuorumState): void {
    const { turn } = this;
    if (!turn || turn.state || turn.question.number !== question.number || turn.question.life !== question.life) return;
    turn.answers.set(from, state);
    this.options.copy.noteHeld(from, state.version, from);
    this.decideWhenAnswered(turn);
  }

  /** Somebody holds more than before. */
  onHeld(): void {
    const { turn } = this;
    if (!turn?.state || !this.options.copy.holds(this.options.network.self, turn.state.version)) return;
    const { network, copy, settings } = this.options;
    if (copy.holders(turn.state.version, network.members()) >= settings().w) this.end({ kind: 'held', state: turn.state });
  }

  /** Asks members to hold a state, and stand-ins to keep it for those who cannot be reached. */
  spread(state: QuorumState): void {
    const { network, copy, settings, send, standIn } = this.options;
    for (const member of network.members()) {
      if (member === network.self || copy.holds(member, state.version)) continue;
      send(member, { kind: 'store', field: this.field.id, state, hintFor: null });
      if (!settings().sloppy || network.reaches(member) || copy.isHeldFor(member, state.version)) continue;
      const other = standInOf(network, member);
      if (other !== network.self) send(other, { kind: 'store', field: this.field.id, state, hintFor: member });
      else void standIn(member, state).then(() => this.onHeld(), () => undefined);
    }
  }

  protected newestOf(answers: ReadonlyMap<ReplicaId, QuorumState>): QuorumState {
    return [...answers.values()].reduce((newest, each) => (compareVersions(each.version, newest.version) > 0 ? each : newest));
  }

  /** [QUO3] Whether others are asked for their versions before a write. */
  protected asksFirst(_task: QuorumTask): boolean {
    return true;
  }

  private next(): void {
    const { network, settings } = this.options;
    while (!this.turn && this.queue.length > 0) {
      const tasks = this.takeBatch();
      const trouble = unreachable(network, settings(), tasks[0]!.edit !== null);
      if (trouble === null) return this.begin(tasks);
      for (const { done } of tasks) done({ kind: 'refused', reason: trouble });
    }
  }

  private begin(tasks: readonly QuorumTask[]): void {
    const { network, settings, copy, nextQuestion } = this.options;
    const turn: Turn = {
      tasks, deadlineMs: network.clock.nowMs() + settings().outcomeTimeoutMs, question: nextQuestion(), answers: new Map(), state: null, written: new Map(),
      refusals: new Map(), cancel: () => undefined,
    };
    this.turn = turn;
    this.attempt(turn);
    // [QUO13] What this copy wrote last may still be on its way to its disk: to build on what it held before would lose it.
    void copy.settled().then(() => {
      if (this.turn !== turn) return;
      if (this.asksFirst(tasks[0]!)) return this.onAnswer(network.self, turn.question, copy.held);
      turn.answers.set(network.self, copy.held);
      this.decide(turn);
    });
  }

  /** The edits that wait first, or the reads: never both, so that no read shows an edit that was made after it. */
  private takeBatch(): QuorumTask[] {
    const isRead = this.queue[0]?.edit === null;
    const end = this.queue.findIndex(({ edit }) => (edit === null) !== isRead);
    return this.queue.splice(0, Math.min(batchMax, end < 0 ? this.queue.length : end));
  }

  /** Sends what is still to be answered, and again after a while. */
  private attempt(turn: Turn): void {
    const { network, settings, send, copy } = this.options;
    const members = network.members();
    if (turn.state) {
      if (copy.holds(network.self, turn.state.version)) this.spread(turn.state);
    } else if (settings().r > 1) {
      for (const member of members) if (member !== network.self && !turn.answers.has(member)) send(member, { kind: 'ask', field: this.field.id, ...turn.question });
    }
    const leftMs = turn.deadlineMs - network.clock.nowMs();
    turn.cancel = network.clock.after(Math.min(settings().answerTimeoutMs, Math.max(1, leftMs)), () => {
      // Who cannot be reached may have become known since.
      if (!turn.state) this.decideWhenAnswered(turn);
      if (this.turn !== turn) return;
      if (network.clock.nowMs() < turn.deadlineMs) return this.attempt(turn);
      if (!turn.state) return this.end({ kind: 'refused', reason: `${this.answered(turn)} of ${members.length} replicas answered, ${settings().r} needed` });
      this.end({ kind: 'unknown', reason: `${copy.holders(turn.state.version, members)} of ${members.length} replicas are known to hold it, ${settings().w} needed` });
    });
  }

  /** For how many members an answer came: their own, or with a sloppy quorum their stand-in's. [QUO8] */
  private answered({ answers }: Turn): number {
    const { network, settings } = this.options;
    const isStoodIn = (member: ReplicaId): boolean => settings().sloppy && !network.reaches(member) && answers.has(standInOf(network, member));
    return network.members().filter((member) => answers.has(member) || (member !== network.self && isStoodIn(member))).length;
  }

  private decideWhenAnswered(turn: Turn): void {
    const { network, settings } = this.options;
    if (turn.answers.has(network.self) && this.answered(turn) >= settings().r) this.decide(turn);
  }

  private decide(turn: Turn): void {
    const base = this.newestOf(turn.answers);
    if (turn.tasks[0]!.edit === null) return this.finishRead(turn, base);
    let state = base;
    for (const task of turn.tasks) {
      const { dot, intent } = task.edit!;
      const applied = changed(this.field, state.value, intent, dotKey(dot));
      if (!applied.ok) {
        turn.refusals.set(task, applied.reason);
        continue;
      }
      const written: Written = { dot, version: this.options.copy.nextVersion(state.version), replaces: state.last };
      turn.written.set(task, written);
      state = { version: written.version, value: applied.value, last: dotKey(dot), replaces: state.last };
    }
    if (state === base) return this.end({ kind: 'refused', reason: 'none of them changes the field' });
    turn.state = state;
    this.write(turn, state, this.options.keepOpen([...turn.written.values()]));
  }

  /** Sends nothing before it is held here: no later life of this copy may use the version again. */
  private write(turn: Turn, state: QuorumState, kept: Promise<void>): void {
    const go = (): void => {
      if (this.turn !== turn) return;
      this.spread(state);
      this.onHeld();
    };
    const failed = (): void => {
      if (this.turn === turn) this.end({ kind: 'refused', reason: 'this copy could not keep it' });
    };
    void kept.then(() => this.options.copy.hold(state)).then(go, failed);
  }

  private finishRead(turn: Turn, newest: QuorumState): void {
    const { settings, network, copy, send } = this.options;
    if (settings().readRepair || settings().writeBack) {
      for (const [member, { version }] of turn.answers) {
        if (member !== network.self && compareVersions(version, newest.version) < 0) send(member, { kind: 'store', field: this.field.id, state: newest, hintFor: null });
      }
    }
    if (!settings().writeBack || newest.version.counter === 0) {
      if (settings().readRepair) void copy.hold(newest).catch(() => undefined);
      return this.end({ kind: 'held', state: newest });
    }
    turn.state = newest;
    this.write(turn, newest, Promise.resolve());
  }

  private end(end: TurnEnd): void {
    const { turn } = this;
    if (!turn) return;
    turn.cancel();
    try {
      for (const task of turn.tasks) task.done(endOf(task, turn, end));
    } finally {
      this.turn = null;
    }
    this.next();
  }
}

function endOf(task: QuorumTask, { written, refusals }: Turn, end: TurnEnd): QuorumEnd {
  const refusal = refusals.get(task);
  if (refusal !== undefined) return { kind: 'refused', reason: refusal };
  return end.kind === 'refused' ? end : { ...end, written: written.get(task) ?? null };
}

/** [QUO8] Who stands in for a member that cannot be reached: the next one after it that can, the asker where nobody else can. */
function standInOf(network: MemberNetwork, member: ReplicaId): ReplicaId {
  const members = network.members();
  const at = members.indexOf(member);
  return [...members.slice(at + 1), ...members.slice(0, at)].find((other) => other !== network.self && network.reaches(other)) ?? network.self;
}

/** Why an edit or a read must be refused at once, as far as anybody knows who can be reached; else null. [QUO4] */
export function unreachable(network: MemberNetwork, { r, w, sloppy }: QuorumSettings, writes: boolean): string | null {
  const members = network.members();
  const reached = sloppy ? members.length : reachableMembers(network);
  const needed = writes && reached < w ? Math.max(r, w) : r;
  return tooFew(reached, members.length, needed);
}
