/** What holds of delivery in every run: all arrives, once, in causal order, and all copies agree. */
import { dotKey, type ReplicaId } from '../clocks/dot.ts';
import { compareHybrid } from '../clocks/hybrid-logical-clock.ts';
import { strategyNames } from '../strategies/registry.ts';
import type { FinishedReplica, FinishedRun } from './finished-run.ts';

/** What was not kept, a sentence each. */
export function deliveryProblems(run: FinishedRun): string[] {
  return [
    ...convergence(run),
    ...once(run),
    ...causalOrder(run),
    ...hybridTimes(run),
    ...answers(run),
    ...again(run),
  ];
}

/** [ALL4] */
function convergence({ isSettled, replicas, strategies, settings }: FinishedRun): string[] {
  const [first, ...others] = replicas;
  if (!isSettled || !first) return [];
  // Copies of a quorum that nobody repairs may differ for ever.
  const converging = strategies.filter(
    (strategy) => strategy !== 'quorum' || settings.quorum.antiEntropy,
  );
  const digests = converging.map((strategy) => [strategy, first.digest(strategy)] as const);
  return [
    ...replicas
      .filter(({ waiting }) => waiting > 0)
      .map(({ id }) => `${id} still has edits waiting`),
    ...others.flatMap((other) => [
      ...differentClocks(first, other),
      ...digests
        .filter(([strategy, digest]) => other.digest(strategy) !== digest)
        .map(([strategy]) => {
          const who = `${first.id} and ${other.id}`;
          const name = strategyNames[strategy];
          return `${name}: ${who} show different things, though all was delivered`;
        }),
    ]),
  ];
}

function differentClocks(first: FinishedReplica, other: FinishedReplica): string[] {
  const [mine, theirs] = [first.clock.toString(), other.clock.toString()];
  if (mine === theirs) return [];
  return [`${first.id} has ${mine}, and ${other.id} has ${theirs}, though all was delivered`];
}

/** [ALL1] However often a record came, it took effect once. */
function once({ replicas }: FinishedRun): string[] {
  return replicas
    .filter(({ records, clock }) => records.length !== clock.size)
    .map(({ id, records, clock }) => {
      return `the journal of ${id} has ${records.length} records, and it has seen ${clock.size}`;
    });
}

/** Nothing takes effect before what its author had seen. Counted here by hand, by no vector. */
function causalOrder({ replicas }: FinishedRun): string[] {
  return replicas.flatMap(({ id, records }) => {
    const seen = new Map<ReplicaId, number>();
    const early = records.find(({ dot, context }) => {
      const isLate = [...context.entries()].every(([replica, count]) => {
        return count <= (seen.get(replica) ?? 0);
      });
      seen.set(dot.replica, Math.max(dot.counter, seen.get(dot.replica) ?? 0));
      return !isLate;
    });
    if (!early) return [];
    const { replica, counter } = early.dot;
    return [`${id} took in ${replica}:${counter} before what ${replica} had seen when it made it`];
  });
}

/** A hybrid time is later than those of all that its author had seen: the ledger goes by them. */
function hybridTimes({ records }: FinishedRun): string[] {
  const times = new Map(records.map(({ dot, hybrid }) => [dotKey(dot), hybrid]));
  const early = records.find(({ context, hybrid }) =>
    context.entries().some(([replica, counter]) => {
      const seen = times.get(dotKey({ replica, counter }));
      return seen !== undefined && compareHybrid(seen, hybrid) >= 0;
    }),
  );
  if (!early) return [];
  const { replica } = early.dot;
  return [`${dotKey(early.dot)} has an earlier hybrid time than an edit that ${replica} had seen`];
}

/** Where all are connected, all comes to rest, and each edit has an answer. */
function answers({ isHealed, isSettled, replicas, strategies }: FinishedRun): string[] {
  if (!isHealed) return [];
  const open = replicas.flatMap(({ id, open }) =>
    strategies
      .filter((strategy) => open(strategy) > 0)
      .map((strategy) => {
        const edits = open(strategy) === 1 ? '1 edit' : `${open(strategy)} edits`;
        const name = strategyNames[strategy];
        return `${name}: ${id} has no answer to ${edits}, though everybody is connected`;
      }),
  );
  if (isSettled || open.length > 0) return open;
  return ['messages still go to and fro, though nobody has done anything for a while'];
}

/** What the relay has is not sent to it again. */
function again({ sentAgain }: FinishedRun): string[] {
  return [...sentAgain].map(([id, count]) => {
    const records = count === 1 ? 'a record' : `${count} records`;
    return `${id} sent ${records} again that the relay had, over a good link`;
  });
}
