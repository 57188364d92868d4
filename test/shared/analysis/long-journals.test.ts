/** What is found out about a journal does not depend on its fitting into the arguments of a call. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { observedRoom } from '../../../shared/analysis/observed-room.ts';
import { roomLedger } from '../../../shared/analysis/room-ledger.ts';
import { verdictsOf } from '../../../shared/analysis/verdicts/verdicts.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import type { Schema } from '../../../shared/document/schema.ts';
import type { EditRecord } from '../../../shared/history/record.ts';
import { defaultSiblingsSettings } from '../../../shared/strategies/siblings/settings.ts';

const schema: Schema = [{ id: 'title', type: 'register', label: 'Title', initial: '' }];

function edit(counter: number): EditRecord {
  return {
    dot: { replica: 'A', counter },
    context: VersionVector.of([['A', counter - 1]]),
    field: 'title',
    intent: { kind: 'set', value: `${counter}` },
    wallMs: counter,
    hybrid: { ms: counter, counter: 0 },
    traces: {},
  };
}

test('200,000 records are counted and judged', () => {
  const records = Array.from({ length: 200_000 }, (_, i) => edit(i + 1));
  const history = observedRoom(schema, records, 'last-writer-wins');
  expect(verdictsOf(history).strongest).toBe('linearizable');
  const settings = { siblings: defaultSiblingsSettings, enabled: ['last-writer-wins', 'siblings'] as const };
  const everywhere = VersionVector.of([['A', records.length]]);
  const ledger = roomLedger(schema, records, new Y.Doc(), everywhere, settings);
  expect(ledger.totals).toHaveLength(3);
});
