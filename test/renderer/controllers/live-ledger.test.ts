/** When a window has its history judged: soon after a change, at once when a rejoin has ended, and not in the middle of one. */
import * as Y from 'yjs';
import { describe, expect, test } from 'vitest';
import { LiveLedger } from '../../../renderer/controllers/live-ledger.ts';
import type { FromLedger, ToLedger } from '../../../shared/analysis/ledger-service.ts';
import type { LedgerQuestion, PlainRejoin } from '../../../shared/analysis/ledger-mirror.ts';
import type { JournalRecord } from '../../../shared/history/record.ts';
import { decodeRecords } from '../../../shared/history/record-codec.ts';
import { apartHistory } from '../../support/apart-history.ts';

const history = apartHistory(40, 2);

function liveLedger(): { live: LiveLedger; sent: ToLedger[]; records: JournalRecord[]; goOn: (ms: number) => void; answer: (number: number) => void; tell: (message: FromLedger) => void; rejoins: PlainRejoin[]; shown: () => number } {
  let nowMs = 0;
  let changes = 0;
  const timers: { atMs: number; callback: () => void }[] = [];
  const sent: ToLedger[] = [];
  const records: JournalRecord[] = [];
  const rejoins: PlainRejoin[] = [];
  let received: (message: FromLedger) => void = () => {};
  const clock = {
    nowMs: () => nowMs,
    after(delayMs: number, callback: () => void) {
      const timer = { atMs: nowMs + delayMs, callback };
      timers.push(timer);
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
    },
  };
  const live = new LiveLedger({
    openLine: (onMessage) => {
      received = onMessage;
      return { send: (message) => sent.push(message), close: () => {} };
    },
    clock,
    replica: { schema: history.schema, records },
    doc: new Y.Doc(),
    question: () => ({ rejoins }) as unknown as LedgerQuestion,
    lookedBack: () => {}, changed: () => changes++,
  });
  return {
    live, sent, records, rejoins,
    tell: (message) => received(message),
    goOn(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const next = timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (!next) break;
        timers.splice(timers.indexOf(next), 1);
        nowMs = next.atMs;
        next.callback();
      }
      nowMs = endMs;
    },
    answer: (number) => received({ kind: 'findings', number, totals: [], concurrentActions: 0, rejoins: [], authors: {}, waiting: {}, itemCount: 0 }),
    shown: () => changes,
  };
}

const questions = (sent: readonly ToLedger[]): ToLedger[] => sent.filter(({ kind }) => kind === 'question');

describe('the ledger of a live replica', () => {
  test('sends records as they come, and asks a little later', () => {
    const { live, sent, records, goOn } = liveLedger();
    records.push(...history.records.slice(0, 10));
    live.schedule();
    goOn(50);
    expect(sent.some(({ kind }) => kind === 'records')).toBe(true);
    expect(questions(sent)).toHaveLength(0);
    goOn(50);
    expect(questions(sent)).toMatchObject([{ number: 1, replaces: false }]);
    expect(live.isCurrent).toBe(false);
  });

  test('sends what comes in great number at once, as far as that is short, and says that it belongs to a rejoin', () => {
    const { live, sent, records, goOn } = liveLedger();
    const counts = (): number[] => sent.flatMap((each) => (each.kind === 'records' ? [decodeRecords(each.records).length] : []));
    records.push(...Array.from({ length: 2_100 }, () => history.records[0]!));
    live.schedule(true);
    expect(counts()).toEqual([400, 400, 400, 400]);
    goOn(20);
    expect(counts()).toEqual([400, 400, 400, 400, 400]);
    goOn(20);
    expect(counts()).toEqual([400, 400, 400, 400, 400, 100]);
    expect(sent.filter(({ kind }) => kind === 'records')).toMatchObject(Array(6).fill({ isMeeting: true }));
  });

  test('asks what met before how it ended, once for each rejoin that is over', () => {
    const { live, sent, rejoins, goOn, answer, tell, shown } = liveLedger();
    const rejoin = { beganMs: 1, endedMs: null as number | null, met: ['B'], had: [], others: [] };
    const ask = (): void => {
      live.schedule();
      goOn(200);
    };
    ask();
    answer(1);
    rejoins.push(rejoin);
    ask();
    answer(2);
    rejoins[0] = { ...rejoin, endedMs: 5 };
    ask();
    expect(questions(sent)).toMatchObject([{ isNew: false }, { isNew: false }, { isNew: true }]);
    const before = shown();
    const view = { beganMs: 1, endedMs: 5, met: ['B'], here: 1, there: 2, fields: [], isJudged: false, totals: [] };
    tell({ kind: 'met', number: 2, rejoin: view });
    expect([live.found.rejoins, shown() - before]).toEqual([[], 0]);
    tell({ kind: 'met', number: 3, rejoin: view });
    expect([live.found.rejoins, shown() - before, live.isCurrent]).toEqual([[view], 1, false]);
    live.schedule(false, true);
    expect(questions(sent).at(-1)).toMatchObject({ isNew: false });
  });

  test('waits while others are being met, though a question was about to be asked, and asks at once when that has ended', () => {
    const { live, sent, records, goOn } = liveLedger();
    live.schedule();
    records.push(...history.records.slice(0, 10));
    live.schedule(true);
    goOn(300);
    live.schedule(true);
    goOn(200);
    expect(questions(sent)).toHaveLength(0);
    live.schedule(false, true);
    expect(questions(sent)).toMatchObject([{ number: 1, replaces: true }]);
    // The connection says it, too: it is asked once.
    live.schedule(false);
    expect(questions(sent)).toHaveLength(1);
  });

  test('asks at once when all has come, though the connection says so later than the rejoin, and not when something else is new', () => {
    const { live, sent, goOn } = liveLedger();
    live.schedule(true);
    goOn(100);
    live.schedule();
    goOn(100);
    expect(questions(sent)).toHaveLength(0);
    live.schedule(false);
    expect(questions(sent)).toMatchObject([{ number: 1, replaces: true }]);
    live.schedule(false);
    expect(questions(sent)).toHaveLength(1);
  });

  test('asks all the same while a long rejoin goes on', () => {
    const { live, sent, goOn } = liveLedger();
    for (let times = 0; times < 10; times++) {
      live.schedule(true);
      goOn(100);
    }
    expect(questions(sent)).toHaveLength(1);
  });

  test('shows nothing of a question that another one has taken the place of', () => {
    const { live, goOn, answer, shown } = liveLedger();
    live.schedule();
    goOn(100);
    live.schedule(false, true);
    answer(1);
    expect([shown(), live.isCurrent]).toEqual([0, false]);
    answer(2);
    expect([shown(), live.isCurrent]).toEqual([1, true]);
  });
});
