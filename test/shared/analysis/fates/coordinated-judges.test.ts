/** How the ledger ends edits under quorum, consensus and single leader: each rule on hand-made histories. */
import * as Y from 'yjs';
import { describe, expect, test } from 'vitest';
import { fatesUnderCoordination } from '../../../../shared/analysis/fates/coordinated-chains.ts';
import { roomLedger } from '../../../../shared/analysis/room-ledger.ts';
import { Outcomes } from '../../../../shared/analysis/outcomes.ts';
import { runWhole } from '../../../../shared/analysis/slices.ts';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import { defaultSettings } from '../../../../shared/control/lab-settings.ts';
import { labSchema } from '../../../../shared/document/schema.ts';
import type { JournalRecord, StrategyId } from '../../../../shared/history/record.ts';
import { plusOne, title, ToldHistory, typed } from '../../../support/told-history.ts';

const refused = { outcome: 'refused', reason: '1 of 3 replicas reachable, 2 needed' } as const;
const unknown = { outcome: 'unknown', reason: 'the leader A did not answer' } as const;
const coordinated: readonly StrategyId[] = ['quorum', 'consensus', 'single-leader'];
const details: Partial<Record<StrategyId, unknown[]>> = { quorum: [1, 'A', ''], consensus: [1, ''], 'single-leader': [1, 'A', 1, ''] };

