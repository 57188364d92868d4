/**
 * What a replica's window showed at an earlier moment, under each strategy, by the strategies' own code: last writer wins
 * and siblings from the writes that the replica had, which they hold as chains with values on the way; the CRDT from a
 * snapshot of Yjs; those that ask each other from the edit whose value the replica noted. A jump costs a look at the
 * names of all edits and a few values, however long the history is.
 */
import type * as Y from 'yjs';
import type { DotKey, ReplicaId } from '../../clocks/dot.ts';
import type { VersionVector } from '../../clocks/version-vector.ts';
import type { FieldId, FieldValue, Schema } from '../../document/schema.ts';
import type { JournalRecord, StrategyId } from '../../history/record.ts';
import type { ShownEdits } from '../../history/room-event.ts';
import { isCoordinated } from '../../strategies/registry.ts';
import type { LastWriterWins } from '../../strategies/last-writer-wins/last-writer-wins.ts';
import type { Siblings } from '../../strategies/siblings/siblings.ts';
import type { YjsStrategy } from '../../strategies/yjs/yjs-strategy.ts';
import { type Authors, authorsOf } from '../authors.ts';
import { filtered } from '../filtered.ts';
import { roomLedgerSliced } from '../room-ledger.ts';
import type { Sliced } from '../slices.ts';
import { PastChains } from './past-chains.ts';
import { PastDocument } from './past-document.ts';
import type { ReplicaMoment } from './replica-past.ts';
import { defaultSiblingsSettings } from '../../strategies/siblings/settings.ts';

export interface PastSources {
  readonly schema: Schema;
  /** Each replica's in order. */
  readonly records: readonly JournalRecord[];
  /** Absent: nothing is said of the CRDT. It has all of the records. */
  readonly doc: Y.Doc | undefined;
  /** They have taken all of the records. */
  readonly lastWriterWins: LastWriterWins;
  readonly siblings: Siblings;
}

/** Plain data. A value that nobody can tell is absent. */
export interface PastState {
  readonly values: Readonly<Partial<Record<StrategyId, Readonly<Record<FieldId, FieldValue>>>>>;
  /** What waited for a choice; none where there was nothing to choose. */
  readonly siblings: Readonly<Record<FieldId, readonly PastSibling[]>>;
}

export interface PastSibling {
  readonly key: DotKey;
  readonly from: ReplicaId;
  readonly value: FieldValue;
}

export class PastStates {
  private constructor(
    private readonly sources: PastSources,
    private readonly document: PastDocument | null,
    private readonly chains: PastChains,
  ) {}

  /** They must be made anew when there are more records. */
  static *of(sources: PastSources): Sliced<PastStates> {
    const { schema, records, doc } = sources;
    const document = doc ? yield* PastDocument.of(schema, doc, records) : null;
    return new PastStates(sources, document, yield* PastChains.of(schema, records));
  }

  at({ has, shows }: Pick<ReplicaMoment, 'has' | 'shows'>, strategies: readonly StrategyId[]): PastState {
    const { schema, sources: { siblings } } = this;
    const crdt = strategies.includes('crdt') ? this.document?.at(has) : undefined;
    const values: Partial<Record<StrategyId, Record<FieldId, FieldValue>>> = {};
    for (const strategy of strategies) {
      const found = schema.map(({ id }) => [id, this.valueOf(strategy, id, has, shows, crdt)] as const);
      values[strategy] = Object.fromEntries(found.filter((each): each is [FieldId, FieldValue] => each[1] !== undefined));
    }
    const waiting = (field: FieldId): PastSibling[] =>
      siblings.waiting(field, siblings.graph(field).headsAt(has)).map(({ key, dot, value }) => ({ key, from: dot.replica, value }));
    return { values, siblings: Object.fromEntries(schema.map(({ id }) => [id, strategies.includes('siblings') ? waiting(id) : []])) };
  }

  /** Who wrote what is shown since. This goes through all that the replica had. */
  *authorsAt({ has, since }: Pick<ReplicaMoment, 'has' | 'since'>, strategies: readonly StrategyId[]): Sliced<Authors> {
    const { schema, sources } = this;
    const records = yield* filtered(sources.records, ({ dot }) => has.includes(dot));
    const settings = { enabled: strategies, siblings: defaultSiblingsSettings };
    const ledger = yield* roomLedgerSliced(schema, records, this.document?.at(has).doc, has, settings);
    return yield* authorsOf(ledger, schema, strategies, since);
  }

  private get schema(): Schema {
    return this.sources.schema;
  }

  private valueOf(strategy: StrategyId, field: FieldId, has: VersionVector, shows: ShownEdits, crdt: YjsStrategy | undefined): FieldValue | undefined {
    const { lastWriterWins, siblings } = this.sources;
    if (strategy === 'crdt') return crdt?.value(field);
    if (strategy === 'last-writer-wins') return lastWriterWins.chain(field).valueAfter(lastWriterWins.chain(field).tipAt(has));
    if (strategy === 'siblings') return siblings.value(field, siblings.graph(field).headsAt(has));
    const shown = shows[strategy]?.[field] ?? '';
    return isCoordinated(strategy) ? this.chains.valueAfter(strategy, field, shown, has) : undefined;
  }
}
