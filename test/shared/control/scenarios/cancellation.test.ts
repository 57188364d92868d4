import { expect, test } from 'vitest';
import { Cancellation, delay } from '../../../../shared/control/scenarios/cancellation.ts';
import { VirtualClock } from '../../../../shared/simulation/virtual-clock.ts';

/** How a promise ended, once it has. */
async function endOf(promise: Promise<void>): Promise<string> {
  return promise.then(() => 'over', (error: Error) => error.message);
}

test('a delay is over after its time', async () => {
  const clock = new VirtualClock();
  const ends: string[] = [];
  const ended = endOf(delay(clock, 100, new Cancellation())).then((end) => ends.push(end));
  clock.advance(99);
  await Promise.resolve();
  expect(ends).toEqual([]);
  clock.advance(1);
  await ended;
  expect(ends).toEqual(['over']);
});

test('one of its cancellations ends it with the reason, and takes its timer away; only the first reason counts', async () => {
  const clock = new VirtualClock();
  const [first, second] = [new Cancellation(), new Cancellation()];
  const ended = endOf(delay(clock, 100, first, second));
  second.cancel(new Error('left'));
  second.cancel(new Error('ended'));
  expect([await ended, second.reason?.message, first.reason]).toEqual(['left', 'left', null]);
  expect(clock.advanceToNext(Infinity)).toBe(false);
  expect(await endOf(delay(clock, 100, second))).toBe('left');
  expect(() => second.throwIfCancelled()).toThrow('left');
});
