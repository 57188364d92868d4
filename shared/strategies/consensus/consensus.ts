/**
 * Consensus: one CASPaxos register a field. An edit is applied to the newest value that a majority holds, and is accepted by a majority, or not at all.
 *
 * Guarantees: each field's accepted edits form one chain, the same at all copies; every edit is applied at most once; a stock is never below zero; with
 * reads over the same path each field is linearizable. Does not guarantee an answer without a majority: then edits are refused at once, or, where
 * copies may have been asked to accept already, unknown until a majority can be asked. What a window shows (`value`) is the newest value that this copy
 * knows to be chosen: it may be stale, and never goes back.
 * When the membership grows, `confirmCaughtUp` before it grows again: the new majority then holds what the old one held.
 * Source: Rystsov, "CASPaxos: Replicated State Machines without logs", 2018.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type Dot, type DotKey, type ReplicaId } from '../../clocks/dot.ts';
import { type FieldId, fieldOf, type FieldSpec, type FieldValue, type Schema } from '../../document/schema.ts';
import { readText } from '../../encoding/read-plain.ts';
import type { Edit } from '../../history/record.ts';
import { writeWhole } from '../../encoding/write-whole.ts';
import { ComparedCopy } from '../compared-copy.ts';
import { tooFew } from '../coordinated-copy.ts';
import type { CoordinatedStrategy, MemberNetwork, ReadAnswer } from '../coordinated-strategy.ts';
import type { Performed } from '../strategy.ts';
import { compareVersions, mustBeNear, noVersion, type Version } from '../version.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import { readMany } from '../whole-value.ts';
import { Acceptor } from './acceptor.ts';
import { type ConsensusSettings, defaultConsensusSettings } from './settings.ts';
import { type Chosen, type ConsensusMessage, decodeConsensus, encodeConsensus, readAccepted, writeAccepted } from './messages.ts';
import { Proposer, type ProposerOptions, type TaskEnd, verdictOn } from './proposer.ts';
import { type AppliedEdit, appliedEdit, initialState } from './register-state.ts';

/** Where an accepted edit stands in its field's one chain: the number of edits that made the value with it, and the edit that it was applied after. */
export type ConsensusDetails = readonly [version: number, replaces: DotKey];

interface Register {
  readonly field: FieldSpec;
  readonly acceptor: Acceptor;
  readonly proposer: Proposer;
  chosen: Chosen;
  /** Own edits whose outcome is unknown, with the highest ballot at which each may have been accepted. */
  unknown: { readonly dot: Dot; readonly sentAt: Version }[];
}

const openMax = 100_000;

export class Consensus extends ComparedCopy<Register> implements CoordinatedStrategy {
  readonly id = 'consensus';

  constructor(schema: Schema, protected settings: ConsensusSettings = defaultConsensusSettings) {
    super(schema);
  }

  configure(settings: ConsensusSettings): void {
    this.settings = settings;
  }

  /** An edit that the journal holds as pending and that is not among `openEdits` after this was never sent: it did not happen. */
  join(network: MemberNetwork, kept: ReadonlyMap<string, Uint8Array>): void {
    this.enter(network);
    for (const field of this.schema) this.cells.set(field.id, this.open(field, network, kept));
    for (const register of this.cells.values()) this.comeBack(register, network, kept.get(`open/${register.field.id}`));
    this.tickEvery(() => this.settings.summaryEveryMs, this.firstTickMs(this.settings.summaryEveryMs));
  }

  /** The edits made here whose final outcome is open. */
  openEdits(): readonly Dot[] {
    return [...this.cells.values()].flatMap((register) => openOf(register));
  }

  perform(edit: Edit): Performed {
    const { network } = this;
    const { dot, field, intent, ...checked } = this.checked(edit);
    const refusal = checked.refusal ?? tooFew(this.reachable(), network.members().length, this.needed());
    if (refusal !== null) return { trace: { outcome: 'refused', reason: refusal } };
    const register = this.cell(field.id);
    const task = { edit: { dot, intent }, sentAt: null as Version | null, done: (end: TaskEnd) => this.editEnded(register, dot, task.sentAt, end) };
    // Later: the outcome comes after the answer "pending", even where nobody else must be asked.
    network.clock.after(0, () => register.proposer.add(task));
    return { trace: { outcome: 'pending' } };
  }

  /** Reads a field: from a majority, which makes it linearizable, or with `localReads` from this copy. Calls back once, with the value or why there is none. */
  read(field: FieldId, callback: (answer: ReadAnswer) => void): void {
    const register = this.cell(field);
    const answer = ({ state }: Chosen): void => callback({ outcome: 'read', value: state.value, last: state.last });
    if (this.settings.localReads) return answer(register.chosen);
    this.readChosen(register, callback, answer);
  }

