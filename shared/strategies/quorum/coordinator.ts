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
import type { Line } from '../conversing.ts';
import { compareVersions, type Version } from '../version.ts';
import { changed } from '../whole-value.ts';
import type { Question, QuorumMessage, QuorumState } from './messages.ts';
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
  readonly question: Question;
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

export interface CoordinatorSurroundings {
  readonly line: Line;
  readonly copy: VersionedCopy;
  readonly settings: () => QuorumSettings;
  readonly nextQuestion: () => Question;
  readonly send: (to: ReplicaId, message: QuorumMessage) => void;
  /** Keeps the names of written edits whose outcome is open, these included; awaited before anything is written. */
  readonly keepOpen: (written: readonly Written[]) => Promise<void>;
  /** Keeps a state here for a member that cannot be reached. */
  readonly standIn: (member: ReplicaId, state: QuorumState) => Promise<void>;
}

export class Coordinator {
  private readonly queue: QuorumTask[] = [];
  private turn: Turn | null = null;

  constructor(private readonly field: FieldSpec, private readonly around: CoordinatorSurroundings) {}

  /** The edits that have not ended. */
  get openEdits(): Dot[] {
    return [...(this.turn?.tasks ?? []), ...this.queue].flatMap(({ edit }) => edit?.dot ?? []);
  }

  add(task: QuorumTask): void {
    this.queue.push(task);
    if (!this.turn) this.next();
  }

  onAnswer(from: ReplicaId, question: Question, state: QuorumState): void {
    const { turn } = this;
    if (!turn || turn.state || turn.question.number !== question.number || turn.question.life !== question.life) return;
    turn.answers.set(from, state);
    this.around.copy.noteHeld(from, state.version, from);
    this.decideWhenAnswered(turn);
  }

  /** Somebody holds more than before. */
  onHeld(): void {
    const { turn } = this;
    if (!turn?.state || !this.around.copy.holds(this.around.line.self, turn.state.version)) return;
    const { line, copy, settings } = this.around;
    if (copy.holders(turn.state.version, line.members()) >= settings().w) this.end({ kind: 'held', state: turn.state });
  }

  /** Asks members to hold a state, and stand-ins to keep it for those who cannot be reached. */
  spread(state: QuorumState): void {
    const { line, copy, settings, send, standIn } = this.around;
    for (const member of line.members()) {
      if (member === line.self || copy.holds(member, state.version)) continue;
      send(member, { kind: 'store', field: this.field.id, state, hintFor: null });
      if (!settings().sloppy || line.reaches(member) || copy.isHeldFor(member, state.version)) continue;
      const other = standInOf(line, member);
      if (other !== line.self) send(other, { kind: 'store', field: this.field.id, state, hintFor: member });
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
    const { line, settings } = this.around;
    while (!this.turn && this.queue.length > 0) {
      const tasks = this.takeBatch();
      const trouble = unreachable(line, settings(), tasks[0]!.edit !== null);
      if (trouble === null) return this.begin(tasks);
      for (const { done } of tasks) done({ kind: 'refused', reason: trouble });
    }
  }

  private begin(tasks: readonly QuorumTask[]): void {
    const { line, settings, copy, nextQuestion } = this.around;
    const turn: Turn = {
      tasks, deadlineMs: line.clock.nowMs() + settings().outcomeTimeoutMs, question: nextQuestion(), answers: new Map(), state: null, written: new Map(),
      refusals: new Map(), cancel: () => undefined,
    };
    this.turn = turn;
    this.attempt(turn);
    // [QUO13] What this copy wrote last may still be on its way to its disk: to build on what it held before would lose it.
    void copy.settled().then(() => {
      if (this.turn !== turn) return;
      if (this.asksFirst(tasks[0]!)) return this.onAnswer(line.self, turn.question, copy.held);
      turn.answers.set(line.self, copy.held);
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
    const { line, settings, send, copy } = this.around;
    const members = line.members();
    if (turn.state) {
      if (copy.holds(line.self, turn.state.version)) this.spread(turn.state);
    } else if (settings().r > 1) {
      for (const member of members) if (member !== line.self && !turn.answers.has(member)) send(member, { kind: 'ask', field: this.field.id, ...turn.question });
    }
    const leftMs = turn.deadlineMs - line.clock.nowMs();
    turn.cancel = line.clock.after(Math.min(settings().answerTimeoutMs, Math.max(1, leftMs)), () => {
      // Who cannot be reached may have become known since.
      if (!turn.state) this.decideWhenAnswered(turn);
      if (this.turn !== turn) return;
      if (line.clock.nowMs() < turn.deadlineMs) return this.attempt(turn);
      if (!turn.state) return this.end({ kind: 'refused', reason: `${this.answered(turn)} of ${members.length} replicas answered, ${settings().r} needed` });
      this.end({ kind: 'unknown', reason: `${copy.holders(turn.state.version, members)} of ${members.length} replicas are known to hold it, ${settings().w} needed` });
    });
  }

  /** For how many members an answer came: their own, or with a sloppy quorum their stand-in's. [QUO8] */
  private answered({ answers }: Turn): number {
    const { line, settings } = this.around;
    const isStoodIn = (member: ReplicaId): boolean => settings().sloppy && !line.reaches(member) && answers.has(standInOf(line, member));
    return line.members().filter((member) => answers.has(member) || (member !== line.self && isStoodIn(member))).length;
  }

  private decideWhenAnswered(turn: Turn): void {
    const { line, settings } = this.around;
    if (turn.answers.has(line.self) && this.answered(turn) >= settings().r) this.decide(turn);
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
      const written: Written = { dot, version: this.around.copy.nextVersion(state.version), replaces: state.last };
      turn.written.set(task, written);
      state = { version: written.version, value: applied.value, last: dotKey(dot), replaces: state.last };
    }
    if (state === base) return this.end({ kind: 'refused', reason: 'none of them changes the field' });
    turn.state = state;
    this.write(turn, state, this.around.keepOpen([...turn.written.values()]));
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
    void kept.then(() => this.around.copy.hold(state)).then(go, failed);
  }

  private finishRead(turn: Turn, newest: QuorumState): void {
    const { settings, line, copy, send } = this.around;
    if (settings().readRepair || settings().writeBack) {
      for (const [member, { version }] of turn.answers) {
        if (member !== line.self && compareVersions(version, newest.version) < 0) send(member, { kind: 'store', field: this.field.id, state: newest, hintFor: null });
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
function standInOf(line: Line, member: ReplicaId): ReplicaId {
  const members = line.members();
  const at = members.indexOf(member);
  return [...members.slice(at + 1), ...members.slice(0, at)].find((other) => other !== line.self && line.reaches(other)) ?? line.self;
}

/** Why an edit or a read must be refused at once, as far as anybody knows who can be reached; else null. [QUO4] */
export function unreachable(line: Line, { r, w, sloppy }: QuorumSettings, writes: boolean): string | null {
  const members = line.members();
  const reached = sloppy ? members.length : members.filter((member) => member === line.self || line.reaches(member)).length;
  const needed = writes && reached < w ? Math.max(r, w) : r;
  return reached < needed ? `${reached} of ${members.length} replicas reachable, ${needed} needed` : null;
}
