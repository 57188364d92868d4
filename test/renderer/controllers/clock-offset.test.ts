import { expect, test } from 'vitest';
import { ClockOffset } from '../../../renderer/controllers/clock-offset.ts';
import type { ControlMessage } from '../../../shared/control/control-message.ts';

/** Asks once, and answers: the way there and back takes so long, and the lab's clock is so far ahead. */
function measured(answers: readonly { readonly tookMs: number; readonly aheadMs: number }[]): number[] {
  const found: number[] = [];
  let nowMs = 1_000_000;
  let received: (message: ControlMessage) => void = () => {};
  const control = {
    listen: (listener: { opened?(): void; received?(message: ControlMessage): void }) => {
      received = (message) => listener.received?.(message);
      listener.opened?.();
      return () => {};
    },
    send: () => true,
  };
  new ClockOffset(control, () => nowMs, (offsetMs) => found.push(offsetMs));
  for (const { tookMs, aheadMs } of answers) {
    const sentMs = nowMs;
    nowMs += tookMs;
    received({ kind: 'time', sentMs, serverMs: sentMs + tookMs / 2 + aheadMs });
  }
  return found;
}

test('a clock that is ninety seconds slow is found', () => {
  expect(measured([{ tookMs: 40, aheadMs: 90_000 }])).toEqual([90_000]);
});

test('what the way there and back explains is no offset, nor what clocks of one device differ by', () => {
  expect(measured([{ tookMs: 400, aheadMs: 190 }])).toEqual([0]);
  expect(measured([{ tookMs: 2, aheadMs: -19 }])).toEqual([0]);
});

test('the answer that took least time counts', () => {
  expect(measured([{ tookMs: 900, aheadMs: 5_000 }, { tookMs: 4, aheadMs: 4_700 }, { tookMs: 300, aheadMs: 9_000 }])).toEqual([5_000, 4_700]);
});