  /** When every field was read from a majority of the present members, it holds what a majority of the former ones held. */
  confirmCaughtUp(done: (isCaughtUp: boolean) => void): void {
    let left = this.cells.size;
    let failed = false;
    const end = (): void => {
      if (--left === 0) done(!failed);
    };
    for (const register of this.cells.values()) {
      this.readChosen(register, () => {
        failed = true;
        end();
      }, end);
    }
  }

  private readChosen(register: Register, callback: (answer: ReadAnswer & { readonly outcome: 'refused' }) => void, answer: (chosen: Chosen) => void): void {
    const done = (end: TaskEnd): void => (end.kind === 'given-up' ? callback({ outcome: 'refused', reason: end.reason }) : answer(end.chosen));
    register.proposer.add({ edit: null, sentAt: null, done });
  }

  value(field: FieldId): FieldValue {
    return this.cells.get(field)?.chosen.state.value ?? fieldOf(this.schema, field).initial;
  }

  lastEdit(field: FieldId): DotKey | '' {
    return this.cells.get(field)?.chosen.state.last ?? '';
  }

  /** The edit that made the shown value, and how many edits made it: what the ledger begins from. */
  tip(field: FieldId): { readonly version: number; readonly last: DotKey } {
    const { version, last } = this.cell(field).chosen.state;
    return { version, last };
  }

  receiveFrom(from: ReplicaId, bytes: Uint8Array): void {
    this.mustBeOtherMember(from);
    const message = decodeConsensus(bytes, this.schema);
    if (message.kind === 'summary') return this.receiveVersions(from, message);
    const register = this.cell(message.field);
    const { acceptor, proposer } = register;
    mustBeNear(message.ballot, acceptor.promised, 'the ballot');
    switch (message.kind) {
      case 'prepare':
      case 'accept': return this.onRequest(from, register, message);
      case 'promise':
        if (message.accepted) mustBeNear(message.accepted.ballot, acceptor.promised, 'the accepted ballot');
        return proposer.onPromise(from, message.ballot, message.accepted);
      case 'accepted': return proposer.onAccepted(from, message.ballot);
      case 'conflict':
        mustBeNear(message.promised, acceptor.promised, 'the promised ballot');
        return proposer.onConflict(message.ballot, message.promised);
      case 'chosen': return this.learn(register, message, false);
    }
  }

  receive(delta: Uint8Array): void {
    const all = readWhole(delta, 'a delta of consensus', (decoder) => readMany(decoder, this.schema.length, (at) => {
      const field = readText(at);
      return { field, chosen: readAccepted(at, this.schema, fieldOf(this.schema, field).id) };
    }));
    for (const { field, chosen } of all) if (chosen) this.learn(this.cell(field), chosen, false);
  }

  protected override versionOf({ chosen }: Register): Version {
    return chosen.ballot;
  }

  protected override sendCell(to: ReplicaId, { field, chosen }: Register): void {
    this.network.send(to, encodeConsensus({ kind: 'chosen', field: field.id, ...chosen }));
  }

  protected override sendVersions(to: ReplicaId, asks: boolean): void {
    this.network.send(to, encodeConsensus({ kind: 'summary', asks, versions: this.versions() }));
  }

  protected override writeCell(encoder: encoding.Encoder, { chosen }: Register): void {
    writeAccepted(encoder, chosen);
  }

  /** How many copies must agree. */
  protected needed(): number {
    return this.majority();
  }

  protected makeAcceptor(field: FieldSpec, network: MemberNetwork, kept: ReadonlyMap<string, Uint8Array>): Acceptor {
    return new Acceptor(field, network, this.schema, kept);
  }

  protected makeProposer(field: FieldSpec, options: ProposerOptions): Proposer {
    return new Proposer(field, options);
  }

  private open(field: FieldSpec, network: MemberNetwork, kept: ReadonlyMap<string, Uint8Array>): Register {
    const bytes = kept.get(`chosen/${field.id}`);
    const chosen = bytes ? readWhole(bytes, 'a chosen state', (decoder) => readAccepted(decoder, this.schema, field.id)) : null;
    const acceptor = this.makeAcceptor(field, network, kept);
    const proposer = this.makeProposer(field, {
      network, acceptor, needed: () => this.needed(), keepOpen: () => this.keepOpen(register), answerTimeoutMs: this.settings.answerTimeoutMs, outcomeTimeoutMs: this.settings.outcomeTimeoutMs,
      send: (to, message) => network.send(to, encodeConsensus(message)), learn: (found) => this.learn(register, found, true),
    });
    const register: Register = { field, acceptor, proposer, chosen: chosen ?? { ballot: noVersion, state: initialState(field) }, unknown: [] };
    return register;
  }

