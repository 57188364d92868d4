import { beforeAll, describe, expect, test } from 'vitest';
import {
  fateSentence,
  matching,
  neighbourOf,
  waitingSentence,
} from '../../../../shared/analysis/space-time/finding.ts';
import type { Timeline } from '../../../../shared/analysis/space-time/timeline.ts';
import { markNamed, named, playedHistory, timelineOf } from './played-timeline.ts';

let timeline: Timeline;
const place = (name: string): number => timeline.marks.indexOf(markNamed(timeline, name));
const found = (query: string): string[] | null =>
  matching(timeline, query)?.map((at) => named(timeline, timeline.marks[at]!)) ?? null;

beforeAll(async () => {
  timeline = timelineOf(
    await playedHistory([
      '{ at: A, set: { title: Rome } }',
      'wait: 3 s',
      '{ at: B, increment: votes }',
      'wait: 3 s',
      '{ at: A, add: { tags: food } }',
      'wait: 3 s',
      'offline: C',
      'wait: 3 s',
      '{ at: C, set: { title: Oslo } }',
      'wait: 1 s',
      '{ at: A, set: { title: Bern } }',
      'wait: 1 s',
      '{ at: A, set: { title: Paris } }',
      'online: C',
      'wait: 5 s',
    ]),
  );
});

describe('matching', () => {
  test.each([
    ['title', ['A Title: “Rome”', 'C Title: “Oslo”', 'A Title: “Bern”', 'A Title: “Paris”']],
    ['A title', ['A Title: “Rome”', 'A Title: “Bern”', 'A Title: “Paris”']],
    ['c', ['C Title: “Oslo”']],
    ['a:2', ['A Tags: “food”']],
    ['B:1', ['B Votes: +1']],
    ['B:2', []],
    ['FOOD', ['A Tags: “food”']],
    ['nowhere', []],
  ])('%s', (query, expected) => expect(found(query)).toEqual(expected));

  test('nothing is looked for', () => expect(found('  ')).toBeNull());
});

describe('neighbours', () => {
  test('on the lane', () => {
    expect(neighbourOf(timeline, place('A Title: “Rome”'), 'right')).toBe(place('A Tags: “food”'));
    expect(neighbourOf(timeline, place('A Tags: “food”'), 'left')).toBe(place('A Title: “Rome”'));
    expect(neighbourOf(timeline, place('A Title: “Rome”'), 'left')).toBeNull();
    expect(neighbourOf(timeline, place('B Votes: +1'), 'right')).toBeNull();
  });

  test('the nearest in time on the next lane', () => {
    expect(neighbourOf(timeline, place('A Tags: “food”'), 'down')).toBe(place('B Votes: +1'));
    expect(neighbourOf(timeline, place('B Votes: +1'), 'down')).toBe(place('C Title: “Oslo”'));
    expect(neighbourOf(timeline, place('C Title: “Oslo”'), 'up')).toBe(place('B Votes: +1'));
    expect([place('A Title: “Rome”'), place('A Tags: “food”')]).toContain(
      neighbourOf(timeline, place('B Votes: +1'), 'up'),
    );
    expect(neighbourOf(timeline, place('A Title: “Rome”'), 'up')).toBeNull();
  });
});

describe('what is said', () => {
  test('how it ended, and why', () => {
    expect(fateSentence(timeline, markNamed(timeline, 'A Title: “Bern”'), 'last-writer-wins')).toBe(
      'Superseded under Last writer wins',
    );
    expect(fateSentence(timeline, markNamed(timeline, 'C Title: “Oslo”'), 'last-writer-wins')).toMatch(
      /^(Lost under Last writer wins: A wrote .+ later|Kept under Last writer wins)$/,
    );
    expect(fateSentence(timeline, markNamed(timeline, 'A Title: “Bern”'), null)).toBe('');
  });

  test('who has not seen it', async () => {
    const cut = timelineOf(
      await playedHistory([
        '{ at: A, set: { title: Rome } }',
        'wait: 3 s',
        'offline: C',
        'wait: 3 s',
        '{ at: C, increment: votes }',
        '{ at: A, set: { title: Paris } }',
        'wait: 1 s',
      ]),
    );
    expect(waitingSentence(cut, markNamed(cut, 'C Votes: has not come through yet'))).toBe(
      'Waiting: A and B have not seen it',
    );
    expect(waitingSentence(cut, markNamed(cut, 'A Title: “Paris”'))).toBe('Waiting: C has not seen it');
    expect(waitingSentence(cut, markNamed(cut, 'A Title: “Rome”'))).toBe('');
  });
});
