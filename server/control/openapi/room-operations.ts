/** Rooms, their settings, replicas and documents. */
import { z } from 'zod';
import { defaultSettings } from '../../../shared/control/lab-settings.ts';
import { noFaults } from '../../../shared/network/link.ts';
import { islandNumberSchema, storedLimitSchema } from '../../../shared/control/schemas.ts';
import type { ApiOperation } from './api-operation.ts';
import { figuresExample, verdictsExample } from './finding-operations.ts';

const room = {
  room: 'lab', scenario: null, settings: defaultSettings,
  replicas: [{ replica: 'A', online: true, connection: 'synced', waiting: 0, allSaved: true, clock: { A: 12, B: 4 }, edits: { A: 7, B: 3 }, skewMs: 0, digests: { crdt: '5f0c1a' } }],
  sessions: [{ name: 'A', replica: true, island: 0 }, { name: 'my app', replica: false, island: 1 }],
  islands: [['A'], ['my app']],
  links: [{ name: 'A', online: true, upstream: { ...noFaults, latencyMs: 200 }, downstream: noFaults, seed: 7 }],
  totals: [figuresExample], verdicts: verdictsExample, documentBytes: 512,
};

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
];
