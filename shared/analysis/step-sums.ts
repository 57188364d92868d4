/** What steps on a counter or a stock add up to, for everybody who has seen some of them: a CRDT shows just that. */
import type { ReplicaId } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { Intent } from '../document/intent.ts';
import type { FieldId } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import { firstIndex, getOrMake } from './concurrency.ts';
import { eachOf, type Sliced } from './slices.ts';

/** By how much an intent changes a counter or a stock; 0: it is no step. */
export function stepOf(intent: Intent): number {
  if (intent.kind === 'increment') return intent.by;
  return intent.kind === 'release' ? intent.amount : intent.kind === 'reserve' ? -intent.amount : 0;
}

/** The steps of one replica on one field: after each, their sum so far. */
interface Steps {
  readonly counters: number[];
  readonly sums: number[];
}

export class StepSums {
  private readonly steps = new Map<FieldId, Map<ReplicaId, Steps>>();

  private constructor() {}

  /** Takes edits in an order that keeps each replica's own. */
  static *sliced(edits: readonly EditRecord[]): Sliced<StepSums> {
    const all = new StepSums();
    yield* eachOf(edits, (edit) => void all.note(edit));
    return all;
  }

  /** The sum of those that somebody has seen. Costs time in proportion to the number of replicas. */
  of(field: FieldId, seen: VersionVector): number {
    let sum = 0;
    for (const [replica, { counters, sums }] of this.steps.get(field) ?? []) sum += sums[firstIndex(counters, (each) => each > seen.get(replica)) - 1] ?? 0;
    return sum;
  }

  private note({ dot, field, intent }: EditRecord): void {
    const { counters, sums } = getOrMake(getOrMake(this.steps, field, () => new Map<ReplicaId, Steps>()), dot.replica, () => ({ counters: [], sums: [] }));
    counters.push(dot.counter);
    sums.push((sums.at(-1) ?? 0) + stepOf(intent));
  }
}
