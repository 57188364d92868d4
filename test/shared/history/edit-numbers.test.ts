import { expect, test } from 'vitest';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { EditNumbers } from '../../../shared/history/edit-numbers.ts';
import { isEdit, isOutcome } from '../../../shared/history/record.ts';
import { played } from '../../support/played-scenario.ts';

test('outcomes and reads move no number; the journal counts them', async () => {
  const { run } = await played(['{ at: A, increment: votes, times: 2 }', '{ at: A, read: A }', '{ at: A, set: { title: Rome } }']);
  const own = run.records.filter(({ dot }) => dot.replica === 'A');
  const edits = own.filter(isEdit);
  expect(own.some(isOutcome)).toBe(true);
  const numbers = new EditNumbers().take(run.records);
  expect(edits.map(({ dot }) => numbers.nameOf(dot))).toEqual(['A:1', 'A:2', 'A:3']);
  expect(edits.at(-1)!.dot.counter).toBeGreaterThan(3);
  expect(numbers.clockOf(run.room.at('B').replica.clock).toString()).toBe('{A:3}');
});

test('what a pause gathers has the numbers of what it gathers', async () => {
  const { run } = await played(['{ at: A, type: { notes: hello } }']);
  const numbers = new EditNumbers().take(run.records);
  const gathered = run.records.filter(isEdit).find(({ gathers }) => gathers !== undefined);
  expect(numbers.clockOf(run.room.everywhere)).toEqual(VersionVector.of([['A', run.records.filter(isEdit).filter(({ gathers }) => gathers === undefined).length]]));
  if (gathered) expect(numbers.rangeOf(gathered.dot)).toEqual([1, gathered.gathers]);
});

test('it takes what is new of a list that grows', async () => {
  const { run } = await played(['{ at: A, increment: votes, times: 3 }']);
  const numbers = new EditNumbers();
  const growing = run.records.slice(0, 1);
  numbers.take(growing);
  growing.push(...run.records.slice(1));
  expect(numbers.take(growing).clockOf(run.room.everywhere).toString()).toBe(new EditNumbers().take(run.records).clockOf(run.room.everywhere).toString());
});
