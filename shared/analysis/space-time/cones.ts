/**
 * Past and future of an action: what it had seen, what has seen it, and what is concurrent with it.
 *
 * An action had seen another one if its author had all of that one when it was begun. So the three, and the
 * action itself, are all actions, and of two actions that are each other's neither past nor future both say
 * so. Source: Mattern, "Virtual Time and Global States of Distributed Systems", 1989.
 */
import type { Mark, Timeline } from './timeline.ts';

export type Relation = 'itself' | 'had-seen' | 'seen-by' | 'concurrent';

export interface Cone {
  /** By mark. */
  readonly relations: readonly Relation[];
  readonly hadSeen: number;
  readonly seenBy: number;
  readonly concurrent: number;
  /** By lane, the end of the last action that it had seen; null: none. */
  readonly pastToMs: readonly (number | null)[];
  /** By lane, since when that replica has it; null: not as far as is known. */
  readonly futureFromMs: readonly (number | null)[];
}

export function hadSeen(mark: Pick<Mark, 'seen'>, earlier: Pick<Mark, 'lane' | 'last'>): boolean {
  return (mark.seen[earlier.lane] ?? 0) >= earlier.last;
}

export function relationOf(chosen: Mark, other: Mark): Relation {
  if (other === chosen) return 'itself';
  if (hadSeen(chosen, other)) return 'had-seen';
  return hadSeen(other, chosen) ? 'seen-by' : 'concurrent';
}

export function coneOf({ marks, lanes }: Pick<Timeline, 'marks' | 'lanes'>, chosen: Mark): Cone {
  const counts = { itself: 0, 'had-seen': 0, 'seen-by': 0, concurrent: 0 };
  const pastToMs = lanes.map((): number | null => null);
  const futureFromMs = [...chosen.arrivedMs];
  const relations = marks.map((mark) => {
    const relation = relationOf(chosen, mark);
    counts[relation]++;
    if (relation === 'had-seen') pastToMs[mark.lane] = Math.max(pastToMs[mark.lane] ?? -Infinity, mark.toMs);
    if (relation === 'seen-by')
      futureFromMs[mark.lane] = Math.min(futureFromMs[mark.lane] ?? Infinity, mark.fromMs);
    return relation;
  });
  pastToMs[chosen.lane] = chosen.fromMs;
  futureFromMs[chosen.lane] = chosen.toMs;
  return {
    relations,
    hadSeen: counts['had-seen'],
    seenBy: counts['seen-by'],
    concurrent: counts.concurrent,
    pastToMs,
    futureFromMs,
  };
}
