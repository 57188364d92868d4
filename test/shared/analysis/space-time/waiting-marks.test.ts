import { describe, expect, test } from 'vitest';
import { coneOf } from '../../../../shared/analysis/space-time/cones.ts';
import { fateOf } from '../../../../shared/analysis/space-time/timeline.ts';
import type { History } from '../../../../shared/history/history.ts';
import { markNamed, named, playedHistory, timelineOf } from './played-timeline.ts';

/** What the relay has while C is cut off. */
async function withoutC(steps: readonly string[]): Promise<History> {
  const history = await playedHistory([
    '{ at: A, set: { title: Offsite } }',
    'wait: 3 s',
    'offline: C',
    'wait: 3 s',
    ...steps,
  ]);
  return { ...history, records: history.records.filter(({ dot }) => dot.replica !== 'C') };
}

describe('edits that have not come through', () => {
  test('stand on their lane by field and time', async () => {
    const timeline = timelineOf(
      await withoutC([
        '{ at: C, set: { title: Rome } }',
        'wait: 3 s',
        '{ at: C, increment: votes }',
        'wait: 1 s',
        '{ at: A, set: { title: Paris } }',
        'wait: 1 s',
      ]),
    );
    const waiting = timeline.marks.filter(({ isHere }) => !isHere);
    expect(waiting.map((mark) => named(timeline, mark))).toEqual([
      'C Title: has not come through yet',
      'C Votes: has not come through yet',
    ]);
    expect(waiting[1]!.fromMs - waiting[0]!.fromMs).toBeGreaterThanOrEqual(3_000);
    expect(waiting.map((mark) => fateOf(mark, timeline.strategies, 'last-writer-wins'))).toEqual([
      'pending',
      'pending',
    ]);
    const cone = coneOf(timeline, waiting[0]!);
    expect([cone.hadSeen, cone.seenBy, cone.concurrent]).toEqual([1, 1, 1]);
    expect(timeline.bands).toHaveLength(1);
  });

  test('typing is one run', async () => {
    const timeline = timelineOf(await withoutC(['{ at: C, type: { notes: hello } }', 'wait: 3 s']));
    expect(timeline.marks.filter(({ isHere }) => !isHere).map(({ field }) => field)).toEqual([
      markNamed(timeline, 'C Notes: has not come through yet').field,
    ]);
  });

  test('are no more once they are here', async () => {
    const timeline = timelineOf(
      await playedHistory([
        'offline: C',
        'wait: 1 s',
        '{ at: C, increment: votes }',
        'wait: 1 s',
        'online: C',
        'wait: 3 s',
      ]),
    );
    expect(timeline.marks.map((mark) => [named(timeline, mark), mark.isHere])).toEqual([
      ['C Votes: +1', true],
    ]);
  });
});
