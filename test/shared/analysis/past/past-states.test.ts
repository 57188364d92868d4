/** What replicas showed at earlier moments, found from the history afterwards: compared with what they did show then, in random runs with faults. */
import * as Y from 'yjs';
import { describe, expect, test } from 'vitest';
import { PastStates } from '../../../../shared/analysis/past/past-states.ts';
import { ReplicaPast } from '../../../../shared/analysis/past/replica-past.ts';
import { runWhole } from '../../../../shared/analysis/slices.ts';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import { canonicalJson } from '../../../../shared/document/digest.ts';
import type { FieldId, FieldValue, Schema } from '../../../../shared/document/schema.ts';
import { type EditRecord, isEdit, type JournalRecord, type StrategyId } from '../../../../shared/history/record.ts';
import type { ArrivedEvent, RoomEvent } from '../../../../shared/history/room-event.ts';
import { plain } from '../../../../shared/scenarios/action-intent.ts';
import { randomSteps, scenarioWith } from '../../../../shared/scenarios/random-scenario.ts';
import { parseScenario } from '../../../../shared/scenarios/parse-scenario.ts';
import { runScenario, type ScenarioRun } from '../../../../shared/scenarios/run-scenario.ts';
import type { SimulatedRoom } from '../../../../shared/simulation/simulated-room.ts';
import { LastWriterWins } from '../../../../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { Siblings } from '../../../../shared/strategies/siblings/siblings.ts';
import { detailsOf } from '../../../../shared/analysis/fates/yjs-witness.ts';
import { runTemplateOf } from '../../../support/random-run-template.ts';
import { played } from '../../../support/played-scenario.ts';
import { noteRuns, repeatWith, seedsOf } from '../../../support/run-counts.ts';

interface Moment {
  readonly note: ArrivedEvent;
  readonly shown: ReadonlyMap<StrategyId, ReadonlyMap<FieldId, FieldValue>>;
  readonly waiting: ReadonlyMap<FieldId, string>;
  /** What of each Yjs client's writing was in the document, and what of it was deleted. */
  readonly yjs: Y.Snapshot;
}

/** Looks at a replica whenever it notes that something arrived. */
function watched(room: SimulatedRoom, schema: Schema, strategies: readonly StrategyId[]): Moment[] {
  const moments: Moment[] = [];
  const events = room.events as RoomEvent[];
  const { push } = events;
  events.push = (...added: RoomEvent[]): number => {
    for (const note of added) if (note.kind === 'arrived' && room.at(note.replica).isUp) moments.push(momentOf(room, note, schema, strategies));
    return push.apply(events, added);
  };
  return moments;
}

function momentOf(room: SimulatedRoom, note: ArrivedEvent, schema: Schema, strategies: readonly StrategyId[]): Moment {
  const { replica, strategies: { siblings, crdt } } = room.at(note.replica);
  const values = (strategy: StrategyId): ReadonlyMap<FieldId, FieldValue> => new Map(schema.map(({ id }) => [id, replica.value(strategy, id)]));
  return {
    note,
    shown: new Map(strategies.map((strategy) => [strategy, values(strategy)])),
    waiting: new Map(schema.map(({ id }) => [id, siblings.waiting(id).map(({ key }) => key).join(' ')])),
    yjs: Y.snapshot(crdt.doc),
  };
}

function pastOf({ scenario: { schema, settings }, records, document: doc }: ScenarioRun): PastStates {
  const [lastWriterWins, siblings] = [new LastWriterWins(schema), new Siblings(schema, settings.siblings)];
  lastWriterWins.takeAll(records);
  siblings.takeAll(records);
  return runWhole(PastStates.of({ schema, records, doc, lastWriterWins, siblings }));
}

