/** Random runs of a single leader under faults and promotions, and broken variants that the same checks must catch. A failing seed is printed with the command that repeats it. */
import { describe, expect, test } from 'vitest';
import { dotKey } from '../../shared/clocks/dot.ts';
import type { MemberNetwork } from '../../shared/strategies/coordinated-strategy.ts';
import { defaultSingleLeaderSettings, type SingleLeaderSettings } from '../../shared/strategies/single-leader/settings.ts';
import { SingleLeader, type SingleLeaderDetails } from '../../shared/strategies/single-leader/single-leader.ts';
import { repeatWith, seedsOf } from '../support/run-counts.ts';
import { acceptedOf, CoordinatedRun, endOf, replay, runSchema, wrongOutcomes } from './coordinated-run.ts';

const majority: SingleLeaderSettings = { ...defaultSingleLeaderSettings, outcomeTimeoutMs: 800, replication: 'majority' };
/** Anybody asks to be promoted, anywhere. */
const elected: SingleLeaderSettings = { ...majority, promotion: 'majority' };
const asynchronous: SingleLeaderSettings = { ...defaultSingleLeaderSettings, outcomeTimeoutMs: 800, replication: 'asynchronous' };
type Make = (settings: SingleLeaderSettings) => SingleLeader;
const sound: Make = (settings) => new SingleLeader(runSchema, settings);
const totals = { accepted: 0, refused: 0, unknown: 0, gone: 0, promotions: 0 };

function watch(name: string, copy: SingleLeader, run: CoordinatedRun<SingleLeader>): void {
  copy.onChange(() => {
    if ((copy.value('seats') as number) < 0) run.wrong.push(`${name} shows ${String(copy.value('seats'))} seats`);
  });
}

/** Promotes somebody now and then; where acknowledged edits must survive, only who reaches a majority. Restless: more often, and some copies begin a new life before. */
function promoteSometimes(run: CoordinatedRun<SingleLeader>, alone: boolean, isRestless: boolean): void {
  const { lines, random } = run;
  if (!random.chance(isRestless ? 0.4 : 0.1)) return;
  if (isRestless && random.chance(0.5)) {
    const crashed = random.pick(lines.names.filter((each) => lines.isUp(each)));
    lines.crash(crashed);
    lines.restart(crashed);
  }
  const name = random.pick(lines.names.filter((each) => lines.isUp(each)));
  if (!alone && lines.names.filter((each) => each === name || lines.reaches(name, each)).length < 3) return;
  totals.promotions++;
  lines.at(name).promote();
}

async function wrongIn(seed: number, make: Make, settings: SingleLeaderSettings, wrap?: (network: MemberNetwork) => MemberNetwork, isRestless = false): Promise<string[]> {
  const run = new CoordinatedRun(seed, () => make(settings), watch, wrap);
  const safe = settings.replication !== 'asynchronous';
  await run.play({ step: () => promoteSometimes(run, !safe || settings.promotion === 'majority', isRestless) });
  // Equal values do not say that all have shown the whole log.
  await run.lines.runUntil(() => new Set(run.lines.names.map((name) => JSON.stringify([...run.lines.at(name).shownEdits()]))).size === 1, 10_000);
  const accepted = run.edits.filter((edit) => endOf(edit) === 'accepted').map((edit) => ({ edit, key: dotKey(edit.dot), details: acceptedOf<SingleLeaderDetails>(edit)! }));
  const rolledBack = new Set(run.lines.names.flatMap((name) => run.lines.at(name).rolledBack().map(dotKey)));
  const shown = run.lines.at('A').shownEdits();
  // What one of two leaders refused the other may have taken; where its log survives, that is told too.
  const wrong = [...run.wrong, ...wrongOutcomes(run.edits.filter((edit) => safe || endOf(edit) !== 'accepted' || !shown.has(dotKey(edit.dot))))];
  const kept = accepted.filter(({ key }) => !rolledBack.has(key)).map(({ edit, key, details }) => ({ edit, key, details: safe ? details : (shown.get(key) ?? details) }));
  for (const { key } of kept) if (!shown.has(key)) wrong.push(`${key} was acknowledged, is gone and not listed`);
  for (const key of shown.keys()) if (!kept.some((each) => each.key === key)) wrong.push(`${key} is shown and was not acknowledged`);
  const lost = new Set(lostByOutcomes(run));
  for (const { key } of accepted) if (lost.has(key) === shown.has(key)) wrong.push(`${key} is ${shown.has(key) ? 'shown' : 'gone'}, by the outcomes it is ${lost.has(key) ? 'lost' : 'kept'}`);
  if (safe && rolledBack.size > 0) for (const { key } of accepted) if (rolledBack.has(key)) wrong.push(`${key} was acknowledged and rolled back`);
  // One that was not acknowledged is asked for again, and either stands in the log again or was refused by a later leader.
  const refused = new Set(run.edits.filter((edit) => endOf(edit) === 'refused').map(({ dot }) => dotKey(dot)));
  for (const key of rolledBack) if (!refused.has(key) && !accepted.some((each) => each.key === key)) wrong.push(`${key} is listed as rolled back and was not acknowledged`);
  const places = kept.map(({ details }) => details[2]);
  if (new Set(places).size !== places.length) wrong.push('two edits have one place in the log');
  for (const { id } of runSchema) {
    const chain = kept.filter(({ edit }) => edit.field === id).sort((a, b) => a.details[2] - b.details[2]);
    chain.forEach(({ key, details }, i) => {
      if (details[3] !== (chain[i - 1]?.key ?? '')) wrong.push(`${id}: ${key} was applied after "${details[3]}", not "${chain[i - 1]?.key ?? ''}"`);
    });
    const { value, wrong: impossible } = replay(id, chain.map(({ edit }) => edit));
    wrong.push(...impossible);
    for (const name of run.lines.names) if (run.lines.at(name).value(id) !== value) wrong.push(`${id}: ${name} shows ${String(run.lines.at(name).value(id))}, the acknowledged edits that were not rolled back make ${String(value)}`);
  }
  for (const edit of run.edits) {
    const end = endOf(edit);
    if (end === 'accepted' || end === 'refused') totals[end]++;
    if (edit.told.some(({ settlement }) => settlement.outcome === 'unknown')) totals.unknown++;
  }
  totals.gone += rolledBack.size;
  return wrong;
}

