/**
 * Scenarios in windows: which one a room plays, and how far it has come. Choosing one empties the room and gives it the scenario's document and settings,
 * with the columns of its strategies on stage.
 *
 * Guarantees: one play at a time in a room; a new choice ends the old one. What the room had before its first scenario outlives the lab's process; how far
 * a scenario has come does not. Figures and verdicts at the end are those of the control room.
 */
import { roomLedger } from '../../analysis/room-ledger.ts';
import type { RoomLimits } from '../../analysis/room-verdicts.ts';
import { defaultSettings, type LabSettings, nextColumnsMs } from '../lab-settings.ts';
import type { ScenarioView } from '../scenario-view.ts';
import type { FieldId, FieldValue, Schema } from '../../document/schema.ts';
import { errorText } from '../../encoding/error-text.ts';
import type { StrategyId } from '../../history/record.ts';
import type { Clock } from '../../ports/clock.ts';
import { judge, type Judgement, type RunEnding } from '../../scenarios/judgement.ts';
import { FieldMinimums } from '../../scenarios/field-minimums.ts';
import { play } from '../../scenarios/player.ts';
import { readingMs } from '../../scenarios/reading-time.ts';
import type { Scenario, Step } from '../../scenarios/scenario.ts';
import { presetShownBy } from '../../scenarios/scenario-names.ts';
import { describeStep } from '../../scenarios/describe-step.ts';
import type { LabRelay } from '../lab-relay.ts';
import type { Room } from '../../relay/room/room.ts';
import type { ControlChannel } from '../channel/control-channel.ts';
import { Problem } from '../problem.ts';
import type { RoomMoments } from '../room/room-moments.ts';
import type { RoomVerdicts } from '../room/room-verdicts.ts';
import { settingsOf, stagedIn, type StagedScenario, storedSettings } from '../room/room-settings.ts';
import type { RoomViews } from '../room/room-views.ts';
import { isOfText } from '../scenario-names.ts';
import { ScenarioTexts, scenarioOf } from './scenario-texts.ts';
import { Cancellation, delay } from './cancellation.ts';
import type { ScenarioLibrary } from './scenario-library.ts';
import { WindowsStage } from './windows-stage.ts';

export interface RoomScenariosOptions {
  readonly clock: Clock;
  readonly relay: () => LabRelay;
  readonly channel: ControlChannel;
  readonly views: RoomViews;
  readonly verdicts: RoomVerdicts;
  readonly moments: RoomMoments;
  readonly schemaOf: (room: Room) => Schema;
  /** What there is to choose from; null: scenarios come as texts only. */
  readonly library: ScenarioLibrary | null;
  readonly report: (line: string) => void;
  readonly changed: (room: Room) => void;
}

/** A scenario of the catalogue or of the room by its name, or a text in YAML or JSON. */
export type ScenarioChoice = { readonly name: string } | { readonly text: string };

interface Playing {
  readonly name: string;
  readonly scenario: Scenario;
  readonly ending: Cancellation;
  begun: number;
  /** Of the steps that were begun. */
  readonly beganMs: number[];
  /** Of the steps that are done. */
  readonly endedMs: number[];
  state: ScenarioView['state'];
  /** How far its windows' clocks were made to go on, in milliseconds. */
  advancedMs: () => number;
  trouble: string | null;
  judgements: readonly Judgement[];
  /** How many steps may begin. */
  credit: number;
  /** Called when there is credit again, while it waits for some. */
  wake: (() => void) | null;
  waitMsMax: number;
  /** How long people see a step before the next one begins, by its sentence. */
  paceOf: (sentence: string | null) => number;
  /** While people read: ends it. */
  reading: Cancellation | null;
}

/** How long a step that waits may take, where nobody says otherwise, in milliseconds. */
export const usualPaceMs = 1_000;
/** How long to wait, at the end, until all show the same, in milliseconds. */
const convergeMsMax = 8_000;
const limits: RoomLimits = { stepsMax: 200_000, operationsMax: 2_000 };

export class RoomScenarios {
  private readonly playing = new Map<string, Playing>();
  private readonly texts = new ScenarioTexts();

  constructor(private readonly options: RoomScenariosOptions) {}

