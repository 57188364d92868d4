/** The ledger in slices: none is long, whatever the length of the history; and a service that answers gives what the ledger says. */
import * as Y from 'yjs';
import { describe, expect, test } from 'vitest';
import type { LedgerQuestion } from '../../../shared/analysis/ledger-mirror.ts';
import { type FromLedger, LedgerService } from '../../../shared/analysis/ledger-service.ts';
import { reviewSliced, toldRuns } from '../../../shared/analysis/review.ts';
import { reviewItems } from '../../../shared/analysis/review-items.ts';
import { roomLedger, roomLedgerSliced } from '../../../shared/analysis/room-ledger.ts';
import { runWhole } from '../../../shared/analysis/slices.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { encodeRecords } from '../../../shared/history/record-codec.ts';
import { isEdit, strategyIds } from '../../../shared/history/record.ts';
import { defaultSiblingsSettings } from '../../../shared/strategies/siblings/settings.ts';
import { apartHistory } from '../../support/apart-history.ts';
import { longestStep, stepMsMax } from '../../support/longest-step.ts';
import { longHistory } from '../../support/long-history.ts';
import { countOf, noteRuns } from '../../support/run-counts.ts';
import { until } from '../../support/until.ts';

const settings = { siblings: defaultSiblingsSettings, enabled: strategyIds };

describe('a history of all field types and strategies, of people who edit apart again and again', () => {
  const history = apartHistory(12_000, 7);
  const { schema, records, doc, everywhere } = history;

  test('no step of its ledger, nor of its review, is long', { timeout: 240_000 }, () => {
    const ledger = longestStep(() => roomLedgerSliced(schema, records, doc, everywhere, settings));
    const review = longestStep(() => reviewSliced(ledger.value, { schema, viewer: 'A', strategies: strategyIds }));
    console.log(`${records.length} records: ledger ${Math.round(ledger.totalMs)} ms, longest step ${ledger.longestMs.toFixed(1)} ms; review ${Math.round(review.totalMs)} ms, longest step ${review.longestMs.toFixed(1)} ms`);
    const told = runWhole(toldRuns(ledger.value, { schema, viewer: 'A', strategies: strategyIds }));
    const items = longestStep(() => reviewItems(ledger.value, told, strategyIds, null));
    console.log(`${items.value.length} sentences: ${Math.round(items.totalMs)} ms, longest step ${items.longestMs.toFixed(1)} ms`);
    expect(Math.min(review.value.length, items.value.length)).toBeGreaterThan(1_000);
    expect(Math.max(ledger.longestMs, review.longestMs, items.longestMs)).toBeLessThan(stepMsMax());
  });
});

test('no step of a long ledger is long', { timeout: 240_000, tags: ['runs'] }, () => {
  const { schema, records: ofAll } = longHistory(countOf('long-ledgers'), { offline: 0.0002 });
  // Two strategies are enough: the others are gone through above.
  const enabled = ['last-writer-wins', 'quorum'] as const;
  const records = ofAll.map((record) => (isEdit(record) ? { ...record, traces: Object.fromEntries(enabled.map((strategy) => [strategy, record.traces[strategy]!])) } : record));
  const everywhere = VersionVector.of(records.map(({ dot }) => [dot.replica, dot.counter] as const));
  const doc = new Y.Doc();
  const { longestMs, totalMs } = longestStep(() => roomLedgerSliced(schema, records, doc, everywhere, { ...settings, enabled }));
  noteRuns('long-ledgers', records.length);
  console.log(`${records.length} records: ledger ${Math.round(totalMs)} ms, longest step ${longestMs.toFixed(1)} ms`);
  expect(longestMs).toBeLessThan(stepMsMax());
});

