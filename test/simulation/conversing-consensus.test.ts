/** Random runs of consensus under faults, and broken variants of it that the same checks must catch. A failing seed is printed with the command that repeats it. */
import { describe, expect, test } from 'vitest';
import { dotKey } from '../../shared/clocks/dot.ts';
import type { FieldSpec } from '../../shared/document/schema.ts';
import { Acceptor } from '../../shared/strategies/consensus/acceptor.ts';
import { Consensus, type ConsensusDetails } from '../../shared/strategies/consensus/consensus.ts';
import type { Chosen } from '../../shared/strategies/consensus/messages.ts';
import { Proposer, type ProposerSurroundings } from '../../shared/strategies/consensus/proposer.ts';
import { initialState, type RegisterState } from '../../shared/strategies/consensus/register-state.ts';
import type { Line } from '../../shared/strategies/conversing.ts';
import type { Version } from '../../shared/strategies/version.ts';
import { acceptedOf, ConversingRun, endOf, repeatWith, replay, runSchema, seedsOf, wrongOutcomes } from './conversing-run.ts';

const file = 'conversing-consensus.test.ts';
const totals = { accepted: 0, refused: 0, unknown: 0, faults: 0 };

function watch(name: string, copy: Consensus, run: ConversingRun<Consensus>): void {
  const shown = new Map<string, number>();
  copy.onChange((fields) => {
    if ((copy.value('seats') as number) < 0) run.wrong.push(`${name} shows ${String(copy.value('seats'))} seats`);
    for (const field of fields) {
      const { version } = copy.tip(field);
      if (version < (shown.get(field) ?? 0)) run.wrong.push(`${field} went back at ${name}`);
      shown.set(field, version);
    }
  });
}

/** Whether the accepted edits of each field are one chain that gives the final value, and whether it keeps to real time. */
function wrongChains(run: ConversingRun<Consensus>): string[] {
  return runSchema.flatMap(({ id }) => {
    const accepted = run.edits.filter((edit) => edit.field === id && endOf(edit) === 'accepted')
      .map((edit) => ({ edit, details: acceptedOf<ConsensusDetails>(edit)! })).sort((a, b) => a.details[0] - b.details[0]);
    const wrong: string[] = [];
    accepted.forEach(({ edit, details: [version, replaces] }, i) => {
      const before = accepted[i - 1];
      if (version !== i + 1 || replaces !== (before ? dotKey(before.edit.dot) : '')) wrong.push(`${id}: ${dotKey(edit.dot)} is ${version} after "${replaces}", not ${i + 1} after "${before ? dotKey(before.edit.dot) : ''}"`);
      const late = accepted.slice(i + 1).find((other) => other.edit.told[0]!.settlement.outcome === 'accepted' && other.edit.told[0]!.atMs < edit.madeMs);
      if (late) wrong.push(`${id}: ${dotKey(late.edit.dot)} was accepted before ${dotKey(edit.dot)} was made, and comes after it`);
    });
    const { value, wrong: impossible } = replay(id, accepted.map(({ edit }) => edit));
    for (const name of run.lines.names) {
      const shown = run.lines.at(name).value(id);
      if (shown !== value) wrong.push(`${id}: ${name} shows ${String(shown)}, the accepted edits make ${String(value)}`);
    }
    return [...wrong, ...impossible];
  });
}

async function wrongIn(seed: number, make: () => Consensus, wrap?: (line: Line) => Line): Promise<string[]> {
  const run = new ConversingRun(seed, make, watch, wrap);
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
  test('[CAS1] [CAS3] [CAS4] [CAS5] no increment lost or doubled, no stock below 0 anywhere, what was refused never applied, all copies equal after healing', { timeout: 120_000 }, async () => {
    const seeds = seedsOf(300);
    for (const seed of seeds) expect(await wrongIn(seed, () => new Consensus(runSchema)), repeatWith(seed, file)).toEqual([]);
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

  protected override makeAcceptor(field: FieldSpec, line: Line, kept: ReadonlyMap<string, Uint8Array>): Acceptor {
    return new (this.parts.acceptor ?? Acceptor)(field, line, runSchema, kept);
  }

  protected override makeProposer(field: FieldSpec, around: ProposerSurroundings): Proposer {
    return new (this.parts.proposer ?? Proposer)(field, around);
  }
}

/** Loses in a crash whatever these keys held, though it said that it was kept. */
function forgetting(pattern: RegExp) {
  return (line: Line): Line => Object.assign(Object.create(line) as Line, { keep: (key: string, bytes: Uint8Array) => (pattern.test(key) ? Promise.resolve() : line.keep(key, bytes)) });
}

const broken: [string, () => Consensus, ((line: Line) => Line)?][] = [
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

