import { describe, expect, test } from 'vitest';
import { SeriesFeed } from '../../../renderer/controllers/series-feed.ts';
import type { ReplicationSeries } from '../../../shared/analysis/replication/replication-series.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { VirtualClock } from '../../../shared/simulation/virtual-clock.ts';

const series = (strategy: StrategyId, fieldsNow = 0): ReplicationSeries => ({ strategy, fromMs: 0, untilMs: 10, cuts: [], fields: [0, fieldsNow], fieldsMax: fieldsNow, fieldsNow, divergedMs: 0, behind: [] });

/** Answers take `tookMs` each; -1: they fail at once. */
function feedWith({ tookMs = 0, fieldsNow = 0 } = {}) {
  const clock = new VirtualClock(0);
  const [asked, received]: [string[], string[]] = [[], []];
  const state = { isVisible: true, tookMs, fieldsNow };
  const feed = new SeriesFeed({
    clock,
    isVisible: () => state.isVisible,
    received: ({ strategy }) => void received.push(`${clock.nowMs()} ${strategy}`),
    ask: async (strategy) => {
      asked.push(`${clock.nowMs()} ${strategy}`);
      if (state.tookMs < 0) throw new Error('the lab does not answer');
      if (state.tookMs > 0) await new Promise<void>((resolve) => clock.after(state.tookMs, resolve));
      return series(strategy, state.fieldsNow);
    },
  });
  /** Answers are heard between two steps. */
  const pass = async (ms: number): Promise<void> => {
    const endMs = clock.nowMs() + ms;
    do await settled();
    while (clock.advanceToNext(endMs));
  };
  return { feed, asked, received, state, pass, until: (atMs: number) => pass(atMs - clock.nowMs()) };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('SeriesFeed', () => {
  test('asks at once, then once a second however often something changes, and not again when nothing does', async () => {
    const { feed, pass, until, asked } = feedWith();
    for (let change = 0; change < 50; change++) {
      feed.want('crdt');
      await pass(50);
    }
    await until(60_000);
    expect(asked).toEqual(['0 crdt', '1000 crdt', '2000 crdt', '3000 crdt']);
  });

  test('goes on asking while fields differ, as time alone changes what is drawn', async () => {
    const { feed, until, asked, state } = feedWith({ fieldsNow: 2 });
    feed.want('crdt');
    await until(3_500);
    expect(asked).toHaveLength(4);
    state.fieldsNow = 0;
    await until(60_000);
    expect(asked).toHaveLength(5);
  });

  test('asks less often where answers take long; never two at a time', async () => {
    const { feed, until, asked } = feedWith({ tookMs: 400, fieldsNow: 1 });
    feed.want('crdt');
    await until(5_000);
    expect(asked).toEqual(['0 crdt', '2000 crdt', '4000 crdt']);
  });

  test('asks at once for another strategy, and drops an answer for the one before', async () => {
    const { feed, until, asked, received } = feedWith({ tookMs: 100 });
    feed.want('crdt');
    await until(50);
    feed.want('quorum');
    await until(5_000);
    expect([asked, received]).toEqual([['0 crdt', '100 quorum'], ['200 quorum']]);
  });

  test('asks nothing while nobody can see it, and when it is seen again', async () => {
    const { feed, until, asked, state } = feedWith();
    state.isVisible = false;
    feed.want('crdt');
    await until(5_000);
    expect(asked).toEqual([]);
    state.isVisible = true;
    feed.seen();
    await until(10_000);
    expect(asked).toEqual(['5000 crdt']);
  });

  test('asks again after a failure, and nothing any more when it is stopped', async () => {
    const { feed, until, asked, received, state } = feedWith({ tookMs: -1 });
    feed.want('crdt');
    await until(1_500);
    expect([asked.length, received]).toEqual([2, []]);
    state.tookMs = 0;
    await until(2_500);
    expect(received).toEqual(['2000 crdt']);
    feed.stop();
    feed.want('crdt');
    await until(9_000);
    expect(asked).toHaveLength(3);
  });
});
