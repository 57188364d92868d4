/** What a window shows of a rejoin: what met, field by field, and how just that ended. */
import { expect, test } from 'vitest';
import { historyNames } from '../../../shared/analysis/history-names.ts';
import type { Ledger } from '../../../shared/analysis/ledger.ts';
import { type KnownRejoin, type MetEdit, metWords, rejoinFinder, rejoinViews } from '../../../shared/analysis/rejoin-views.ts';
import { reviewSliced } from '../../../shared/analysis/review.ts';
import { runWhole } from '../../../shared/analysis/slices.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { strategyIds } from '../../../shared/history/record.ts';
import { ApartRoom } from '../../support/simulated-room.ts';

const clock = (entries: Record<string, number>): VersionVector => VersionVector.of(Object.entries(entries));

/** Two rejoins of A: in the first votes met, in the second titles; between them all had everything. */
async function metTwice(): Promise<{ readonly room: ApartRoom; readonly ledger: Ledger; readonly rejoins: readonly KnownRejoin[] }> {
  const room = await ApartRoom.open(['A', 'B'], { strategies: ['crdt', 'last-writer-wins'] });
  room.edit('A', 'votes', { kind: 'increment', by: 1 });
  room.edit('A', 'votes', { kind: 'increment', by: 1 });
  room.edit('B', 'votes', { kind: 'increment', by: 1 });
  await room.meet();
  room.edit('A', 'title', { kind: 'set', value: 'Rome' });
  room.edit('B', 'title', { kind: 'set', value: 'Paris' });
  room.edit('B', 'tags', { kind: 'add', element: 'sea' });
  await room.meet();
  const rejoins: KnownRejoin[] = [
    { beganMs: 1, endedMs: 2, met: ['B'], had: clock({ A: 2 }), others: clock({ B: 1 }) },
    { beganMs: 3, endedMs: 4, met: ['B'], had: clock({ A: 3, B: 1 }), others: clock({ A: 2, B: 3 }) },
  ];
  return { room, ledger: room.ledger('A'), rejoins };
}

test('each rejoin has its own fields, marks and totals', async () => {
  const { room: { schema }, ledger, rejoins } = await metTwice();
  const { label } = runWhole(historyNames(schema, ledger.rows));
  const [first, second] = runWhole(rejoinViews(ledger, schema, rejoins, label));
  expect(first).toMatchObject({
    here: 2, there: 1,
    fields: [{ field: 'votes', here: [{ author: 'A', mark: '+1', step: 1 }, { author: 'A', mark: '+1', step: 1 }], there: [{ author: 'B', mark: '+1', step: 1 }], kept: { crdt: 3, 'last-writer-wins': 1 } }],
  });
  expect(second).toMatchObject({
    here: 1, there: 2,
    fields: [{ field: 'title', here: [{ author: 'A', mark: 'Rome' }], there: [{ author: 'B', mark: 'Paris' }], kept: { crdt: 1, 'last-writer-wins': 1 } }, { field: 'tags', here: [], there: [{ author: 'B', mark: '+sea' }] }],
  });
  const lost = [first, second].map((view) => view!.totals.map(({ strategy, actions, kept, lost: gone }) => [strategy, actions, kept, gone]));
  expect(lost).toEqual([
    [['crdt', 3, 3, 0], ['last-writer-wins', 3, 1, 2]],
    [['crdt', 3, 2, 1], ['last-writer-wins', 3, 2, 1]],
  ]);
});

test('an entry of the review belongs to the rejoin that brought the later of its two edits', async () => {
  const { room: { schema }, ledger, rejoins } = await metTwice();
  const entries = runWhole(reviewSliced(ledger, { schema, viewer: 'A', strategies: strategyIds, rejoinOf: rejoinFinder(rejoins) }));
  expect(new Set(entries.map(({ field, rejoin }) => `${field} in ${rejoin}`))).toEqual(new Set(['title in 1', 'votes in 0']));
});

test('of many edits of one person the sum stands beside the field, or the first of them', () => {
  const times = (count: number, edit: Omit<MetEdit, 'author'>): MetEdit[] => Array.from({ length: count }, () => ({ author: 'A', ...edit }));
  expect(metWords(times(2, { mark: '+1', step: 1 }))).toBe('+1, +1');
  expect(metWords([...times(250, { mark: '+1', step: 1 }), { author: 'A', mark: '−3', step: -3 }])).toBe('+247 in 251 edits');
  expect(metWords(times(4, { mark: '+food' }))).toBe('+food, +food, +food, +food');
  expect(metWords(times(13, { mark: '+food' }))).toBe('+food, +food, +food, +food and 9 more');
});
