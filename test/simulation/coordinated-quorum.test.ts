/** Random runs of quorums under faults, and broken variants that the same checks must catch. A failing seed is printed with the command that repeats it. */
import { describe, expect, test } from 'vitest';
import { dotKey, type ReplicaId } from '../../shared/clocks/dot.ts';
import type { FieldSpec } from '../../shared/document/schema.ts';
import type { MemberNetwork } from '../../shared/strategies/coordinated-strategy.ts';
import { Coordinator, type CoordinatorOptions } from '../../shared/strategies/quorum/coordinator.ts';
import type { QuorumState } from '../../shared/strategies/quorum/messages.ts';
import { Quorum, type QuorumDetails } from '../../shared/strategies/quorum/quorum.ts';
import { defaultQuorumSettings, type QuorumSettings } from '../../shared/strategies/quorum/settings.ts';
import { VersionedCopy } from '../../shared/strategies/quorum/versioned-copy.ts';
import { compareVersions, noVersion, type Version } from '../../shared/strategies/version.ts';
import { repeatWith, seedsOf } from '../support/run-counts.ts';
import { acceptedOf, CoordinatedRun, endOf, replay, runSchema, wrongOutcomes } from './coordinated-run.ts';
import { isAtomic, type RegisterOperation } from './register-atomicity.ts';

const strict: QuorumSettings = { ...defaultQuorumSettings, r: 3, w: 3, writeBack: true };
type Make = (settings: QuorumSettings) => Quorum;
const sound: Make = (settings) => new Quorum(runSchema, settings);

/** [QUO2] Across lives, too. */
function watcher(): (name: string, copy: Quorum, run: CoordinatedRun<Quorum>) => void {
  const shown = new Map<string, Version>();
  return (name, copy, run) => {
    copy.onChange((fields) => {
      for (const field of fields) {
        const { version } = copy.tip(field);
        if (compareVersions(version, shown.get(name + field) ?? noVersion) < 0) run.wrong.push(`${field} went back at ${name}`);
        shown.set(name + field, version);
      }
    });
  };
}

/** Whether what the copies show descends, edit by edit, from the initial value, and versions follow real time where quorums overlap. */
function wrongLineages(run: CoordinatedRun<Quorum>, overlap: boolean): string[] {
  return runSchema.flatMap(({ id }) => {
    const accepted = run.edits.filter((edit) => edit.field === id && endOf(edit) === 'accepted').map((edit) => ({ edit, key: dotKey(edit.dot), details: acceptedOf<QuorumDetails>(edit)! }));
    const wrong: string[] = [];
    const lineage: typeof accepted = [];
    for (let key = run.lines.at('A').tip(id).last; key !== '';) {
      const found = accepted.find((each) => each.key === key);
      if (!found || lineage.length > accepted.length) return [...wrong, `${id}: ${key} is shown and was not accepted`];
      lineage.unshift(found);
      key = found.details[2];
    }
    const { value, wrong: impossible } = replay(id, lineage.map(({ edit }) => edit));
    if (run.lines.at('A').value(id) !== value) wrong.push(`${id}: A shows ${String(run.lines.at('A').value(id))}, its edits make ${String(value)}`);
    for (const a of accepted) for (const b of accepted) {
      if (a === b) continue;
      const [va, vb] = [a, b].map(({ details: [counter, replica] }) => ({ counter, replica })) as [Version, Version];
      if (compareVersions(va, vb) === 0) wrong.push(`${id}: ${a.key} and ${b.key} have one version`);
      if (overlap && a.edit.told.at(-1)!.atMs < b.edit.madeMs && compareVersions(va, vb) > 0) wrong.push(`${id}: ${a.key} was accepted before ${b.key} was made, and has a higher version`);
    }
    return [...wrong, ...impossible];
  });
}

async function wrongIn(seed: number, make: Make, settings: QuorumSettings, wrap?: (network: MemberNetwork) => MemberNetwork, totals?: Record<string, number>): Promise<string[]> {
  const run = new CoordinatedRun(seed, () => make(settings), watcher(), wrap);
  await run.play();
  for (const edit of run.edits) {
    for (const outcome of new Set([endOf(edit), ...edit.told.map(({ settlement }) => settlement.outcome)])) if (totals) totals[outcome] = (totals[outcome] ?? 0) + 1;
  }
  const overlap = settings.r + settings.w > 5 && !settings.sloppy;
  return [...run.wrong, ...wrongOutcomes(run.edits), ...wrongLineages(run, overlap)];
}