/** Whether the document had just what the journal tells: it travels by itself. */
function isInStep(has: VersionVector, { sv, ds }: Y.Snapshot, { records, document: doc }: ScenarioRun): boolean {
  const told = new Map<number, number>();
  const deleted = new Set<string>();
  const ahead = new Set<string>();
  for (const record of records) {
    const details = isEdit(record) ? detailsOf(record) : null;
    if (!details) continue;
    const isHere = has.includes(record.dot);
    const { created } = details;
    if (isHere) told.set(created.client, Math.max(told.get(created.client) ?? 0, created.clock + created.length));
    for (const { client, clock, length } of details.deleted) {
      for (let at = clock; at < clock + length; at++) (isHere ? deleted : ahead).add(`${client} ${at}`);
    }
  }
  const isGone = (id: string): boolean => {
    const [client, clock] = id.split(' ').map(Number);
    return Y.isDeleted(ds, Y.createID(client!, clock!));
  };
  if (![...deleted].every(isGone) || [...ahead].some((id) => !deleted.has(id) && isGone(id))) return false;
  // A value of a map that another one replaces is deleted by no edit: where the other one is not there yet, the deletion came first.
  const isThere = ({ client, clock }: Y.ID): boolean => (sv.get(client) ?? 0) > clock;
  for (const structs of doc.store.clients.values()) {
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || struct.parentSub === null || !isThere(struct.id) || !Y.isDeleted(ds, struct.id) || deleted.has(`${struct.id.client} ${struct.id.clock}`)) continue;
      let next = struct.right;
      while (next && !isThere(next.id)) next = next.right;
      if (!next) return false;
    }
  }
  return [...told].every(([client, clock]) => (sv.get(client) ?? 0) >= clock) && [...sv].every(([client, clock]) => client === 1 || (told.get(client) ?? 0) >= clock);
}

/**
 * Edits that put a list's item somewhere while their author's document was ahead of its journal: what the author saw
 * there, and so the place, no history tells.
 */
function placedAhead(run: ScenarioRun, moments: readonly Moment[]): EditRecord[] {
  const placing = run.records.filter(isEdit).filter(({ intent }) => intent.kind === 'insert' || intent.kind === 'move');
  return placing.filter(({ dot, context }) => {
    const { replica, counter } = dot;
    const noted = moments.find(({ note }) => note.replica === replica && note.payload.has.get(replica) >= counter);
    return !noted || !isInStep(context.with(dot), noted.yjs, run);
  });
}

/** All of them take half a minute a run. */
const momentsEvery = 8;

