/**
 * Quorum: each field is a versioned value at all members. A write needs W of them to hold it, a read R of them to answer; the highest version wins.
 *
 * Guarantees convergence while versions are compared (anti-entropy) or all writes arrive, and what the coordinator (coordinator.ts) says of outcomes.
 * Does not guarantee that an accepted edit survives: a concurrent one of a higher version overwrites it. What a window shows (`value`) is this copy's
 * own, as a read with R = 1; `read` asks R copies.
 * Source: Gifford, "Weighted Voting for Replicated Data", 1979; DeCandia et al., "Dynamo: Amazon's Highly Available Key-value Store", 2007.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type Dot, dotKey, type DotKey, parseDot, type ReplicaId } from '../../clocks/dot.ts';
import { type FieldId, fieldOf, type FieldSpec, type FieldValue, type Schema } from '../../document/schema.ts';
import { readText } from '../../encoding/read-plain.ts';
import type { Edit } from '../../history/record.ts';
import { writeWhole } from '../../encoding/write-whole.ts';
import { ComparedCopy } from '../compared-copy.ts';
import type { CoordinatedStrategy, MemberNetwork, ReadAnswer } from '../coordinated-strategy.ts';
import type { Performed } from '../strategy.ts';
import { compareVersions, mustBeNear, readVersion, type Version, writeVersion } from '../version.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import { readKey, readMany } from '../whole-value.ts';
import { Coordinator, type CoordinatorOptions, type QuorumEnd, unreachable, type Written } from './coordinator.ts';
import { Hints } from './hints.ts';
import { decodeQuorum, encodeQuorum, type QuorumMessage, type QuorumQuestion, readQuorumState, writeQuorumState } from './messages.ts';
import { defaultQuorumSettings, mustBeQuorum, type QuorumSettings } from './settings.ts';
import { VersionedCopy } from './versioned-copy.ts';

/** What the ledger needs of an accepted edit: its version, and the edit whose value it was applied to. */
export type QuorumDetails = readonly [counter: number, replica: ReplicaId, replaces: DotKey];

interface Cell {
  readonly field: FieldSpec;
  readonly copy: VersionedCopy;
  readonly coordinator: Coordinator;
  /** Own writes that too few are known to hold. */
  unknown: Written[];
}

const openMax = 100_000;

export class Quorum extends ComparedCopy<Cell> implements CoordinatedStrategy {
  readonly id = 'quorum';
  private hints: Hints | null = null;
  private life = 1;

  /** Throws a RangeError if R or W is not a whole number from 1; joining throws one if there are fewer members. */
  constructor(schema: Schema, private settings: QuorumSettings = defaultQuorumSettings) {
    super(schema);
    mustBeQuorum(settings);
  }

  /** Changes the settings of what begins from now on; throws a RangeError, and changes nothing, where they are impossible. */
  configure(settings: QuorumSettings): void {
    mustBeQuorum(settings);
    this.settings = settings;
  }

  /** An edit that the journal holds as pending and that is not among `openEdits` after this was never written: it did not happen. */
  join(network: MemberNetwork, kept: ReadonlyMap<string, Uint8Array>): void {
    this.enter(network);
    this.hints = new Hints(network, this.schema, kept);
    const life = kept.get('life');
    this.life = life ? readWhole(life, 'a number of lives', decoding.readVarUint) + 1 : 1;
    const begun = network.persist('life', writeWhole((encoder) => encoding.writeVarUint(encoder, this.life)));
    for (const field of this.schema) this.cells.set(field.id, this.open(field, network, kept.get(`value/${field.id}`), begun));
    for (const cell of this.cells.values()) this.comeBack(cell, network, kept.get(`open/${cell.field.id}`));
    this.tickEvery(() => this.settings.everyMs, this.firstTickMs(this.settings.everyMs));
  }

  /** The edits made here whose final outcome is open. */
  openEdits(): readonly Dot[] {
    return [...this.cells.values()].flatMap(({ unknown, coordinator }) => [...unknown.map(({ dot }) => dot), ...coordinator.openEdits]);
  }

  perform(edit: Edit): Performed {
    const { network } = this;
    const { dot, field, intent, ...checked } = this.checked(edit);
    const cell = this.cell(field.id);
    const refusal = checked.refusal ?? unreachable(network, this.settings, true);
    if (refusal !== null) return { trace: { outcome: 'refused', reason: refusal } };
    // Later: the outcome comes after the answer "pending", even where nobody else must be asked.
    network.clock.after(0, () => cell.coordinator.add({ edit: { dot, intent }, done: (end) => this.editEnded(cell, dot, end) }));
    return { trace: { outcome: 'pending' } };
  }