/** A dozen writes and quorum reads of one register, at random copies under random faults; whether it was atomic. */
async function wrongHistory(seed: number, make: Make, settings: QuorumSettings, wrap?: (network: MemberNetwork) => MemberNetwork): Promise<string[]> {
  const run = new CoordinatedRun(seed, () => make(settings), watcher(), wrap);
  const { random, lines } = run;
  const reads: RegisterOperation[] = [];
  lines.links.delayMsMax = random.pick([30, 120]);
  lines.links.lossChance = random.pick([0, 0.2, 0.5]);
  for (let step = 0; step < 12; step++) {
    if (step % 4 === 3) disturb(run);
    // Long enough for copies to hear of it, or not.
    if (step % 4 === 3 && random.chance(0.5)) await lines.run(200);
    const name = random.pick(lines.names.filter((each) => lines.isUp(each)));
    if (random.chance(0.4)) run.edit(name, 'title', { kind: 'set', value: `${step}` });
    else {
      const startMs = lines.clock.nowMs();
      lines.at(name).read('title', (answer) => void (answer.outcome === 'read' && reads.push({ kind: 'read', value: String(answer.value), startMs, endMs: lines.clock.nowMs(), maybe: false })));
    }
    await lines.run(random.below(random.pick([10, 40, 150])));
  }
  await run.heal(20_000);
  const writes = run.edits.filter((edit) => endOf(edit) !== 'refused').map((edit): RegisterOperation => ({
    kind: 'write', value: String((edit.intent as { value: unknown }).value), startMs: edit.madeMs,
    endMs: endOf(edit) === 'accepted' ? edit.told.at(-1)!.atMs : Infinity, maybe: endOf(edit) !== 'accepted',
  }));
  const history = [...writes, ...reads].sort((a, b) => a.startMs - b.startMs);
  return [...run.wrong, ...(isAtomic(history, 'start') ? [] : [`not atomic: ${history.map(({ kind, value, startMs, endMs }) => `${kind} ${value} [${startMs % 1e6}–${endMs % 1e6}]`).join(', ')}`])];
}

function disturb({ random, lines }: CoordinatedRun<Quorum>): void {
  const [first, second, ...rest] = [...lines.names].sort(() => (random.chance(0.5) ? 1 : -1)) as [ReplicaId, ReplicaId, ...ReplicaId[]];
  if (random.chance(0.4)) return lines.islands([first, second], rest);
  if (random.chance(0.2)) return lines.cutOneWay(first, second);
  // Heard by one only.
  if (random.chance(0.5)) return rest.forEach((to) => lines.cutOneWay(first, to));
  if (random.chance(0.4)) return lines.islands(lines.names);
  if (!lines.names.every((name) => lines.isUp(name))) return lines.heal();
  lines.crash(first);
}

const choices: Partial<QuorumSettings>[] = [{}, { r: 1, w: 1 }, { r: 2, w: 4 }, { r: 3, w: 3, sloppy: true }, { r: 5, w: 1 }, { r: 3, w: 3, writeBack: false, readRepair: false }];

describe('quorum, 5 members', () => {
  test('[QUO1] [QUO2] [QUO5] [QUO12] 60 edits, 20 faults, six settings: versions never go back, all is decided and equal after healing, what is shown descends from accepted edits', { timeout: 600_000, tags: ['runs'] }, async () => {
    const totals: Record<string, number> = {};
    const seeds = seedsOf('quorum');
    for (const seed of seeds) expect(await wrongIn(seed, sound, { ...strict, ...choices[seed % choices.length] }, undefined, totals), repeatWith('quorum', seed)).toEqual([]);
    if (seeds.length < 100) return;
    expect(totals['accepted']! / seeds.length).toBeGreaterThan(15);
    expect(totals['refused']! / seeds.length).toBeGreaterThan(5);
    expect(totals['unknown']! / seeds.length).toBeGreaterThan(2);
  });

  test('[QUO6] R + W > N with write-back: every small history of a register is atomic', { timeout: 600_000, tags: ['runs'] }, async () => {
    for (const seed of seedsOf('quorum-histories')) {
      const [r, w] = ([[3, 3], [2, 4], [4, 2]] as const)[seed % 3]!;
      expect(await wrongHistory(seed, sound, { ...strict, r, w }), repeatWith('quorum-histories', seed)).toEqual([]);
    }
  });
});

