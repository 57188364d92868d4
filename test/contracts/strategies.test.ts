import { describe, test } from 'vitest';
import * as Y from 'yjs';
import { type ContractCopy, strategyContract } from '../../library/contracts.ts';
import { type Dot, dotKey } from '../../shared/clocks/dot.ts';
import { labSchema } from '../../shared/document/schema.ts';
import type { Settlement, Trace } from '../../shared/history/record.ts';
import { VirtualClock } from '../../shared/simulation/virtual-clock.ts';
import { Consensus } from '../../shared/strategies/consensus/consensus.ts';
import type { CoordinatedStrategy } from '../../shared/strategies/coordinated-strategy.ts';
import { LastWriterWins } from '../../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { Quorum } from '../../shared/strategies/quorum/quorum.ts';
import { defaultQuorumSettings } from '../../shared/strategies/quorum/settings.ts';
import { Siblings } from '../../shared/strategies/siblings/siblings.ts';
import { SingleLeader } from '../../shared/strategies/single-leader/single-leader.ts';
import { YjsStrategy } from '../../shared/strategies/yjs/yjs-strategy.ts';
import { seedsOf } from '../support/run-counts.ts';

function contract(name: string, make: (replica: string, life: number) => ContractCopy): void {
  strategyContract({ describe, test }, name, make, {
    seeds: () => seedsOf('strategy-contracts'),
    testRuns: (title, body) => test(title, { tags: ['runs'] }, body),
  });
}

/** A copy that is the only member, so that it answers by itself; what it knows it hands on by deltas, as the others do. */
function alone(strategy: CoordinatedStrategy, self: string): ContractCopy {
  const clock = new VirtualClock();
  const settled = new Map<string, Trace>();
  const settle = (dot: Dot, settlement: Settlement): void => {
    if (settlement.outcome === 'accepted' || settlement.outcome === 'refused') settled.set(dotKey(dot), settlement);
  };
  strategy.join({ self, clock, members: () => [self], reaches: () => false, send: () => undefined, reportOutcome: settle, persist: () => Promise.resolve() }, new Map());
  return {
    strategy,
    answer: async ({ dot }) => {
      for (let left = 100; left > 0; left--) {
        clock.advance(1);
        for (let turns = 5; turns > 0; turns--) await Promise.resolve();
        const trace = settled.get(dotKey(dot));
        if (trace) return trace;
      }
      throw new Error(`${dotKey(dot)} was not answered`);
    },
  };
}

contract('Quorum, N=1 R=1 W=1', (replica) => alone(new Quorum(labSchema, { ...defaultQuorumSettings, r: 1, w: 1 }), replica));
contract('Consensus, one member', (replica) => alone(new Consensus(labSchema), replica));
contract('Single leader, one member', (replica) => alone(new SingleLeader(labSchema), replica));

contract('CRDT (Yjs)', (_replica, life) => {
  const doc = new Y.Doc();
  doc.clientID = 100 + life;
  return { strategy: new YjsStrategy(labSchema, doc) };
});

for (const granularity of ['field', 'document'] as const) {
  for (const clock of ['wall', 'hybrid'] as const) {
    contract(`Last writer wins by ${granularity}, ${clock} clock`, () => ({ strategy: new LastWriterWins(labSchema, { granularity, clock }) }));
  }
}

for (const settings of [{ sets: 'ask', numbers: 'ask' }, { sets: 'union', numbers: 'maximum' }, { sets: 'union', numbers: 'sum' }] as const) {
  contract(`Siblings, sets by ${settings.sets}, numbers by ${settings.numbers}`, () => ({ strategy: new Siblings(labSchema, settings) }));
}
