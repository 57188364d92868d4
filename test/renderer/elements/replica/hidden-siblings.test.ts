import { describe, expect, test } from 'vitest';
import type { ReplicaModel } from '../../../../renderer/controllers/replica-model.ts';
import { hiddenSiblings } from '../../../../renderer/elements/replica/hidden-siblings.ts';
import { defaultSettings } from '../../../../shared/control/lab-settings.ts';
import { fieldOf, type FieldSpec, type FieldValue, labSchema } from '../../../../shared/document/schema.ts';
import type { StrategyId } from '../../../../shared/history/record.ts';

const title = fieldOf(labSchema, 'title');

function session(values: readonly FieldValue[], { strategies = ['crdt'], enabled = ['crdt', 'siblings'] }: { readonly strategies?: StrategyId[]; readonly enabled?: StrategyId[] } = {}): ReplicaModel {
  const siblings = values.map((value, at) => ({ key: String(at), from: 'A', value }));
  return { strategies, settings: { ...defaultSettings, enabled }, siblings: () => siblings } as unknown as ReplicaModel;
}

function said(values: readonly FieldValue[], spec: FieldSpec = title): string | null {
  return hiddenSiblings(session(values), spec);
}

describe('what a field says whose siblings are hidden', () => {
  test('a set of a register chooses, and among what', () => {
    expect(said(['Rome', 'Oslo'])).toBe('Siblings is hidden: setting the title here also chooses between “Rome” and “Oslo” there.');
    expect(said(['Rome', 'Oslo', ''])).toBe('Siblings is hidden: setting the title here also chooses between “Rome”, “Oslo” and “(empty)” there.');
    expect(said(['x'.repeat(41), 'y'])).toBe(`Siblings is hidden: setting the title here also chooses between “${'x'.repeat(39)}…” and “y” there.`);
    expect(said([1, 2], { ...title, label: 'URL' })).toMatch(/setting the URL here/);
  });

  test('edits of other fields are refused there', () => {
    expect(said(['a', 'b'], fieldOf(labSchema, 'notes'))).toBe('Siblings is hidden: “a” and “b” wait there for a choice. Until then it refuses edits of the notes made here.');
  });

  test('nothing, where nothing waits, the column is shown, or the strategy is off', () => {
    expect([said(['Rome']), said([])]).toEqual([null, null]);
    expect(hiddenSiblings(session(['a', 'b'], { strategies: ['crdt', 'siblings'] }), title)).toBeNull();
    expect(hiddenSiblings(session(['a', 'b'], { enabled: ['crdt'] }), title)).toBeNull();
  });
});
