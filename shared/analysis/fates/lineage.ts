/** The writes that a value was made of, and which of them are the newest that an edit met on its way. One replica's contexts only grow, so that a search costs replicas · log n. */
import type { DotKey, ReplicaId } from '../../clocks/dot.ts';
import type { EditRecord } from '../../history/record.ts';
import { firstIndex, getOrMake } from '../concurrency.ts';
import { eachOf, type Sliced } from '../slices.ts';
import type { TreeWrite } from './write-tree.ts';

interface Placed {
  readonly record: EditRecord;
  readonly place: number;
}

export class Lineage {
  readonly keys = new Set<DotKey>();
  private readonly byReplica = new Map<ReplicaId, Placed[]>();

  private constructor() {}

  /** `writes`: oldest first. */
  static *of(writes: readonly TreeWrite[], recordOf: (key: DotKey) => EditRecord | undefined): Sliced<Lineage> {
    const lineage = new Lineage();
    yield* eachOf(writes, ({ key }, place) => {
      lineage.keys.add(key);
      const record = recordOf(key);
      if (record) getOrMake(lineage.byReplica, record.dot.replica, () => []).push({ record, place });
    });
    return lineage;
  }

  /** The newest write whose author had not seen the edit. */
  newestUnaware(record: EditRecord): EditRecord | undefined {
    return this.newest((line) => lastUnaware(line, record));
  }

  /** The newest write that had not seen the edit, nor the edit it. */
  newestApart(record: EditRecord): EditRecord | undefined {
    return this.newest((line, replica) => {
      if (replica === record.dot.replica) return undefined;
      const last = lastUnaware(line, record);
      return last && record.context.includes(last.record.dot) ? undefined : last;
    });
  }

  private newest(ofReplica: (line: readonly Placed[], replica: ReplicaId) => Placed | undefined): EditRecord | undefined {
    let newest: Placed | undefined;
    for (const [replica, line] of this.byReplica) {
      const found = ofReplica(line, replica);
      if (found && (!newest || found.place > newest.place)) newest = found;
    }
    return newest?.record;
  }
}

function lastUnaware(line: readonly Placed[], { dot }: EditRecord): Placed | undefined {
  return line[firstIndex(line, ({ record }) => record.context.includes(dot)) - 1];
}
