/** Random runs of consensus under faults, and broken variants of it that the same checks must catch. A failing seed is printed with the command that repeats it. */
import { describe, expect, test } from 'vitest';
import type { FieldSpec } from '../../shared/document/schema.ts';
import { Acceptor } from '../../shared/strategies/consensus/acceptor.ts';
import { Consensus } from '../../shared/strategies/consensus/consensus.ts';
import type { Chosen } from '../../shared/strategies/consensus/messages.ts';
import { Proposer, type ProposerOptions } from '../../shared/strategies/consensus/proposer.ts';
import { initialState, type RegisterState } from '../../shared/strategies/consensus/register-state.ts';
import type { MemberNetwork } from '../../shared/strategies/coordinated-strategy.ts';
import type { Version } from '../../shared/strategies/version.ts';
import { repeatWith, seedsOf } from '../support/run-counts.ts';
import { watchConsensus, wrongChains } from './consensus-checks.ts';
import { CoordinatedRun, endOf, runSchema, wrongOutcomes } from './coordinated-run.ts';

const totals = { accepted: 0, refused: 0, unknown: 0, faults: 0 };

async function wrongIn(seed: number, make: () => Consensus, wrap?: (network: MemberNetwork) => MemberNetwork): Promise<string[]> {
  const run = new CoordinatedRun(seed, make, watchConsensus, wrap);
  await run.play();
  for (const edit of run.edits) {
    const end = endOf(edit);
    if (end === 'accepted' || end === 'refused') totals[end]++;
    if (edit.told.some(({ settlement }) => settlement.outcome === 'unknown')) totals.unknown++;
  }
  totals.faults += run.faults;
  return [...run.wrong, ...wrongOutcomes(run.edits), ...wrongChains(run)];
}

describe('consensus, 5 members, 60 edits, 20 faults', () => {
  test('[CAS1] [CAS3] [CAS4] [CAS5] no increment lost or doubled, no stock below 0 anywhere, what was refused never applied, all copies equal after healing', { timeout: 600_000, tags: ['runs'] }, async () => {
    const seeds = seedsOf('consensus');
    for (const seed of seeds) expect(await wrongIn(seed, () => new Consensus(runSchema)), repeatWith('consensus', seed)).toEqual([]);
    if (seeds.length < 100) return;
    // The runs must have done something, or they prove nothing.
    expect(totals.faults / seeds.length).toBeGreaterThanOrEqual(15);
    expect(totals.accepted / seeds.length).toBeGreaterThan(15);
    expect(totals.refused / seeds.length).toBeGreaterThan(5);
    expect(totals.unknown).toBeGreaterThan(seeds.length / 4);
  });
});

class Rejoined extends Consensus {
  constructor(private readonly parts: { acceptor?: typeof Acceptor; proposer?: typeof Proposer }) {
    super(runSchema);
  }

  protected override makeAcceptor(field: FieldSpec, line: MemberNetwork, kept: ReadonlyMap<string, Uint8Array>): Acceptor {
    return new (this.parts.acceptor ?? Acceptor)(field, line, runSchema, kept);
  }

  protected override makeProposer(field: FieldSpec, options: ProposerOptions): Proposer {
    return new (this.parts.proposer ?? Proposer)(field, options);
  }
}

/** Loses in a crash whatever these keys held, though it said that it was kept. */
function forgetting(pattern: RegExp) {
  return (network: MemberNetwork): MemberNetwork => Object.assign(Object.create(network) as MemberNetwork, { persist: (key: string, bytes: Uint8Array) => (pattern.test(key) ? Promise.resolve() : network.persist(key, bytes)) });
}

const broken: [string, () => Consensus, ((network: MemberNetwork) => MemberNetwork)?][] = [
  ['two of five are enough', () => new (class extends Consensus { protected override needed(): number { return 2; } })(runSchema)],
  ['one is enough', () => new (class extends Consensus { protected override needed(): number { return 1; } })(runSchema)],
  ['what is promised and accepted does not survive a crash', () => new Consensus(runSchema), forgetting(/^(promised|accepted)/)],
  ['an edit is applied again when it is tried again', () => new Rejoined({ proposer: class extends Proposer { protected override has(): boolean { return false; } } })],
  ['ballots of one number are equal, whoever made them', () => new Rejoined({ acceptor: class extends Acceptor { protected override outranks(promised: Version, ballot: Version): boolean { return promised.counter > ballot.counter; } } })],
  ['what others accepted before is not looked at', () => new Rejoined({ proposer: class extends Proposer { protected override baseOf(promises: ReadonlyMap<string, Chosen | null>): RegisterState { return promises.get([...promises.keys()].sort()[0]!)?.state ?? initialState(this.field); } } })],
  ['the first promise decides, not the newest', () => new Rejoined({ proposer: class extends Proposer { protected override baseOf(promises: ReadonlyMap<string, Chosen | null>): RegisterState { return [...promises.values()].find((each) => each)?.state ?? super.baseOf(promises); } } })],
  ['a promise holds nobody back', () => new Rejoined({ acceptor: class extends Acceptor {
    override accept(ballot: Version, state: RegisterState): Promise<void> | null {
      this.promised = this.accepted?.ballot ?? ballot;
      return super.accept(ballot, state);
    }
  } })],
  ['the edits that are open are forgotten in a crash, and their names pruned', () => new Consensus(runSchema), forgetting(/^open/)],
];

describe('broken variants of consensus are caught', () => {
  test.each(broken)('%s', { timeout: 60_000 }, async (_name, make, wrap) => {
    for (let seed = 1; seed <= 120; seed++) {
      const wrong = await wrongIn(seed, make, wrap).catch((error: unknown) => [String(error)]);
      if (wrong.length > 0) return;
    }
    expect.fail('nobody noticed');
  });
});

