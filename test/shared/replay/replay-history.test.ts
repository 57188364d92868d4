import * as Y from 'yjs';
import { describe, expect, test } from 'vitest';
import { judgeReplay } from '../../../shared/replay/judged-replay.ts';
import type { Fate, Ledger } from '../../../shared/analysis/ledger.ts';
import { dotKey } from '../../../shared/clocks/dot.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import { parseHistory, type ReadHistory } from '../../../shared/history/history-file.ts';
import { toJsonLines } from '../../../shared/history/json-lines.ts';
import { type EditRecord, type JournalRecord, type StrategyId, strategyIds } from '../../../shared/history/record.ts';
import { UnreadableInput } from '../../../shared/encoding/unreadable-input.ts';
import { replayHistory } from '../../../shared/replay/replay-history.ts';
import { answeringIds } from '../../../shared/replay/replayed-copies.ts';
import { RandomRuns } from '../../../shared/scenarios/random-runs.ts';
import { labRunTemplate } from '../../../shared/scenarios/run-template.ts';
import type { SimulatedRoom } from '../../../shared/simulation/simulated-room.ts';
import { ApartRoom, ledgerAt } from '../../support/simulated-room.ts';

/** A room after random edits and faults, when all are online again. */
async function roomAfter(
  seed: number,
  strategies: readonly StrategyId[] = answeringIds,
): Promise<SimulatedRoom> {
  const settings = { siblings: { sets: 'union', numbers: 'maximum' } } as const;
  const template = { ...labRunTemplate(['A', 'B', 'C']), strategies: [...strategies], settings };
  const runs = new RandomRuns(template, { edits: 100, faults: 15, verdicts: false });
  return (await runs.run(seed)).run.room;
}

function saved(room: SimulatedRoom, withDocument: boolean, strategies: readonly StrategyId[] = answeringIds): ReadHistory {
  const { replica, strategies: { crdt } } = room.at('A');
  return readBack(toJsonLines(labSchema, strategies, replica.records, withDocument ? { document: Y.encodeStateAsUpdate(crdt.doc) } : {}));
}

function readBack(text: string): ReadHistory {
  return parseHistory(text.trimEnd().split('\n'));
}

/** The fates under each strategy, by edit; of the CRDT without the cause: of several edits that did the same any may be named. */
function fatesOf({ rows }: Ledger, strategies: readonly StrategyId[]): string[] {
  const textOf = (id: StrategyId, fate: Fate | undefined): string => (fate ? `${fate.disposition} ${fate.cause && id !== 'crdt' ? dotKey(fate.cause) : ''}` : '-');
  return rows.map(({ record, fates }) => `${dotKey(record.dot)} ${strategies.map((id) => `${id} ${textOf(id, fates[id])}`).join(', ')}`).sort();
}

