/**
 * Whether a finished run kept every promise: convergence, and a ledger that is complete and true. Throws an AssertionError with what is wrong.
 * Uses nothing of the test runner, so that broken variants of the program can be bundled with it and be shown to fail (test/simulation/broken-variants).
 */
import assert from 'node:assert/strict';
import type { Disposition, Ledger } from '../../shared/analysis/ledger.ts';
import { dotKey } from '../../shared/clocks/dot.ts';
import type { FieldSpec, FieldValue, ListItem } from '../../shared/document/schema.ts';
import { type EditRecord, isEdit, type StrategyId } from '../../shared/history/record.ts';
import { SeededRandom } from '../../shared/network/seeded-random.ts';
import type { LastWriterWinsSettings } from '../../shared/strategies/last-writer-wins/settings.ts';
import { coordinatedIds } from '../../shared/strategies/registry.ts';
import { defaultQuorumSettings } from '../../shared/strategies/quorum/settings.ts';
import { defaultSingleLeaderSettings } from '../../shared/strategies/single-leader/settings.ts';
import { parseYjsDetails } from '../../shared/strategies/yjs/yjs-strategy.ts';
import { dispositionsByForce, wantsOtherwise } from '../../shared/scenarios/fates-by-force.ts';
import { SimulatedLab, type TalkingSettings } from './simulated-lab.ts';

const settings: readonly LastWriterWinsSettings[] = [
  { granularity: 'field', clock: 'wall' },
  { granularity: 'field', clock: 'hybrid' },
  { granularity: 'document', clock: 'wall' },
  { granularity: 'document', clock: 'hybrid' },
];
const strategies = ['crdt', 'last-writer-wins', 'siblings', ...coordinatedIds] as const;
/** R and W of the quorum: strict, asking all, and too few to promise anything. */
const quorums = [[3, 3], [1, 5], [2, 4], [1, 1]] as const;

/** The settings that the run of this seed has. */
export function settingsOf(seed: number): LastWriterWinsSettings {
  return settings[seed % settings.length]!;
}

function talkingOf(seed: number): TalkingSettings {
  const [r, w] = quorums[seed % quorums.length]!;
  return {
    quorum: { ...defaultQuorumSettings, r, w, writeBack: seed % 3 === 0, sloppy: seed % 7 === 0 },
    leader: { ...defaultSingleLeaderSettings, replication: (['majority', 'asynchronous', 'all'] as const)[seed % 3]!, promotion: seed % 2 === 0 ? 'anybody' : 'majority' },
  };
}

/** 5 replicas, 200 steps, with cuts, crashes and skewed clocks; then everybody meets. */
export async function randomRun(seed: number): Promise<SimulatedLab> {
  const random = new SeededRandom(seed);
  const lab = await SimulatedLab.start(['A', 'B', 'C', 'D', 'E'], { settings: settingsOf(seed), siblings: { sets: seed % 3 === 0 ? 'union' : 'ask', numbers: seed % 5 === 0 ? 'maximum' : seed % 5 === 1 ? 'sum' : 'ask' }, coordinated: talkingOf(seed) });
  for (const { name } of lab.replicas) lab.online(name);
  // In every fourth run members are let in while all else goes on.
  if (seed % 4 !== 0) await lab.runUntil(() => lab.replicas.every(({ replica }) => replica.members.length === lab.replicas.length), 'all are members');
  for (const { name } of lab.replicas) if (random.chance(0.3)) lab.offline(name);
  for (let step = 0; step < 200; step++) await lab.randomStep(random);
  await lab.heal();
  return lab;
}

/** Checks a run that has healed. */
export function checkRun(lab: SimulatedLab, seed: number): void {
  const ledger = lab.ledger('A');
  checkConvergence(lab, ledger);
  checkWinners(lab, seed);
  checkSiblings(lab);
  checkConcurrency(lab, ledger);
  checkLedger(lab, ledger, seed);
}

