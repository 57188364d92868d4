/**
 * Carries edits out again: each at a copy of its replica that has exactly what its maker had seen, as its causal context says.
 *
 * Guarantees: concurrent edits are carried out without knowing of each other, as they were made; the strategies' own code does it. Edits must come in causal
 * order. Does not know how long messages took: a copy learns what it lacks when its next edit shows that it had seen it.
 * Memory: the edits once, and the state of each strategy once per replica.
 */
import * as Y from 'yjs';
import type { ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import type { Schema } from '../document/schema.ts';
import { type Edit, type EditRecord, isEdit, type JournalRecord, type Trace } from '../history/record.ts';
import { LastWriterWins } from '../strategies/last-writer-wins/last-writer-wins.ts';
import { Siblings } from '../strategies/siblings/siblings.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { YjsStrategy } from '../strategies/yjs/yjs-strategy.ts';

/** The strategies that answer at once, without asking others. */
export type AnsweringId = 'crdt' | 'last-writer-wins' | 'siblings';

export const answeringIds: readonly AnsweringId[] = ['crdt', 'last-writer-wins', 'siblings'];

/** One replica's copy under each strategy. */
export interface ReplayedCopy {
  readonly crdt: YjsStrategy;
  readonly lastWriterWins: LastWriterWins;
  readonly siblings: Siblings;
  seen: VersionVector;
}

/** A record in the order of the replay, with the CRDT's update where it made one. */
interface Entry {
  readonly place: number;
  readonly record: JournalRecord;
  readonly update: Uint8Array | undefined;
}

export class ReplayedCopies {
  private readonly copies = new Map<ReplicaId, ReplayedCopy>();
  private readonly entries = new Map<ReplicaId, Entry[]>();
  private place = 0;

  constructor(private readonly schema: Schema, private readonly strategies: readonly AnsweringId[]) {}

  get all(): readonly ReplayedCopy[] {
    return [...this.copies.values()];
  }

  /** The copy of a replica, brought to just what this context names. */
  at(replica: ReplicaId, context: VersionVector): ReplayedCopy {
    const copy = this.copyOf(replica);
    if (!copy.seen.covers(context)) this.bring(copy, context);
    return copy;
  }

  /**
   * Carries an edit out under these strategies, and notes it as it then is: with what they made of it, and the traces that it brings of others.
   * `client` is the Yjs client id that it is written under.
   */
  perform(edit: Edit & Pick<EditRecord, 'traces'>, client: number, strategies: readonly AnsweringId[] = this.strategies): EditRecord {
    const copy = this.at(edit.dot.replica, edit.context);
    copy.crdt.doc.clientID = client;
    const traces: Partial<Record<string, Trace>> = { ...edit.traces };
    let update: Uint8Array | undefined;
    for (const id of strategies) {
      const performed = strategyOf(copy, id).perform(edit);
      traces[id] = performed.trace;
      update ??= performed.carry;
    }
    const record: EditRecord = { ...edit, traces };
    for (const id of this.strategies) if (!strategies.includes(id)) strategyOf(copy, id).take?.({ ...record, traces: {} });
    this.note(record, copy, update);
    return record;
  }

  /** Notes a record that is carried out under none of the strategies. */
  pass(record: JournalRecord): void {
    const copy = this.at(record.dot.replica, record.context);
    for (const id of this.strategies) strategyOf(copy, id).take?.(bare(record));
    this.note(record, copy, undefined);
  }

  /** A copy that has all that there is, after `deliverAll`; a new one where there was no edit. */
  get final(): ReplayedCopy {
    const [copy = newCopy(this.schema)] = this.copies.values();
    return copy;
  }

  /** Whether all copies show the same. */
  agree(strategy: AnsweringId): boolean {
    return new Set(this.all.map((copy) => strategyOf(copy, strategy).digest())).size <= 1;
  }

  /** Brings all copies to all that there is. */
  deliverAll(): void {
    const everything = VersionVector.of([...this.entries].map(([replica, entries]) => [replica, entries.length] as const));
    for (const copy of this.all) this.bring(copy, everything);
  }

  private copyOf(replica: ReplicaId): ReplayedCopy {
    let copy = this.copies.get(replica);
    if (!copy) this.copies.set(replica, (copy = newCopy(this.schema)));
    return copy;
  }

  private note(record: JournalRecord, copy: ReplayedCopy, update: Uint8Array | undefined): void {
    const { replica } = record.dot;
    const entries = this.entries.get(replica);
    const entry = { place: this.place++, record, update };
    if (entries) entries.push(entry);
    else this.entries.set(replica, [entry]);
    copy.seen = copy.seen.with(record.dot);
  }

  private bring(copy: ReplayedCopy, context: VersionVector): void {
    const missing = this.missing(copy.seen, context);
    if (this.strategies.includes('crdt')) {
      // One transaction for all that comes at one time, as a merge is.
      copy.crdt.doc.transact(() => {
        for (const { update } of missing) if (update) copy.crdt.receive(update);
      });
    }
    if (this.strategies.includes('last-writer-wins')) for (const { record } of missing) copy.lastWriterWins.take(record);
    if (this.strategies.includes('siblings')) for (const { record } of missing) copy.siblings.take(record);
    copy.seen = copy.seen.merge(context);
  }

  /** In causal order. */
  private missing(seen: VersionVector, context: VersionVector): readonly Entry[] {
    const parts = context.entries().flatMap(([replica, counter]) => {
      const from = seen.get(replica);
      return counter > from ? [this.entries.get(replica)!.slice(from, counter)] : [];
    });
    return parts.length === 1 ? parts[0]! : parts.flat().sort((a, b) => a.place - b.place);
  }
}

function newCopy(schema: Schema): ReplayedCopy {
  return { crdt: new YjsStrategy(schema, new Y.Doc()), lastWriterWins: new LastWriterWins(schema), siblings: new Siblings(schema), seen: VersionVector.empty };
}

function strategyOf(copy: ReplayedCopy, id: AnsweringId): Strategy {
  return id === 'crdt' ? copy.crdt : id === 'last-writer-wins' ? copy.lastWriterWins : copy.siblings;
}

/** What others may name as seen, without any effect of its own. */
function bare(record: JournalRecord): JournalRecord {
  return isEdit(record) ? { ...record, traces: {} } : record;
}