describe.each(coordinated)('[ALL7] under %s', (strategy) => {
  test('an edit is pending until somebody says how it ended; after that, who has it changes nothing', () => {
    const told = new ToldHistory(strategy);
    const key = told.edit('A', 'votes', plusOne);
    expect(told.fate(key)).toEqual({ disposition: 'pending' });
    told.accept(key, ...details[strategy]!);
    expect(told.fate(key)).toEqual({ disposition: 'visible' });
    expect(told.fate(key, { everywhere: VersionVector.empty })).toEqual({ disposition: 'visible' });
  });

  test('a refusal, at once or later, is told with its reason', () => {
    const told = new ToldHistory(strategy);
    const [atOnce, later, kept] = [told.edit('A', 'title', title('Rome'), refused), told.edit('A', 'title', title('Oslo')), told.edit('A', 'title', title('Bonn'))];
    told.accept(kept, ...details[strategy]!);
    told.say(later, { ...refused, reason: '0 left, 1 wanted' });
    // Nothing that is said later of what was refused at once counts.
    told.accept(atOnce, ...details[strategy]!.map((each) => (each === 1 ? 2 : each === '' ? kept : each)));
    expect([atOnce, later, kept].map((key) => told.fate(key))).toEqual([{ disposition: 'refused', refusal: refused.reason }, { disposition: 'refused', refusal: '0 left, 1 wanted' }, { disposition: 'visible' }]);
  });

  test('unknown is told with the latest reason, until a final word comes, whatever the order of the records', () => {
    const told = new ToldHistory(strategy);
    const [lasting, took, failed] = [told.edit('A', 'votes', plusOne), told.edit('B', 'votes', plusOne), told.edit('C', 'votes', plusOne)];
    for (const key of [lasting, took, failed]) told.say(key, { ...unknown, reason: 'first' });
    told.say(lasting, unknown);
    told.accept(took, ...details[strategy]!);
    told.say(failed, refused);
    for (const records of [told.records, [...told.records].reverse()]) {
      expect([lasting, took, failed].map((key) => told.fate(key, { records }))).toEqual([
        { disposition: 'unknown', refusal: unknown.reason }, { disposition: 'visible', wasUnknown: true }, { disposition: 'refused', refusal: refused.reason, wasUnknown: true },
      ]);
    }
  });

  test.each([
    [null], [undefined], ['1'], [{}], [[]], [[0, '']], [[1.5, '']], [[1, 'nonsense']], [[1, 7]], [[1, '', 'A:1']], [[1, 'A b', '']], [[0, 'A', '']], [[1, null, '']], [['1', 'A', '']],
    [[1, 'A', 0, '']], [[1, 'A', 1, null]], [[1, 'A', 1, 'B:x']], [[1, 'A', 1]], [[1, 'A', 1, '', '']], [[Infinity, 'A', 1, '']],
    [[1, 'A', '', 'x']], [[1, 'A b', 1, '']],
  ])('malformed details %j make an edit unknown and harm nothing', (malformed) => {
    const told = new ToldHistory(strategy);
    const key = told.edit('A', 'votes', plusOne);
    told.say(key, { outcome: 'rolled-back', reason: 'gone', details: malformed });
    told.say(key, { outcome: 'accepted', details: malformed });
    expect(told.fate(key)).toEqual({ disposition: 'unknown', refusal: 'its details are malformed' });
    told.say(key, unknown);
    expect(told.fate(key)?.refusal).toBe(unknown.reason);
    if (malformed !== undefined) told.say(key, { ...unknown, details: malformed });
    expect(told.fate(key)?.refusal).toBe(malformed === undefined ? unknown.reason : 'its details are malformed');
    told.accept(key, ...details[strategy]!);
    expect(told.fate(key)).toMatchObject({ disposition: 'visible' });
  });

  test('words about edits that nobody has, and a choice between siblings said to be accepted, count for nothing', () => {
    const told = new ToldHistory(strategy);
    const key = told.edit('A', 'notes', { kind: 'resolve', value: 'x', keeps: [] });
    for (const each of [key, 'Z:9']) told.say(each, { outcome: 'accepted', details: details[strategy]! }, 'A');
    told.accepted('B', 'notes', typed('hello'), ...details[strategy]!.map((each) => (each === 1 ? 2 : each === '' ? key : each)));
    expect(told.ledger().totals).toMatchObject([{ actions: 2, kept: 1, pending: 1 }]);
  });

  test('what an accepted edit was applied to happened, though its maker could not say; the value counts it even before the maker says anything', () => {
    const told = new ToldHistory(strategy);
    const key = told.edit('A', 'title', title('Rome'));
    told.accepted('B', 'title', title('Oslo'), ...details[strategy]!.map((each) => (each === '' ? key : each === 1 ? 2 : each)));
    expect(told.fate(key)).toEqual({ disposition: 'pending' });
    told.say(key, unknown);
    expect(told.fate(key)).toEqual({ disposition: 'superseded', cause: { replica: 'B', counter: 1 }, wasUnknown: true });
    told.say(key, refused);
    expect(told.fate(key)).toMatchObject({ disposition: 'refused' });
  });

  test('the scorecard adds up; the answer took the median time, never less than none', () => {
    const told = new ToldHistory(strategy);
    expect(told.ledger().totals).toEqual([]);
    expect(told.ledger({ strategies: [strategy] }).totals).toMatchObject([{ strategy, actions: 0, latencyMs: null, staleReads: 0, ruleBroken: 0 }]);
    const keys = ['A', 'A', 'A', 'A', 'A'].map((at) => told.edit(at, 'votes', plusOne));
    expect(told.ledger().totals[0]).toMatchObject({ actions: 5, pending: 5, latencyMs: null });
    const madeMs = told.edits.map(({ wallMs }) => wallMs);
    told.say(keys[0]!, refused, 'A', madeMs[0]! - 5_000);
    told.say(keys[1]!, refused, 'A', madeMs[1]! + 30);
    expect(told.ledger().totals[0]).toMatchObject({ refused: 2, latencyMs: 15 });
    told.say(keys[2]!, unknown, 'A', madeMs[2]! + 9_000);
    told.say(keys[3]!, unknown, 'A', madeMs[3]! + 9_000);
    // Another replica's clock is not the one that timed the edit, and the first answer is the one that was waited for.
    told.say(keys[4]!, { outcome: 'accepted', details: details[strategy]! }, 'B', madeMs[4]! + 2);
    told.say(keys[4]!, { outcome: 'accepted', details: details[strategy]! }, 'A', madeMs[4]! + 20);
    told.say(keys[4]!, { outcome: 'accepted', details: details[strategy]! }, 'A', madeMs[4]! + 800);
    expect(told.ledger().totals[0]).toMatchObject({ actions: 5, kept: 1, refused: 2, unknown: 2, pending: 0, latencyMs: 20 });
  });

  test('a skew that was set before the answer came does not count as waiting', () => {
    const told = new ToldHistory(strategy);
    told.say(told.edit('A', 'votes', plusOne), refused);
    const [edit, answer] = told.records as [JournalRecord, JournalRecord];
    const skewed = [{ ...edit, wallMs: edit.wallMs - 4_000, skewMs: -4_000 }, { ...answer, wallMs: answer.wallMs + 300_000, skewMs: 300_000 }];
    expect(told.ledger({ records: skewed }).totals[0]).toMatchObject({ refused: 1, latencyMs: 10 });
  });

  test('the relay, which runs no strategies, computes the same', () => {
    const told = new ToldHistory(strategy);
    told.accepted('A', 'votes', plusOne, ...details[strategy]!);
    const everywhere = VersionVector.of([['A', 2]]);
    const [own] = told.ledger().totals;
    expect(roomLedger(labSchema, told.records, new Y.Doc(), everywhere, defaultSettings).totals.find((each) => each.strategy === own?.strategy)).toEqual(own);
  });
});

