/**
 * Consensus while members are let in: three at first, then two more, through partitions, losses and crashes. Each copy hears of a new list whenever it
 * happens to, which is less than the relay promises: it says a list to all at once, before anything that counts by it.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import { Membership } from '../../shared/protocol/membership.ts';
import { Consensus } from '../../shared/strategies/consensus/consensus.ts';
import type { MemberNetwork } from '../../shared/strategies/coordinated-strategy.ts';
import { noteRuns, repeatWith, seedsOf, someOf } from '../support/run-counts.ts';
import { watchConsensus, wrongChains } from './consensus-checks.ts';
import { CoordinatedRun, endOf, runSchema, wrongOutcomes } from './coordinated-run.ts';

const first = ['A', 'B', 'C'] as const;
/** How often lists are looked at, in milliseconds of virtual time. */
const everyMs = 60;

interface Rules {
  /** Whether somebody must have caught up before the next one is let in. */
  readonly catchUp: boolean;
  /** Whether a message of somebody who counts other members is left unheard. */
  readonly sameCount: boolean;
}

/** Who counts whom: each copy its own list, which outlives its crashes. */
class Lists {
  private readonly membership = new Membership(first);
  private readonly known = new Map<ReplicaId, readonly ReplicaId[]>();
  grown = 0;

  constructor(private readonly rules: Rules) {
    for (const name of ['D', 'E']) this.membership.arrive(name);
  }

  of(name: ReplicaId): readonly ReplicaId[] {
    return this.known.get(name) ?? first;
  }

  /** Puts the sender's count in front of each message. */
  readonly wrap = (network: MemberNetwork): MemberNetwork => ({
    self: network.self,
    clock: network.clock,
    members: () => this.of(network.self),
    reaches: (member) => network.reaches(member),
    reportOutcome: (dot, settlement) => network.reportOutcome(dot, settlement),
    persist: (key, bytes) => network.persist(key, bytes),
    send: (to, message) => network.send(to, encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, this.of(network.self).length);
      encoding.writeUint8Array(encoder, message);
    })),
  });

  /** Lets copies hear of the list, and the next one in. */
  turn(run: CoordinatedRun<Consensus>): void {
    const { lines, random } = run;
    for (const name of lines.names) if (lines.isUp(name) && random.chance(0.4)) this.known.set(name, this.membership.members);
    const asked = random.pick(lines.names.filter((name) => lines.isUp(name) && this.of(name).includes(name)));
    const members = this.of(asked);
    if (!this.rules.catchUp) this.membership.onCaughtUp(members);
    else lines.at(asked).confirmCaughtUp((caughtUp) => void (caughtUp && members === this.of(asked) && this.membership.onCaughtUp(members)));
    const next = random.chance(0.3) ? this.membership.next() : null;
    if (next) this.membership.become(next);
    if (next) this.grown++;
    lines.later(everyMs, () => this.turn(run));
  }
}

/** Hears only whom it counts, and who counts as it does. */
class CountingConsensus extends Consensus {
  constructor(private readonly name: ReplicaId, private readonly lists: Lists, private readonly rules: Rules) {
    super(runSchema);
  }

  override receiveFrom(from: ReplicaId, bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    const [theirs, own] = [decoding.readVarUint(decoder), this.lists.of(this.name)];
    if (this.rules.sameCount && theirs !== own.length) return;
    if (own.includes(from)) super.receiveFrom(from, decoding.readTailAsUint8Array(decoder));
  }
}

const totals = { accepted: 0, grown: 0 };

async function wrongIn(seed: number, rules: Rules): Promise<string[]> {
  const lists = new Lists(rules);
  const run = new CoordinatedRun<Consensus>(seed, (name) => new CountingConsensus(name, lists, rules), watchConsensus, lists.wrap);
  lists.turn(run);
  await run.play();
  totals.accepted += run.edits.filter((edit) => endOf(edit) === 'accepted').length;
  totals.grown += lists.grown;
  return [...run.wrong, ...wrongOutcomes(run.edits), ...wrongChains(run)];
}

describe('consensus, 3 members that become 5, 60 edits, 20 faults', () => {
  test('[CAS1] [CAS4] [CAS5] let in one at a time, each after somebody has caught up: one chain, nothing lost', { timeout: 600_000, tags: ['runs'] }, async () => {
    const seeds = seedsOf('growing-membership');
    for (const seed of seeds) expect(await wrongIn(seed, { catchUp: true, sameCount: true }), repeatWith('growing-membership', seed)).toEqual([]);
    if (seeds.length < 50) return;
    expect(totals.grown / seeds.length).toBeGreaterThan(1.5);
    expect(totals.accepted / seeds.length).toBeGreaterThan(15);
  });

  // Where the search begins: runs before that show nothing.
  const variants = [
    { name: 'let in before anybody has caught up', catchUp: false, sameCount: true, from: 5 },
    { name: 'heard whomever they count', catchUp: true, sameCount: false, from: 130 },
    { name: 'let in and heard without any rule', catchUp: false, sameCount: false, from: 1 },
  ];
  const chosen = someOf('membership-variants', variants);
  test.each(chosen)('$name: caught', { timeout: 600_000, tags: ['runs'] }, async ({ from, ...rules }) => {
    noteRuns('membership-variants', 1);
    for (let seed = from; seed < from + 600; seed++) {
      if ((await wrongIn(seed, rules)).length > 0) return;
    }
    throw new Error('not caught within 600 runs');
  });
});