test('what comes while a question is answered belongs to the next one, and long answers come whole', async () => {
  const { schema, records, doc, everywhere } = apartHistory(900, 3);
  const answers: FromLedger[] = [];
  const paused: (() => void)[] = [];
  let nowMs = 0;
  const service = new LedgerService((message) => answers.push(message), { clock: { nowMs: () => (nowMs += 0.02) }, pause: () => new Promise((resolve) => void paused.push(resolve)) });
  const question: LedgerQuestion = { everywhere: everywhere.entries(), enabled: strategyIds, siblings: defaultSiblingsSettings, viewer: 'A', shown: strategyIds, rejoins: [], since: [] };
  const first = records.slice(0, 500);
  service.receive({ kind: 'open', schema });
  service.receive({ kind: 'update', update: Y.encodeStateAsUpdate(doc) });
  service.receive({ kind: 'records', records: encodeRecords(first) });
  service.receive({ kind: 'question', number: 1, question });
  await until(() => paused.length > 0, 'the first slice to be over');
  service.receive({ kind: 'records', records: encodeRecords(records.slice(500)) });
  service.receive({ kind: 'question', number: 2, question });
  const findings = (): FromLedger[] => answers.filter(({ kind }) => kind === 'findings');
  await until(() => {
    for (const resume of paused.splice(0)) resume();
    return findings().length === 2;
  }, 'both answers');
  const expected = [first, records].map((some) => roomLedger(schema, some, doc, everywhere, settings));
  expect(findings().map((each) => each.kind === 'findings' && each.totals)).toEqual(expected.map(({ totals }) => totals));
  const announced = findings().map((each) => (each.kind === 'findings' ? each.itemCount : 0)).reduce((sum, each) => sum + each, 0);
  await until(() => answers.flatMap((each) => (each.kind === 'items' ? each.items : [])).length === announced, 'all items');
  expect(announced).toBeGreaterThan(200);
});

test('a question that takes the place of another one ends it: only the newest is answered', async () => {
  const { schema, records, doc, everywhere } = apartHistory(600, 4);
  const answers: FromLedger[] = [];
  const paused: (() => void)[] = [];
  let nowMs = 0;
  const service = new LedgerService((message) => answers.push(message), { clock: { nowMs: () => (nowMs += 0.02) }, pause: () => new Promise((resolve) => void paused.push(resolve)) });
  const question: LedgerQuestion = { everywhere: everywhere.entries(), enabled: strategyIds, siblings: defaultSiblingsSettings, viewer: 'A', shown: strategyIds, rejoins: [], since: [] };
  service.receive({ kind: 'open', schema });
  service.receive({ kind: 'update', update: Y.encodeStateAsUpdate(doc) });
  service.receive({ kind: 'records', records: encodeRecords(records) });
  service.receive({ kind: 'question', number: 1, question });
  await until(() => paused.length > 0, 'the first slice to be over');
  service.receive({ kind: 'question', number: 2, question, replaces: true });
  const findings = (): FromLedger[] => answers.filter(({ kind }) => kind === 'findings');
  await until(() => {
    for (const resume of paused.splice(0)) resume();
    return findings().some((each) => each.kind === 'findings' && each.number === 2);
  }, 'the answer to the second question');
  expect(findings()).toHaveLength(1);
  expect(findings()[0]).toMatchObject({ totals: roomLedger(schema, records, doc, everywhere, settings).totals });
});

test('what met at the latest rejoin is told first, and the findings say how it ended', async () => {
  const { schema, records, doc, everywhere } = apartHistory(600, 5);
  const answers: FromLedger[] = [];
  const service = new LedgerService((message) => answers.push(message), { clock: { nowMs: () => 0 }, pause: () => Promise.resolve() });
  const others = everywhere.entries().filter(([replica]) => replica !== 'A');
  const rejoin = { beganMs: 1, endedMs: 2, met: ['B', 'C'], had: everywhere.entries().filter(([replica]) => replica === 'A'), others };
  const question: LedgerQuestion = { everywhere: everywhere.entries(), enabled: strategyIds, siblings: defaultSiblingsSettings, viewer: 'A', shown: strategyIds, rejoins: [rejoin], since: [] };
  service.receive({ kind: 'open', schema });
  service.receive({ kind: 'update', update: Y.encodeStateAsUpdate(doc) });
  service.receive({ kind: 'records', records: encodeRecords(records) });
  service.receive({ kind: 'question', number: 1, question, isNew: true });
  service.receive({ kind: 'question', number: 2, question });
  const findings = await until(() => {
    const found = answers.filter((each) => each.kind === 'findings');
    return found.length === 2 ? found : null;
  }, 'both findings');
  expect(answers.flatMap(({ kind }) => (kind === 'items' ? [] : [kind]))).toEqual(['met', 'findings', 'findings']);
  const [met] = answers;
  const judged = findings[0]!.rejoins[0]!;
  expect(judged).toMatchObject({ isJudged: true });
  expect(judged.totals.length).toBe(strategyIds.length);
  expect(Math.min(judged.here, judged.there)).toBeGreaterThan(20);
  expect(met).toEqual({ kind: 'met', number: 1, rejoin: { ...judged, isJudged: false, totals: [], fields: judged.fields.map((field) => ({ ...field, kept: {} })) } });
});