describe('a saved history is judged as the room was', () => {
  test('with its document: every edit ends as in the window that saved it, under each strategy that answers at once', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const room = await roomAfter(seed);
      const judged = judgeReplay(replayHistory(saved(room, true), { strategies: null }));
      expect(fatesOf(judged.ledger, answeringIds), `seed ${seed}`).toEqual(fatesOf(ledgerAt(room, 'A'), answeringIds));
      expect(judged.ledger.totals, `seed ${seed}`).toEqual(ledgerAt(room, 'A').totals);
    }
  });

  test('coordinated strategies are judged by the outcomes that were recorded', async () => {
    const room = await roomAfter(3, strategyIds);
    const judged = judgeReplay(replayHistory(saved(room, true, strategyIds), { strategies: null }));
    expect(judged.ledger.totals).toEqual(ledgerAt(room, 'A').totals);
    expect(judged.ledger.totals.map(({ strategy }) => strategy)).toEqual(strategyIds);
    for (const strategy of strategyIds) expect(judged.verdicts[strategy]!.levels.eventual).toEqual({ verdict: 'unknown', reason: 'The history does not say what the replicas showed in the end.' });
  });

  test('without its document the CRDT is carried out anew, and loses nothing that it must not lose', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const replayed = replayHistory(saved(await roomAfter(seed), false), { strategies: null });
      expect(replayed.anew).toEqual(['crdt']);
      expect(replayed.converged).toEqual({ crdt: true });
      const { rows } = judgeReplay(replayed).ledger;
      const mayBeLost = new Set(['title', 'tasks']);
      expect(rows.filter(({ record, fates }) => fates.crdt?.disposition === 'lost' && !mayBeLost.has(record.field))).toEqual([]);
      expect(rows.filter(({ fates }) => fates.crdt?.disposition === 'pending')).toEqual([]);
    }
  });

  test('carried out anew where documents travelled with the journal, the CRDT shows what the room showed', async () => {
    const apart = await ApartRoom.open(['A', 'B']);
    apart.edit('A', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'together' });
    await apart.meet();
    apart.edit('A', 'notes', { kind: 'splice', index: 0, removed: 'to', inserted: 'A' });
    apart.edit('B', 'notes', { kind: 'splice', index: 8, removed: '', inserted: 'B' });
    apart.edit('A', 'title', { kind: 'set', value: 'Rome' });
    apart.edit('B', 'title', { kind: 'set', value: 'Paris' });
    await apart.meet();
    const replayed = replayHistory(saved(apart.room, false), { strategies: ['crdt'] });
    expect(replayed.crdt!.getText('notes').toString()).toBe(apart.at('A').strategies.crdt.value('notes'));
    expect(replayed.crdt!.getMap('title').get('value')).toBe(apart.at('A').strategies.crdt.value('title'));
    expect(fatesOf(judgeReplay(replayed).ledger, ['crdt'])).toEqual(fatesOf(apart.ledger('A'), ['crdt']));
  });
});

const at = (replica: string, counter: number, seen: Record<string, number>, rest: Partial<EditRecord> = {}): EditRecord => ({
  dot: { replica, counter },
  context: VersionVector.of(Object.entries({ ...seen, [replica]: counter - 1 })),
  field: 'votes',
  intent: { kind: 'increment', by: 1 },
  wallMs: 1_000 + 10 * counter,
  hybrid: { ms: 1_000 + 10 * counter, counter: 0 },
  traces: {},
  ...rest,
});

function historyOf(records: readonly JournalRecord[], document: Uint8Array | null = null): ReadHistory {
  return readBack(toJsonLines(labSchema, [], records, { document }));
}

describe('a history without traces', () => {
  const apart = [at('A', 1, {}), at('B', 1, {}, { hybrid: { ms: 1_010, counter: 1 } }), at('A', 2, {}), at('B', 2, { A: 2 })];

  test('is carried out under the strategies that answer at once, each edit knowing what its maker had seen', () => {
    const replayed = replayHistory(historyOf(apart), { strategies: null });
    expect(replayed.anew).toEqual(answeringIds);
    const { scorecard, verdicts } = judgeReplay(replayed);
    expect(scorecard.map(({ strategy, kept, lost, refused, converged }) => [strategy, kept, lost, refused, converged])).toEqual([
      ['crdt', 4, 0, 0, true],
      ['last-writer-wins', 3, 1, 0, true],
      ['siblings', 0, 0, 1, true],
    ]);
    expect(scorecard[2]!.toResolve).toBe(3);
    expect(verdicts['last-writer-wins']!.levels.linearizable.verdict).toBe('broken');
    expect(verdicts['crdt']!.levels.eventual.verdict).toBe('holds');
  });

  test('what is meant for some strategies only, or gathered for those that talk, is not carried out under the others', () => {
    const records = [at('A', 1, {}, { only: ['crdt'] }), at('A', 2, {}, { gathers: 2 }), at('A', 3, {}, { only: ['consensus'] }), at('A', 4, {})];
    const { scorecard } = judgeReplay(replayHistory(historyOf(records), { strategies: ['crdt', 'last-writer-wins'] }));
    expect(scorecard.map(({ strategy, edits }) => [strategy, edits])).toEqual([['crdt', 2], ['last-writer-wins', 1]]);
  });

  test('cannot be judged under strategies that have to ask others, and says so', () => {
    expect(() => replayHistory(historyOf(apart), { strategies: ['quorum'] })).toThrow('expected a history with edits under Quorum');
  });

  test('without any edit is an empty scorecard', () => {
    expect(judgeReplay(replayHistory(historyOf([]), { strategies: null })).scorecard.map(({ actions }) => actions)).toEqual([0, 0, 0]);
  });
});

