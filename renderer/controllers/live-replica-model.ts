/** The session of a real replica: what its parts know and do, behind the one face that the elements know. */
import * as Y from 'yjs';
import type { FieldAuthors } from '../../shared/analysis/authors.ts';
import type { LedgerFindings } from '../../shared/analysis/ledger-mirror.ts';
import type { ReviewItem } from '../../shared/analysis/review-item.ts';
import type { RejoinView } from '../../shared/analysis/rejoin-views.ts';
import type { StrategyTotals } from '../../shared/analysis/strategy-figures.ts';
import type { ControlMessage } from '../../shared/control/control-message.ts';
import type { LabSettings, SettingsChange } from '../../shared/control/lab-settings.ts';
import type { ReplicaStatus } from '../../shared/control/replica-status.ts';
import type { ScenarioView } from '../../shared/control/scenario-view.ts';
import type { WindowCommand } from '../../shared/control/window-commands.ts';
import type { Intent } from '../../shared/document/intent.ts';
import { type FieldId, type FieldValue, labSchema, type Schema } from '../../shared/document/schema.ts';
import { Listeners } from '../../shared/encoding/listeners.ts';
import { toJsonLines } from '../../shared/history/json-lines.ts';
import { type StrategyId, strategyIds } from '../../shared/history/record.ts';
import type { ReplicaEvent } from '../../shared/replica/replica-options.ts';
import { gatheredCalls } from './gathered-calls.ts';
import type { LiveParts } from './live-parts.ts';
import { LiveConnection } from './live-replica/live-connection.ts';
import { LiveEdits } from './live-replica/live-edits.ts';
import { LiveLeadership } from './live-replica/live-leadership.ts';
import { LiveReads } from './live-replica/live-reads.ts';
import { LiveReview } from './live-replica/live-review.ts';
import { LiveSettings } from './live-replica/live-settings.ts';
import type { Reach } from './reach.ts';
import type { EditStanding, LastRead, ReplicaModel, WaitingSibling } from './replica-model.ts';
import type { ReviewAnswers } from './review-answers.ts';
import type { Survival } from './survival.ts';
import { answerCommand } from './window-commands.ts';
import type { WindowPast } from './window-past.ts';
import type { WindowPhase } from './window-phase.ts';

export class LiveReplicaModel implements ReplicaModel {
  readonly runningStrategies = strategyIds;
  private readonly listeners = new Listeners<() => void>();
  private readonly edits: LiveEdits;
  private readonly reads: LiveReads;
  private readonly leadership: LiveLeadership;
  private readonly roomSettings: LiveSettings;
  private readonly connection: LiveConnection;
  private readonly review: LiveReview;
  private isOver = false;

  constructor(private readonly parts: LiveParts) {
    const { replica, connection, control, strategies } = parts;
    const { siblings, singleLeader } = strategies;
    const [changed, tell] = [() => this.changed(), () => this.tell()];
    this.edits = new LiveEdits({ replica, siblings, changed: tell });
    this.reads = new LiveReads({ replica, changed: tell });
    this.leadership = new LiveLeadership({ replica, singleLeader, promoted: changed, changed: tell });
    this.roomSettings = new LiveSettings({ ...parts, leader: () => this.leader, changed: tell });
    this.connection = new LiveConnection({ ...parts, found: this, changed });
    this.review = new LiveReview({ ...parts, doc: strategies.crdt.doc, connection: this.connection, edits: this.edits, settings: this.roomSettings, judged: () => this.judged(), changed: tell });
    replica.onEvent((event) => this.onReplica(event));
    for (const strategy of strategies.all) strategy.onChange(gatheredCalls(changed));
    connection.onChange(changed);
    control.listen({ opened: () => this.connection.announceAnew(), received: (message) => this.onControl(message) });
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
    this.review.columnsChanged();
    this.tell();
  }

  addedUp(field: FieldId): number {
    return this.edits.addedUp(field);
  }

  siblings(field: FieldId): readonly WaitingSibling[] {
    return this.edits.siblings(field);
  }

  resolve(field: FieldId, value: FieldValue, keeps: readonly string[]): void {
    this.edits.resolve(field, value, keeps);
  }

  value(strategy: StrategyId, field: FieldId): FieldValue {
    return this.edits.value(strategy, field);
  }

  draft(strategy: StrategyId, field: FieldId): FieldValue {
    return this.edits.draft(strategy, field);
  }

