/** How often one client is sent what changes often. */
import { expect, test } from 'vitest';
import { PacedMessage } from '../../../../shared/control/channel/paced-message.ts';
import { VirtualClock } from '../../../../shared/simulation/virtual-clock.ts';

/** A moment that changes, and what was sent of it: when, and which. */
function pacedMoment() {
  const clock = new VirtualClock(0);
  const state = { atMs: 0, isSlow: false };
  const sent: (readonly [number, number])[] = [];
  const message = new PacedMessage({
    clock, everyMs: 16, isSlow: () => state.isSlow,
    make: () => ({ kind: 'moment', atMs: state.atMs }),
    send: (each) => sent.push([clock.nowMs(), (each as { atMs: number }).atMs]),
  });
  const change = (atMs: number): void => {
    state.atMs = atMs;
    message.sendSoon();
  };
  return { clock, state, sent, message, change };
}

test('the first change goes out at once, later ones 16 ms apart, and the last one is sent', () => {
  const { clock, sent, change } = pacedMoment();
  for (let i = 1; i <= 40; i++) {
    change(i);
    clock.advance(1);
  }
  clock.advance(100);
  expect(sent).toEqual([[0, 1], [16, 16], [32, 32], [48, 40]]);
});

test('a client that is slow gets the newest when it has read', () => {
  const { clock, state, sent, change } = pacedMoment();
  state.isSlow = true;
  change(1);
  clock.advance(1_000);
  change(2);
  expect(sent).toEqual([]);
  state.isSlow = false;
  clock.advance(16);
  expect(sent.map(([, atMs]) => atMs)).toEqual([2]);
});

test('what waits goes out before another message, once; nothing does after the end', () => {
  const { clock, sent, message, change } = pacedMoment();
  message.flush();
  change(1);
  message.flush();
  message.flush();
  clock.advance(100);
  expect(sent).toEqual([[0, 1]]);
  change(2);
  message.cancel();
  clock.advance(100);
  expect(sent).toHaveLength(1);
});
