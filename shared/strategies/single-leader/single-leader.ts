/**
 * Single leader: one replica orders all edits in a log, the others follow.
 *
 * Guarantees: the log of a term is its leader's, and all copies that follow hold a prefix of it; an edit is in a log at most once. Synchronous by a majority:
 * an acknowledged edit survives as long as nobody is promoted alone. Does not guarantee that an acknowledged edit survives otherwise: after a promotion
 * during a partition both sides go on, and the lower term's entries that the higher one lacks are rolled back and listed (`rolledBack`, `onRollBack`).
 * Every copy asks whoever leads until its edit is answered; so an unknown one settles when a leader can be reached.
 * Source: Oki, Liskov, "Viewstamped Replication", 1988; Ongaro, Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014, sections 5.3 and
 * 5.4 (matching of logs, entries of earlier terms); MySQL's and PostgreSQL's asynchronous replicas with promotion by hand.
 */
import { type Dot, dotKey, type DotKey, type ReplicaId } from '../../clocks/dot.ts';
import { type FieldId, fieldOf, type FieldValue, type Schema } from '../../document/schema.ts';
import { Listeners } from '../../encoding/listeners.ts';
import type { Edit } from '../../history/record.ts';
import { writeWhole } from '../../encoding/write-whole.ts';
import { tooFew } from '../coordinated-copy.ts';
import type { CoordinatedStrategy, MemberNetwork, ReadAnswer } from '../coordinated-strategy.ts';
import type { Performed } from '../strategy.ts';
import { compareVersions, mustBeNear, noVersion, readVersion, writeVersion } from '../version.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import { changed } from '../whole-value.ts';
import { decodeLeader, encodeLeader, type LogEntry } from './messages.ts';
import { Candidacy, type LeaderMessageOf } from './candidacy.ts';
import { notBegun, type OpenEdit, OpenEditSlots, readTermKept } from './kept.ts';
import { ReplicatedLog } from './replicated-log.ts';
import { defaultSingleLeaderSettings, type SingleLeaderSettings } from './settings.ts';

/** Where an accepted edit stands: the term and the leader that made its entry, the entry's place in the log, and the edit of its field that it was applied after. */
export type SingleLeaderDetails = readonly [term: number, leader: ReplicaId, index: number, replaces: DotKey];

interface Open extends OpenEdit {
  /** Until when the leader may answer; null before it was asked. */
  deadlineMs: number | null;
  unknown: boolean;
}

/** Most entries in one message. */
const batch = 64;

export class SingleLeader extends Candidacy implements CoordinatedStrategy {
  readonly id = 'single-leader';
  private committed = 0;
  private readonly open = new Map<DotKey, Open>();
  private readonly rollBackListeners = new Listeners<(dots: readonly Dot[]) => void>();
  private slots!: OpenEditSlots;

  constructor(schema: Schema, protected override settings: SingleLeaderSettings = defaultSingleLeaderSettings) {
    super(schema);
  }

  /** Changes how many copies must hold what is not yet acknowledged, and who can be promoted. */
  configure(settings: SingleLeaderSettings): void {
    this.settings = settings;
    if (this.role === 'leader') this.commit();
  }

  /** An edit that the journal holds as pending and that is not among `openEdits` after this was never sent: it did not happen. */
  join(network: MemberNetwork, kept: ReadonlyMap<string, Uint8Array>): void {
    this.enter(network);
    this.log = new ReplicatedLog(this.schema, network, kept);
    const term = kept.get('term');
    // [LEAD11] The first member leads at first.
    [this.term, this.begun] = term ? readTermKept(term) : [{ counter: 1, replica: network.members()[0]! }, 0];
    if (this.term.replica === network.self && this.begun !== notBegun) this.role = 'leader';
    this.slots = new OpenEditSlots(network, this.schema, kept);
    for (const edit of this.slots.found) {
      this.open.set(dotKey(edit.dot), { ...edit, deadlineMs: null, unknown: false });
      this.noteEarlier(edit.dot);
    }
    if (this.role === 'leader') this.resume();
    // It was about to lead when it crashed: nobody else leads that term.
    else if (this.leader === network.self) this.stand(false, () => undefined);
    this.tickEvery(() => this.settings.everyMs, this.settings.everyMs);
  }

  /** Settled when the leader knows that a majority of the present members holds all that it has acknowledged; followers cannot tell. */
  confirmCaughtUp(done: (isCaughtUp: boolean) => void): void {
    const holders = this.network.members().filter((member) => member === this.network.self || this.followers.heldBy(member) >= this.committed).length;
    done(this.role === 'leader' && holders >= this.majority());
  }

  /** Reads this copy: a follower's may be behind the leader's. */
  read(field: FieldId, callback: (answer: ReadAnswer) => void): void {
    const { value, last } = this.log.atShown(fieldOf(this.schema, field).id);
    callback({ outcome: 'read', value, last });
  }