/** [ALL4] Equal clocks, equal digests, equal ledgers; nothing was sent twice. */
function checkConvergence(lab: SimulatedLab, ledger: Ledger): void {
  const [first, ...others] = lab.replicas;
  for (const other of others) {
    assert.equal(other.replica.clock.toString(), first!.replica.clock.toString(), `clock of ${other.name}`);
    for (const strategy of strategies) assert.equal(other.replica.strategy(strategy).digest(), first!.replica.strategy(strategy).digest(), `${strategy} of ${other.name}`);
  }
  for (const { name, replica } of lab.replicas) assert.equal(replica.waiting, 0, `${name} still has edits waiting`);
  // One other is enough: all have the same journal and the same values by now.
  assert.deepEqual(lab.ledger(others.at(-1)!.name).totals, ledger.totals, 'ledgers differ');
  assert.equal(lab.relay.repeatedCount, 0, 'something was sent twice');
}

function editsOf(lab: SimulatedLab): EditRecord[] {
  return lab.at('A').replica.records.filter(isEdit);
}

function accepted(lab: SimulatedLab, strategy: StrategyId, field: string): EditRecord[] {
  return editsOf(lab).filter((record) => record.traces[strategy]?.outcome === 'accepted' && record.field === field);
}

/** [LWW1] [LWW2] [LWW3] [LWW6] The value is that of the greatest timestamp, by an independent comparison: of the field, or of the whole document. */
function checkWinners(lab: SimulatedLab, seed: number): void {
  const { granularity, clock } = settingsOf(seed);
  const stamp = ({ wallMs, hybrid }: EditRecord): [number, number] => (clock === 'wall' ? [wallMs, 0] : [hybrid.ms, hybrid.counter]);
  const later = (a: EditRecord, b: EditRecord): EditRecord => {
    const [first, second] = [stamp(a), stamp(b)];
    const difference = first[0] - second[0] || first[1] - second[1] || a.dot.replica.localeCompare(b.dot.replica) || a.dot.counter - b.dot.counter;
    return difference > 0 ? a : b;
  };
  for (const { id } of lab.schema) {
    const writes = granularity === 'field' ? accepted(lab, 'last-writer-wins', id) : lab.schema.flatMap((field) => accepted(lab, 'last-writer-wins', field.id));
    const winner = writes.length === 0 ? '' : dotKey(writes.reduce(later).dot);
    assert.equal(lab.at('A').lastWriterWins.chain(id).tip, winner, `winner of ${id}`);
  }
}

/** [SIB1] [SIB2] The oracle keeps full causal histories: a write is current iff no accepted write of its field had it in its past. */
function checkSiblings(lab: SimulatedLab): void {
  for (const { id } of lab.schema) {
    const writes = accepted(lab, 'siblings', id);
    const current = writes.filter((write) => !writes.some((other) => other.context.includes(write.dot)));
    assert.deepEqual([...lab.at('A').siblings.graph(id).heads].sort(), current.map((write) => dotKey(write.dot)).sort(), `siblings of ${id}`);
    // [SIB4]
    for (const { intent, traces, dot } of writes) {
      const [covers, resolver] = (traces.siblings as { details: [string[], number] }).details;
      assert.ok(covers.length < 2 || resolver > 0 || intent.kind === 'resolve' || intent.kind === 'set', `${dotKey(dot)} was taken while siblings waited`);
    }
    assert.equal(new Set(current.map((write) => write.dot.replica)).size, current.length, `more siblings of ${id} than writers`);
  }
}

function checkConcurrency(lab: SimulatedLab, ledger: Ledger): void {
  const edits = editsOf(lab).filter(({ gathers }) => gathers === undefined);
  const concurrent = edits.filter((edit) => edits.some((other) => other.field === edit.field && other.dot.replica !== edit.dot.replica && !other.context.includes(edit.dot) && !edit.context.includes(other.dot)));
  assert.equal(ledger.concurrentEdits, concurrent.length, 'concurrent edits');
}