describe('consensus', () => {
  test('[CAS1] accepted edits are one chain by their numbers, whatever the journals\' order: nothing is lost', () => {
    const told = new ToldHistory('consensus');
    const [first, second, third] = [told.edit('C', 'title', title('Rome')), told.edit('B', 'title', title('Oslo')), told.edit('A', 'title', title('Bonn'))];
    told.accept(third, 3, second);
    told.accept(second, 2, first);
    told.accept(first, 1, '');
    expect([first, second, third].map((key) => told.fate(key))).toEqual([
      { disposition: 'superseded', cause: { replica: 'B', counter: 1 } }, { disposition: 'superseded', cause: { replica: 'A', counter: 1 } }, { disposition: 'visible' },
    ]);
    const judge = runWhole(fatesUnderCoordination('consensus', labSchema, told.edits, Outcomes.whole(told.edits, told.records)));
    expect(judge.valueOf('title')).toBe('Bonn');
  });

  test('a value that took the place of one that its author had not seen sets that one aside: lost, and told so', () => {
    const told = new ToldHistory('consensus');
    const [rome, oslo] = [told.edit('A', 'title', title('Rome')), told.edit('B', 'title', title('Oslo'), undefined, VersionVector.empty)];
    told.accept(rome, 1, '');
    told.accept(oslo, 2, rome);
    expect([rome, oslo].map((key) => told.fate(key))).toEqual([{ disposition: 'lost', reason: 'concurrent', cause: { replica: 'B', counter: 1 } }, { disposition: 'visible' }]);
  });

  test('[CAS1] the number counts, not what an edit is said to replace', () => {
    const told = new ToldHistory('consensus');
    const last = told.accepted('A', 'title', title('Rome'), 5, '');
    told.accepted('B', 'title', title('Oslo'), 2, last);
    expect(told.fate(last)).toEqual({ disposition: 'visible' });
  });

  test('the value is what the chain\'s edits make of the initial one; what cannot be carried out changes nothing', () => {
    const told = new ToldHistory('consensus');
    told.accepted('A', 'seats', { kind: 'reserve', amount: 2 }, 1, '');
    told.accepted('A', 'seats', { kind: 'reserve', amount: 2 }, 2, 'A:1');
    told.accepted('A', 'seats', { kind: 'release', amount: 1 }, 3, 'A:3');
    const judge = runWhole(fatesUnderCoordination('consensus', labSchema, told.edits, Outcomes.whole(told.edits, told.records)));
    expect([judge.valueOf('seats'), judge.valueOf('votes')]).toEqual([2, 0]);
  });

  test('a strategy that answers at once has no latency', () => {
    const told = new ToldHistory('crdt');
    expect(told.ledger({ crdt: new Y.Doc() }).totals[0]?.latencyMs).toBeNull();
    told.edit('A', 'votes', plusOne);
    expect(told.ledger({ crdt: new Y.Doc() }).totals[0]?.latencyMs).toBe(0);
  });
});