  openEdits(): readonly Dot[] {
    return [...this.open.values()].map(({ dot }) => dot);
  }

  /** The edits that this copy held, and lost to a leader of a higher term. Acknowledged ones among them are gone; others are asked for again by their makers. */
  rolledBack(): readonly Dot[] {
    return this.log.rolledBack();
  }

  /**
   * The shown log's edits that took effect, by key: what the ledger goes by. An edit that two leaders of a partition were asked for may have been
   * acknowledged at another place than the one that survived.
   */
  shownEdits(): ReadonlyMap<DotKey, SingleLeaderDetails> {
    return new Map(this.log.entries.slice(0, this.committed).flatMap(({ term, edit }, i) => (edit && edit.refusal === null ? [[dotKey(edit.dot), [term.counter, term.replica, i + 1, edit.replaces]] as const] : [])));
  }

  /** Calls the listener with edits that are rolled back. Returns a function that stops it. */
  onRollBack(listener: (dots: readonly Dot[]) => void): () => void {
    return this.rollBackListeners.add(listener);
  }

  perform(edit: Edit): Performed {
    const { dot, field, intent, ...checked } = this.checked(edit);
    const refusal = checked.refusal ?? this.unreachable();
    if (refusal !== null) return { trace: { outcome: 'refused', reason: refusal } };
    const open: Open = { dot, field: field.id, intent, deadlineMs: null, unknown: false };
    this.open.set(dotKey(dot), open);
    void this.slots.add(open).then(() => this.ask(open), () => undefined);
    return { trace: { outcome: 'pending' } };
  }

  value(field: FieldId): FieldValue {
    return this.log ? this.log.atShown(fieldOf(this.schema, field).id).value : fieldOf(this.schema, field).initial;
  }

  lastEdit(field: FieldId): DotKey | '' {
    return this.log ? this.log.atShown(field).last : '';
  }

  /** The edit that made the shown value: what the ledger begins from. */
  tip(field: FieldId): DotKey {
    return this.log.atShown(field).last;
  }

  receiveFrom(from: ReplicaId, bytes: Uint8Array): void {
    this.mustBeOtherMember(from);
    const message = decodeLeader(bytes, this.schema);
    const { kind, term } = message;
    mustBeNear(term, this.term, 'the term');
    const ofLeader = kind === 'append' || kind === 'answer' || kind === 'inquire' || kind === 'fetch';
    if (ofLeader && term.replica !== from) throw new RangeError(`${from} does not lead term ${term.counter} of ${term.replica}`);
    if (kind === 'forward' && message.dot.replica !== from) throw new RangeError(`${dotKey(message.dot)} was not made at ${from}`);
    const order = compareVersions(term, this.term);
    if (order < 0) return kind === 'outdated' ? undefined : this.whenKept(() => this.say(from, { kind: 'outdated', term: this.term }));
    if (order > 0) this.stepDown(term);
    switch (kind) {
      case 'append': return this.onAppend(from, message);
      case 'appended': return this.onAppended(from, message.matched);
      case 'differs': return this.onDiffers(from, message.from);
      case 'forward': return this.role === 'leader' ? this.propose(message) : undefined;
      case 'answer': return this.onAnswer(message);
      case 'inquire': return this.whenKept(() => this.say(from, { kind: 'standing', term, lastTerm: this.log.lastTerm, length: this.log.length }));
      case 'standing': return this.onStanding(from, message);
      case 'fetch': return this.whenKept(() => this.say(from, { kind: 'log', term, entries: this.log.entries }));
      case 'log': return this.onLog(message.entries);
    }
  }

  summary(): Uint8Array {
    return writeWhole((encoder) => writeVersion(encoder, this.term));
  }

  /** The log, for a copy that follows this leader or none so high. */
  delta(summary: Uint8Array): Uint8Array {
    readWhole(summary, 'a summary', readVersion);
    const entries = this.log.entries.slice(0, this.log.keptLength);
    return encodeLeader({ kind: 'append', term: this.term, begun: this.begun === notBegun ? entries.length : this.begun, after: 0, afterTerm: noVersion, committed: this.committed, entries: this.role === 'leader' ? entries : [] });
  }

  receive(delta: Uint8Array): void {
    const message = decodeLeader(delta, this.schema);
    if (message.kind !== 'append') throw new RangeError('not a delta of a single leader');
    mustBeNear(message.term, this.term, 'the term');
    if (compareVersions(message.term, this.term) < 0 || message.term.replica === this.network.self) return;
    if (compareVersions(message.term, this.term) > 0) this.stepDown(message.term);
    this.follow(message);
  }

