/**
 * What the relay holds for the sessions of one island: their records, and their Y.Doc.
 *
 * Guarantees: each replica's records without gaps and each once. Updates of the document are integrated when somebody needs it, all in one go: they are
 * passed on as they come, and nobody waits for that.
 */
import * as Y from 'yjs';
import type { Dot, ReplicaId } from '../clocks/dot.ts';
import { VersionVector } from '../clocks/version-vector.ts';
import { dotOf } from '../history/record-codec.ts';

/** A name of its own for each document would cost chance, and nobody asks for it. */
const documentName = 'simulated';

export class SimulatedIsland {
  private readonly byReplica = new Map<ReplicaId, Uint8Array[]>();
  /** Its summary, until something new comes. */
  private known: VersionVector | null = null;
  private doc: Y.Doc | null = null;
  private unapplied: Uint8Array[] = [];

  /** An island that has all that these had. */
  static of(islands: Iterable<SimulatedIsland>): SimulatedIsland {
    const island = new SimulatedIsland();
    for (const each of islands) {
      for (const [replica, records] of each.byReplica) if (records.length > (island.byReplica.get(replica)?.length ?? 0)) island.byReplica.set(replica, [...records]);
      if (each.hasDocument) island.takeUpdate(Y.encodeStateAsUpdate(each.document));
    }
    return island;
  }

  get summary(): VersionVector {
    return (this.known ??= VersionVector.of([...this.byReplica].map(([replica, records]) => [replica, records.length] as const)));
  }

  /** Whether anything of a Y.Doc came here. */
  private get hasDocument(): boolean {
    return this.doc !== null || this.unapplied.length > 0;
  }

  get document(): Y.Doc {
    const doc = (this.doc ??= new Y.Doc({ guid: documentName }));
    const updates = this.unapplied;
    if (updates.length > 0) {
      this.unapplied = [];
      doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)));
    }
    return doc;
  }

  takeUpdate(update: Uint8Array): void {
    this.unapplied.push(update);
  }

  /** `gap`: a record of its replica is missing before it; nothing was taken. */
  take(record: Uint8Array): 'taken' | 'known' | 'gap' {
    const { replica, counter }: Dot = dotOf(record);
    const own = this.byReplica.get(replica) ?? [];
    if (counter <= own.length) return 'known';
    if (counter > own.length + 1) return 'gap';
    own.push(record);
    this.byReplica.set(replica, own);
    this.known = null;
    return 'taken';
  }

  /** The records that somebody with this summary lacks, each replica's in order. */
  lackedBy(summary: VersionVector): Uint8Array[] {
    return [...this.byReplica].flatMap(([replica, records]) => records.slice(summary.get(replica)));
  }

  /** All records, each replica's in order. */
  records(): Uint8Array[] {
    return this.lackedBy(VersionVector.empty);
  }
}
