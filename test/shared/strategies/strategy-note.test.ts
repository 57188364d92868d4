import { expect, test } from 'vitest';
import { strategyNote } from '../../../shared/strategies/registry.ts';
import { defaultSettings, type LabSettings } from '../../../shared/control/lab-settings.ts';
import type { StrategyId } from '../../../shared/history/record.ts';

const room = { self: 'A', members: ['A', 'B', 'C'], leader: 'B' };

test.each<readonly [StrategyId, Partial<LabSettings>, string]>([
  ['crdt', {}, ''],
  ['last-writer-wins', {}, 'wall clocks'],
  ['last-writer-wins', { lastWriterWins: { granularity: 'document', clock: 'hybrid' } }, 'hybrid clocks, the whole document'],
  ['siblings', {}, ''],
  ['siblings', { siblings: { sets: 'union', numbers: 'sum' } }, 'sets unite, numbers add up'],
  ['siblings', { siblings: { sets: 'ask', numbers: 'maximum' } }, 'the greater number'],
  ['quorum', {}, 'R=2 W=2 of N=3'],
  ['consensus', {}, '2 of 3 must agree'],
  ['single-leader', {}, 'B leads, majority'],
])('%s, %o: %s', (strategy, change, note) => {
  expect(strategyNote(strategy, { ...defaultSettings, ...change }, room)).toBe(note);
});

test('a strategy whose copies ask one another has nobody to ask before the window is a member', () => {
  expect(strategyNote('quorum', defaultSettings, { ...room, members: ['B'] })).toBe('not a member yet');
  expect(strategyNote('last-writer-wins', defaultSettings, { ...room, members: [] })).toBe('wall clocks');
});
