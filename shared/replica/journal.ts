/**
 * The journal: every record that this replica has, its own and its peers', in the order in which they took effect here.
 *
 * Guarantees: causal order, no gaps within a replica, each record once. A record whose intent does not fit the schema keeps its place (its
 * successors depend on it) but no strategy gets to see it.
 */
import type { ReplicaId } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import { parseIntent } from '../document/intent.ts';
import { fieldOf, type Schema } from '../document/schema.ts';
import { Actions } from '../history/actions.ts';
import { CausalBuffer } from '../history/causal-order.ts';
import { type EditRecord, isEdit, isOutcome, type JournalRecord, type OutcomeRecord, type StrategyId } from '../history/record.ts';

export class Journal {
  private readonly buffer = new CausalBuffer();
  private readonly taken: JournalRecord[] = [];
  private readonly byReplica = new Map<ReplicaId, JournalRecord[]>();
  /** The last count of lacked actions, and of what: a window asks several times a frame. */
  private lacked: { readonly replica: ReplicaId; readonly from: number; readonly until: number; readonly actions: number } | null = null;

  constructor(private readonly schema: Schema) {}

  get clock(): VersionVector {
    return this.buffer.clock;
  }

  /** All records, in the order in which they took effect here. */
  get records(): readonly JournalRecord[] {
    return this.taken;
  }

  /** Whether records of this replica are here that cannot take effect, as something that they had seen is missing. */
  hasHole(replica: ReplicaId): boolean {
    return this.buffer.isWaitingFor(replica);
  }

  /** Takes records in any order; returns those that take effect now, in causal order. */
  add(records: readonly JournalRecord[]): JournalRecord[] {
    const ready = this.buffer.offer(records).map((record) => fitting(this.schema, record));
    for (const record of ready) {
      this.taken.push(record);
      const own = this.byReplica.get(record.dot.replica);
      if (own) own.push(record);
      else this.byReplica.set(record.dot.replica, [record]);
    }
    return ready;
  }

  /** Of how many actions of this replica somebody with this summary lacks an edit. */
  actionsLackedBy(summary: VersionVector, replica: ReplicaId): number {
    const own = this.of(replica);
    const [from, until] = [summary.get(replica), own.length];
    if (this.lacked?.replica !== replica || this.lacked.from !== from || this.lacked.until !== until) {
      this.lacked = { replica, from, until, actions: actionsIn(own.slice(from)) };
    }
    return this.lacked.actions;
  }

  /** The edits of a replica, and what a strategy answered there. */
  ownUnder(strategy: StrategyId, replica: ReplicaId): { readonly edits: readonly EditRecord[]; readonly outcomes: readonly OutcomeRecord[] } {
    const own = this.of(replica);
    return { edits: own.filter(isEdit), outcomes: own.filter(isOutcome).filter((record) => record.strategy === strategy) };
  }

  /** All records of one replica, in their order. */
  of(replica: ReplicaId): readonly JournalRecord[] {
    return this.byReplica.get(replica) ?? [];
  }

  /** The records that somebody with this summary lacks, each replica's in order. */
  lackedBy(summary: VersionVector): JournalRecord[] {
    return [...this.byReplica].flatMap(([replica, records]) => records.slice(summary.get(replica)));
  }
}

function actionsIn(records: readonly JournalRecord[]): number {
  const actions = new Actions();
  return new Set(records.filter(isEdit).filter(({ gathers }) => !gathers).map((edit) => actions.startOf(edit))).size;
}

/** The record itself, or without traces where its intent does not fit the document. */
function fitting(schema: Schema, record: JournalRecord): JournalRecord {
  if (!isEdit(record)) return record;
  try {
    parseIntent(fieldOf(schema, record.field).type, record.intent);
    return record;
  } catch {
    return { ...record, traces: {} };
  }
}
