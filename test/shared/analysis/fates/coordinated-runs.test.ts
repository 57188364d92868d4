/**
 * Random runs of quorum, consensus and single leader under faults: the ledger, from what copies said alone, against what the copies really hold after
 * healing. A failing seed is printed with the command that repeats it.
 */
import { describe, expect, test } from 'vitest';
import type { StrategyFates } from '../../../../shared/analysis/fates/strategy-fates.ts';
import type { CoordinatedId } from '../../../../shared/strategies/registry.ts';
import { fatesUnderCoordination } from '../../../../shared/analysis/fates/coordinated-chains.ts';
import { type Disposition, type Ledger, ledgerOf } from '../../../../shared/analysis/ledger.ts';
import { Outcomes } from '../../../../shared/analysis/outcomes.ts';
import { runWhole } from '../../../../shared/analysis/slices.ts';
import { dotKey, type DotKey, type ReplicaId } from '../../../../shared/clocks/dot.ts';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import type { FieldId, FieldType } from '../../../../shared/document/schema.ts';
import { type EditRecord, isOutcome, type JournalRecord, type OutcomeRecord, type StrategyId } from '../../../../shared/history/record.ts';
import { SeededRandom } from '../../../../shared/network/seeded-random.ts';
import { Consensus } from '../../../../shared/strategies/consensus/consensus.ts';
import { Quorum, type QuorumDetails } from '../../../../shared/strategies/quorum/quorum.ts';
import { defaultQuorumSettings, type QuorumSettings } from '../../../../shared/strategies/quorum/settings.ts';
import { defaultSingleLeaderSettings } from '../../../../shared/strategies/single-leader/settings.ts';
import { SingleLeader } from '../../../../shared/strategies/single-leader/single-leader.ts';
import { acceptedOf, CoordinatedRun, endOf, members, runSchema, type AnyCoordinated } from '../../../simulation/coordinated-run.ts';
import { dispositionsByForce } from '../../../../shared/scenarios/fates-by-force.ts';
import { noteRuns, repeatWith, seedsOf } from '../../../support/run-counts.ts';

const everywhere = VersionVector.of(members.map((name) => [name, 1_000_000] as const));
// The ledger of whole replicas is checked in all of test/simulation/random-runs as well.
const seeds = seedsOf('ledgers');

type Run<Strategy extends AnyCoordinated = AnyCoordinated> = Pick<CoordinatedRun<Strategy>, 'lines' | 'edits' | 'outcomes'>;

/** The run as journals hold it: its edits, each of which has seen the maker's own and most of the earlier ones, and all that copies said of them, in that order. */
function recordsOf({ edits, outcomes }: Run, strategy: StrategyId): JournalRecord[] {
  const context = VersionVector.empty;
  const seen = new Map<ReplicaId, VersionVector>();
  const chance = new SeededRandom(edits.length);
  const made = edits.map(({ dot, field, intent, madeMs, trace }, at): EditRecord => {
    const journaled = edits.slice(0, Math.max(0, at - chance.below(12))).reduce((vector, earlier) => vector.with(earlier.dot), VersionVector.empty);
    const had = (seen.get(dot.replica) ?? VersionVector.empty).merge(journaled);
    seen.set(dot.replica, had.with(dot));
    return { dot, context: had, field, intent, wallMs: madeMs, hybrid: { ms: at, counter: 0 }, traces: { [strategy]: trace } };
  });
  const said = outcomes.map(({ at, dot, settlement }, i): OutcomeRecord => ({ dot: { replica: at, counter: 1_000 + i }, context, wallMs: 0, hybrid: { ms: i, counter: 0 }, settles: dot, strategy, settlement }));
  return [...made, ...said];
}

function ledgerFrom(records: readonly JournalRecord[], strategy: StrategyId): { ledger: Ledger; ending: Map<DotKey, Disposition> } {
  const ledger = ledgerOf({ schema: runSchema, records, everywhere });
  return { ledger, ending: new Map(ledger.rows.map(({ record, fates }) => [dotKey(record.dot), fates[strategy]!.disposition])) };
}

const survives = (disposition: Disposition | undefined): boolean => disposition === 'visible' || disposition === 'superseded';
const typeOf = (field: FieldId): FieldType => runSchema.find(({ id }) => id === field)!.type;