  /** What there is to choose from, in the order of their names; those of presets come last, and then those that came to this room as texts. */
  async catalogue(room: string | null): Promise<{ readonly name: string; readonly title: string; readonly lookAt: string; readonly replicas: readonly string[] }[]> {
    const names = (await this.options.library?.names()) ?? [];
    const ofRoom = room === null ? [] : this.texts.names(room);
    return Promise.all([...names, ...ofRoom].map(async (name) => {
      const { title, lookAt, replicas } = await this.named(name, room);
      return { name, title, lookAt, replicas };
    }));
  }

  view(room: Room): ScenarioView | null {
    const playing = this.playing.get(room.name);
    if (!playing) return interrupted(stagedIn(room));
    const { name, scenario, begun, beganMs, endedMs, state, trouble, judgements } = playing;
    const { title, lookAt, replicas, steps } = scenario;
    return {
      name, title, lookAt, replicas, begun, done: endedMs.length, state, trouble,
      beganMs: beganMs[0] === undefined ? null : beganMs[0] - 1,
      steps: steps.map((step, index) => ({ does: describeStep(step, scenario.schema), say: step.say, fields: fieldsOf(step), beganMs: beganMs[index] ?? null, endedMs: endedMs[index] ?? null })),
      judgements: judgements.map(({ expectation, outcome, sentence }) => ({ path: expectation.path, outcome, sentence })),
    };
  }

  /** How far the clocks of a room's windows are ahead of the lab's, in milliseconds: by the time that its scenario has let pass. */
  advancedMs(room: Room): number {
    return this.playing.get(room.name)?.advancedMs() ?? 0;
  }

  /** Chooses a scenario: it waits for its windows, then for somebody to play it. Throws a Problem 400 where it cannot be read. */
  async choose(room: Room, choice: ScenarioChoice): Promise<void> {
    const name = 'name' in choice ? choice.name : this.texts.keep(room.name, choice.text);
    await this.put(room, name, await this.named(name, room.name));
  }

  /** Empties the room; its scenario is at its beginning again, also one that was interrupted where it is still known. */
  async startOver(room: Room): Promise<void> {
    const staged = stagedIn(room);
    const playing = this.playing.get(room.name);
    const name = playing?.name ?? (staged ? this.nameOfStaged(room, staged) : null);
    const scenario = playing?.scenario ?? (name === null ? null : await this.named(name, room.name).catch(() => null));
    if (name !== null && scenario) await this.put(room, name, scenario);
    else await this.options.relay().emptyRoom(room.name);
  }

  /** Null where its text is not known, or this version cannot read it any more. */
  private nameOfStaged(room: Room, { name, text }: StagedScenario): string | null {
    if (name !== null || text === null) return name;
    try {
      return this.texts.keep(room.name, text);
    } catch {
      return null;
    }
  }

  /** Puts a scenario on stage, in the place of all that is in the room. */
  private async put(room: Room, name: string, scenario: Scenario): Promise<void> {
    const { title, lookAt, replicas, strategies } = scenario;
    const text = this.texts.get(room.name, name)?.text ?? null;
    const staged: StagedScenario = {
      name: isOfText(name) ? null : name, text, title, lookAt, replicas, before: stagedIn(room)?.before ?? settingsOf(room),
    };
    this.end(room);
    const playing: Playing = {
      name, scenario, ending: new Cancellation(),
      begun: 0, beganMs: [], endedMs: [], state: 'waiting', advancedMs: () => 0, trouble: null, judgements: [], credit: 0, wake: null, waitMsMax: usualPaceMs, paceOf: readingMs, reading: null,
    };
    this.playing.set(room.name, playing);
    const columnsSinceMs = nextColumnsMs(settingsOf(room), this.options.clock.wallMs());
    const settings: LabSettings = { ...defaultSettings, ...scenario.settings, enabled: strategies, preset: presetShownBy(staged.name), schema: scenario.schema, leader: scenario.leader, columns: strategies, columnsSinceMs };
    await this.prepare(room, storedSettings(settings, staged)).catch((error: unknown) => {
      this.end(room);
      throw error;
    });
    void this.run(room, playing);
  }

  /** Back to the lab's own document, with the strategies and settings that the room had before its first scenario. */
  async leave(room: Room): Promise<void> {
    const staged = stagedIn(room);
    if (!staged) return;
    const playing = this.playing.get(room.name);
    playing?.ending.cancel(new Error('the scenario was left'));
    try {
      await this.prepare(room, storedSettings({ ...staged.before, schema: null, leader: null }));
    } finally {
      // Another one may have been chosen meanwhile.
      if (this.playing.get(room.name) === playing) this.playing.delete(room.name);
      this.options.changed(room);
    }
  }

