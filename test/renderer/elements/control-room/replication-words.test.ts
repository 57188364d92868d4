import { expect, test } from 'vitest';
import { divergenceSentence, lagSentence, peakWords } from '../../../../renderer/elements/control-room/replication-words.ts';
import { timeWords } from '../../../../shared/analysis/phrases.ts';
import type { ReplicationSeries } from '../../../../shared/analysis/replication/replication-series.ts';

const series = (parts: Partial<ReplicationSeries>): ReplicationSeries => ({ strategy: 'crdt', fromMs: 0, untilMs: 10, cuts: [], fields: [0, 0], fieldsMax: 0, fieldsNow: 0, divergedMs: 0, behind: [], ...parts });

test('says for how long fields differed, how many at most, and how many now', () => {
  expect(divergenceSentence(series({ fields: [] }))).toBe('No window has noted anything yet.');
  expect(divergenceSentence(series({}))).toBe('All replicas showed the same all the time.');
  expect(divergenceSentence(series({ fieldsMax: 5, divergedMs: 130_000 }))).toBe('Fields differed for 2 min 10 s, 5 at most.');
  expect(divergenceSentence(series({ fieldsMax: 5, divergedMs: 130_000, fieldsNow: 1 }))).toBe('Fields differed for 2 min 10 s, 5 at most. 1 field differs now.');
  expect(divergenceSentence(series({ fieldsMax: 1, divergedMs: 420 }))).toBe('One field at a time differed, for 0.4 s in all.');
});

test('says who was how far behind, the furthest first, and who is now', () => {
  const behind = [{ replica: 'A', ms: [0, 0], msMax: 12_000 }, { replica: 'B', ms: [0, 0], msMax: 999 }, { replica: 'C', ms: [0, 4_000], msMax: 130_000 }];
  expect(lagSentence(series({}))).toBe('No window has noted anything yet.');
  expect(lagSentence(series({ behind: behind.slice(1, 2) }))).toBe('No replica was ever a second behind.');
  expect(lagSentence(series({ behind: behind.slice(0, 2) }))).toBe('A was up to 12 s behind.');
  expect(lagSentence(series({ behind }))).toBe('C was up to 2 min 10 s behind, A up to 12 s. Now: C 4 s.');
});

test('tells times as people do', () => {
  expect([40, 940, 9_949, 9_950, 59_400, 59_600, 60_000, 130_000, 3_600_000, 3_900_000].map(timeWords)).toEqual(['0 s', '0.9 s', '9.9 s', '10 s', '59 s', '1 min', '1 min', '2 min 10 s', '1 h', '1 h 5 min']);
  expect([940, 9_960, 130_000, 720_000].map(peakWords)).toEqual(['0.9 s', '10 s', '130 s', '12 min']);
});
