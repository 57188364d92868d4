/** Rooms, their settings and replicas, and what was found out about them. */
import { z } from 'zod';
import { defaultSettings } from '../../../shared/control/lab-settings.ts';
import { noFaults } from '../../../shared/network/link.ts';
import { strategyIdShape } from '../../../shared/scenarios/settings-format.ts';
import { islandNumberSchema, storedLimitSchema } from '../../../shared/control/schemas.ts';
import type { ApiOperation } from './api-operation.ts';

const figures = {
  strategy: 'last-writer-wins', actions: 7, edits: 7, kept: 4, superseded: 0, lost: 3, toResolve: 0, resurrected: 0, refused: 0, unknown: 0, pending: 0, wasUnknown: 0, putBack: 0, touching: 0, choices: 0, charactersTyped: 240, charactersLost: 18,
  ruleBroken: 0, oversold: 1, staleReads: 0, reads: 0, readsRefused: 0, latencyMs: 0, latencyP95Ms: 0, readLatencyMs: null, readLatencyP95Ms: null, lagMs: 12, lagWorstMs: 4_200, divergedMs: 4_230,
  whileCut: { replicas: ['B'], actions: 2, answered: 2 }, converged: true, bytesSent: 1_840,
};

const holds = { verdict: 'holds' };
const verdicts = {
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

const room = {
  room: 'lab', scenario: null, settings: defaultSettings,
  replicas: [{ replica: 'A', online: true, connection: 'synced', waiting: 0, allSaved: true, clock: { A: 12, B: 4 }, edits: { A: 7, B: 3 }, skewMs: 0, digests: { crdt: '5f0c1a' } }],
  sessions: [{ name: 'A', replica: true, island: 0 }, { name: 'my app', replica: false, island: 1 }],
  islands: [['A'], ['my app']],
  links: [{ name: 'A', online: true, upstream: { ...noFaults, latencyMs: 200 }, downstream: noFaults, seed: 7 }],
  totals: [figures], verdicts, documentBytes: 512,
};

const history = [
  { format: 'rejoin-history', version: 2, schema: [{ id: 'votes', type: 'counter', label: 'Votes', initial: 0 }], strategies: ['crdt'], replicas: [] },
].map((line) => `${JSON.stringify(line)}\n`).join('');

export const roomOperations: readonly ApiOperation[] = [
  {
    method: 'get', path: '/-/api/rooms', id: 'listRooms', tag: 'Rooms', problems: [400],
    summary: 'The rooms in memory, and the names of those in the store',
    description: 'Where the rooms are shared with other relays, those in the store are the rooms of all. Their order is the same in each call.',
    query: [
      { name: 'after', description: 'Those in the store that come after this name', shape: z.string(), example: 'lab' },
      { name: 'limit', description: 'How many of those in the store, 1 to 1,000; all of these if it is left out', shape: storedLimitSchema, example: '100' },
    ],
    answer: { kind: 'json', shape: 'Rooms', description: 'Those in memory, each as the call for one room tells it', example: { relayOnline: true, rooms: [room], stored: [{ name: 'lab', loaded: true }, { name: 'org/doc', loaded: false }], next: null } },
  },
  {
    method: 'get', path: '/-/api/rooms/:room', id: 'getRoom', tag: 'Rooms', problems: [404],
    summary: 'Settings, open replicas, sessions, islands, links with faults, totals and size of the document',
    answer: { kind: 'json', shape: 'Room', description: 'The room', example: room },
  },
  {
    method: 'delete', path: '/-/api/rooms/:room', id: 'emptyRoom', tag: 'Rooms', problems: [404],
    summary: 'Empties the room: every replica starts over',
    description: 'Settings, islands and faults of links stay, unless a scenario is on stage: that is at its beginning again, with its settings and without faults. Clients that are no windows of the lab are closed with 4410: they must drop their copies before they come back.',
    answer: { kind: 'nothing', description: 'It is empty' },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/settings', id: 'getSettings', tag: 'Rooms', problems: [404],
    summary: 'What the strategies do',
    answer: { kind: 'json', shape: 'Settings', description: 'All settings', example: defaultSettings },
  },
  {
    method: 'put', path: '/-/api/rooms/:room/settings', id: 'changeSettings', tag: 'Rooms', problems: [400, 404, 413],
    summary: 'Changes what the strategies do; what is not named stays as it is',
    description: 'A preset sets what it names, switches its strategies on and puts their columns on stage in every window. R and W are from 1 to the number of replicas.',
    body: { shape: 'SettingsChange', examples: { preset: { preset: 'cassandra' }, quorum: { quorum: defaultSettings.quorum }, strategies: { enabled: ['crdt', 'last-writer-wins'] }, columns: { columns: ['crdt', 'quorum'] } } },
    answer: { kind: 'json', shape: 'Settings', description: 'All settings, after the change', example: defaultSettings },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/moment', id: 'getMoment', tag: 'Rooms', problems: [404],
    summary: 'The moment of its history that the windows of the room show',
    answer: { kind: 'json', shape: 'Moment', description: 'The moment', example: { atMs: null } },
  },
  {
    method: 'put', path: '/-/api/rooms/:room/moment', id: 'showMoment', tag: 'Rooms', problems: [400, 404, 413],
    summary: 'Has all windows of the room show their state at a moment, or go back to now',
    description: 'It is now again when the room is emptied, when a scenario is chosen, played or stepped, when the last control room of the room is closed, and when nobody is in the room any more. It reaches the windows at this relay.',
    body: { shape: 'MomentChoice', examples: { earlier: { atMs: 1_795_939_200_000 }, now: { atMs: null } } },
    answer: { kind: 'json', shape: 'Moment', description: 'The moment, in whole milliseconds', example: { atMs: 1_795_939_200_000 } },
  },
  {
    method: 'post', path: '/-/api/rooms/:room/replicas', id: 'nameReplica', tag: 'Rooms', problems: [400, 404, 413],
    summary: 'Names a copy of a replica',
    description: 'The same instance always gets the same name. A name that belongs to another copy becomes its next life: "A.2".',
    body: { shape: 'ReplicaRequest', examples: { any: { instance: 'c0ffee' }, wanted: { name: 'A', instance: 'c0ffee' } } },
    answer: { kind: 'json', shape: 'ReplicaName', description: 'Its name', example: { replica: 'A' } },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/history', id: 'getHistory', tag: 'Findings', problems: [404],
    summary: 'All edits that the relay has',
    description: "JSON Lines: a header, then one event a line in causal order, at last the CRDT's document. `rejoin replay` reads it; docs/replay.md describes it.",
    answer: { kind: 'text', type: 'application/jsonl', description: 'The history', example: history },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/document', id: 'getDocument', tag: 'Findings', problems: [400, 404],
    summary: 'The Yjs document of the room, or of one of its islands',
    description: 'One update in the format that `Y.applyUpdate` reads (version 1). `rejoin doctor` compares those of the islands.',
    query: [{ name: 'island', description: 'Counted from 0 in the order of the lists, those that no list names last; without it the whole room', shape: islandNumberSchema, example: '0' }],
    answer: { kind: 'bytes', type: 'application/octet-stream', description: 'The document' },
  },
  {
    method: 'put', path: '/-/api/rooms/:room/document', id: 'mergeDocument', tag: 'Rooms', problems: [400, 404, 409, 413],
    summary: 'Merges an update of Yjs into the document',
    description: 'What of it is new goes to everybody in the room, and is on disk when this is answered. Of a divided room the island is to be named.',
    query: [{ name: 'island', description: 'Counted from 0, as above', shape: islandNumberSchema, example: '0' }],
    bytes: 'An update of Yjs, version 1: what `Y.encodeStateAsUpdate` makes',
    answer: { kind: 'json', shape: 'DocumentMerged', description: 'What it changed', example: { changed: true, documentBytes: 512 } },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/verdicts', id: 'getVerdicts', tag: 'Findings', problems: [404],
    summary: 'How consistent the room was so far under each strategy, each broken level with its witness',
    answer: { kind: 'json', shape: 'VerdictsByStrategy', description: 'By strategy; those that are on', example: verdicts },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/scorecard', id: 'getScorecard', tag: 'Findings', problems: [404],
    summary: 'What became of all edits that the relay has',
    answer: { kind: 'json', shape: 'Scorecard', description: 'One object a strategy', example: [figures] },
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