  /**
   * Goes on. `paceMs`: how long people see each step; left out: as long as its sentence takes to read, at a speed of 0.5 to 2. Throws a Problem 409 where
   * there is nothing to play.
   */
  play(room: Room, { paceMs, speed = 1 }: { readonly paceMs?: number | undefined; readonly speed?: number | undefined } = {}): void {
    const playing = this.current(room);
    playing.waitMsMax = paceMs ?? usualPaceMs;
    playing.paceOf = paceMs === undefined ? (sentence) => readingMs(sentence) / speed : () => paceMs;
    this.allow(room, playing, Infinity);
  }

  /** Does one step. */
  step(room: Room): void {
    this.allow(room, this.current(room), 1);
  }

  /** Stops before the next step. */
  pause(room: Room): void {
    this.allow(room, this.current(room), 0);
  }

  close(): void {
    for (const { ending } of this.playing.values()) ending.cancel(new Error('the lab was ended'));
    this.playing.clear();
  }

  private current(room: Room): Playing {
    const playing = this.playing.get(room.name);
    if (!playing && !stagedIn(room)) throw new Problem(409, 'no scenario was chosen for this room');
    if (!playing || playing.state === 'over') throw new Problem(409, 'the scenario is over; choose it again to play it again');
    return playing;
  }

  private allow(room: Room, playing: Playing, steps: number): void {
    playing.credit = steps;
    // Whoever goes on wants to see what happens.
    if (steps > 0) this.options.moments.show(room, null);
    // Whoever presses has read enough.
    playing.reading?.cancel(new Error('somebody goes on'));
    if (steps > 0) playing.wake?.();
    this.options.changed(room);
  }

  private async prepare(room: Room, settings: object): Promise<void> {
    await room.faults.mend();
    this.options.relay().online = true;
    // In one write: a lab that is killed here has the old document with its settings, or the new one with its own.
    await this.options.relay().emptyRoom(room.name, settings);
  }

  private end(room: Room): void {
    this.playing.get(room.name)?.ending.cancel(new Error('another scenario was chosen'));
    this.playing.delete(room.name);
  }

  private async run(room: Room, playing: Playing): Promise<void> {
    const { scenario, ending } = playing;
    const lease = await this.options.relay().lease(room.name);
    try {
      const stage = new WindowsStage({
        room: lease.room, channel: this.options.channel, setRelayOnline: (online) => void (this.options.relay().online = online),
        replicas: scenario.replicas, strategies: scenario.strategies, seed: 1, ending, clock: this.options.clock,
        get waitMsMax() {
          return playing.waitMsMax;
        },
      });
      playing.advancedMs = () => stage.advancedMs;
      await stage.everybody((missing) => this.note(room, playing, missing.length === 0 ? null : `waiting for ${missing.length === 1 ? 'replica' : 'replicas'} ${missing.join(', ')}`));
      // As the events of the history have it.
      const timeMs = (): number => this.options.clock.wallMs() + stage.advancedMs;
      const minimums = new FieldMinimums(scenario.schema, scenario.strategies);
      await play(scenario, stage, {
        onStep: async () => {
          await this.turn(room, playing);
          // Whole milliseconds around all that it causes.
          playing.beganMs.push(Math.floor(timeMs()));
        },
        afterStep: async () => {
          playing.endedMs.push(Math.ceil(timeMs()));
          this.options.changed(room);
          await noteLows(scenario, stage, minimums);
          // The next one begins in a later millisecond.
          await delay(this.options.clock, 3, ending);
        },
      });
      playing.state = 'judging';
      this.options.changed(room);
      playing.judgements = await this.judged(lease.room, playing, stage, minimums);
      playing.state = 'over';
    } catch (error) {
      if (ending.reason) return;
      playing.state = 'over';
      playing.trouble = errorText(error);
    } finally {
      lease.release();
    }
    this.options.changed(room);
  }

  /** Resolves when the next step may begin. */
  private async turn(room: Room, playing: Playing): Promise<void> {
    if (playing.credit === Infinity && playing.begun > 0) await this.read(playing);
    playing.ending.throwIfCancelled();
    if (playing.credit <= 0) {
      playing.state = 'paused';
      this.options.changed(room);
      await new Promise<void>((resolve, reject) => {
        const stop = playing.ending.onCancelled(reject);
        playing.wake = () => {
          stop();
          resolve();
        };
      });
      playing.wake = null;
    }
    playing.credit--;
    playing.begun++;
    playing.state = 'playing';
    this.options.changed(room);
  }