  /** Reads a field from R copies. Calls back once, with the value or why there is none. */
  read(field: FieldId, callback: (answer: ReadAnswer) => void): void {
    const done = (end: QuorumEnd): void => {
      if (end.kind === 'held') callback({ outcome: 'read', value: end.state.value, last: end.state.last });
      else callback({ outcome: 'refused', reason: end.reason });
    };
    this.cell(field).coordinator.add({ edit: null, done });
  }

  /** At once: how many copies hold a value is what R and W say, whoever the members are. */
  confirmCaughtUp(done: (isCaughtUp: boolean) => void): void {
    done(true);
  }

  value(field: FieldId): FieldValue {
    return this.cells.get(field)?.copy.held.value ?? fieldOf(this.schema, field).initial;
  }

  lastEdit(field: FieldId): DotKey | '' {
    return this.cells.get(field)?.copy.held.last ?? '';
  }

  /** The version of the shown value and the edit that made it: what the ledger begins from. */
  tip(field: FieldId): { readonly version: Version; readonly last: DotKey } {
    const { version, last } = this.cell(field).copy.held;
    return { version, last };
  }

  /** How many states this copy keeps for members that could not be reached. */
  get hintCount(): number {
    return this.hints?.all().length ?? 0;
  }

  receiveFrom(from: ReplicaId, bytes: Uint8Array): void {
    const { network } = this;
    this.mustBeOtherMember(from);
    const message = decodeQuorum(bytes, this.schema);
    if (message.kind === 'versions') return this.receiveVersions(from, message);
    const cell = this.cell(message.field);
    const { copy, coordinator, field: { id: field } } = cell;
    const known = copy.newest.version;
    switch (message.kind) {
      case 'ask': return network.send(from, encodeQuorum({ ...message, kind: 'answer', state: copy.held }));
      case 'answer':
        mustBeNear(message.state.version, known, 'the version');
        return coordinator.onAnswer(from, message, message.state);
      case 'store': return this.onStore(from, cell, message);
      case 'held':
        mustBeNear(message.version, known, 'the version');
        if (message.on !== from && !this.settings.sloppy) return;
        copy.noteHeld(message.on, message.version, from);
        if (message.on === from) this.hints!.handedOver(from, field, message.version);
        coordinator.onHeld();
        return this.settleUnknown(cell);
    }
  }

  /** Takes over newer values; they are shown once they are kept. */
  receive(delta: Uint8Array): void {
    const states = readWhole(delta, 'a delta of a quorum', (decoder) => readMany(decoder, this.schema.length, (at) => {
      const cell = this.cell(readText(at));
      const state = readQuorumState(at, cell.field);
      mustBeNear(state.version, cell.copy.newest.version, 'the version');
      return { cell, state };
    }));
    for (const { cell, state } of states) void cell.copy.hold(state).catch(() => undefined);
  }

  protected override versionOf({ copy }: Cell): Version {
    return copy.held.version;
  }

  protected override sendCell(to: ReplicaId, { field, copy }: Cell): void {
    this.network.send(to, encodeQuorum({ kind: 'store', field: field.id, state: copy.held, hintFor: null }));
  }

  protected override sendVersions(to: ReplicaId, asks: boolean): void {
    this.network.send(to, encodeQuorum({ kind: 'versions', asks, versions: this.versions() }));
  }

  protected override writeCell(encoder: encoding.Encoder, { copy }: Cell): void {
    writeQuorumState(encoder, copy.held);
  }

  protected makeCopy(field: FieldSpec, network: MemberNetwork, kept: Uint8Array | undefined, changed: () => void): VersionedCopy {
    return new VersionedCopy(field, network, kept, changed);
  }

  protected makeCoordinator(field: FieldSpec, options: CoordinatorOptions): Coordinator {
    return new Coordinator(field, options);
  }

  private open(field: FieldSpec, network: MemberNetwork, kept: Uint8Array | undefined, begun: Promise<void>): Cell {
    let questions = 0;
    const copy = this.makeCopy(field, network, kept, () => this.listeners.tell(new Set([field.id])));
    const coordinator = this.makeCoordinator(field, {
      network, copy, settings: () => this.settings,
      nextQuestion: (): QuorumQuestion => ({ life: this.life, number: ++questions }),
      // Questions of one life must not be taken for those of another.
      send: (to, message) => (message.kind === 'ask' ? void begun.then(() => network.send(to, encodeQuorum(message)), () => undefined) : network.send(to, encodeQuorum(message))),
      keepOpen: (written) => this.keepOpen(cell, [...cell.unknown, ...written]),
      standIn: (member, state) => this.hints!.add({ member, field: field.id, state }).then(() => copy.noteHeld(member, state.version, network.self)),
    });
    const cell: Cell = { field, copy, coordinator, unknown: [] };
    return cell;
  }

