import { describe, expect, test } from 'vitest';
import { RejoinWatch } from '../../../renderer/controllers/rejoin-watch.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';

const clock = (entries: Record<string, number>): VersionVector => VersionVector.of(Object.entries(entries));

/** At C: its own clock, and what those that it reaches announced. */
function watched(moments: readonly (readonly [atMs: number, own: Record<string, number>, reached: Record<string, Record<string, number>>])[], later: (ms: number) => void = () => {}): RejoinWatch {
  const watch = new RejoinWatch('C', later);
  for (const [atMs, own, reached] of moments) watch.notice({ atMs, clock: clock(own), reached: new Map(Object.entries(reached).map(([name, each]) => [name, clock(each)])) });
  return watch;
}

describe('a rejoin at C', () => {
  const together = [0, { A: 1, C: 1 }, { A: { A: 1, C: 1 } }] as const;

  test('names what each side had, and ends when all has arrived', () => {
    const { rejoins } = watched([together, [10, { A: 1, C: 1 }, {}], [20, { A: 1, C: 4 }, {}], [30, { A: 1, C: 4 }, { A: { A: 3, C: 1 } }], [40, { A: 3, C: 4 }, { A: { A: 3, C: 4 } }]]);
    expect(rejoins.map(({ had, others, ...rest }) => ({ ...rest, had: had.toJSON(), others: others.toJSON() }))).toEqual([
      { cutMs: 10, wasOffline: false, beganMs: 30, endedMs: 40, met: ['A'], had: { A: 1, C: 4 }, others: { A: 3, C: 1 } },
    ]);
  });

  test('is the same where edits come before it is known who is reached, and the other side had taken those of here', () => {
    const { rejoins } = watched([together, [10, { A: 1, C: 4 }, {}], [25, { A: 3, C: 4 }, {}], [30, { A: 3, C: 4 }, { A: { A: 3, C: 4 } }]]);
    expect(rejoins.map(({ had, others }) => [had.toJSON(), others.toJSON()])).toEqual([[{ A: 1, C: 4 }, { A: 3, C: 1 }]]);
  });

  test.each([
    ['only this side had edits', [20, { A: 1, C: 4 }, { A: { A: 1, C: 1 } }]],
    ['only the other side had', [20, { A: 1, C: 1 }, { A: { A: 3, C: 1 } }]],
    ['neither had', [20, { A: 1, C: 1 }, { A: { A: 1, C: 1 } }]],
  ] as const)('is none where %s', (_, then) => {
    expect(watched([together, [10, { A: 1, C: 1 }, {}], then]).rejoins).toEqual([]);
  });

  test('is known by the next announcement where the other side edited right before it', () => {
    const atOnce = [20, { A: 1, C: 4 }, { A: { A: 1, C: 1 } }] as const;
    const { rejoins } = watched([together, [10, { A: 1, C: 4 }, {}], atOnce, [50, { A: 2, C: 4 }, { A: { A: 1, C: 1 } }], [90, { A: 2, C: 4 }, { A: { A: 2, C: 4 } }]]);
    expect(rejoins.map(({ had, others, ...rest }) => ({ ...rest, had: had.toJSON(), others: others.toJSON() }))).toEqual([
      { cutMs: 10, wasOffline: false, beganMs: 20, endedMs: 90, met: ['A'], had: { A: 1, C: 4 }, others: { A: 2, C: 1 } },
    ]);
    // What was edited later met nothing.
    const later = [[90, { A: 1, C: 4 }, { A: { A: 1, C: 4 } }], [200, { A: 2, C: 4 }, { A: { A: 2, C: 4 } }]] as const;
    expect(watched([together, [10, { A: 1, C: 4 }, {}], atOnce, ...later]).rejoins).toEqual([]);
    expect(watched([together, [10, { A: 1, C: 4 }, {}], atOnce, [600, { A: 2, C: 4 }, { A: { A: 2, C: 4 } }]]).rejoins).toEqual([]);
  });

  test('does not end before the other side has announced an edit of here, and is of all that it had by then', () => {
    const first = [20, { A: 1, C: 4 }, { A: { A: 2, C: 1 } }] as const;
    const arrived = [40, { A: 3, C: 4 }, { A: { A: 2, C: 1 } }] as const;
    const apart = [10, { A: 1, C: 4 }, {}] as const;
    expect(watched([together, apart, first, arrived]).rejoins).toMatchObject([{ endedMs: null }]);
    const announced = watched([together, apart, first, arrived, [80, { A: 3, C: 4 }, { A: { A: 3, C: 4 } }], [300, { A: 4, C: 4 }, { A: { A: 4, C: 4 } }]]);
    expect(announced.rejoins.map(({ beganMs, endedMs, others }) => [beganMs, endedMs, others.toJSON()])).toEqual([[20, 80, { A: 3, C: 1 }]]);
    // One that announces nothing is not awaited for ever, and what it announces later met nothing.
    const later: number[] = [];
    const silent = watched([together, apart, first, arrived], (ms) => later.push(ms));
    expect(later).toEqual([501]);
    silent.notice({ atMs: 521, clock: clock({ A: 3, C: 4 }), reached: new Map([['A', clock({ A: 3, C: 4 })]]) });
    expect(silent.rejoins.map(({ endedMs, others }) => [endedMs, others.toJSON()])).toEqual([[521, { A: 2, C: 1 }]]);
  });

  test('that begins two seconds after the end of another one is a part of it; later, one by itself', () => {
    const both = (laterMs: number) => watched([
      [0, {}, { A: {}, B: {} }], [10, { C: 1 }, {}],
      [20, { C: 1 }, { A: { A: 1 } }], [30, { A: 1, C: 1 }, { A: { A: 1, C: 1 } }],
      [30 + laterMs, { A: 1, C: 1 }, { A: { A: 1, C: 1 }, B: { B: 1 } }],
    ]).rejoins.map(({ met }) => met.join(''));
    expect(both(2_000)).toEqual(['AB']);
    expect(both(2_001)).toEqual(['A', 'B']);
  });

  test('tells whether this window was offline itself, and since when', () => {
    const watch = new RejoinWatch('C', () => {});
    const there = { A: clock({ A: 1 }) };
    watch.notice({ atMs: 0, clock: clock({}), reached: new Map(Object.entries(there)) });
    watch.notice({ atMs: 5, clock: clock({}), reached: new Map(), online: false });
    watch.notice({ atMs: 9, clock: clock({ C: 1 }), reached: new Map(), online: false });
    watch.notice({ atMs: 20, clock: clock({ C: 1 }), reached: new Map([['A', clock({ A: 2 })]]) });
    expect(watch.rejoins).toMatchObject([{ cutMs: 5, wasOffline: true, beganMs: 20 }]);
  });

  test('goes on while what the others had has not arrived', () => {
    const watch = watched([together, [10, { A: 1, C: 2 }, {}], [20, { A: 2, C: 2 }, { A: { A: 3, C: 1 } }]]);
    expect(watch.rejoins[0]).toMatchObject({ endedMs: null });
  });

  test('of islands: those that were reached all along are of this side', () => {
    const { rejoins } = watched([
      [0, {}, { A: {}, B: {} }],
      [10, { B: 1, C: 1 }, { B: { B: 1 } }],
      [20, { A: 2, B: 1, C: 1 }, { A: { A: 2 }, B: { B: 1 } }],
    ]);
    expect(rejoins.map(({ met, had, others }) => [met, had.toJSON(), others.toJSON()])).toEqual([[['A'], { B: 1, C: 1 }, { A: 2 }]]);
  });
});