class Rebuilt extends Quorum {
  constructor(settings: QuorumSettings, private readonly parts: { copy?: typeof VersionedCopy; coordinator?: typeof Coordinator }) {
    super(runSchema, settings);
  }

  protected override makeCopy(field: FieldSpec, line: MemberNetwork, kept: Uint8Array | undefined, changed: () => void): VersionedCopy {
    return new (this.parts.copy ?? VersionedCopy)(field, line, kept, changed);
  }

  protected override makeCoordinator(field: FieldSpec, options: CoordinatorOptions): Coordinator {
    return new (this.parts.coordinator ?? Coordinator)(field, options);
  }
}

function forgetting(pattern: RegExp) {
  return (network: MemberNetwork): MemberNetwork => Object.assign(Object.create(network) as MemberNetwork, { persist: (key: string, bytes: Uint8Array) => (pattern.test(key) ? Promise.resolve() : network.persist(key, bytes)) });
}

const broken: [string, Make, QuorumSettings, ((network: MemberNetwork) => MemberNetwork)?][] = [
  ['[QUO7] no write-back', sound, { ...strict, r: 2, w: 4, writeBack: false, readRepair: false }],
  ['[QUO7] R + W = N', sound, { ...strict, r: 2 }],
  ['stand-ins count', sound, { ...strict, r: 2, w: 4, sloppy: true }],
  ['the writer counts twice', (settings) => new Rebuilt(settings, { copy: class extends VersionedCopy { override holders(version: Version, names: readonly ReplicaId[]): number { return super.holders(version, names) + 1; } } }), strict],
  ['writes do not ask for versions first', (settings) => new Rebuilt(settings, { coordinator: class extends Coordinator { protected override asksFirst(task: { edit: unknown }): boolean { return task.edit === null; } } }), strict],
  ['the last answer wins a read, not the newest', (settings) => new Rebuilt(settings, { coordinator: class extends Coordinator { protected override newestOf(answers: ReadonlyMap<ReplicaId, QuorumState>): QuorumState { return [...answers.values()].at(-1)!; } } }), strict],
  ['versions of one number: the one that comes last wins', (settings) => new Rebuilt(settings, { copy: class extends VersionedCopy { protected override beats(version: Version, held: Version): boolean { return version.counter >= held.counter; } } }), strict],
  ['what is acknowledged does not survive a crash', sound, strict, forgetting(/^value/)],
  ['a lower version overwrites a higher one', (settings) => new Rebuilt(settings, { copy: class extends VersionedCopy { protected override beats(version: Version, held: Version): boolean { return compareVersions(version, held) !== 0; } } }), strict],
];

describe('broken variants of quorums are caught', () => {
  test.each(broken)('%s', { timeout: 60_000 }, async (_name, make, settings, wrap) => {
    for (let seed = 1; seed <= 400; seed++) {
      const wrong = await wrongHistory(seed, make, settings, wrap).catch((error: unknown) => [String(error)]);
      if (seed <= 60 && wrong.length === 0 && settings.w === 3) wrong.push(...(await wrongIn(seed, make, settings, wrap)));
      if (wrong.length > 0) return;
    }
    expect.fail('nobody noticed');
  });
});

test.each([
  [true, [['write', 'a', 0, 5], ['read', 'a', 6, 7]]],
  [false, [['write', 'a', 0, 5], ['read', 'start', 6, 7]]],
  [true, [['write', 'a', 0, 50], ['read', 'start', 6, 7], ['read', 'a', 8, 9]]],
  [false, [['write', 'a', 0, 50], ['read', 'a', 6, 7], ['read', 'start', 8, 9]]],
  [true, [['write', 'a', 0, Infinity], ['read', 'start', 6, 7]]],
] as const)('the judge of histories says %s of %j', (atomic, operations) => {
  expect(isAtomic(operations.map(([kind, value, startMs, endMs]) => ({ kind, value, startMs, endMs, maybe: endMs === Infinity })), 'start')).toBe(atomic);
});