describe('quorum', () => {
  test('[QUO12] an accepted edit is lost iff the value does not descend from it; its cause is the write that overwrote it', () => {
    const told = new ToldHistory('quorum');
    const base = told.accepted('A', 'notes', typed('sea'), 1, 'A', '');
    const lost = told.accepted('B', 'notes', typed('beside'), 2, 'B', base);
    const winner = told.accepted('C', 'notes', typed('over'), 2, 'C', base);
    const tip = told.accepted('A', 'notes', typed('top'), 3, 'A', winner);
    expect(told.fate(lost)).toEqual({ disposition: 'lost', reason: 'version', cause: { replica: 'C', counter: 1 }, characters: { typed: 6, lost: 6 } });
    for (const [key, length] of [[base, 3], [winner, 4], [tip, 3]] as const) expect(told.fate(key)).toEqual({ disposition: 'visible', characters: { typed: length, lost: 0 } });
    expect(told.ledger().totals[0]).toMatchObject({ kept: 3, lost: 1, charactersTyped: 16, charactersLost: 6 });
  });

  test('a loser of a higher number than the next write of the lineage fell to the one after that', () => {
    const told = new ToldHistory('quorum');
    const base = told.accepted('A', 'votes', plusOne, 1, 'A', '');
    const lost = told.accepted('B', 'votes', plusOne, 5, 'B', base);
    const low = told.accepted('C', 'votes', plusOne, 2, 'C', base);
    told.accepted('A', 'votes', plusOne, 6, 'A', low);
    expect(told.fate(lost)).toMatchObject({ disposition: 'lost', cause: { replica: 'A', counter: 3 } });
  });

  test('an unknown edit beside the lineage stays unknown, however high its version; one on it happened, and leads on to what it replaced', () => {
    const told = new ToldHistory('quorum');
    const base = told.accepted('A', 'title', title('Rome'), 1, 'A', '');
    const [on, beside] = [told.edit('B', 'title', title('Oslo')), told.edit('C', 'title', title('Bonn'))];
    told.say(on, { ...unknown, details: [2, 'B', base] });
    told.say(beside, { ...unknown, details: [9, 'C', base] });
    const tip = told.accepted('A', 'title', title('Lima'), 3, 'A', on);
    expect([base, on, beside, tip].map((key) => told.fate(key)?.disposition)).toEqual(['superseded', 'superseded', 'unknown', 'visible']);
    // What is unknown counts as carried out, as long as nobody says no.
    expect(told.fate(on)?.cause).toEqual({ replica: 'C', counter: 1 });
  });

  test('behind a write whose maker never said what it replaced, accepted edits are unknown; newer ones beside the lineage are lost', () => {
    const told = new ToldHistory('quorum');
    const older = told.accepted('A', 'votes', plusOne, 1, 'A', '');
    const silent = told.edit('B', 'votes', plusOne);
    const built = told.accepted('C', 'votes', plusOne, 4, 'C', silent);
    const beside = told.accepted('A', 'votes', plusOne, 4, 'D', older);
    told.accepted('C', 'votes', plusOne, 5, 'C', built);
    expect(told.fate(older)).toEqual({ disposition: 'unknown', refusal: 'it is not known what B:1 was applied to' });
    expect(told.fate(silent)).toEqual({ disposition: 'pending' });
    expect(told.fate(built)).toEqual({ disposition: 'visible' });
    expect(told.fate(beside)).toMatchObject({ disposition: 'lost', cause: { replica: 'C', counter: 3 } });
    told.accept(silent, 2, 'B', older);
    expect([older, silent].map((key) => told.fate(key)?.disposition)).toEqual(['visible', 'visible']);
  });

  test('a write that was refused in the end leads nowhere, though it was known where it would have stood', () => {
    const told = new ToldHistory('quorum');
    const older = told.accepted('A', 'votes', plusOne, 1, 'A', '');
    const failed = told.edit('B', 'votes', plusOne);
    told.say(failed, { ...unknown, details: [2, 'B', older] });
    told.accepted('C', 'votes', plusOne, 3, 'C', failed);
    expect([older, failed].map((key) => told.fate(key)?.disposition)).toEqual(['visible', 'visible']);
    told.say(failed, refused);
    expect([older, failed].map((key) => told.fate(key)?.disposition)).toEqual(['unknown', 'refused']);
  });

  test('writes that are said to replace each other lead nowhere, and harm nothing', () => {
    const told = new ToldHistory('quorum');
    const [a, b] = [told.edit('A', 'votes', plusOne), told.edit('B', 'votes', plusOne)];
    told.accept(a, 2, 'A', b);
    told.accept(b, 1, 'B', a);
    expect([a, b].map((key) => told.fate(key)?.disposition)).toEqual(['visible', 'visible']);
    told.accept(b, 3, 'B', b);
    expect([a, b].map((key) => told.fate(key)?.disposition)).toEqual(['unknown', 'visible']);
  });
});

