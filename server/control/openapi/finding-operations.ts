/** What was found out about a room: its history, what became of its edits, how consistent it was, and how edits travelled. */
import { strategyIdShape } from '../../../shared/scenarios/settings-format.ts';
import type { ApiOperation } from './api-operation.ts';

/** Of one strategy. */
export const figuresExample = {
  strategy: 'last-writer-wins', actions: 7, edits: 7, kept: 4, superseded: 0, lost: 3, toResolve: 0, resurrected: 0, refused: 0, unknown: 0, pending: 0, wasUnknown: 0, putBack: 0, touching: 0, choices: 0, charactersTyped: 240, charactersLost: 18,
  ruleBroken: 0, oversold: 1, staleReads: 0, reads: 0, readsRefused: 0, latencyMs: 0, latencyP95Ms: 0, readLatencyMs: null, readLatencyP95Ms: null, lagMs: 12, lagWorstMs: 4_200, divergedMs: 4_230,
  whileCut: { replicas: ['B'], actions: 2, answered: 2 }, converged: true, bytesSent: 1_840,
};

const holds = { verdict: 'holds' };
export const verdictsExample = {
  'last-writer-wins': {
    levels: {
      linearizable: { verdict: 'broken', witness: { sentence: 'B read the title "Rome" after A had changed it to "Paris".', operations: ['A:1', 'B reads title'] } },
      sequential: holds, causal: holds, 'read-your-writes': holds, 'monotonic-reads': holds, 'monotonic-writes': holds, 'writes-follow-reads': holds,
      eventual: { verdict: 'unknown', reason: 'Not all replicas have everything yet; only then can it be seen whether they agree.' },
    },
    strongest: 'sequential',
  },
};

const replication = {
  lag: [{ strategy: 'crdt', replica: 'B', medianMs: 12, worstMs: 4_200, arrived: 7, underWay: 0 }],
  divergence: [{ strategy: 'crdt', fields: [], divergedMs: 4_230 }],
  rejoins: [{ replica: 'B', beganMs: 1_795_939_200_000, endedMs: 1_795_939_200_040, met: ['A'], here: 2, there: 5 }],
};

const series = {
  strategy: 'crdt', fromMs: 1_795_939_199_000, untilMs: 1_795_939_206_000, cuts: [{ fromMs: 1_795_939_200_000, untilMs: 1_795_939_204_000 }],
  fields: [0, 0, 1, 0], fieldsMax: 1, fieldsNow: 0, divergedMs: 4_230, behind: [{ replica: 'B', ms: [0, 900, 4_200, 0], msMax: 4_200 }],
};

const history = [
  { format: 'rejoin-history', version: 2, schema: [{ id: 'votes', type: 'counter', label: 'Votes', initial: 0 }], strategies: ['crdt'], replicas: [] },
].map((line) => `${JSON.stringify(line)}\n`).join('');

export const findingOperations: readonly ApiOperation[] = [
  {
    method: 'get', path: '/-/api/rooms/:room/history', id: 'getHistory', tag: 'Findings', problems: [404],
    summary: 'All edits that the relay has',
    description: "JSON Lines: a header, then one event a line in causal order, at last the CRDT's document. `rejoin replay` reads it; docs/replay.md describes it.",
    answer: { kind: 'text', type: 'application/jsonl', description: 'The history', example: history },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/verdicts', id: 'getVerdicts', tag: 'Findings', problems: [404],
    summary: 'How consistent the room was so far under each strategy, each broken level with its witness',
    answer: { kind: 'json', shape: 'VerdictsByStrategy', description: 'By strategy; those that are on', example: verdictsExample },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/scorecard', id: 'getScorecard', tag: 'Findings', problems: [404],
    summary: 'What became of all edits that the relay has',
    answer: { kind: 'json', shape: 'Scorecard', description: 'One object a strategy', example: [figuresExample] },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/replication', id: 'getReplication', tag: 'Findings', problems: [404],
    summary: 'How edits travelled: lag by strategy and replica, divergence by strategy, and what met at each rejoin, as far as windows noted it',
    answer: { kind: 'json', shape: 'Replication', description: 'Times in milliseconds; of a rejoin since the Unix epoch', example: replication },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/report', id: 'getReport', tag: 'Findings', problems: [404],
    summary: 'What happened in the room so far, as one HTML file for people',
    description: 'Scorecard, space-time diagram, what was lost and to whom, and verdicts. It has no scripts and loads nothing. `rejoin run --report` makes the same of a run.',
    answer: { kind: 'text', type: 'text/html', description: 'The report', example: '<!doctype html>\n<html lang="en">…</html>\n' },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/replication/series', id: 'getReplicationSeries', tag: 'Findings', problems: [400, 404],
    summary: 'Divergence and lag over time under one strategy, as a chart draws them',
    description: 'At most 400 points at equal distances from `fromMs` to `untilMs`, in milliseconds since the Unix epoch. What is over for long is not drawn up to now.',
    query: [{ name: 'strategy', description: 'The first one on stage, if it is left out', shape: strategyIdShape, example: 'crdt' }],
    answer: { kind: 'json', shape: 'ReplicationSeries', description: 'The points, and the largest values', example: series },
  },
];
