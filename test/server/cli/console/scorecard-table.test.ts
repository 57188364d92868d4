import { expect, test } from 'vitest';
import { type ScorecardRow, scorecardCsv } from '../../../../shared/analysis/scorecard-csv.ts';
import { scorecardTable } from '../../../../server/cli/console/scorecard-table.ts';

const row: ScorecardRow = {
  strategy: 'last-writer-wins', actions: 1_234, edits: 1_500, kept: 1_200, superseded: 30, lost: 4, toResolve: 0, resurrected: 0, refused: 0, unknown: 0, pending: 0, wasUnknown: 0, putBack: 0, touching: 0, choices: 0, reads: 0, readsRefused: 0, readLatencyMs: null, readLatencyP95Ms: null, latencyP95Ms: null, charactersTyped: 10, charactersLost: 4, ruleBroken: 0, oversold: 0, staleReads: 0, latencyMs: null,
};

test('a table says what there is, leaves out what nobody has, and has no colours', () => {
  expect(scorecardTable([row], null)).toBe([
    '┌──────────────────┬───────┬────────────┬──────┬─────────┬───────────┬────────┐',
    '│ strategy         │  kept │ superseded │ lost │ refused │ converged │ answer │',
    '│ Last writer wins │ 1,200 │         30 │    4 │       0 │         – │      – │',
    '└──────────────────┴───────┴────────────┴──────┴─────────┴───────────┴────────┘',
  ].join('\n'));
});

test('what one strategy has is shown of all', () => {
  const table = scorecardTable([row, { ...row, strategy: 'quorum', unknown: 2, staleReads: 3, converged: false, latencyMs: 12, bytesSent: 4_096 }], null);
  expect(table).toMatch(/refused │ unknown │ stale reads │ converged │ answer │ bytes sent/);
  expect(table).toMatch(/Quorum +│.* 2 │ +3 │ +no │ +12 ms │ +4,096 │/);
});

test('as comma-separated values each figure has a column, and what is not known is empty', () => {
  expect(scorecardCsv([{ ...row, converged: true }]).split('\r\n')[1]).toBe('last-writer-wins,1234,1500,1200,30,4,0,0,0,0,0,0,0,0,0,10,4,0,0,0,0,0,true,,,,,,,,');
});