/** [ALL7] The ledger adds up, and what it calls visible is what is to be seen. */
function checkLedger(lab: SimulatedLab, ledger: Ledger, seed: number): void {
  for (const totals of ledger.totals) {
    const { kept, superseded, lost, toResolve, resurrected, refused, unknown, pending, actions, edits } = totals;
    assert.equal(kept + superseded + lost + toResolve + resurrected + refused + unknown + pending, actions, `${totals.strategy} does not add up`);
    assert.equal(pending, 0, `${totals.strategy} has pending edits after healing`);
    assert.equal(edits, editsOf(lab).filter((record) => record.traces[totals.strategy]).length, `${totals.strategy} misses intents`);
  }
  checkActions(ledger);
  for (const strategy of strategies) {
    for (const field of lab.schema) {
      checkByForce(lab, ledger, strategy, field);
      checkVisible(lab, ledger, strategy, field);
    }
  }
  const ofConsensus = ledger.totals.find((totals) => totals.strategy === 'consensus');
  assert.deepEqual([ofConsensus?.unknown, ofConsensus?.oversold], [0, 0], 'consensus left something unknown, or oversold');
  for (const { record, fates } of ledger.rows) {
    const type = lab.schema.find((field) => field.id === record.field)!.type;
    // [YJS1] [YJS2] [YJS3]
    if (type === 'text' || type === 'counter' || type === 'set') assert.notEqual(fates.crdt?.disposition, 'lost', `${dotKey(record.dot)} is lost under the CRDT`);
    // [YJS6] Removing wins over what was done to an item without having seen the removal.
    if (type === 'list') assert.notEqual(fates.crdt?.disposition, 'resurrected', `${dotKey(record.dot)}: the item came back under the CRDT`);
    if (record.intent.kind === 'insert') assert.notEqual(fates.crdt?.disposition, 'lost', `${dotKey(record.dot)} is lost under the CRDT`);
    // [CAS1] [CAS4] Whole values and elements can be set aside by an edit that had not seen them.
    if (type === 'counter' || type === 'stock') assert.notEqual(fates.consensus?.disposition, 'lost', `${dotKey(record.dot)} is lost under consensus`);
    // [LWW5]
    const cause = fates['last-writer-wins']?.disposition === 'lost' ? fates['last-writer-wins'].cause : undefined;
    if (settingsOf(seed).clock === 'hybrid') assert.ok(!cause || !record.context.includes(cause), `${dotKey(record.dot)} is lost to an older edit`);
  }
}

/** Every edit is in one action, which is one author's in one field; a run in which characters were lost is not said to have ended better. */
function checkActions({ actions, rows }: Ledger): void {
  assert.deepEqual(new Set(actions.flatMap((action) => action.rows)), new Set(rows), 'edits and actions differ');
  for (const { key, rows: ofAction, fates } of actions) {
    const places = new Set(ofAction.map(({ record: { dot, field } }) => `${dot.replica} ${field}`));
    assert.ok(places.size === 1 && (ofAction.length === 1 || ofAction.every(({ record: { intent } }) => intent.kind === 'splice')), `${key} is no action`);
    for (const { record, fates: ofEdit } of ofAction) {
      for (const [strategy, { characters }] of Object.entries(ofEdit)) {
        const whole = fates[strategy as StrategyId]!;
        if ((characters?.lost ?? 0) > 0) assert.ok(['lost', 'pending', 'unknown'].includes(whole.disposition), `${strategy}: ${dotKey(record.dot)} lost characters, and ${key} is ${whole.disposition}`);
      }
    }
  }
}