/** What the ledger says, against which edits survived by the copies, and which were acknowledged at all. */
function wrongEnds(run: Run, strategy: CoordinatedId, kept: ReadonlySet<DotKey>, acknowledged: ReadonlySet<DotKey>): string[] {
  const records = recordsOf(run, strategy);
  const { ledger, ending } = ledgerFrom(records, strategy);
  const shown = new Map(runSchema.map(({ id }) => [id, run.lines.at('A').value(id)]));
  const carriedOut = ledger.rows.map(({ record }) => record).filter(({ dot }) => ending.get(dotKey(dot)) !== 'refused');
  const certain = ({ dot }: EditRecord): boolean => acknowledged.has(dotKey(dot));
  const forced = new Map(runSchema.map(({ id, type }) => [id, dispositionsByForce(carriedOut.filter(({ field }) => field === id), { type, values: [shown.get(id)!] }, certain)]));
  const wrong = [...wrongSums(ledger, run.edits.length), ...run.edits.flatMap((edit) => {
    const key = dotKey(edit.dot);
    const record = carriedOut.find(({ dot }) => dotKey(dot) === key);
    // Of values, the rules tell; of steps, which of them the value was made of.
    const byForce = record && certain(record) ? forced.get(edit.field)!(record) : null;
    const expected = byForce ?? (kept.has(key) ? 'visible' : acknowledged.has(key) ? 'lost' : endOf(edit));
    return ending.get(key) === expected ? [] : [`${key} is ${ending.get(key)}, not ${expected}`];
  })];
  const edits = ledger.rows.map(({ record }) => record);
  const judge = runWhole(fatesUnderCoordination(strategy, runSchema, edits, Outcomes.whole(edits, records)));
  wrong.push(...wrongValues(run, judge, ending));
  const backwards = ledgerFrom([...records].reverse(), strategy).ending;
  for (const [key, disposition] of ending) if (backwards.get(key) !== disposition) wrong.push(`${key} is ${disposition}, with the records the other way round ${backwards.get(key)}`);
  // In the middle of it all, half of it said.
  return [...wrong, ...wrongSums(ledgerFrom(records.slice(0, run.edits.length + run.outcomes.length / 2), strategy).ledger, run.edits.length)];
}

/** [ALL7] */
function wrongSums({ totals: [totals] }: Ledger, edits: number): string[] {
  const { kept, superseded, lost, toResolve, resurrected, refused, unknown, pending, actions, edits: counted } = totals!;
  const sum = kept + superseded + lost + toResolve + resurrected + refused + unknown + pending;
  return sum === actions && counted === edits ? [] : [`${sum} of ${actions} actions of ${edits} edits have an end`];
}

/** What copies show, against the value that the records make, and against the edits that are called visible. */
function wrongValues({ lines, edits }: Run, judge: StrategyFates, ending: ReadonlyMap<DotKey, Disposition>): string[] {
  return runSchema.flatMap(({ id, type, initial }) => {
    const wrong: string[] = [];
    const value = judge.valueOf(id);
    for (const name of lines.names) if (lines.at(name).value(id) !== value) wrong.push(`${id}: ${name} shows ${String(lines.at(name).value(id))}, the ledger makes it ${String(value)}`);
    const visible = edits.filter((edit) => edit.field === id && ending.get(dotKey(edit.dot)) === 'visible').map(({ intent }) => intent);
    const total = visible.reduce((sum, intent) => sum + (intent.kind === 'increment' ? intent.by : intent.kind === 'release' ? intent.amount : intent.kind === 'reserve' ? -intent.amount : 0), 0);
    const shown = type !== 'register' ? (initial as number) + total : visible.length === 0 ? initial : [...new Set(visible.map((intent) => intent.kind === 'set' && intent.value))].join(' and ');
    if (shown !== value) wrong.push(`${id}: what is called visible makes ${String(shown)}, not ${String(value)}`);
    return wrong;
  });
}

const keysOf = (run: Run): Set<DotKey> => new Set(run.outcomes.filter(({ settlement }) => settlement.outcome === 'accepted').map(({ dot }) => dotKey(dot)));