  /** [QUO5] What an earlier life left open is unknown; what it did not even hold itself never left it. */
  private comeBack(cell: Cell, network: MemberNetwork, bytes: Uint8Array | undefined): void {
    if (!bytes) return;
    const open = readWhole(bytes, 'a list of open edits', (decoder) => readMany(decoder, openMax, (at): Written => ({ dot: parseDot(readText(at)), version: readVersion(at), replaces: readKey(at) })));
    for (const written of open) {
      this.noteEarlier(written.dot);
      if (compareVersions(cell.copy.held.version, written.version) < 0) network.reportOutcome(written.dot, { outcome: 'refused', reason: 'this copy was restarted before it wrote anything' });
      else {
        cell.unknown.push(written);
        network.reportOutcome(written.dot, { outcome: 'unknown', reason: 'this copy was restarted before it heard the outcome', details: detailsOf(written) });
      }
    }
    // What is said to be refused must not be found open again by a later life, when this copy may hold newer versions.
    if (cell.unknown.length < open.length) void this.keepOpen(cell, cell.unknown).catch(() => undefined);
  }

  private onStore(from: ReplicaId, { copy, field: { id: field } }: Cell, { state, hintFor }: QuorumMessage & { readonly kind: 'store' }): void {
    const { network } = this;
    mustBeNear(state.version, copy.newest.version, 'the version');
    if (hintFor !== null && !network.members().includes(hintFor)) throw new RangeError(`${hintFor} is not a member`);
    const say = (on: ReplicaId): void => network.send(from, encodeQuorum({ kind: 'held', field, version: state.version, on }));
    void copy.hold(state).then(() => say(network.self), () => undefined);
    if (hintFor !== null && hintFor !== network.self) void this.hints!.add({ member: hintFor, field, state }).then(() => say(hintFor), () => undefined);
  }

  private editEnded(cell: Cell, dot: Dot, end: QuorumEnd): void {
    const { network } = this;
    if (end.kind === 'refused') return network.reportOutcome(dot, { outcome: 'refused', reason: end.reason });
    if (end.kind === 'held') return this.accept(end.written!);
    cell.unknown.push(end.written!);
    network.reportOutcome(dot, { outcome: 'unknown', reason: end.reason, details: detailsOf(end.written!) });
  }

  private accept(written: Written): void {
    this.network.reportOutcome(written.dot, { outcome: 'accepted', details: detailsOf(written) });
  }

  private settleUnknown(cell: Cell): void {
    const { network } = this;
    const members = network.members();
    // Its own copy among them: after a crash it would else say of what it never held that it was never written.
    const decided = cell.unknown.filter(({ version }) => cell.copy.holds(network.self, version) && cell.copy.holders(version, members) >= this.settings.w);
    if (decided.length === 0) return;
    cell.unknown = cell.unknown.filter((each) => !decided.includes(each));
    for (const written of decided) this.accept(written);
  }

  private keepOpen({ field }: Cell, open: readonly Written[]): Promise<void> {
    return this.network.persist(`open/${field.id}`, writeWhole((encoder) => {
      encoding.writeVarUint(encoder, open.length);
      for (const { dot, version, replaces } of open) {
        encoding.writeVarString(encoder, dotKey(dot));
        writeVersion(encoder, version);
        encoding.writeVarString(encoder, replaces);
      }
    }));
  }

  /** Sends again what is unknown, hands over hints, and compares versions with one member after the other. */
  protected override tick(): void {
    const { network } = this;
    for (const cell of this.cells.values()) {
      this.settleUnknown(cell);
      if (cell.unknown.length > 0) cell.coordinator.spread(cell.copy.held);
    }
    for (const { member, field, state } of this.hints!.all()) if (network.reaches(member)) network.send(member, encodeQuorum({ kind: 'store', field, state, hintFor: null }));
    if (this.settings.antiEntropy) this.compareWithNext();
  }
}

function detailsOf({ version, replaces }: Written): QuorumDetails {
  return [version.counter, version.replica, replaces];
}
