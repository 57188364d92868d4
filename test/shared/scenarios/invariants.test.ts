/** What the checks of every run say: nothing of a run that is right, one sentence of what is bent. */
import { describe, expect, test } from 'vitest';
import type { Fate, LedgerRow } from '../../../shared/analysis/ledger.ts';
import { dotKey } from '../../../shared/clocks/dot.ts';
import type { Intent } from '../../../shared/document/intent.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { finishedRun } from '../../../shared/scenarios/check-scenario.ts';
import type { FinishedReplica, FinishedRun } from '../../../shared/scenarios/finished-run.ts';
import { brokenInvariants } from '../../../shared/scenarios/invariants.ts';
import { played } from '../../support/played-scenario.ts';

/** A sets the title and types a word, B inserts an item and removes another, and all have it. */
async function rightRun(): Promise<FinishedRun> {
  const { run } = await played([
    '{ at: A, set: { title: Rome } }',
    '{ at: A, type: { notes: { text: !, at: end } } }',
    '{ at: B, insert: { tasks: Train } }',
    '{ at: B, remove: { tasks: Hotel } }',
  ]);
  return finishedRun(run);
}

function withReplica(run: FinishedRun, id: string, bent: Partial<FinishedReplica>): FinishedRun {
  const replicas = run.replicas.map((each) => (each.id === id ? { ...each, ...bent } : each));
  return { ...run, replicas };
}

/** The name of the edit that did this: outcomes have names too, in between. */
function nameOf(run: FinishedRun, kind: Intent['kind']): string {
  const made = run.ledger.rows.find(({ record }) => record.intent.kind === kind)!;
  return dotKey(made.record.dot);
}

/** The same, with another fate of one edit under one strategy. */
function withFate(run: FinishedRun, dot: string, strategy: StrategyId, fate: Fate): FinishedRun {
  const { ledger } = run;
  const bent = (row: LedgerRow): LedgerRow =>
    dotKey(row.record.dot) === dot ? { ...row, fates: { ...row.fates, [strategy]: fate } } : row;
  const rows = new Map(ledger.rows.map((row) => [row, bent(row)]));
  const actions = ledger.actions.map((action) => ({
    ...action,
    rows: action.rows.map((row) => rows.get(row)!),
  }));
  return { ...run, ledger: { ...ledger, rows: [...rows.values()], actions } };
}

test('of a run that is right they say nothing', async () => {
  const run = await rightRun();
  expect(run.isSettled).toBe(true);
  expect(brokenInvariants(run)).toEqual([]);
});

describe('delivery', () => {
  test('what the relay had is not sent to it again', async () => {
    const run = await rightRun();
    expect(brokenInvariants({ ...run, sentAgain: new Map([['A', 1]]) })).toEqual([
      'A sent a record again that the relay had, over a good link',
    ]);
    expect(brokenInvariants({ ...run, sentAgain: new Map([['B', 4]]) })).toEqual([
      'B sent 4 records again that the relay had, over a good link',
    ]);
  });

  test('nothing takes effect before what its author had seen', async () => {
    const run = await rightRun();
    const { records } = run.replicas[2]!;
    expect(brokenInvariants(withReplica(run, 'C', { records: [...records].reverse() }))).toEqual([
      expect.stringMatching(/^C took in [AB]:\d+ before what [AB] had seen when it made it$/),
    ]);
  });

  test('a hybrid time is later than those of all that its author had seen', async () => {
    const run = await rightRun();
    const late = run.records.length - 1;
    const records = run.records.map((record, at) => {
      return at === late ? { ...record, hybrid: { ms: 0, counter: 0 } } : record;
    });
    const dot = dotKey(records[late]!.dot);
    expect(brokenInvariants({ ...run, records })).toEqual([
      `${dot} has an earlier hybrid time than an edit that ${dot[0]} had seen`,
    ]);
  });

  test('every edit has its answer', async () => {
    const run = await rightRun();
    const open = (strategy: StrategyId): number => (strategy === 'quorum' ? 2 : 0);
    const bent = withReplica(run, 'B', { open });
    const sentence = 'Quorum: B has no answer to 2 edits, though everybody is connected';
    expect(brokenInvariants(bent)).toEqual([sentence]);
    expect(brokenInvariants({ ...bent, isSettled: false })).toEqual([sentence]);
    expect(brokenInvariants({ ...bent, isHealed: false })).toEqual([]);
  });

  test('the network comes to rest', async () => {
    expect(brokenInvariants({ ...(await rightRun()), isSettled: false })).toEqual([
      'messages still go to and fro, though nobody has done anything for a while',
    ]);
  });

  test('the relay confirms what it was sent', async () => {
    const bent = withReplica(await rightRun(), 'A', { waiting: 1 });
    expect(brokenInvariants(bent)).toEqual(['A still has edits waiting']);
  });
});

describe('the ledger', () => {
  test('says of each edit what follows from the rules', async () => {
    const run = await rightRun();
    const set = nameOf(run, 'set');
    const bent = withFate(run, set, 'siblings', { disposition: 'superseded' });
    const said = `the ledger calls ${set} superseded, and by the rules it is kept`;
    expect(brokenInvariants(bent)).toContain(`Siblings: Title: ${said}`);
  });

  test('has each edit in one action, which is what one person did in one field', async () => {
    const run = await rightRun();
    const { ledger } = run;
    const [first, second, ...others] = ledger.actions;
    const without = { ...ledger, actions: [second!, ...others] };
    expect(brokenInvariants({ ...run, ledger: without })).toEqual([
      `${first!.key} is an edit of no action`,
    ]);
    const both = { ...first!, rows: [...first!.rows, ...second!.rows] };
    expect(brokenInvariants({ ...run, ledger: { ...ledger, actions: [both, ...others] } })).toEqual(
      [`the action ${first!.key} is not one thing that somebody did`],
    );
  });

  test('calls no action kept whose characters were lost', async () => {
    const lost: Fate = { disposition: 'lost', characters: { typed: 1, lost: 1 } };
    const run = await rightRun();
    const typed = nameOf(run, 'splice');
    expect(brokenInvariants(withFate(run, typed, 'last-writer-wins', lost))).toEqual([
      `Last writer wins: ${typed} lost characters, and its action ${typed} is called kept`,
    ]);
  });
});

describe('the CRDT', () => {
  test('[YJS6] keeps an item that was inserted, and brings none back that was removed', async () => {
    const run = await rightRun();
    const [inserted, removed] = [nameOf(run, 'insert'), nameOf(run, 'remove-item')];
    const lost = withFate(run, inserted, 'crdt', { disposition: 'lost' });
    expect(brokenInvariants(lost)).toContain(`CRDT (Yjs): ${inserted} is lost`);
    const back = withFate(run, removed, 'crdt', { disposition: 'resurrected' });
    const sentence = `CRDT (Yjs): the item that ${removed} removed came back`;
    expect(brokenInvariants(back)).toContain(sentence);
  });

  test('is not accused of what no record tells of', async () => {
    const run = { ...(await rightRun()), hasUntold: true };
    const inserted = nameOf(run, 'insert');
    const lost = withFate(run, inserted, 'crdt', { disposition: 'lost' });
    expect(brokenInvariants(lost)).toEqual([]);
  });
});
