/** The session of a real replica: replica, connection, control channel and ledger behind the one face that the elements know. */
import * as Y from 'yjs';
import type { FieldAuthors } from '../../shared/analysis/authors.ts';
import type { LedgerFindings, LedgerQuestion } from '../../shared/analysis/ledger-mirror.ts';
import type { ReviewItem } from '../../shared/analysis/review-item.ts';
import type { RejoinView } from '../../shared/analysis/rejoin-views.ts';
import type { StrategyTotals } from '../../shared/analysis/strategy-figures.ts';
import type { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { ControlMessage } from '../../shared/control/control-message.ts';
import { defaultSettings, type LabSettings, type SettingsChange } from '../../shared/control/lab-settings.ts';
import type { ReplicaStatus } from '../../shared/control/replica-status.ts';
import type { RoomView } from '../../shared/control/room-view.ts';
import type { ScenarioView } from '../../shared/control/scenario-view.ts';
import type { WindowCommand } from '../../shared/control/window-commands.ts';
import type { Intent } from '../../shared/document/intent.ts';
import { type FieldId, type FieldValue, labSchema, type Schema } from '../../shared/document/schema.ts';
import { errorText } from '../../shared/encoding/error-text.ts';
import { Listeners } from '../../shared/encoding/listeners.ts';
import { answerTo } from '../../shared/history/answer-to.ts';
import { EditNumbers } from '../../shared/history/edit-numbers.ts';
import { toJsonLines } from '../../shared/history/json-lines.ts';
import { type EditRecord, type StrategyId, strategyIds } from '../../shared/history/record.ts';
import type { ReplicaEvent } from '../../shared/replica/replica-options.ts';
import { Announcer } from './announcer.ts';
import { draftValue } from './draft-value.ts';
import { gatheredCalls } from './gathered-calls.ts';
import { everywhere, type KnownClocks, reachedClocks } from './known-clocks.ts';
import { LiveLedger } from './live-ledger.ts';
import type { LiveParts } from './live-parts.ts';
import { promotionWords } from './promotion-words.ts';
import { fullReach, type Reach, reachOf } from './reach.ts';
import { RejoinWatch } from './rejoin-watch.ts';
import { ReviewAnswers } from './review-answers.ts';
import type { EditStanding, LastRead, ReplicaModel, WaitingSibling } from './replica-model.ts';
import { ShownRefusals } from './shown-refusals.ts';
import { statusTextOf } from './status-text.ts';
import { waitingActions } from './waiting-actions.ts';
import { strategyNote } from './strategy-note.ts';
import { type Survival, survivalOf } from './survival.ts';
import { replicaStatus } from './replica-status.ts';
import { WindowPast } from './window-past.ts';
import { sinceAllHad, windowPhase, type WindowPhase } from './window-phase.ts';
import { answerCommand } from './window-commands.ts';

/** How long the outcome of a promotion is shown; the column's head says who leads after that. */
const announcementMs = 8_000;

export class LiveReplicaModel implements ReplicaModel {
  readonly runningStrategies = strategyIds;
  settings: LabSettings = defaultSettings;
  lastRead: LastRead | null = null;
  announcement = '';
  reach: Reach = fullReach;
  private readonly listeners = new Listeners<() => void>();
  private readonly live: LiveLedger;
  private readonly numbers = new EditNumbers();
  private readonly refusals = new ShownRefusals();
  private roomView: RoomView | null = null;
  private replicaTrouble: string | null = null;
  private labTrouble: string | null = null;
  private windowTrouble: string | null = null;
  private readonly announcer: Announcer;
  private readonly watch: RejoinWatch;
  /** When the latest rejoin of the ledger ended; null: there is none, or it has not. */
  private rejoinEndedMs: number | null = null;
  private isOver = false;
  readonly past: WindowPast;
  readonly answers = new ReviewAnswers(this, (field, intent, options) => this.tried(() => this.parts.replica.perform(field, intent, options)), () => this.tell(), (strategy, dot) => answerTo(dot, strategy, this.parts.replica.records));

  constructor(private readonly parts: LiveParts) {
    const { replica, connection, control, strategies, notes, columns } = parts;
    this.past = new WindowPast({ replica, control, notes: () => notes.all(), strategies: () => columns.shown, ask: (id, question) => this.live.lookBack(id, question), changed: () => this.tell() });
    this.live = new LiveLedger({ openLine: parts.openLedger, clock: parts.clock, replica, doc: strategies.crdt.doc, question: () => this.ledgerQuestion(), changed: () => this.judged(), lookedBack: (found) => this.past.found(found) });
    this.watch = new RejoinWatch(this.name, (ms) => parts.clock.after(ms, () => this.changed()));
    this.announcer = new Announcer(connection, control, () => this.status);
    replica.onEvent((event) => this.onReplica(event));
    for (const strategy of strategies.all) strategy.onChange(gatheredCalls(() => this.changed()));
    connection.onChange(() => this.changed());
    control.listen({ opened: () => this.announcer.tellAnew(), received: (message) => this.onControl(message) });
    if (replica.damage.length > 0) this.setTrouble(`${replica.damage.length} stored edits could not be read (${replica.damage[0]}).`);
    this.changed();
  }

  get name(): string {
    return this.parts.replica.id;
  }

  get room(): string {
    return this.parts.room;
  }

  get schema(): Schema {
    return this.parts.replica.schema;
  }

  get strategies(): readonly StrategyId[] {
    return this.parts.columns.shown;
  }

  showStrategy(strategy: StrategyId, shown: boolean): void {
    this.parts.columns.show(strategy, shown);
    this.live.schedule();
    this.past.columnsChanged();
    this.tell();
  }

  addedUp(field: FieldId): number {
    return this.parts.strategies.siblings.addedUp(field);
  }

  siblings(field: FieldId): readonly WaitingSibling[] {
    return this.parts.strategies.siblings.waiting(field).map(({ key, dot, value }) => ({ key, from: dot.replica, value }));
  }

  resolve(field: FieldId, value: FieldValue, keeps: readonly string[]): void {
    this.tried(() => this.parts.replica.perform(field, { kind: 'resolve', value, keeps }, { only: ['siblings'] }));
  }

  value(strategy: StrategyId, field: FieldId): FieldValue {
    return this.parts.replica.value(strategy, field);
  }

  draft(strategy: StrategyId, field: FieldId): FieldValue {
    return draftValue(this.parts.replica, strategy, field);
  }

  standing(strategy: StrategyId, field: FieldId): EditStanding {
    const { replica } = this.parts;
    const newest = this.refusals.current(`${strategy}/${field}`, replica.newestEdit(strategy, field), () => this.value(strategy, field));
    return { pending: replica.openActions(strategy, field), newest };
  }

  perform(field: FieldId, intent: Intent, column: StrategyId): void {
    this.tried(() => this.parts.replica.perform(field, intent, { column }));
  }

  note(strategy: StrategyId): string {
    const { name, leader, settings, parts: { replica: { members } } } = this;
    return strategyNote(strategy, { name, members, leader, settings });
  }

  get leader(): string | null {
    return this.parts.replica.members.includes(this.name) ? this.parts.strategies.singleLeader.leader : null;
  }

  promote(): void {
    this.parts.notes.promoted();
    this.parts.strategies.singleLeader.promote((how) => {
      this.announcement = promotionWords(this.name, how);
      this.changed();
      setTimeout(() => {
        this.announcement = '';
        this.tell();
      }, announcementMs);
    });
  }

  get readable(): readonly string[] {
    return this.parts.replica.reachable;
  }

  async readFrom(replica: string): Promise<void> {
    this.lastRead = { at: replica, seen: null, problem: null };
    this.tell();
    this.lastRead = await this.parts.replica.readFrom(replica).then((seen) => ({ at: replica, seen, problem: null }), (error: unknown) => ({ at: replica, seen: null, problem: errorText(error) }));
    this.tell();
  }

  forgetRead(): void {
    this.lastRead = null;
    this.tell();
  }

  get online(): boolean {
    return this.parts.connection.isOnline;
  }

  setOnline(online: boolean): void {
    this.parts.connection.isOnline = online;
    this.parts.remember('online', String(online));
  }

  get status(): ReplicaStatus {
    return replicaStatus(this.parts, this.edits, this.rejoins.at(-1));
  }

  get statusText(): string {
    const { status: { connection, allSaved, waiting }, phase, reach } = this;
    // What the relay has of a window that it keeps apart waits all the same.
    const isKeptApart = phase === 'apart' && connection === 'synced';
    return statusTextOf({ connection, allSaved, waiting: isKeptApart ? waitingActions(this) : waiting }, reach);
  }

  get peers(): readonly string[] {
    return this.parts.connection.peers.map((peer) => peer?.replica ?? 'another client').sort();
  }

  get others(): readonly string[] {
    return (this.roomView?.replicas ?? []).map(({ replica }) => replica).filter((replica) => replica !== this.name).sort();
  }

  /** How many edits of each replica are here. */
  private get edits(): VersionVector {
    const { records, clock } = this.parts.replica;
    return this.numbers.take(records).clockOf(clock);
  }

  get clockText(): string {
    return this.edits.toString();
  }

  get skewMs(): number {
    return this.parts.replica.skewMs;
  }

  setSkewMs(skewMs: number): void {
    this.parts.replica.skewMs = Math.round(skewMs);
    this.parts.remember('skewMs', String(Math.round(skewMs)));
    this.changed();
  }

  async setSettings(change: SettingsChange): Promise<void> {
    await this.parts.lab.putSettings(change);
  }

  get totals(): readonly StrategyTotals[] {
    return this.live.found.totals;
  }

  get survival(): Survival {
    const { name, totals, strategies: shown, live: { isCurrent: isJudged }, parts: { replica: { clock, saved } } } = this;
    return survivalOf({ name, clock, saved, windows: this.roomView?.replicas ?? null, totals, shown, isJudged });
  }

  get rejoins(): readonly RejoinView[] {
    return this.live.found.rejoins;
  }

  authors(strategy: StrategyId, field: FieldId): FieldAuthors | undefined {
    return this.live.found.authors[strategy]?.[field];
  }

  get waitingIn(): Readonly<Record<FieldId, number>> {
    return this.live.found.waiting;
  }

  get phase(): WindowPhase {
    return windowPhase(this.online, this.reach, this.watch.rejoins);
  }

  get concurrentActions(): number {
    return this.live.found.concurrentActions;
  }

  putBack({ putBack }: Pick<ReviewItem, 'putBack'>): void {
    if (putBack) this.answers.restore(putBack);
  }

  get items(): LedgerFindings['items'] {
    return this.live.found.items;
  }

  performIn(column: StrategyId, field: FieldId, intent: Intent): void {
    this.tried(() => this.parts.replica.perform(field, intent, { only: [column], column }));
  }

  get scenario(): ScenarioView | null {
    return this.roomView?.scenario ?? null;
  }

  get trouble(): string | null {
    return this.parts.connection.trouble ?? this.replicaTrouble ?? this.windowTrouble ?? this.live.trouble ?? this.labTrouble;
  }

  history(): string {
    return toJsonLines(this.schema, this.runningStrategies, this.parts.replica.records, { events: this.parts.notes.all(), document: Y.encodeStateAsUpdate(this.parts.strategies.crdt.doc) });
  }

  async emptyRoom(): Promise<void> {
    await this.parts.lab.emptyRoom().catch((error: unknown) => this.setLabTrouble(error));
  }

  subscribe(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  /** Tells the person of something that went wrong here; it stays until an edit succeeds. */
  setTrouble(error: unknown): void {
    this.windowTrouble = errorText(error);
    this.tell();
  }

  /** Tells the person that the lab did not answer; it stays until the lab is heard of again. */
  private setLabTrouble(error: unknown): void {
    this.labTrouble = errorText(error);
    this.tell();
  }

  /** An edit that cannot be made is told to the person in its own words. */
  private tried(edit: () => EditRecord): EditRecord | null {
    try {
      const record = edit();
      this.windowTrouble = null;
      return record;
    } catch (error) {
      this.setTrouble(error);
      return null;
    }
  }

  private ledgerQuestion(): LedgerQuestion {
    const { name: viewer, strategies: shown, phase, watch, settings: { enabled, siblings } } = this;
    const allHave = everywhere(this.known);
    const rejoins = watch.rejoins.map((each) => ({ ...each, had: each.had.entries(), others: each.others.entries() }));
    const since = sinceAllHad(phase, watch.rejoins, allHave).entries();
    return { everywhere: allHave.entries(), enabled, siblings, viewer, shown, rejoins, since };
  }

  private get known(): KnownClocks {
    const { name, roomView: room, parts: { replica: { clock, saved }, connection: { peers } } } = this;
    return { name, clock, saved, room, peers };
  }

  private onReplica(event: ReplicaEvent): void {
    if (event.kind === 'emptied') return this.over();
    if (event.kind === 'trouble') this.replicaTrouble = event.trouble;
    if (this.parts.connection.isDocumentSaved) this.parts.replica.releaseCarried(this.parts.replica.clock.get(this.name));
    this.changed();
  }

  private onControl(message: ControlMessage): void {
    if (message.kind === 'emptied') return this.over();
    if (message.kind === 'network' && message.replica === this.name) return this.setOnline(message.online);
    if (message.kind === 'do') return this.obey(message.id, message.command);
    if (message.kind !== 'lab') return;
    // The room has another document now: what is here belongs to the old one.
    if (JSON.stringify(message.room.settings.schema ?? labSchema) !== JSON.stringify(this.schema)) return this.over();
    this.roomView = message.room;
    this.reach = reachOf(this.name, message);
    this.labTrouble = null;
    this.settings = message.room.settings;
    this.parts.columns.follow(this.settings);
    this.parts.strategies.configure(this.settings);
    this.parts.replica.enable(this.settings.enabled);
    this.live.schedule();
    this.tell();
  }

  private obey(id: number, command: WindowCommand): void {
    const { replica, strategies, control, advance, crash, notes } = this.parts;
    const window = { replica, strategies, advance, crash, promoted: () => notes.promoted(), status: () => this.status, setOnline: (online: boolean) => this.setOnline(online), setSkewMs: (skewMs: number) => this.setSkewMs(skewMs) };
    void answerCommand(window, id, command).then((answer) => control.send(answer));
  }

  private over(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.parts.connection.close();
    this.parts.startOver();
  }

  private changed(): void {
    const hasRejoined = this.watch.notice({ atMs: this.parts.clock.wallMs(), clock: this.parts.replica.clock, online: this.online, reached: reachedClocks(this.known) });
    const isMeeting = this.parts.connection.state === 'open' || this.watch.isUnderWay;
    this.live.schedule(isMeeting, hasRejoined);
    this.announcer.schedule();
    this.tell();
  }

  /** There is a new ledger. */
  private judged(): void {
    const endedMs = this.rejoins.at(-1)?.endedMs ?? null;
    // To announce is to read the whole document.
    if (endedMs !== this.rejoinEndedMs) this.announcer.schedule();
    this.rejoinEndedMs = endedMs;
    this.tell();
  }

  private tell(): void {
    this.listeners.callEach((listener) => listener());
  }
}