/** What the ledger says, against the rules tried on every pair of edits. */
function checkByForce(lab: SimulatedLab, ledger: Ledger, strategy: (typeof strategies)[number], field: FieldSpec): void {
  const { siblings, replica } = lab.at('A');
  const waiting = strategy === 'siblings' ? siblings.waiting(field.id).map(({ value }) => value) : [];
  const values = waiting.length > 0 ? waiting : [replica.value(strategy, field.id)];
  const judged = ledger.rows.filter(({ record, fates }) => record.field === field.id && fates[strategy]);
  const isOpen = (disposition: Disposition | undefined): boolean => disposition === 'unknown' || disposition === 'pending';
  const carriedOut = judged.filter(({ fates }) => fates[strategy]!.disposition !== 'refused');
  const open = new Set(carriedOut.filter(({ fates }) => isOpen(fates[strategy]!.disposition)).map(({ record }) => record));
  const byForce = dispositionsByForce(carriedOut.map((row) => row.record), { type: field.type, values }, (each) => !open.has(each));
  for (const { record, fates } of carriedOut) {
    const found = fates[strategy]!.disposition;
    if (open.has(record)) continue;
    const expected = byForce(record);
    // A removal that found nothing to remove is visible, whatever became of the element.
    if (expected === null || (record.intent.kind === 'remove' && found === 'visible')) continue;
    if (strategy === 'crdt' && expected === 'lost' && found === 'superseded' && carriedOut.some((row) => deletedInDocument(row.record, record) && wantsOtherwise(row.record, record, field.type))) continue;
    assert.equal(found, expected, `${strategy}: ${field.id}: ${dotKey(record.dot)} ${JSON.stringify(record.intent)}`);
  }
}

/** [YJS3] The document travels by itself: what an edit deleted there had been seen, though its record had not arrived yet. */
function deletedInDocument(later: EditRecord, earlier: EditRecord): boolean {
  const [by, of] = [later, earlier].map(({ traces }) => (traces.crdt?.outcome === 'accepted' ? parseYjsDetails(traces.crdt.details) : null));
  if (!by || !of || of.created.length === 0) return false;
  return by.deleted.some(({ client, clock, length }) => client === of.created.client && clock <= of.created.clock && of.created.clock < clock + length);
}

/** The value of a field against the edits that the ledger calls visible. Fields with waiting siblings have no one value to compare. */
function checkVisible(lab: SimulatedLab, ledger: Ledger, strategy: (typeof strategies)[number], field: FieldSpec): void {
  const { siblings, replica } = lab.at('A');
  if (strategy === 'siblings' && siblings.waiting(field.id).length > 0) return;
  const rows = ledger.rows.filter((row) => row.record.field === field.id && row.fates[strategy]?.disposition === 'visible');
  const intents = rows.map((row) => row.record.intent);
  // A choice between siblings may set any value: what came before it no longer adds up by itself.
  if (intents.some((intent) => intent.kind === 'resolve') || accepted(lab, strategy, field.id).some((record) => record.intent.kind === 'resolve')) return;
  const what = `${strategy}: ${field.id}`;
  const value: FieldValue = replica.value(strategy, field.id);
  // By document a field may be back at its initial value, all its edits lost to writes that carried that along.
  if (field.type === 'register') for (const intent of intents) assert.deepEqual(intent.kind === 'set' && intent.value, value, what);
  if (field.type === 'register' && intents.length === 0) assert.equal(value, field.initial, what);
  if (field.type === 'counter' || field.type === 'stock') {
    const steps = intents.map((intent) => (intent.kind === 'increment' ? intent.by : intent.kind === 'release' ? intent.amount : intent.kind === 'reserve' ? -intent.amount : 0));
    assert.equal(value, steps.reduce((sum, step) => sum + step, field.initial as number), what);
  }
  if (field.type === 'set') assert.deepEqual(value, [...new Set(intents.flatMap((intent) => (intent.kind === 'add' ? [intent.element] : [])))].sort(), what);
  if (field.type === 'list') {
    const items = value as readonly ListItem[];
    assert.deepEqual(items.map((item) => item.id).sort(), rows.flatMap((row) => (row.record.intent.kind === 'insert' ? [dotKey(row.record.dot)] : [])).sort(), what);
    for (const intent of intents) {
      if (intent.kind === 'remove-item') assert.ok(!items.some((item) => item.id === intent.item), `${what}: a removed item is there`);
      if (intent.kind === 'relabel') assert.equal(items.find((item) => item.id === intent.item)?.label, intent.label, what);
      if (intent.kind === 'toggle') assert.equal(items.find((item) => item.id === intent.item)?.done, intent.done, what);
    }
  }
}
