/** Which sentences tell why an expectation did not come true, and in which order they are read. */
import { expect, test } from 'vitest';
import type { ReviewEntry } from '../../../shared/analysis/review.ts';
import type { Schema } from '../../../shared/document/schema.ts';
import { greatestFirst } from '../../../shared/replay/judged-replay.ts';
import { isAbout, unmetFirst } from '../../../shared/scenarios/evidence.ts';
import type { Expectation } from '../../../shared/scenarios/scenario.ts';

const schema: Schema = [{ id: 'title', type: 'register', label: 'Title', initial: '' }, { id: 'seats', type: 'stock', label: 'Seats left', initial: 4 }];
const entry = (key: string, field: string, fates: Record<string, string>, edits = 1) => ({ key, field, edits, charactersLost: {}, fates: Object.entries(fates).map(([strategy, disposition]) => ({ strategy, disposition, text: '' })) }) as unknown as ReviewEntry;
const figure = (strategy: 'crdt' | 'last-writer-wins', name: 'lost' | 'oversold' | 'edits') => ({ kind: 'figure', strategy, path: '', figure: name, bounds: { atLeast: 0, atMost: 0 } }) as Expectation;

test('a figure is about what ended so under its own strategy; oversold only about stocks', () => {
  const title = entry('A:1', 'title', { 'last-writer-wins': 'lost', siblings: 'sibling' });
  const seats = entry('A:2', 'seats', { 'last-writer-wins': 'lost' });
  expect([isAbout(figure('last-writer-wins', 'lost'), schema, title), isAbout(figure('crdt', 'lost'), schema, title)]).toEqual([true, false]);
  expect([isAbout(figure('last-writer-wins', 'oversold'), schema, title), isAbout(figure('last-writer-wins', 'oversold'), schema, seats)]).toEqual([false, true]);
  expect(isAbout(figure('last-writer-wins', 'edits'), schema, title)).toBe(false);
  expect(isAbout({ kind: 'value', strategy: 'siblings', path: '', field: 'title', value: 'Rome' }, schema, title)).toBe(true);
});

test('what breaks an expectation is read first: one for each of them, and the others as they stood', () => {
  const others = [entry('A:1', 'title', { siblings: 'sibling' }), entry('A:2', 'title', { quorum: 'lost' })];
  const wins = [entry('A:3', 'title', { 'last-writer-wins': 'lost' }), entry('A:4', 'title', { 'last-writer-wins': 'lost' })];
  const yjs = entry('A:5', 'title', { crdt: 'lost' });
  const judged = (strategy: 'crdt' | 'last-writer-wins', outcome: 'holds' | 'broken') => ({ expectation: figure(strategy, 'lost'), outcome, sentence: '' });
  const keys = (entries: readonly ReviewEntry[]) => entries.map(({ key }) => key);
  const all = [...others, ...wins, yjs];
  expect(keys(unmetFirst(all, [judged('last-writer-wins', 'broken'), judged('crdt', 'broken')], schema))).toEqual(['A:3', 'A:5', 'A:4', 'A:1', 'A:2']);
  expect(keys(unmetFirst(all, [judged('crdt', 'holds')], schema))).toEqual(keys(all));
});

test('of a replay what is lost is read before what only waits, then the greatest', () => {
  const waits = entry('A:1', 'title', { siblings: 'sibling' }, 3);
  const refused = entry('A:2', 'title', { consensus: 'refused' }, 2);
  const lost = [entry('A:3', 'title', { quorum: 'lost' }), entry('A:4', 'title', { quorum: 'lost', siblings: 'sibling' }, 2)];
  expect(greatestFirst([waits, refused, ...lost]).map(({ key }) => key)).toEqual(['A:4', 'A:3', 'A:2', 'A:1']);
});
