import { expect, test } from 'vitest';
import { cellMarkOf, markOf } from '../../../shared/analysis/edit-marks.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import type { Intent } from '../../../shared/document/intent.ts';
import type { EditRecord } from '../../../shared/history/record.ts';

function edits(intents: readonly Intent[]): EditRecord[] {
  return intents.map((intent, at) => ({ dot: { replica: 'A', counter: at + 1 }, context: VersionVector.empty, field: 'x', intent, wallMs: 1, hybrid: { ms: 1, counter: at }, traces: {} }));
}

const splice = (index: number, removed: string, inserted: string): Intent => ({ kind: 'splice', index, removed, inserted });

test.each<readonly [string, readonly Intent[]]>([
  ['Rome', [{ kind: 'set', value: 'Rome' }]],
  ['+2', [{ kind: 'increment', by: 1 }, { kind: 'increment', by: 1 }]],
  ['−1', [{ kind: 'increment', by: -1 }]],
  ['+food', [{ kind: 'add', element: 'food' }]],
  ['−food', [{ kind: 'remove', element: 'food' }]],
  ['+Pack', [{ kind: 'insert', after: null, label: 'Pack' }]],
  ['Train → Bus', [{ kind: 'relabel', item: 'A:3', label: 'Bus' }]],
  ['✓ Train', [{ kind: 'toggle', item: 'A:3', done: true }]],
  ['Train ↑', [{ kind: 'move', item: 'A:3', after: null }]],
  ['Train ↕', [{ kind: 'move', item: 'A:3', after: 'B:1' }]],
  ['−Train', [{ kind: 'remove-item', item: 'A:3' }]],
  ['−2', [{ kind: 'reserve', amount: 2 }]],
  ['+1', [{ kind: 'release', amount: 1 }]],
  ['sea', [splice(0, '', 's'), splice(1, '', 'e'), splice(2, '', 'a')]],
  ['Monday → Friday', [splice(3, 'Monday', 'Friday')]],
  ['−Monday', [splice(3, 'Monday', '')]],
  ['nothing: erased again', [splice(0, '', 's'), splice(0, 's', '')]],
  [`${'x'.repeat(39)}…`, [{ kind: 'set', value: 'x'.repeat(60) }]],
])('%s', (mark, intents) => {
  expect(markOf(edits(intents), () => 'Train')).toBe(mark);
});

test('beside what became of it, a replaced word is what was written', () => {
  expect(cellMarkOf(edits([splice(3, 'Monday', 'Friday')]), () => '')).toBe('Friday');
  expect(cellMarkOf(edits([splice(3, 'Monday', '')]), () => '')).toBe('−Monday');
});
