/**
 * The coordinator of one field at one member: carries one edit or read after the other through a read quorum and a write quorum.
 *
 * Guarantees: an edit is refused only if nothing was written; accepted only when W members hold its version or a newer one; unknown otherwise. With
 * R + W > N, no stand-ins, and write-back, reads and whole-value writes of a field are linearizable. Read-modify-write is not atomic: of two
 * concurrent edits one can be overwritten.
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
  readonly deadlineMs: number;
  readonly done: (end: QuorumEnd) => void;
}

interface Turn {
  readonly task: QuorumTask;
  readonly question: Question;
  readonly answers: Map<ReplicaId, QuorumState>;
  /** What must be held by W members before the task ends. */
  state: QuorumState | null;
  written: Written | null;
  cancel: () => void;
}

export interface CoordinatorSurroundings {
  readonly line: Line;
  readonly copy: VersionedCopy;
  readonly settings: () => QuorumSettings;
  readonly nextQuestion: () => Question;
  readonly send: (to: ReplicaId, message: QuorumMessage) => void;
  /** Keeps the names of written edits whose outcome is open, this one included; awaited before anything is written. */
  readonly keepOpen: (written: Written) => Promise<void>;
}

export class Coordinator {
  private readonly queue: QuorumTask[] = [];
  private turn: Turn | null = null;

  constructor(private readonly field: FieldSpec, private readonly around: CoordinatorSurroundings) {}

  /** The edits that have not ended. */
  get openEdits(): Dot[] {
    return [this.turn?.task, ...this.queue].flatMap((task) => task?.edit?.dot ?? []);
  }

  /** The edit under way, if it may have been written. */
  get writing(): Written | null {
    return this.turn?.written ?? null;
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
    if (turn.answers.size >= this.around.settings().r) this.decide(turn);
  }

  /** Somebody holds more than before. */
  onHeld(): void {
    const { turn } = this;
    if (!turn?.state || !this.around.copy.holds(this.around.line.self, turn.state.version)) return;
    const { line, copy, settings } = this.around;
    if (copy.holders(turn.state.version, line.members()) >= settings().w) this.end({ kind: 'held', state: turn.state, written: turn.written });
  }

  /** Asks members to hold a state, and stand-ins to keep it for those who cannot be reached. */
  spread(state: QuorumState): void {
    const { line, copy, settings, send } = this.around;
    const members = line.members();
    for (const [at, member] of members.entries()) {
      if (member === line.self || copy.holds(member, state.version)) continue;
      send(member, { kind: 'store', field: this.field.id, state, hintFor: null });
      if (!settings().sloppy || line.reaches(member)) continue;
      const standIn = [...members.slice(at + 1), ...members.slice(0, at)].find((other) => other !== line.self && line.reaches(other));
      if (standIn !== undefined) send(standIn, { kind: 'store', field: this.field.id, state, hintFor: member });
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
    const task = this.queue.shift();
    if (!task) return;
    const trouble = unreachable(this.around.line, this.around.settings(), task.edit !== null);
    if (trouble !== null) {
      task.done({ kind: 'refused', reason: trouble });
      if (!this.turn) this.next();
      return;
    }
    const turn: Turn = { task, question: this.around.nextQuestion(), answers: new Map(), state: null, written: null, cancel: () => undefined };
    this.turn = turn;
    this.attempt(turn);
    if (!this.asksFirst(task)) {
      turn.answers.set(this.around.line.self, this.around.copy.held);
      this.decide(turn);
    } else this.onAnswer(this.around.line.self, turn.question, this.around.copy.held);
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
    const leftMs = turn.task.deadlineMs - line.clock.nowMs();
    turn.cancel = line.clock.after(Math.min(settings().answerTimeoutMs, Math.max(1, leftMs)), () => {
      if (line.clock.nowMs() < turn.task.deadlineMs) return this.attempt(turn);
      if (!turn.state) return this.end({ kind: 'refused', reason: `${turn.answers.size} of ${members.length} replicas answered, ${settings().r} needed` });
      this.end({ kind: 'unknown', reason: `${copy.holders(turn.state.version, members)} of ${members.length} replicas are known to hold it, ${settings().w} needed`, written: turn.written });
    });
  }

  private decide(turn: Turn): void {
    const base = this.newestOf(turn.answers);
    if (!turn.task.edit) return this.finishRead(turn, base);
    const { dot, intent } = turn.task.edit;
    const applied = changed(this.field, base.value, intent, dotKey(dot));
    if (!applied.ok) return this.end({ kind: 'refused', reason: applied.reason });
    const version = this.around.copy.nextVersion(base.version);
    const state: QuorumState = { version, value: applied.value, last: dotKey(dot), replaces: base.last };
    turn.state = state;
    turn.written = { dot, version, replaces: base.last };
    this.write(turn, state, this.around.keepOpen(turn.written));
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
      return this.end({ kind: 'held', state: newest, written: null });
    }
    turn.state = newest;
    this.write(turn, newest, Promise.resolve());
  }

  private end(end: QuorumEnd): void {
    const { turn } = this;
    if (!turn) return;
    turn.cancel();
    this.turn = null;
    turn.task.done(end);
    if (!this.turn) this.next();
  }
}

/** Why an edit or a read must be refused at once, as far as anybody knows who can be reached; else null. [QUO4] */
export function unreachable(line: Line, { r, w, sloppy }: QuorumSettings, writes: boolean): string | null {
  const members = line.members();
  const reached = members.filter((member) => member === line.self || line.reaches(member)).length;
  const holders = sloppy && reached > 1 ? members.length : reached;
  const needed = writes && holders < w ? Math.max(r, w) : r;
  return reached < needed ? `${reached} of ${members.length} replicas reachable, ${needed} needed` : null;
}