describe('the ledger of random runs, 5 members, 60 edits, 20 faults', () => {
  test('[ALL7] [CAS1] consensus: nothing accepted is lost, and the value is the copies\' own', { timeout: 600_000, tags: ['runs'] }, async () => {
    noteRuns('ledgers', seeds.length);
    let kept = 0;
    for (const seed of seeds) {
      const run = new CoordinatedRun(seed, () => new Consensus(runSchema));
      await run.play();
      const accepted = keysOf(run);
      kept += accepted.size;
      expect(wrongEnds(run, 'consensus', accepted, accepted), repeatWith('ledgers', seed)).toEqual([]);
    }
    expect(kept / seeds.length).toBeGreaterThan(15);
  });

  test('[ALL7] [QUO12] quorum: lost is what the copies\' value does not descend from; what is not said makes edits unknown, never wrongly lost', { timeout: 600_000, tags: ['runs'] }, async () => {
    noteRuns('ledgers', seeds.length);
    const counts = { lost: 0, unknown: 0, stillLost: 0 };
    for (const seed of seeds) {
      const run = new CoordinatedRun(seed, () => new Quorum(runSchema, quorumSettings[seed % quorumSettings.length]!));
      await run.play();
      // Copies may show equal values of different versions; that is not the end yet.
      expect(await run.lines.runUntil(() => runSchema.every(({ id }) => new Set(run.lines.names.map((name) => run.lines.at(name).tip(id).last)).size === 1), 40_000)).toBe(true);
      const [lineage, accepted] = [lineagesOf(run), keysOf(run)];
      counts.lost += accepted.size - lineage.size;
      expect([...run.wrong, ...wrongEnds(run, 'quorum', lineage, accepted)], repeatWith('ledgers', seed)).toEqual([]);
      expect(wrongWhenSilent(run, lineage, new SeededRandom(seed), counts), repeatWith('ledgers', seed)).toEqual([]);
    }
    // The runs must have done something, or they prove nothing.
    if (seeds.length >= 50) expect([counts.lost > seeds.length, counts.unknown > seeds.length, counts.stillLost > seeds.length]).toEqual([true, true, true]);
  });

  test('[ALL7] [LEAD6] single leader: lost is what was acknowledged and is in no log, and the value is the copies\' own', { timeout: 600_000, tags: ['runs'] }, async () => {
    noteRuns('ledgers', seeds.length);
    let lost = 0;
    for (const seed of seeds) {
      const run = new CoordinatedRun(seed, () => new SingleLeader(runSchema, { ...defaultSingleLeaderSettings, outcomeTimeoutMs: 800, replication: seed % 4 === 0 ? 'majority' : 'asynchronous' }));
      const { lines, random } = run;
      await run.play({ step: () => void (random.chance(0.1) && lines.at(random.pick(lines.names.filter((name) => lines.isUp(name)))).promote()) });
      // Equal values do not say that all have shown the whole log.
      await lines.runUntil(() => new Set(lines.names.map((name) => JSON.stringify([...lines.at(name).shownEdits()]))).size === 1, 10_000);
      const [shown, accepted] = [new Set(lines.at('A').shownEdits().keys()), keysOf(run)];
      lost += accepted.size - shown.size;
      expect([...run.wrong, ...wrongEnds(run, 'single-leader', shown, accepted)], repeatWith('ledgers', seed)).toEqual([]);
    }
    if (seeds.length >= 50) expect(lost).toBeGreaterThan(seeds.length / 4);
  });
});

const strict: QuorumSettings = { ...defaultQuorumSettings, r: 3, w: 3, writeBack: true };
const quorumSettings: readonly QuorumSettings[] = [strict, { ...strict, r: 1, w: 1 }, { ...strict, r: 2, w: 4 }, { ...strict, sloppy: true }, { ...strict, r: 5, w: 1 }];

/** The edits that the copies' values descend from, as the copies hold them. */
function lineagesOf({ lines, edits }: Run<Quorum>): Set<DotKey> {
  const lineage = new Set<DotKey>();
  const byKey = new Map(edits.map((edit) => [dotKey(edit.dot), edit]));
  for (const { id } of runSchema) for (let key = lines.at('A').tip(id).last; key !== '' && !lineage.has(key); ) {
    lineage.add(key);
    key = acceptedOf<QuorumDetails>(byKey.get(key)!)![2];
  }
  return lineage;
}

/** The same run where some makers never said how their edits ended; all know of the shown values' own edits. */
function wrongWhenSilent(run: Run<Quorum>, lineage: ReadonlySet<DotKey>, random: SeededRandom, counts: { unknown: number; stillLost: number }): string[] {
  const tips = new Set(runSchema.map(({ id }) => run.lines.at('A').tip(id).last));
  const silent = new Set(run.edits.map(({ dot }) => dotKey(dot)).filter((key) => !tips.has(key) && random.chance(0.2)));
  const all = recordsOf(run, 'quorum');
  const records = all.filter((record) => !isOutcome(record) || !silent.has(dotKey(record.settles)));
  const { ledger, ending } = ledgerFrom(records, 'quorum');
  const wrong = wrongSums(ledger, run.edits.length);
  const accepted = keysOf(run);
  for (const [key, disposition] of ending) {
    // Whole values are judged by what is shown, not by descent.
    const isStep = typeOf(run.edits.find(({ dot }) => dotKey(dot) === key)!.field) !== 'register';
    if (isStep && disposition === 'lost' && lineage.has(key)) wrong.push(`${key} is called lost, and the value descends from it`);
    if (isStep && survives(disposition) && !lineage.has(key)) wrong.push(`${key} is called ${disposition}, and the value does not descend from it`);
    if (silent.has(key) && disposition !== 'pending' && disposition !== 'refused') wrong.push(`${key} is ${disposition}, though nobody said anything`);
    if (disposition === 'unknown' && accepted.has(key)) counts.unknown++;
    if (disposition === 'lost') counts.stillLost++;
  }
  return wrong;
}