describe('random runs', () => {
  const seeds = seedsOf('past-states');

  test('at each moment each replica showed just that', { timeout: 3_600_000, tags: ['runs'] }, async () => {
    noteRuns('past-states', seeds.length);
    const compared = new Map<string, number>();
    for (const seed of seeds) {
      const template = runTemplateOf(seed);
      const steps = randomSteps(parseScenario(scenarioWith(template, [])), seed, { edits: 100 });
      // A program that is killed may leave edits in others' documents that no journal has.
      const hasCrashes = seed % 2 === 0;
      const scenario = parseScenario(scenarioWith(template, hasCrashes ? steps : steps.filter((step) => !('crash' in step))));
      const { schema, strategies } = scenario;
      let moments: Moment[] = [];
      const run = await runScenario(scenario, { seed, impossible: 'pass-over', verdicts: false, onRoom: (room) => (moments = watched(room, schema, strategies)) });
      const past = pastOf(run);
      const ahead = placedAhead(run, moments);
      const pasts = new Map(scenario.replicas.map((replica) => [replica, new ReplicaPast(replica, run.records, run.events)]));
      // Of several notes of one millisecond only what came of all of them can be told.
      const last = new Map(moments.map((moment) => [`${moment.note.replica} ${moment.note.wallMs}`, moment]));
      const some = [...last.values()].filter((_, at) => at % momentsEvery === seed % momentsEvery);
      for (const moment of some) {
        const { replica, wallMs } = moment.note;
        const then = (pasts.get(replica) ?? new ReplicaPast(replica, run.records, run.events)).at(wallMs);
        // A crash took the replica's last edits before they were stored: no history tells of them.
        if (then.has.get(replica) < moment.note.payload.has.get(replica)) continue;
        // In the very millisecond of a crash edits were stored and their note was not, or their names were given again.
        if (run.events.some((event) => event.kind === 'crash' && event.replica === replica && event.wallMs === wallMs)) continue;
        expect(then.has.toString(), repeatWith('past-states', seed)).toBe(moment.note.payload.has.toString());
        const found = past.at(then, strategies);
        for (const strategy of strategies) {
          if (strategy === 'crdt' && (hasCrashes || !isInStep(moment.note.payload.has, moment.yjs, run))) continue;
          for (const spec of schema) {
            if (strategy === 'crdt' && ahead.some(({ field, dot }) => field === spec.id && then.has.includes(dot))) continue;
            const [was, is] = [moment.shown.get(strategy)!.get(spec.id)!, found.values[strategy]![spec.id]];
            const where = `${strategy} ${spec.id} at ${replica} after ${wallMs} ms: ${repeatWith('past-states', seed)}`;
            if (is === undefined) {
              compared.set(`${strategy} unknown`, (compared.get(`${strategy} unknown`) ?? 0) + 1);
              continue;
            }
            expect(canonicalJson(plain(spec, is)), where).toBe(canonicalJson(plain(spec, was)));
            compared.set(strategy, (compared.get(strategy) ?? 0) + 1);
          }
        }
        for (const [field, waiting] of moment.waiting) expect(found.siblings[field]!.map(({ key }) => key).join(' ')).toBe(strategies.includes('siblings') ? waiting : '');
      }
    }
    console.log([...compared].map(([strategy, count]) => `${strategy} ${count}`).join(', '));
    for (const strategy of ['crdt', 'last-writer-wins', 'siblings', 'quorum', 'consensus', 'single-leader']) {
      expect(compared.get(strategy) ?? 0, strategy).toBeGreaterThan(30 * seeds.length);
      expect(compared.get(`${strategy} unknown`) ?? 0, strategy).toBeLessThan(0.1 * compared.get(strategy)!);
    }
  });
});

test('an edit that a crash took is not taken for the one that has its name today', () => {
  const has = VersionVector.of([['E', 1]]);
  const note: RoomEvent = { kind: 'arrived', replica: 'E', wallMs: 10, payload: { has, shows: {} } };
  const later = { dot: { replica: 'E', counter: 1 }, context: VersionVector.empty, wallMs: 20 } as JournalRecord;
  expect(new ReplicaPast('E', [later], [note]).at(10).has.toString()).toBe(VersionVector.empty.toString());
  expect(new ReplicaPast('E', [later], [note]).at(20).has.toString()).toBe(has.toString());
});

describe('what Yjs has thrown away', () => {
  test('is found again: a text that was deleted, a tag, a task with its place, a title', async () => {
    const { run } = await played([
      '{ at: A, set: { title: Rome } }', '{ at: A, type: { notes: { at: end, text: " three" } } }', '{ at: A, add: { tags: food } }',
      '{ at: A, insert: { tasks: { label: Bus } } }', 'wait: 1 s',
      '{ at: A, set: { title: Oslo } }', '{ at: A, erase: { notes: " three" } }', '{ at: A, remove: { tags: food } }', '{ at: A, remove: { tasks: Bus } }', 'wait: 1 s',
    ]);
    const past = pastOf(run);
    const edits = run.records.filter(isEdit).filter(({ gathers }) => gathers === undefined);
    const end = past.at({ has: VersionVector.of([['A', edits.at(-1)!.dot.counter]]), shows: {} }, ['crdt']).values.crdt!;
    expect(end).toMatchObject({ title: 'Oslo', notes: 'one two', tags: ['sea'] });
    const inserted = edits.find(({ intent }) => intent.kind === 'insert')!;
    const then = past.at({ has: inserted.context.with(inserted.dot), shows: {} }, ['crdt']).values.crdt!;
    expect(then).toMatchObject({ title: 'Rome', notes: 'one two three', tags: ['food', 'sea'] });
    expect((then['tasks'] as readonly { label: string }[]).map(({ label }) => label)).toEqual(['Hotel', 'Tickets', 'Bus']);
  });
});