describe('single leader', () => {
  const gone = { leader: 'A', because: 'C leads now and does not have it' };

  test('[LEAD1] surviving edits are one chain by term, then leader, then place in the log', () => {
    const told = new ToldHistory('single-leader');
    const [first, second] = [told.edit('C', 'title', title('Rome')), told.edit('C', 'title', title('Oslo'))];
    const [third, last] = [told.edit('B', 'title', title('Bonn')), told.edit('A', 'title', title('Lima'))];
    told.accept(last, 2, 'C', 3, third);
    told.accept(third, 2, 'B', 7, second);
    told.accept(second, 1, 'D', 9, first);
    told.accept(first, 1, 'D', 8, '');
    expect([first, second, third, last].map((key) => told.fate(key)?.disposition)).toEqual(['superseded', 'superseded', 'superseded', 'visible']);
    const judge = runWhole(fatesUnderCoordination('single-leader', labSchema, told.edits, Outcomes.whole(told.edits, told.records)));
    expect(judge.valueOf('title')).toBe('Lima');
    told.rollBack(last, 'A', 2, 'C', 3);
    expect([third, last].map((key) => told.fate(key))).toMatchObject([{ disposition: 'visible' }, { disposition: 'lost', reason: 'rolled-back' }]);
    expect(runWhole(fatesUnderCoordination('single-leader', labSchema, told.edits, Outcomes.whole(told.edits, told.records))).valueOf('title')).toBe('Bonn');
  });

  test('[LEAD6] an edit that was rolled back is lost, whoever tells it; a lower term that nobody took off is still in the log', () => {
    const told = new ToldHistory('single-leader');
    const kept = told.accepted('A', 'notes', typed('sea'), 1, 'A', 1, '');
    const lost = told.accepted('A', 'notes', typed('sky'), 1, 'A', 2, kept);
    const later = told.accepted('C', 'notes', typed('air'), 2, 'C', 3, kept);
    expect(told.ledger().totals[0]).toMatchObject({ kept: 3, lost: 0 });
    told.rollBack(lost, 'A', 1, 'A', 2);
    expect(told.fate(lost)).toEqual({ disposition: 'lost', reason: 'rolled-back', rolledBack: { ...gone, alone: true }, characters: { typed: 3, lost: 3 } });
    told.rollBack(lost, 'B', 1, 'A', 2);
    expect(told.fate(lost)?.rolledBack).toEqual({ ...gone, alone: false });
    expect([kept, later].map((key) => told.fate(key)?.disposition)).toEqual(['visible', 'visible']);
    expect(told.ledger().totals[0]).toMatchObject({ kept: 2, lost: 1, charactersLost: 3 });
  });

  test('[LEAD6] what was rolled back is lost even while an edit that was applied to it stands', () => {
    const told = new ToldHistory('single-leader');
    const key = told.accepted('A', 'votes', plusOne, 1, 'A', 1, '');
    const built = told.accepted('A', 'votes', plusOne, 1, 'A', 2, key);
    told.rollBack(key, 'B', 1, 'A', 1, 'whatever follows');
    expect([key, built].map((each) => told.fate(each)?.disposition)).toEqual(['lost', 'visible']);
  });

  test('[LEAD6] lost only when every entry by which it was acknowledged is gone', () => {
    const told = new ToldHistory('single-leader');
    const key = told.accepted('A', 'votes', plusOne, 1, 'A', 2, '');
    told.rollBack(key, 'A', 1, 'A', 2);
    expect(told.fate(key)?.disposition).toBe('lost');
    told.say(key, { outcome: 'accepted', details: [2, 'C', 4, ''] }, 'B');
    expect(told.fate(key)).toEqual({ disposition: 'visible' });
    told.rollBack(key, 'B', 2, 'C', 4);
    expect(told.fate(key)).toMatchObject({ disposition: 'lost', rolledBack: { leader: 'C' } });
  });

  test('[LEAD6] an entry that a copy took off and has again stands, unless another copy took it off as well', () => {
    const told = new ToldHistory('single-leader');
    const key = told.accepted('A', 'votes', plusOne, 1, 'A', 2, '');
    for (const copy of ['B', 'C']) told.rollBack(key, copy, 1, 'A', 2);
    told.say(key, { outcome: 'accepted', details: [1, 'A', 2, ''] }, 'B');
    expect(told.fate(key)?.disposition).toBe('lost');
    told.say(key, { outcome: 'accepted', details: [1, 'A', 2, ''] }, 'C');
    expect(told.fate(key)).toEqual({ disposition: 'visible' });
  });

  test('an entry that nobody acknowledged is no loss when it is rolled back: its maker asks again', () => {
    const told = new ToldHistory('single-leader');
    const key = told.edit('A', 'votes', plusOne);
    told.rollBack(key, 'B', 1, 'B', 2);
    expect(told.fate(key)).toEqual({ disposition: 'pending' });
    told.say(key, unknown);
    expect(told.fate(key)).toEqual({ disposition: 'unknown', refusal: unknown.reason });
    told.accept(key, 2, 'C', 2, '');
    expect(told.fate(key)).toMatchObject({ disposition: 'visible' });
  });

  test('what one leader refused and another has in its log happened; when that is gone, it is refused', () => {
    const told = new ToldHistory('single-leader');
    const key = told.edit('A', 'seats', { kind: 'reserve', amount: 1 });
    told.say(key, { outcome: 'refused', reason: '0 left, 1 wanted' });
    told.say(key, { outcome: 'accepted', details: [1, 'B', 2, ''] }, 'C');
    expect(told.fate(key)).toEqual({ disposition: 'visible' });
    told.rollBack(key, 'C', 1, 'B', 2);
    expect(told.fate(key)).toEqual({ disposition: 'refused', refusal: '0 left, 1 wanted' });
  });
});