test('what met is told while records of the rejoin are still carried out, and an older question is still answered', async () => {
  const { schema, records, doc, everywhere } = apartHistory(600, 6);
  const answers: FromLedger[] = [];
  const paused: (() => void)[] = [];
  let nowMs = 0;
  const service = new LedgerService((message) => answers.push(message), { clock: { nowMs: () => (nowMs += 0.2) }, pause: () => new Promise((resolve) => void paused.push(resolve)) });
  const others = everywhere.entries().filter(([replica]) => replica !== 'A');
  const rejoin = { beganMs: 1, endedMs: 2, met: ['B', 'C'], had: everywhere.entries().filter(([replica]) => replica === 'A'), others };
  const question: LedgerQuestion = { everywhere: everywhere.entries(), enabled: strategyIds, siblings: defaultSiblingsSettings, viewer: 'A', shown: strategyIds, rejoins: [rejoin], since: [] };
  service.receive({ kind: 'open', schema });
  service.receive({ kind: 'question', number: 1, question });
  service.receive({ kind: 'update', update: Y.encodeStateAsUpdate(doc) });
  service.receive({ kind: 'records', records: encodeRecords(records) });
  service.receive({ kind: 'question', number: 2, question, isNew: true });
  await until(() => {
    paused.shift()?.();
    return answers.some(({ kind }) => kind === 'findings');
  }, 'the first findings', { everyMs: 0 });
  const [met, first] = answers;
  expect([met, first]).toMatchObject([{ kind: 'met', number: 2 }, { kind: 'findings', number: 1, totals: expect.any(Array) }]);
  await until(() => {
    for (const resume of paused.splice(0)) resume();
    return answers.some((each) => each.kind === 'findings' && each.number === 2);
  }, 'the second findings');
  const judged = answers.flatMap((each) => (each.kind === 'findings' && each.number === 2 ? each.rejoins : []))[0]!;
  expect(met?.kind === 'met' && [met.rejoin.here, met.rejoin.there]).toEqual([judged.here, judged.there]);
  expect(judged.here).toBeGreaterThan(20);
});

test('a malformed update is told, and no answer is made up', async () => {
  const answers: FromLedger[] = [];
  const service = new LedgerService((message) => answers.push(message), { clock: { nowMs: () => 0 }, pause: () => Promise.resolve() });
  service.receive({ kind: 'open', schema: apartHistory(1, 1).schema });
  service.receive({ kind: 'update', update: new Uint8Array([9, 9, 9]) });
  await until(() => answers.length > 0, 'the trouble');
  expect(answers).toEqual([{ kind: 'trouble', trouble: expect.any(String) as string }]);
});

test('records of a rejoin that is under way are carried out with the next question', async () => {
  const { schema, records, doc, everywhere } = apartHistory(600, 7);
  const answers: FromLedger[] = [];
  let slices = 0;
  let nowMs = 0;
  const service = new LedgerService((message) => answers.push(message), { clock: { nowMs: () => (nowMs += 0.2) }, pause: () => Promise.resolve(void slices++) });
  const question: LedgerQuestion = { everywhere: everywhere.entries(), enabled: strategyIds, siblings: defaultSiblingsSettings, viewer: 'A', shown: strategyIds, rejoins: [], since: [] };
  service.receive({ kind: 'open', schema });
  service.receive({ kind: 'update', update: Y.encodeStateAsUpdate(doc) });
  service.receive({ kind: 'records', records: encodeRecords(records.slice(0, 500)), isMeeting: true });
  service.receive({ kind: 'records', records: encodeRecords(records.slice(500)), isMeeting: true });
  // All microtasks that are due.
  await new Promise((resolve) => setImmediate(resolve));
  expect(slices).toBe(0);
  service.receive({ kind: 'question', number: 1, question });
  const findings = await until(() => answers.find((each) => each.kind === 'findings'), 'the findings');
  expect(slices).toBeGreaterThan(10);
  expect(findings).toMatchObject({ totals: roomLedger(schema, records, doc, everywhere, settings).totals });
});
