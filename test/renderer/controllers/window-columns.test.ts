import { describe, expect, test } from 'vitest';
import { WindowColumns } from '../../../renderer/controllers/window-columns.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import type { StrategyId } from '../../../shared/history/record.ts';

const all = ['crdt', 'last-writer-wins'] as const;

/** A window's columns, and the same window when it is opened again with what it remembered. */
function openWindow(remembered: Record<string, string> = {}): { readonly columns: WindowColumns; again(): WindowColumns } {
  const memory = { ...remembered };
  const open = (): WindowColumns => new WindowColumns({ stage: memory['stage'], own: memory['columns'], remember: (setting, text) => void (memory[setting] = text) });
  return { columns: open(), again: open };
}

const own = (columns: readonly StrategyId[], columnsSinceMs: number) => ({ columns, columnsSinceMs, schema: null });
const scenario = (columns: readonly StrategyId[], columnsSinceMs: number) => ({ columns, columnsSinceMs, schema: labSchema });

describe('the columns of a window', () => {
  test('are the default ones first, then those on stage, in the order of the strategies; a window that is opened without the lab remembers them', () => {
    const { columns, again } = openWindow();
    expect(columns.shown).toEqual(all);
    columns.follow(own(['quorum', 'crdt'], 1));
    expect([columns.shown, again().shown]).toEqual([['crdt', 'quorum'], ['crdt', 'quorum']]);
  });

  test('are a person’s choice in this window until columns are put on stage, be they the same', () => {
    const { columns, again } = openWindow();
    columns.show('siblings', true);
    columns.follow(own(all, 0));
    expect([columns.shown, again().shown]).toEqual([[...all, 'siblings'], [...all, 'siblings']]);
    columns.follow(own(all, 1));
    expect([columns.shown, again().shown]).toEqual([all, all]);
    columns.show('crdt', false);
    columns.follow(own(['quorum'], 2));
    expect(columns.shown).toEqual(['quorum']);
  });

  test('are those of a scenario while it is on stage; afterwards the choice of before holds again', () => {
    const { columns, again } = openWindow();
    columns.show('siblings', true);
    columns.follow(scenario(all, 1));
    expect([columns.shown, again().shown]).toEqual([all, all]);
    columns.follow(own(all, 0));
    expect([columns.shown, again().shown]).toEqual([[...all, 'siblings'], [...all, 'siblings']]);
  });

  test('are at least one', () => {
    const { columns } = openWindow();
    columns.show('crdt', false);
    columns.show('last-writer-wins', false);
    expect(columns.shown).toEqual(['last-writer-wins']);
  });

  test('are those that a window of an earlier version remembered, before anybody had put any on stage', () => {
    const { columns } = openWindow({ columns: 'crdt siblings' });
    expect(columns.shown).toEqual(['crdt', 'siblings']);
    columns.follow(own(all, 0));
    expect(columns.shown).toEqual(['crdt', 'siblings']);
    columns.follow(own(['quorum'], 1));
    expect(columns.shown).toEqual(['quorum']);
  });
});