  /** How many copies must hold an entry. */
  protected needed(): number {
    if (this.settings.replication === 'asynchronous') return 1;
    return this.settings.replication === 'all' ? this.network.members().length : this.majority();
  }

  protected placeOf(key: DotKey): number | undefined {
    return this.log.placeOf(key);
  }

  private unreachable(): string | null {
    const { network } = this;
    if (this.leader !== network.self) return network.reaches(this.leader) ? null : `the leader ${this.leader} cannot be reached`;
    return tooFew(this.reachable(), network.members().length, this.needed());
  }

  /** Asks whoever leads to carry out an edit of this copy. */
  private ask(open: Open): void {
    if (!this.open.has(dotKey(open.dot))) return;
    open.deadlineMs ??= this.network.clock.nowMs() + this.settings.outcomeTimeoutMs;
    if (this.role === 'leader') return this.propose(open);
    if (this.leader !== this.network.self) this.say(this.leader, { kind: 'forward', term: this.term, dot: open.dot, field: open.field, intent: open.intent });
  }

  /** [LEAD1] Puts an edit into the log, once; answers when it is committed. */
  private propose({ dot, field, intent }: Pick<Open, 'dot' | 'field' | 'intent'>): void {
    const place = this.placeOf(dotKey(dot));
    if (place !== undefined) return place <= this.committed ? this.answer(place) : undefined;
    const { value, last } = this.log.atEnd(field);
    const applied = changed(fieldOf(this.schema, field), value, intent, dotKey(dot));
    this.extend({ term: this.term, edit: { dot, field, intent, replaces: last, refusal: applied.ok ? null : applied.reason } });
  }

  /** Puts the mark into the log, unless a crash or an edit came between and an entry of the term stands there already. */
  protected override beginTerm(): void {
    if (compareVersions(this.log.lastTerm, this.term) !== 0) this.extend({ term: this.term, edit: null });
  }

  /** Goes on leading after a crash or a failing store: with the mark, without which nothing of earlier terms is committed. */
  private resume(): void {
    if (this.role !== 'leader') return;
    if (this.log.length > 0) this.beginTerm();
    this.commit();
  }

  private extend(entry: LogEntry): void {
    const { term } = this;
    // Nothing is sent before it is kept: another life of this leader must not put something else in its place.
    void this.log.append([entry]).then(() => {
      if (this.role !== 'leader' || this.term !== term) return;
      for (const member of this.others()) this.replicateRest(member);
      this.commit();
    }, () => undefined);
  }

  /** Sends on what was not sent yet. */
  private replicateRest(member: ReplicaId): void {
    if ((this.followers.nextOf(member) ?? -1) < this.log.keptLength) this.replicate(member);
  }

  private replicate(member: ReplicaId): void {
    const after = Math.min(this.followers.nextOf(member) ?? this.log.keptLength, this.log.keptLength);
    const entries = this.log.entries.slice(after, Math.min(after + batch, this.log.keptLength));
    this.say(member, { kind: 'append', term: this.term, begun: this.begun, after, afterTerm: this.log.termAt(after), committed: this.committed, entries });
    this.followers.onSent(member, after + entries.length);
  }

  private onAppend(from: ReplicaId, message: LeaderMessageOf<'append'>): void {
    const { after, afterTerm } = message;
    if (after > this.log.length || compareVersions(this.log.termAt(after), afterTerm) !== 0) {
      // Back to before the run of entries that differs.
      let back = Math.min(after, this.log.length);
      const term = this.log.termAt(back);
      if (after <= this.log.length) while (back > 0 && compareVersions(this.log.termAt(back), term) === 0) back--;
      return this.say(from, { kind: 'differs', term: this.term, from: back });
    }
    this.follow(message);
    const { term } = this;
    this.whenKept(() => compareVersions(this.term, term) === 0 && this.say(from, { kind: 'appended', term, matched: after + message.entries.length }));
  }

  /** Makes the log the leader's, as far as the message goes. */
  private follow({ after, begun, entries, committed, term }: LeaderMessageOf<'append'>): void {
    const same = entries.findIndex((entry, i) => after + i >= this.log.length || compareVersions(this.log.termAt(after + i + 1), entry.term) !== 0);
    if (same >= 0) {
      this.cutTo(after + same);
      void this.log.append(entries.slice(same)).catch(() => undefined);
    }
    // What stands beyond the term's beginning and is of another term is not in the leader's log.
    for (let index = Math.max(begun, after + entries.length) + 1; index <= this.log.length; index++) {
      if (compareVersions(this.log.termAt(index), term) !== 0) this.cutTo(index - 1);
    }
    const from = Math.min(this.committed, this.log.length);
    this.committed = Math.max(from, Math.min(committed, after + entries.length));
    this.listeners.tell(this.log.show(this.committed));
    this.tellReturned(from);
    this.endAnswered();
  }

