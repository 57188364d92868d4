/** Which strategies the ledger of a room tells of. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { roomLedgerSliced } from '../../../shared/analysis/room-ledger.ts';
import { runWhole } from '../../../shared/analysis/slices.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import type { JournalRecord, StrategyId } from '../../../shared/history/record.ts';
import { defaultSiblingsSettings } from '../../../shared/strategies/siblings/settings.ts';

const judged = (enabled: readonly StrategyId[], records: readonly JournalRecord[]): readonly StrategyId[] => {
  const everywhere = VersionVector.of(records.map(({ dot }) => [dot.replica, dot.counter] as const));
  return runWhole(roomLedgerSliced(labSchema, records, new Y.Doc(), everywhere, { enabled, siblings: defaultSiblingsSettings })).totals.map(({ strategy }) => strategy);
};

const voted = {
  dot: { replica: 'A', counter: 1 }, context: VersionVector.empty, wallMs: 1, hybrid: { ms: 1, counter: 0 }, field: 'votes', intent: { kind: 'increment', by: 1 },
  traces: { siblings: { outcome: 'accepted', details: [[], 0] } },
} as unknown as JournalRecord;

test('tells of those that run, and of those that did when an edit was made', () => {
  expect(judged(['crdt', 'consensus'], [])).toEqual(['crdt', 'consensus']);
  expect(judged(['crdt', 'last-writer-wins'], [])).toEqual(['crdt', 'last-writer-wins']);
  expect(judged(['crdt', 'consensus'], [voted])).toEqual(['crdt', 'siblings', 'consensus']);
});