describe('traces of strangers', () => {
  const accepted = (strategy: StrategyId, details: unknown): Partial<EditRecord> => ({ traces: { [strategy]: { outcome: 'accepted', details } } });

  test.each<[what: string, edit: Partial<EditRecord>, message: RegExp]>([
    ['last writer wins without a clock', accepted('last-writer-wins', []), /a last-writer-wins trace names its clock/],
    ['last writer wins of an unknown field', accepted('last-writer-wins', [0, { __field: '' }]), /expected writes of fields of the document, not of "__field"/],
    ['siblings without a resolver', accepted('siblings', [[], 9]), /a siblings trace names the writes that it covers and its resolver/],
    ['a CRDT trace of two numbers', accepted('crdt', [1, 2]), /a CRDT trace is a list of client, clock and length/],
    ['a CRDT trace that deletes more than there can be', accepted('crdt', [5, 0, 1, 5, 0, 1e12]), /expected traces that name at most 20000000 deleted/],
    ['a choice between siblings that another strategy took', { field: 'notes', intent: { kind: 'resolve', value: 'x', keeps: [] }, ...accepted('last-writer-wins', [0, { notes: '' }]) }, /expected a choice between siblings to be taken by Siblings alone, not by Last writer wins/],
    ['the client id of the initial values', accepted('crdt', [1, 0, 1]), /expected a Yjs client id from 2 to 4294967295, not 1/],
    ['a client id that Yjs cannot have', accepted('crdt', [2 ** 40, 0, 1]), /expected a Yjs client id from 2/],
  ])('%s: named with its line', (_, edit, message) => {
    let found: unknown;
    try {
      replayHistory(historyOf([at('A', 1, {}), at('A', 2, {}, edit)]), { strategies: null });
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(UnreadableInput);
    expect((found as Error).message).toMatch(message);
    expect((found as UnreadableInput).line).toBe(3);
  });

  test('one client id of two replicas cannot be carried out anew', () => {
    const records = [at('A', 1, {}, accepted('crdt', [7, 0, 1])), at('B', 2 - 1, { A: 1 }, { ...accepted('crdt', [7, 1, 1]), hybrid: { ms: 2_000, counter: 0 } })];
    expect(() => replayHistory(historyOf(records), { strategies: null })).toThrow('expected a Yjs client id for each replica; A and B share 7');
  });

  test.each([
    ['no update', Uint8Array.of(1, 2, 3), /expected an update of Yjs as the document/],
    ['a part of a document', partOfDocument(), /expected a whole Yjs document/],
  ])('a document that is %s', (_, document, message) => {
    const history = historyOf([at('A', 1, {}, accepted('crdt', [7, 0, 1]))], document);
    expect(() => replayHistory(history, { strategies: null })).toThrow(message);
    expect(() => replayHistory(history, { strategies: null })).toThrow(UnreadableInput);
  });
});

/** What comes after an edit that is not there. */
function partOfDocument(): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('notes').insert(0, 'first');
  const before = Y.encodeStateVector(doc);
  doc.getText('notes').insert(5, 'second');
  return Y.encodeStateAsUpdate(doc, before);
}