  private onAppended(from: ReplicaId, matched: number): void {
    if (this.role !== 'leader') return;
    if (matched > this.log.length) throw new RangeError(`${from} says that it has ${matched} entries of ${this.log.length}`);
    this.followers.onHeld(from, matched);
    this.replicateRest(from);
    this.commit();
  }

  private onDiffers(from: ReplicaId, back: number): void {
    if (this.role === 'leader' && this.followers.onDiffers(from, back, this.log.keptLength)) this.replicate(from);
  }

  /** Counts only up to entries of its own term: what earlier terms left is safe with them. */
  private commit(): void {
    const counts = this.network.members().map((member) => (member === this.network.self ? this.log.keptLength : this.followers.heldBy(member))).sort((a, b) => b - a);
    const reached = counts[this.needed() - 1] ?? 0;
    if (reached <= this.committed || compareVersions(this.log.termAt(reached), this.term) !== 0) return;
    const from = this.committed;
    this.committed = reached;
    this.listeners.tell(this.log.show(reached));
    this.tellReturned(from);
    for (let index = from + 1; index <= reached; index++) this.answer(index);
    for (const member of this.others()) this.replicate(member);
  }

  private answer(index: number): void {
    const { edit } = this.log.entries[index - 1]!;
    if (!edit) return;
    const message: LeaderMessageOf<'answer'> = { kind: 'answer', term: this.term, madeIn: this.log.termAt(index), index, dot: edit.dot, replaces: edit.replaces, refusal: edit.refusal };
    if (edit.dot.replica === this.network.self) this.onAnswer(message);
    else this.say(edit.dot.replica, message);
  }

  private onAnswer({ madeIn, index, dot, replaces, refusal }: LeaderMessageOf<'answer'>): void {
    if (!this.open.delete(dotKey(dot))) return;
    this.slots.remove(dot);
    const details: SingleLeaderDetails = [madeIn.counter, madeIn.replica, index, replaces];
    this.network.reportOutcome(dot, refusal === null ? { outcome: 'accepted', details } : { outcome: 'refused', reason: refusal });
  }

  /** Own edits that the log shows to be committed need no answer. */
  private endAnswered(): void {
    for (const [key, { dot }] of this.open) {
      const place = this.log.placeOf(key);
      const entry = place !== undefined && place <= this.committed ? this.log.entries[place - 1] : undefined;
      if (entry?.edit) this.onAnswer({ kind: 'answer', term: this.term, madeIn: entry.term, index: place!, dot, replaces: entry.edit.replaces, refusal: entry.edit.refusal });
    }
  }

  /**
   * Says where edits stand that this copy had rolled back, or made and was maybe told otherwise: the two leaders of a partition were both asked for
   * them, and what the one refused the other may have taken.
   */
  private tellReturned(from: number): void {
    for (let index = from + 1; index <= this.committed; index++) {
      const { term, edit } = this.log.entries[index - 1]!;
      if (!edit || edit.refusal !== null || (edit.dot.replica !== this.network.self && !this.log.wasRolledBack(dotKey(edit.dot)))) continue;
      const details: SingleLeaderDetails = [term.counter, term.replica, index, edit.replaces];
      this.network.reportOutcome(edit.dot, { outcome: 'accepted', details });
    }
  }

  private tellRolledBack(length: number): void {
    for (let index = length + 1; index <= this.log.length; index++) {
      const { term, edit } = this.log.entries[index - 1]!;
      if (!edit || edit.refusal !== null) continue;
      this.network.reportOutcome(edit.dot, { outcome: 'rolled-back', reason: `${this.leader} leads now and does not have it`, details: [term.counter, term.replica, index] });
    }
  }

  protected override cutTo(length: number): void {
    this.tellRolledBack(length);
    const gone = this.log.cutTo(length);
    this.committed = Math.min(this.committed, length);
    if (gone.length === 0) return;
    this.rollBackListeners.callEach((listener) => listener(gone));
    this.listeners.tell(new Set(this.schema.map(({ id }) => id)));
  }

  /** Tells followers that it leads, sends again, and says of what is not answered in time that it is unknown. */
  protected override tick(): void {
    const { network } = this;
    if (this.role === 'leader') {
      this.whenKept(() => this.resume());
      this.followers.sendAgain();
      for (const member of this.others()) this.replicate(member);
    } else if (this.role === 'candidate') this.whenKept(() => this.role === 'candidate' && this.inquire());
    for (const open of [...this.open.values()]) {
      if (!open.unknown && open.deadlineMs !== null && network.clock.nowMs() >= open.deadlineMs) {
        open.unknown = true;
        network.reportOutcome(open.dot, { outcome: 'unknown', reason: `the leader ${this.leader} did not answer` });
      }
      this.ask(open);
    }
  }
}
