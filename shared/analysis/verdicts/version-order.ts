/**
 * Which of two versions of a field is the older one, as far as that can be known.
 *
 * The initial value is older than every write. Of two writes: by the system's own order where the history brings it for both; else by the causal order.
 * Two writes that neither orders, or that causality orders both ways, are neither older nor newer.
 */
import type { CausalRelation } from './causal-relation.ts';
import type { ObservedHistory } from './observed-history.ts';
import { type Operation, writtenBy } from './operation.ts';
import type { Source } from './reads-from.ts';

export class VersionOrder {
  private readonly rank = new Map<string, number>();

  constructor(history: ObservedHistory, private readonly relation: CausalRelation) {
    for (const [field, ids] of history.order ?? []) for (const [index, id] of ids.entries()) this.rank.set(JSON.stringify([field, id]), index);
  }

  isOlder(version: Source, than: Operation): boolean {
    if (version === null) return true;
    const [mine, theirs] = [this.rankOf(version), this.rankOf(than)];
    return mine !== undefined && theirs !== undefined ? mine < theirs : this.relation.precedes(version, than) && !this.relation.precedes(than, version);
  }

  /** Whether the system itself ranks both and the first below the second. */
  isRankedBefore(a: Operation, b: Operation): boolean {
    const [first, second] = [this.rankOf(a), this.rankOf(b)];
    return a.field === b.field && first !== undefined && second !== undefined && first < second;
  }

  /** Two writes of a field of which the first caused the second, but is ranked as the newer one. */
  contradiction(): [Operation, Operation] | null {
    const ranked = this.relation.operations.filter((each) => writtenBy(each) !== undefined && this.rankOf(each) !== undefined);
    for (const a of ranked) for (const b of ranked) if (this.isRankedBefore(b, a) && this.relation.precedes(a, b)) return [a, b];
    return null;
  }

  private rankOf({ field, id }: Operation): number | undefined {
    return this.rank.size === 0 ? undefined : this.rank.get(JSON.stringify([field, id]));
  }
}
