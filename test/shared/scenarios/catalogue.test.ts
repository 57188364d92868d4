/** Each scenario of the catalogue holds, and would not if the program did something else than it says. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CheckedRun } from '../../../shared/scenarios/check-scenario.ts';
import type { Scenario } from '../../../shared/scenarios/scenario.ts';
import { noteRuns, someOf } from '../../support/run-counts.ts';
import { loadShared, type Variant } from '../../support/shared-variant.ts';
import { projectRoot } from '../../tidy/source-files.ts';

const folder = `${projectRoot}shared/scenarios/catalogue/`;
const names = readdirSync(folder).map((name) => name.replace(/\.yaml$/, '')).sort();

interface Program {
  check(name: string, seed: number): Promise<CheckedRun>;
}

function program(change: Variant | null): Program {
  const load = loadShared(change);
  const { readScenario } = load('shared/scenarios/read-scenario.ts') as { readScenario(text: string, name: string): Scenario };
  const { checkScenario } = load('shared/scenarios/check-scenario.ts') as { checkScenario(scenario: Scenario, options: { seed: number }): Promise<CheckedRun> };
  return { check: async (name, seed) => checkScenario(readScenario(readFileSync(`${folder}${name}.yaml`, 'utf8'), name), { seed }) };
}

const change = (name: string, file: string, find: string, put: string): Variant => ({ name, file: `shared/${file}`, find, put });
const chain = 'strategies/last-writer-wins/write-chain.ts';
const lww = 'strategies/last-writer-wins/last-writer-wins.ts';
const yjs = 'strategies/yjs/yjs-fields.ts';
const coordinator = 'strategies/quorum/coordinator.ts';
const earliestWins = change('the smallest timestamp wins', chain, 'compareWrites(write, this.winner.write) > 0', 'compareWrites(write, this.winner.write) < 0');
const twoOfMany = change('two copies are a majority, however many there are', 'strategies/consensus/consensus.ts', 'return this.majority();', 'return 2;');
const alwaysRepairs = change('copies compare notes although that is switched off', 'strategies/quorum/quorum.ts', 'if (this.settings.antiEntropy) this.compareWithNext();', 'this.compareWithNext();');

/** What each scenario must not survive. */
const breaks: Readonly<Record<string, readonly Variant[]>> = {
  'airplane-week': [change('the first record that a peer lacks is left out', 'replica/journal.ts', 'flatMap(([replica, records]) => records.slice(summary.get(replica)))', 'flatMap(([replica, records]) => records.slice(summary.get(replica) + 1))'), earliestWins],
  failover: [change('the ledger does not hear of rollbacks', 'analysis/outcomes.ts', 'if (place) entries.isGone(place, dot.replica, settlement.reason);', '')],
  'field-level': [change('writes are by document, whatever was chosen', lww, "this.settings.granularity === 'field' ? [edit.field]", "edit.field === '' ? [edit.field]")],
  'last-seat': [change('every edit of the CRDT is refused that would sell the last one', yjs, 'return left < intent.amount ?', 'return left <= intent.amount ?'), earliestWins],
  'list-moves': [change('a move leaves the item where it was as well', yjs, "case 'move': return void", "case 'move': map.set(key, true); map.set(listKey(key, 'order'), '0'); return void"), change('a removal takes only the name', yjs, 'for (const part of [intent.item, listKey(', 'for (const part of [listKey(')],
  'post-and-reply': [alwaysRepairs],
  'roaming-phone': [alwaysRepairs],
  'row-level': [change('a write by document forgets the fields that it carries along', lww, "this.settings.granularity === 'field' ? [edit.field]", "edit.field !== '' ? [edit.field]")],
  'shared-note': [change('what is typed lands at the beginning', yjs, 'text.insert(index, intent.inserted)', 'text.insert(0, intent.inserted)')],
  'shopping-cart': [change('a union keeps only what all have', 'strategies/siblings/resolvers.ts', '[...new Set((values as readonly (readonly string[])[]).flat())].sort()', '(values as readonly (readonly string[])[]).reduce((a, b) => a.filter((each) => b.includes(each)))')],
  'skewed-clock': [change('skewed clocks are put right', 'replica/event-stamps.ts', 'this.clock.wallMs() + this.skew)', 'this.clock.wallMs())')],
  'skewed-clock-hybrid': [change('wall clocks are used although the hybrid clock was chosen', lww, "this.settings.clock === 'wall' ? 0 : 1", '0'), change('the hybrid clock does not hear of peers', 'replica/replica.ts', 'this.stamps.observe(record.hybrid);', '')],
  'split-office': [twoOfMany],
  'stale-quorum': [alwaysRepairs, change('two copies are asked, whatever R is', coordinator, 'this.answered(turn) >= settings().r', 'this.answered(turn) >= 2')],
  'strict-quorum': [change('one answer is enough, whatever R is', coordinator, 'this.answered(turn) >= settings().r', 'this.answered(turn) >= 1'), change('the oldest answer is taken', coordinator, 'compareVersions(each.version, newest.version) > 0', 'compareVersions(each.version, newest.version) < 0')],
  'title-race': [earliestWins],
  'vote-counter': [change('one counter entry for all', yjs, 'map.set(String(doc.clientID), (typeof mine', "map.set('all', (typeof mine"), change('a write drops its concurrent siblings', 'strategies/siblings/sibling-graph.ts', 'this.current.filter((key) => !covers.includes(key))', 'this.current.filter(() => false)')],
};

const chosen = new Set(someOf('lesson-variants', Object.values(breaks).flat()));

test('there is something that each must not survive', () => {
  expect(Object.keys(breaks).sort()).toEqual(names);
  for (const variants of Object.values(breaks)) expect(variants).not.toEqual([]);
});

const sound = program(null);

describe.each(names)('%s', (name) => {
  test('holds, whatever chance decides', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { outcome, broken, run } = await sound.check(name, seed);
      expect([...broken, ...run.judgements.filter((each) => each.outcome !== 'holds').map(({ sentence }) => sentence)], `seed ${seed}`).toEqual([]);
      expect(outcome).toBe('holds');
      expect(run.judgements.length).toBeGreaterThan(0);
      expect(run.room.troubles).toEqual([]);
    }
  });

  test.each((breaks[name] ?? []).filter((each) => chosen.has(each)))('does not survive this: $name', { tags: ['runs'] }, async (variant) => {
    noteRuns('lesson-variants', 1);
    expect((await program(variant).check(name, 1)).outcome).toBe('broken');
  });
});

test('titles and what to look at are sentences, and each step that teaches says so', () => {
  for (const name of names) {
    const text = readFileSync(`${folder}${name}.yaml`, 'utf8');
    expect(text, name).toMatch(/^title: .{3,60}\nlookAt: .+[.?]\n/);
    expect(text.length, name).toBeLessThan(4_000);
  }
});