/** [LEAD6] The edits all of whose accepted entries some copy rolled back and did not take over again since, by what copies said. */
function lostByOutcomes({ outcomes }: CoordinatedRun<SingleLeader>): string[] {
  const entries = new Map<string, Map<string, Set<string>>>();
  for (const { at, dot, settlement } of outcomes) {
    if (settlement.outcome !== 'accepted' && settlement.outcome !== 'rolled-back') continue;
    const ofEdit = entries.get(dotKey(dot)) ?? new Map<string, Set<string>>();
    entries.set(dotKey(dot), ofEdit);
    const place = JSON.stringify((settlement.details as SingleLeaderDetails).slice(0, 3));
    const removedAt = ofEdit.get(place) ?? new Set();
    if (settlement.outcome === 'rolled-back') removedAt.add(at);
    else removedAt.delete(at);
    ofEdit.set(place, removedAt);
  }
  return [...entries].filter(([, places]) => [...places.values()].every((removedAt) => removedAt.size > 0)).map(([key]) => key);
}

describe('single leader, 5 members, 60 edits, 20 faults, promotions', () => {
  test('[LEAD1] [LEAD3] [LEAD7] synchronous by a majority, nobody promoted alone: every acknowledged edit survives, once, in one order', { timeout: 600_000, tags: ['runs'] }, async () => {
    for (const seed of seedsOf('single-leader-majority')) expect(await wrongIn(seed, sound, { ...majority, replication: seed % 4 === 0 ? 'all' : 'majority' }), repeatWith('single-leader-majority', seed)).toEqual([]);
  });

  test('[LEAD3] [LEAD10] synchronous by a majority, and a promotion takes one: whoever asks to be promoted, every acknowledged edit survives', { timeout: 600_000, tags: ['runs'] }, async () => {
    for (const seed of seedsOf('single-leader-elected')) expect(await wrongIn(seed, sound, elected), repeatWith('single-leader-elected', seed)).toEqual([]);
  });

  test('[LEAD4] [LEAD5] [LEAD6] asynchronous, anybody promoted: what is rolled back is exactly what was acknowledged and is gone', { timeout: 600_000, tags: ['runs'] }, async () => {
    totals.gone = 0;
    const seeds = seedsOf('single-leader-asynchronous');
    for (const seed of seeds) expect(await wrongIn(seed, sound, asynchronous), repeatWith('single-leader-asynchronous', seed)).toEqual([]);
    if (seeds.length >= 100) expect(totals.unknown).toBeGreaterThan(seeds.length);
    if (seeds.length >= 100) expect(totals.gone).toBeGreaterThan(seeds.length / 4);
  });
});

function forgetting(pattern: RegExp) {
  return (network: MemberNetwork): MemberNetwork => Object.assign(Object.create(network) as MemberNetwork, { persist: (key: string, bytes: Uint8Array) => (pattern.test(key) ? Promise.resolve() : network.persist(key, bytes)) });
}

const broken: [string, Make, SingleLeaderSettings, ((network: MemberNetwork) => MemberNetwork)?, boolean?][] = [
  ['nobody steps down', (settings) => new (class extends SingleLeader { protected override stepDown(): void { return; } })(runSchema, settings), majority],
  ['acknowledged by the leader alone', (settings) => new (class extends SingleLeader { protected override needed(): number { return 1; } })(runSchema, settings), majority],
  ['two of five are enough', (settings) => new (class extends SingleLeader { protected override needed(): number { return 2; } })(runSchema, settings), majority],
  ['whoever is promoted may lead alone although it takes a majority', (settings) => new (class extends SingleLeader { protected override mayLeadAlone(): boolean { return true; } })(runSchema, settings), elected],
  ['whoever is promoted does not ask for logs', (settings) => new (class extends SingleLeader { protected override asksBeforeLeading(): boolean { return false; } })(runSchema, settings), majority],
  ['an edit that is asked for again is put into the log again', (settings) => new (class extends SingleLeader { protected override placeOf(): undefined { return undefined; } })(runSchema, settings), majority],
  ['what was rolled back is not listed', (settings) => new (class extends SingleLeader { override rolledBack(): [] { return []; } })(runSchema, settings), asynchronous],
  ['what was rolled back is forgotten in a crash', sound, asynchronous, forgetting(/^rolled-back/)],
  ['the log does not survive a crash', sound, majority, forgetting(/^(entry|length)/)],
  ['the term does not survive a crash', sound, majority, forgetting(/^term/), true],
];

describe('broken variants of a single leader are caught', () => {
  test.each(broken)('%s', { timeout: 60_000 }, async (_name, make, settings, wrap, isRestless) => {
    for (let seed = 1; seed <= 1000; seed++) {
      const wrong = await wrongIn(seed, make, settings, wrap, isRestless).catch((error: unknown) => [String(error)]);
      if (wrong.length > 0) return;
    }
    expect.fail('nobody noticed');
  });
});
