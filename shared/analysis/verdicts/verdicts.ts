/**
 * All verdicts on a history, strongest level first.
 *
 * linearizable ⇒ sequential ⇒ causal ⇒ each session guarantee: all judge the same, what was observed. Where a checker cannot tell, its neighbours may:
 * what a stronger level promises holds, and what a weaker one lacks is lacking. Eventual consistency follows from none of them, as it is about the end
 * of the history.
 */
import { runWhole, type Sliced } from '../slices.ts';
import { causalSliced } from './causal.ts';
import { eventual } from './eventual.ts';
import { type Level, levels } from './levels.ts';
import { linearizableSliced, type SearchLimits } from './linearizable.ts';
import type { ObservedHistory } from './observed-history.ts';
import { sequentialSliced } from './sequential.ts';
import { monotonicReadsSliced, monotonicWritesSliced, readYourWritesSliced, writesFollowReadsSliced } from './session-guarantees.ts';
import { holds, type Verdict } from './verdict.ts';

export interface Verdicts {
  readonly levels: Readonly<Record<Level, Verdict>>;
  /** The first level of `levels` that holds; null if none does. */
  readonly strongest: Level | null;
}

export function verdictsOf(history: ObservedHistory, limits?: SearchLimits): Verdicts {
  return runWhole(verdictsOfSliced(history, limits));
}

export function* verdictsOfSliced(history: ObservedHistory, limits: SearchLimits = {}): Sliced<Verdicts> {
  const found: Record<Level, Verdict> = {
    linearizable: yield* linearizableSliced(history, limits),
    sequential: holds,
    causal: yield* causalSliced(history),
    'read-your-writes': yield* readYourWritesSliced(history),
    'monotonic-reads': yield* monotonicReadsSliced(history),
    'monotonic-writes': yield* monotonicWritesSliced(history),
    'writes-follow-reads': yield* writesFollowReadsSliced(history),
    eventual: eventual(history),
  };
  // The long search only where neither neighbour has decided it.
  const isDecided = found.linearizable.verdict === 'holds' || found.causal.verdict === 'broken';
  if (!isDecided) found.sequential = yield* sequentialSliced(history, limits);
  else if (found.linearizable.verdict !== 'holds') found.sequential = found.causal;
  conclude(found);
  return { levels: found, strongest: levels.find((level) => found[level].verdict === 'holds') ?? null };
}

/** Settles what is unknown by what is known of stronger and weaker levels. */
function conclude(found: Record<Level, Verdict>): void {
  for (const weaker of levels.slice(3, 7)) imply(found, 'causal', weaker);
  imply(found, 'sequential', 'causal');
  imply(found, 'linearizable', 'sequential');
  imply(found, 'sequential', 'causal');
  for (const weaker of levels.slice(3, 7)) imply(found, 'causal', weaker);
}

function imply(found: Record<Level, Verdict>, stronger: Level, weaker: Level): void {
  if (found[weaker].verdict === 'unknown' && found[stronger].verdict === 'holds') found[weaker] = found[stronger];
  if (found[stronger].verdict === 'unknown' && found[weaker].verdict === 'broken') found[stronger] = found[weaker];
}