  /** [CAS6] What an earlier life left open is unknown, unless what was chosen tells. */
  private comeBack(register: Register, network: MemberNetwork, bytes: Uint8Array | undefined): void {
    if (!bytes) return;
    const counters = readWhole(bytes, 'a list of open edits', (decoder) => readMany(decoder, openMax, decoding.readVarUint));
    // No ballot above the own promise was ever used.
    register.unknown = counters.map((counter) => ({ dot: { replica: network.self, counter }, sentAt: register.acceptor.promised }));
    for (const { dot } of register.unknown) this.noteEarlier(dot);
    this.settleUnknown(register);
    for (const { dot } of register.unknown) network.reportOutcome(dot, { outcome: 'unknown', reason: 'this copy was restarted before it heard the outcome' });
  }

  private onRequest(from: ReplicaId, { acceptor, field: { id: field } }: Register, message: ConsensusMessage & { readonly kind: 'prepare' | 'accept' }): void {
    const { ballot } = message;
    if (ballot.replica !== from) throw new RangeError(`${from} used a ballot of ${ballot.replica}`);
    const say = (answer: ConsensusMessage): void => this.network.send(from, encodeConsensus(answer));
    // A promise that could not be kept is no promise: nothing is said then.
    if (message.kind === 'prepare') void acceptor.promise(ballot)?.then((accepted) => say({ kind: 'promise', field, ballot, accepted }), () => undefined);
    else void acceptor.accept(ballot, message.state)?.then(() => say({ kind: 'accepted', field, ballot }), () => undefined);
    if (compareVersions(acceptor.promised, ballot) > 0) say({ kind: 'conflict', field, ballot, promised: acceptor.promised });
  }

  private editEnded(register: Register, dot: Dot, sentAt: Version | null, end: TaskEnd): void {
    const { network } = this;
    if (end.kind === 'given-up') {
      if (!sentAt) return network.reportOutcome(dot, { outcome: 'refused', reason: end.reason });
      register.unknown.push({ dot, sentAt });
      network.reportOutcome(dot, { outcome: 'unknown', reason: end.reason });
      return this.settleUnknown(register);
    }
    const found = appliedEdit(end.chosen.state, dot);
    if (found) this.accept(dot, found);
    else network.reportOutcome(dot, { outcome: 'refused', reason: end.refusal ?? 'it was not applied' });
  }

  private accept(dot: Dot, { version, replaces }: AppliedEdit): void {
    const details: ConsensusDetails = [version, replaces];
    this.network.reportOutcome(dot, { outcome: 'accepted', details });
  }

  /** Takes note of what was chosen; whoever found it tells the others. */
  private learn(register: Register, { ballot, state }: Chosen, first: boolean): void {
    const { network } = this;
    const { field } = register;
    if (compareVersions(ballot, register.chosen.ballot) > 0) {
      mustBeNear(ballot, register.acceptor.promised, 'the chosen ballot');
      const before = register.chosen.state;
      const chosen = { ballot, state };
      register.chosen = chosen;
      void network.persist(`chosen/${field.id}`, writeWhole((encoder) => writeAccepted(encoder, chosen))).catch(() => undefined);
      this.settleUnknown(register);
      if (before.version !== state.version) this.listeners.tell(new Set([field.id]));
    }
    if (!first) return;
    const message = encodeConsensus({ kind: 'chosen', field: field.id, ballot, state });
    for (const member of this.others()) network.send(member, message);
  }

  private settleUnknown(register: Register): void {
    const open: typeof register.unknown = [];
    for (const each of register.unknown) {
      const verdict = verdictOn(each.dot, each.sentAt, register.chosen);
      if (verdict === null) open.push(each);
      else if (verdict === 'never') this.network.reportOutcome(each.dot, { outcome: 'refused', reason: 'it did not happen: a later value was chosen without it' });
      else if (verdict) this.accept(each.dot, verdict);
    }
    register.unknown = open;
  }

  /** Edits that wait to be proposed need no keeping: nobody else has heard of them. */
  private keepOpen(register: Register): { openFrom: number; kept: Promise<void> } {
    const counters = [...register.unknown.map(({ dot }) => dot), ...register.proposer.proposedEdits].map(({ counter }) => counter);
    const kept = this.network.persist(`open/${register.field.id}`, writeWhole((encoder) => {
      encoding.writeVarUint(encoder, counters.length);
      for (const counter of counters) encoding.writeVarUint(encoder, counter);
    }));
    const openFrom = counters.reduce((least, each) => Math.min(least, each), Number.MAX_SAFE_INTEGER);
    return { openFrom, kept };
  }

  /** Compares notes with one member after the other, and asks a majority about what is unknown. */
  protected override tick(): void {
    this.compareWithNext();
    if (this.reachable() < this.needed()) return;
    for (const register of this.cells.values()) {
      if (register.unknown.length === 0 || !register.proposer.idle) continue;
      register.proposer.add({ edit: null, sentAt: null, done: () => undefined });
    }
  }
}

function openOf({ unknown, proposer }: Register): Dot[] {
  return [...unknown.map(({ dot }) => dot), ...proposer.openEdits];
}
