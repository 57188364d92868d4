/** Frames from the relay are handed on in turns, and none before the one that came first. */
import { describe, expect, test } from 'vitest';
import { FrameTurns } from '../../../renderer/providers/frame-turns.ts';

/** Each frame takes so long, in milliseconds of a made clock; a pause ends when the test says so. */
function turnsOf(frameMs: number): { turns: FrameTurns; handled: number[]; nextTask: () => Promise<void> } {
  let nowMs = 0;
  const handled: number[] = [];
  const paused: (() => void)[] = [];
  const turns = new FrameTurns({
    handle: ([number]) => {
      nowMs += frameMs;
      handled.push(number!);
    },
    pause: () => new Promise((resolve) => void paused.push(resolve)),
    nowMs: () => nowMs,
  });
  const nextTask = async (): Promise<void> => {
    for (const resume of paused.splice(0)) resume();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { turns, handled, nextTask };
}

const frame = (number: number): Uint8Array => new Uint8Array([number]);

describe('frames in turns', () => {
  test('hands a lone frame on at once', () => {
    const { turns, handled } = turnsOf(3);
    turns.take(frame(1), true);
    expect(handled).toEqual([1]);
  });

  test('ends a turn after some milliseconds; the rest follows in later tasks, in order', async () => {
    const { turns, handled, nextTask } = turnsOf(3);
    for (let number = 1; number <= 8; number++) turns.take(frame(number), true);
    expect(handled).toEqual([1, 2, 3]);
    await nextTask();
    expect(handled).toEqual([1, 2, 3, 4, 5, 6]);
    await nextTask();
    expect(handled).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('lets nothing overtake: what cannot wait is handed on at once only where nothing waits', async () => {
    const { turns, handled, nextTask } = turnsOf(10);
    turns.take(frame(1), true);
    turns.take(frame(2), false);
    expect(handled).toEqual([1, 2]);
    turns.take(frame(3), true);
    turns.take(frame(4), false);
    expect(handled).toEqual([1, 2]);
    for (let task = 0; task < 3; task++) await nextTask();
    expect(handled).toEqual([1, 2, 3, 4]);
  });

  test('forgets what waits when the connection ends', async () => {
    const { turns, handled, nextTask } = turnsOf(10);
    turns.take(frame(1), true);
    turns.take(frame(2), true);
    turns.clear();
    await nextTask();
    await nextTask();
    turns.take(frame(3), true);
    expect(handled).toEqual([1, 3]);
  });
});
