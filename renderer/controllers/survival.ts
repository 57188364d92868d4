/**
 * Whether every edit survived, in one sentence that says no more than is known: nothing is said to have survived while something that could change it
 * is pending, unknown, hidden or out of reach. Has no state.
 */
import { listOf } from '../../shared/analysis/phrases.ts';
import type { StrategyTotals } from '../../shared/analysis/strategy-figures.ts';
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { ReplicaStatus } from '../../shared/control/replica-status.ts';
import type { StrategyId } from '../../shared/history/record.ts';
import { strategyNames } from '../../shared/strategies/registry.ts';

export interface KnownOfEdits {
  readonly name: ReplicaId;
  /** What this window has, and what of it the relay has confirmed. */
  readonly clock: VersionVector;
  readonly saved: VersionVector;
  /** The open windows, as they last told; null where the lab cannot be asked. */
  readonly windows: readonly Pick<ReplicaStatus, 'replica' | 'clock'>[] | null;
  /** Of all strategies that run. */
  readonly totals: readonly StrategyTotals[];
  readonly shown: readonly StrategyId[];
  /** Whether the totals are of all that is here. */
  readonly isJudged: boolean;
}

export interface Survival {
  readonly kind: 'survived' | 'so far' | 'not all';
  readonly sentence: string;
}

export function survivalOf(known: KnownOfEdits): Survival {
  const harms = known.totals.map((totals) => ({ strategy: totals.strategy, harm: harmOf(totals) })).filter(({ harm }) => harm !== '');
  const named = harms.map(({ strategy, harm }) => `${strategyNames[strategy]}${known.shown.includes(strategy) ? '' : ', which is hidden,'} ${harm}`);
  if (named.length > 0) return { kind: 'not all', sentence: `Not every edit survived: ${listOf(named)}.` };
  const awaited = awaitedBy(known);
  if (awaited.length > 0) return { kind: 'so far', sentence: `Nothing is lost so far. Waiting for ${listOf(awaited)}.` };
  return { kind: 'survived', sentence: 'Every edit survived.' };
}

/** Who could still change what is known: windows that have something else than this one, the relay, answers. */
function awaitedBy({ name, clock, saved, windows, totals, isJudged }: KnownOfEdits): string[] {
  const others = (windows ?? []).filter(({ replica, clock: theirs }) => replica !== name && VersionVector.of(Object.entries(theirs)).compare(clock) !== 'equal').map(({ replica }) => replica);
  const asked = totals.filter(({ pending, unknown }) => pending + unknown > 0).map(({ strategy }) => strategyNames[strategy]);
  return [
    ...others.sort(),
    ...(saved.get(name) < clock.get(name) || windows === null ? ['the relay'] : []),
    // Where a window or the relay is awaited, all strategies wait for the same.
    ...(others.length === 0 && asked.length > 0 ? [`answers under ${listOf(asked)}`] : []),
    ...(!isJudged && others.length === 0 && asked.length === 0 ? ['this window to look at what came'] : []),
  ];
}

/** "lost 2 and oversold 1"; empty where nothing is known to have gone wrong. */
function harmOf({ lost, toResolve, resurrected, refused, oversold }: StrategyTotals): string {
  const harms = [['lost', lost], ['has to be resolved:', toResolve], ['brought back', resurrected], ['refused', refused], ['oversold', oversold]] as const;
  return listOf(harms.filter(([, count]) => count > 0).map(([words, count]) => `${words} ${count}`));
}