  standing(strategy: StrategyId, field: FieldId): EditStanding {
    return this.edits.standing(strategy, field);
  }

  perform(field: FieldId, intent: Intent, column: StrategyId): void {
    this.edits.make(field, intent, { column });
  }

  performIn(column: StrategyId, field: FieldId, intent: Intent): void {
    this.edits.make(field, intent, { only: [column], column });
  }

  note(strategy: StrategyId): string {
    return this.roomSettings.note(strategy);
  }

  get leader(): string | null {
    return this.leadership.leader;
  }

  promote(): void {
    this.parts.notes.promoted();
    this.leadership.promote();
  }

  get announcement(): string {
    return this.leadership.announcement;
  }

  get readable(): readonly string[] {
    return this.parts.replica.reachable;
  }

  readFrom(replica: string): Promise<void> {
    return this.reads.from(replica);
  }

  get lastRead(): LastRead | null {
    return this.reads.last;
  }

  forgetRead(): void {
    this.reads.forget();
  }

  get online(): boolean {
    return this.connection.online;
  }

  setOnline(online: boolean): void {
    this.connection.setOnline(online);
  }

  get status(): ReplicaStatus {
    return this.connection.status;
  }

  get reach(): Reach {
    return this.connection.reach;
  }

  get statusText(): string {
    return this.connection.statusText;
  }

  get peers(): readonly string[] {
    return this.connection.peers;
  }

  get others(): readonly string[] {
    return this.connection.others;
  }

  get clockText(): string {
    return this.connection.edits.toString();
  }

  get skewMs(): number {
    return this.connection.skewMs;
  }

  setSkewMs(skewMs: number): void {
    this.connection.setSkewMs(skewMs);
  }

  get settings(): LabSettings {
    return this.roomSettings.current;
  }

  setSettings(change: SettingsChange): Promise<void> {
    return this.roomSettings.put(change);
  }

  get totals(): readonly StrategyTotals[] {
    return this.review.found.totals;
  }

  get survival(): Survival {
    return this.review.survival;
  }

  get rejoins(): readonly RejoinView[] {
    return this.review.found.rejoins;
  }

  authors(strategy: StrategyId, field: FieldId): FieldAuthors | undefined {
    return this.review.authors(strategy, field);
  }

  get waitingIn(): Readonly<Record<FieldId, number>> {
    return this.review.found.waiting;
  }

  get phase(): WindowPhase {
    return this.connection.phase;
  }

  get concurrentActions(): number {
    return this.review.found.concurrentActions;
  }

  putBack({ putBack }: Pick<ReviewItem, 'putBack'>): void {
    if (putBack) this.answers.restore(putBack);
  }

  get items(): LedgerFindings['items'] {
    return this.review.found.items;
  }

  get answers(): ReviewAnswers {
    return this.review.answers;
  }

  get past(): WindowPast {
    return this.review.past;
  }

  get scenario(): ScenarioView | null {
    return this.connection.room?.scenario ?? null;
  }

  get trouble(): string | null {
    return this.parts.connection.trouble ?? this.edits.trouble ?? this.review.trouble ?? this.roomSettings.trouble;
  }

  history(): string {
    return toJsonLines(this.schema, this.runningStrategies, this.parts.replica.records, { events: this.parts.notes.all(), document: Y.encodeStateAsUpdate(this.parts.strategies.crdt.doc) });
  }

  emptyRoom(): Promise<void> {
    return this.roomSettings.emptyRoom();
  }

  subscribe(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  /** Tells the person of something that went wrong here; it stays until an edit succeeds. */
  setTrouble(error: unknown): void {
    this.edits.setTrouble(error);
  }

  private onReplica(event: ReplicaEvent): void {
    if (event.kind === 'emptied') return this.over();
    if (event.kind === 'trouble') this.edits.setReplicaTrouble(event.trouble);
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
    this.connection.follow(message);
    this.roomSettings.follow(message.room.settings);
    this.review.schedule();
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
    const hasRejoined = this.connection.notice();
    this.review.schedule(this.connection.isMeeting, hasRejoined);
    this.connection.announce();
    this.tell();
  }

  /** There is a new ledger. */
  private judged(): void {
    this.connection.announceRejoin();
    this.tell();
  }

  private tell(): void {
    this.listeners.callEach((listener) => listener());
  }
}
