import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cone, coneOf } from '../../../../shared/analysis/space-time/cones.ts';
import type { Mark } from '../../../../shared/analysis/space-time/timeline.ts';
import { Actions } from '../../../../shared/history/actions.ts';
import type { History } from '../../../../shared/history/history.ts';
import { type EditRecord, isEdit } from '../../../../shared/history/record.ts';
import { randomHistory } from '../../../support/random-history.ts';
import { markNamed, named, playedHistory, timelineOf } from './played-timeline.ts';

/** The edits of each action that its author made one by one, by version vectors alone. */
function editsByAction({ records }: History): Map<string, EditRecord[]> {
  const [actions, found] = [new Actions(), new Map<string, EditRecord[]>()];
  for (const record of records.filter(isEdit)) {
    const key = actions.startOf(record);
    found.set(key, [...(found.get(key) ?? []), record]);
  }
  for (const [key, edits] of found) {
    const typed = edits.filter(({ gathers }) => gathers === undefined);
    if (typed.length > 0) found.set(key, typed);
  }
  return found;
}

test('brute force: had seen, seen by and concurrent are what the version vectors say, and all actions are one of them', () => {
  fc.assert(
    fc.property(randomHistory, (history) => {
      const timeline = timelineOf({ ...history, events: [], document: null });
      const edits = editsByAction(history);
      const allSeen = (one: Mark, other: Mark): boolean =>
        edits.get(other.key)!.every(({ dot }) => edits.get(one.key)![0]!.context.includes(dot));
      for (const chosen of timeline.marks) {
        const cone = coneOf(timeline, chosen);
        expect(cone.hadSeen + cone.seenBy + cone.concurrent + 1).toBe(timeline.marks.length);
        for (const [place, mark] of timeline.marks.entries()) {
          const expected =
            mark === chosen
              ? 'itself'
              : allSeen(chosen, mark)
                ? 'had-seen'
                : allSeen(mark, chosen)
                  ? 'seen-by'
                  : 'concurrent';
          expect(cone.relations[place]).toBe(expected);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('past and future are each other’s, and nothing is both', () => {
  fc.assert(
    fc.property(randomHistory, (history) => {
      const timeline = timelineOf({ ...history, events: [], document: null });
      const relations: Cone['relations'][] = timeline.marks.map((mark) => coneOf(timeline, mark).relations);
      for (const [one, of] of relations.entries()) {
        for (const [other, relation] of of.entries())
          expect(relations[other]![one]).toBe(
            relation === 'had-seen' ? 'seen-by' : relation === 'seen-by' ? 'had-seen' : relation,
          );
      }
    }),
    { numRuns: 40 },
  );
});

test('the past of a lane ends with what was seen; the future begins where it arrived', async () => {
  const timeline = timelineOf(
    await playedHistory([
      '{ at: A, set: { title: Offsite } }',
      'wait: 3 s',
      'offline: C',
      'wait: 3 s',
      '{ at: C, set: { title: Rome } }',
      '{ at: A, set: { title: Paris } }',
      'wait: 3 s',
      'online: C',
      'wait: 5 s',
      '{ at: B, increment: votes }',
      'wait: 3 s',
    ]),
  );
  const chosen = markNamed(timeline, 'C Title: “Rome”');
  const cone = coneOf(timeline, chosen);
  expect([cone.hadSeen, cone.seenBy, cone.concurrent]).toEqual([1, 1, 1]);
  expect(cone.pastToMs).toEqual([markNamed(timeline, 'A Title: “Offsite”').toMs, null, chosen.fromMs]);
  expect(cone.futureFromMs).toEqual(chosen.arrivedMs);
  const concurrent = timeline.marks
    .filter((_, place) => cone.relations[place] === 'concurrent')
    .map((mark) => named(timeline, mark));
  expect(concurrent).toEqual(['A Title: “Paris”']);
});
