import { describe, expect, test } from 'vitest';
import { fullReach } from '../../../../renderer/controllers/reach.ts';
import { statusTextOf } from '../../../../renderer/controllers/status-text.ts';
import { clockWords, closedReplicas, differingGroups, digestGroups, nextFreeName } from '../../../../renderer/elements/control-room/lab-view.ts';
import { defaultSettings } from '../../../../shared/control/lab-settings.ts';
import type { ReplicaStatus } from '../../../../shared/control/replica-status.ts';
import type { RoomView } from '../../../../shared/control/room-view.ts';

function status(replica: string, more: Partial<ReplicaStatus> = {}): ReplicaStatus {
  return { replica, online: true, connection: 'synced', waiting: 0, allSaved: true, clock: {}, edits: {}, skewMs: 0, digests: {}, ...more };
}

function room(...replicas: ReplicaStatus[]): RoomView {
  return { room: 'lab', settings: defaultSettings, replicas, sessions: [], islands: [], links: [], totals: [], verdicts: {}, scenario: null, documentBytes: 0 };
}

describe('statusTextOf', () => {
  test('says saved only when all is saved', () => {
    expect(statusTextOf(status('A'), fullReach)).toBe('Synced, all saved');
    expect(statusTextOf(status('A', { allSaved: false }), fullReach)).toBe('Synced');
    expect(statusTextOf(status('A', { allSaved: false, waiting: 2 }), fullReach)).toBe('Synced · saving 2 edits');
  });

  test('counts what waits while there is no connection', () => {
    expect(statusTextOf(status('A', { online: false, connection: 'offline', waiting: 1 }), fullReach)).toBe('Offline · 1 edit waiting');
    expect(statusTextOf(status('A', { online: false, connection: 'offline' }), fullReach)).toBe('Offline');
    expect(statusTextOf(status('A', { connection: 'connecting', waiting: 3 }), fullReach)).toBe('Connecting · 3 edits waiting');
  });
});

describe('names of replicas', () => {
  test('lists replicas that are known from clocks and not open, lives of one replica being one', () => {
    expect(closedReplicas(room(status('A', { clock: { A: 3, 'B.2': 1, B: 4 } }), status('C')))).toEqual(['B']);
  });

  test('takes the next letter that is neither open, nor known, nor being opened', () => {
    expect(nextFreeName(room(status('A', { clock: { A: 1, C: 1 } })), new Set(['B']))).toBe('D');
    expect(nextFreeName(room(), new Set())).toBe('A');
  });

  test('goes on after the last letter', () => {
    const all = Array.from({ length: 26 }, (_, at) => status(String.fromCharCode(65 + at)));
    expect(nextFreeName(room(...all), new Set(['R27']))).toBe('R28');
  });
});

describe('convergence', () => {
  test('puts those with equal digests together', () => {
    const [lww] = digestGroups(room(status('B', { digests: { 'last-writer-wins': '1' } }), status('A', { digests: { 'last-writer-wins': '2' } }), status('C', { digests: { 'last-writer-wins': '2' } })));
    expect(lww?.groups).toEqual([{ digest: '2', replicas: ['A', 'C'] }, { digest: '1', replicas: ['B'] }]);
  });

  test('is one group where all agree', () => {
    const [crdt] = digestGroups(room(status('A', { digests: { crdt: '1' } }), status('B', { digests: { crdt: '1' } })));
    expect(crdt?.groups).toHaveLength(1);
  });

  test('puts strategies together under which the same replicas differ; those under which all agree are left out', () => {
    const digests = (crdt: string, quorum: string, siblings: string) => ({ digests: { crdt, quorum, siblings, consensus: 'same' } });
    expect(differingGroups(room(status('A', digests('1', '1', '1')), status('B', digests('1', '1', '2')), status('C', digests('2', '2', '2'))))).toEqual([
      { strategies: ['crdt', 'quorum'], groups: [['A', 'B'], ['C']] }, { strategies: ['siblings'], groups: [['A'], ['B', 'C']] },
    ]);
  });
});

describe('clockWords', () => {
  test('names replicas in order', () => {
    expect(clockWords(status('A', { edits: { B: 4, A: 12, C: 0 } }))).toBe('{A:12 B:4}');
  });
});