  /** Resolves when people have had the time to read what the step before says, or want to go on. */
  private async read(playing: Playing): Promise<void> {
    const { scenario, begun, paceOf, ending } = playing;
    const step = scenario.steps[begun - 1];
    const ms = paceOf(step ? (step.say ?? describeStep(step, scenario.schema)) : null);
    if (ms === 0) return;
    playing.reading = new Cancellation();
    await delay(this.options.clock, ms, playing.reading, ending).catch(() => undefined);
    playing.reading = null;
  }

  private note(room: Room, playing: Playing, trouble: string | null): void {
    if (playing.trouble === trouble) return;
    playing.trouble = trouble;
    this.options.changed(room);
  }

  private async judged(room: Room, { scenario, ending }: Playing, stage: WindowsStage, minimums: FieldMinimums): Promise<Judgement[]> {
    const { schema, strategies, expectations } = scenario;
    const agrees = async (ids: readonly StrategyId[]): Promise<boolean> => {
      const reports = await stage.reports();
      return ids.every((id) => new Set(reports.map(({ status }) => status.digests[id])).size <= 1);
    };
    const { clock } = this.options;
    for (const endMs = clock.nowMs() + convergeMsMax; !(await agrees(strategies)) && clock.nowMs() < endMs; ) {
      ending.throwIfCancelled();
      await stage.pass(100);
    }
    await stage.quiet();
    // Windows say by themselves how they stand a little later than when they are asked.
    for (const { status } of await stage.reports()) this.options.views.setStatus(room.name, status);
    const same = new Map(await Promise.all(strategies.map(async (id) => [id, await agrees([id])] as const)));
    const ledger = roomLedger(schema, room.records(), room.document.doc, this.options.views.everywhere(room), settingsOf(room));
    const value = (strategy: StrategyId, field: FieldId): FieldValue | null => (same.get(strategy) ? (ledger.values.get(strategy)?.(field) ?? null) : null);
    const known: RunEnding = { schema, figures: await this.options.views.scorecard(room), verdicts: await this.options.verdicts.now(room, limits), value, minimums };
    return expectations.map((expectation) => judge(expectation, known));
  }

  private async named(name: string, room: string | null): Promise<Scenario> {
    const ofRoom = this.texts.get(room ?? '', name);
    if (ofRoom) return ofRoom.scenario;
    const text = (await this.options.library?.text(name)) ?? null;
    if (text === null) throw new Problem(404, `there is no scenario "${name.slice(0, 80)}" in the catalogue`);
    return scenarioOf(text, name);
  }
}

/** A scenario that was on stage when the lab was ended: its document and settings are there, how far it had come is not known. */
function interrupted(staged: StagedScenario | null): ScenarioView | null {
  if (!staged) return null;
  const { name, text, title, lookAt, replicas } = staged;
  const again = name !== null ? 'play it again, or ' : text !== null ? 'start over to play it again, or ' : '';
  const trouble = `this scenario was interrupted; ${again}go back to the lab's own document`;
  return { name, title, lookAt, replicas, begun: 0, done: 0, state: 'over', trouble, beganMs: null, steps: [], judgements: [] };
}

/** Only where somebody wants to know. */
async function noteLows({ schema, strategies, replicas, expectations }: Scenario, stage: WindowsStage, minimums: FieldMinimums): Promise<void> {
  if (!expectations.some(({ kind }) => kind === 'never-below')) return;
  const numbers = schema.filter(({ type }) => type === 'counter' || type === 'stock');
  for (const replica of replicas.filter((each) => stage.isUp(each))) {
    const shown = new Map<string, number>();
    for (const { id } of numbers) for (const strategy of strategies) shown.set(`${strategy}/${id}`, (await stage.shown(replica, strategy, id)).value as number);
    minimums.note((strategy, field) => shown.get(`${strategy}/${field}`)!);
  }
}

/** The fields that a step changes. */
function fieldsOf(step: Step): FieldId[] {
  if (step.kind === 'together') return [...new Set(step.steps.flatMap(fieldsOf))];
  return step.kind === 'edit' ? [step.field] : [];
}
