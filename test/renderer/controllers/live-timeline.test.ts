/**
 * When a live room's history is read: after changes, one at a time, not too often, and only while somebody
 * looks.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { LiveTimeline } from '../../../renderer/controllers/live-timeline.ts';
import type { FromTimeline, ToTimeline } from '../../../renderer/controllers/timeline-service.ts';
import { noTimeline } from '../../../shared/analysis/space-time/timeline.ts';
import { defaultSettings } from '../../../shared/control/lab-settings.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import { VirtualClock } from '../../../shared/simulation/virtual-clock.ts';

const room = {
  room: 'lab',
  settings: defaultSettings,
  replicas: [{ replica: 'A', clock: { A: 3 } }],
} as unknown as RoomView;
const { marks: _marks, arrows: _arrows, ...head } = noTimeline;
const found: FromTimeline = { kind: 'timeline', head: { ...head, lanes: ['A'] }, marks: 0, arrows: 0 };

let clock: VirtualClock;
let asked: ToTimeline[];
let answer: (message: FromTimeline) => void;
let changes: number;
let live: LiveTimeline;

beforeEach(() => {
  clock = new VirtualClock();
  asked = [];
  changes = 0;
  live = new LiveTimeline({
    clock,
    origin: 'http://127.0.0.1:1',
    openLine: (received) => {
      answer = received;
      return { send: (message) => void asked.push(message), close: () => undefined };
    },
    changed: () => void changes++,
  });
});

/** Lets everything happen that is due within this time. */
const pass = (ms: number): void => clock.advance(ms);

describe('a live timeline', () => {
  test('asks soon after a change, with what the open windows have', () => {
    live.watch(true);
    live.follow(room);
    pass(200);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      address: 'http://127.0.0.1:1/-/api/rooms/lab/history',
      room: { open: [['A', [['A', 3]]]] },
    });
    answer(found);
    expect(live.found.lanes).toEqual(['A']);
    expect(changes).toBe(1);
  });

  test('asks nothing while nobody looks, and then at once', () => {
    live.follow(room);
    pass(10_000);
    expect(asked).toHaveLength(0);
    live.watch(true);
    pass(200);
    expect(asked).toHaveLength(1);
  });

  test('one at a time, and at most once a second', () => {
    live.watch(true);
    live.follow(room);
    pass(200);
    for (let step = 0; step < 20; step++) {
      live.follow(room);
      pass(100);
    }
    expect(asked).toHaveLength(1);
    answer({ kind: 'trouble', trouble: 'the server is away' });
    expect(live.trouble).toBe('the server is away');
    pass(1_000);
    expect(asked).toHaveLength(1);
    pass(4_000);
    expect(asked).toHaveLength(2);
    answer(found);
    expect(live.trouble).toBeNull();
  });

  test('a long history is read more seldom: not before twice the time has passed that it took', () => {
    live.watch(true);
    live.follow(room);
    pass(200);
    pass(5_000);
    live.follow(room);
    answer(found);
    pass(4_500);
    expect(asked).toHaveLength(1);
    pass(1_000);
    expect(asked).toHaveLength(2);
  });

  test('once more after the last change, as notes come late', () => {
    live.watch(true);
    live.follow(room);
    pass(200);
    answer(found);
    pass(3_500);
    expect(asked).toHaveLength(2);
    answer(found);
    pass(60_000);
    expect(asked).toHaveLength(2);
  });

  test('nothing comes after it was closed', () => {
    live.watch(true);
    live.follow(room);
    live.close();
    pass(60_000);
    expect(asked).toHaveLength(0);
  });

  test('what comes in parts is shown when all of it is there', () => {
    live.watch(true);
    live.follow(room);
    pass(200);
    answer({ ...found, marks: 2, arrows: 1 } as FromTimeline);
    const mark = { key: 'A:1' } as never;
    answer({ kind: 'marks', marks: [mark] });
    answer({ kind: 'marks', marks: [mark] });
    expect(changes).toBe(0);
    answer({ kind: 'arrows', arrows: [{} as never] });
    expect(changes).toBe(1);
    expect(live.found.marks).toHaveLength(2);
  });
});
