import { describe, expect, test } from 'vitest';
import { firstSteps, hasBegun } from '../../../../renderer/elements/control-room/first-steps.ts';
import { roomHint } from '../../../../renderer/elements/control-room/room-hint.ts';
import type { StrategyFigures } from '../../../../shared/analysis/strategy-figures.ts';
import { defaultSettings } from '../../../../shared/control/lab-settings.ts';
import type { RejoinStatus, ReplicaStatus } from '../../../../shared/control/replica-status.ts';
import type { RoomView } from '../../../../shared/control/room-view.ts';

function status(replica: string, more: Partial<ReplicaStatus> = {}): ReplicaStatus {
  return { replica, online: true, connection: 'synced', waiting: 0, allSaved: true, clock: {}, edits: {}, skewMs: 0, digests: {}, ...more };
}

const off = { online: false, connection: 'offline', allSaved: false } as const;

function room(replicas: readonly ReplicaStatus[], totals: readonly Partial<StrategyFigures>[] = []): RoomView {
  return { room: 'lab', settings: defaultSettings, replicas, sessions: [], islands: [], links: [], totals: totals as StrategyFigures[], verdicts: {}, scenario: null, documentBytes: 0 };
}

describe('the first steps', () => {
  test('open replicas, cut one off, edit on both sides, rejoin', () => {
    expect(firstSteps(room([])).next).toBe('open');
    expect(firstSteps(room([status('A')])).next).toBe('open');
    expect(firstSteps(room([status('A'), status('B'), status('C')]))).toEqual({ next: 'cut', apart: 'C', other: 'A' });
    expect(firstSteps(room([status('A'), status('B'), status('C', off)])).next).toBe('edit');
    expect(firstSteps(room([status('A'), status('B'), status('C', { ...off, waiting: 1 })])).next).toBe('edit');
    expect(firstSteps(room([status('A', { edits: { A: 1 } }), status('B', { ...off, waiting: 1 })]))).toEqual({ next: 'rejoin', apart: 'B', other: 'A' });
  });

  test('are over when edits have met, and not while all of them wait', () => {
    expect(hasBegun(room([status('A')], [{ strategy: 'crdt', actions: 3, pending: 3 }, { strategy: 'quorum', actions: 3, pending: 0 }]))).toBe(false);
    expect(hasBegun(room([status('A')], [{ strategy: 'crdt', actions: 3, pending: 2 }]))).toBe(true);
  });
});

describe('the sentence of the scenario line', () => {
  test('says what to do next', () => {
    expect(roomHint(room([status('A'), status('B')]), true)).toBe('Choose a scenario, or just cut and edit.');
    expect(roomHint(room([status('A'), status('B', off)]), true)).toBe('B is cut off. Edit in B and in A, then rejoin.');
    expect(roomHint(room([status('A')]), false)).toBe('The relay is off. Every replica works on by itself.');
    expect(roomHint(room([status('A')], [{ strategy: 'crdt', actions: 1, pending: 0 }]), true)).toBe('1 edit so far. Choose a scenario, or cut a replica off and go on.');
  });

  test('says what met at the latest rejoin, as the window tells it that was cut off', () => {
    const rejoin = (replica: string, met: readonly string[], change: Partial<RejoinStatus> = {}) =>
      status(replica, { rejoin: { beganMs: 100_000, apartMs: 130_000, wasOffline: false, met, here: 5, there: 8, ...change } });
    const of = (...replicas: ReplicaStatus[]): string => roomHint(room(replicas, [{ strategy: 'crdt', actions: 20, pending: 0 }]), true);
    expect(of(rejoin('A', ['C'], { here: 8, there: 5 }), status('B'), rejoin('C', ['A', 'B'], { wasOffline: true, beganMs: 99_000 }))).toBe('C was cut off for 2 min 10 s. 5 edits there met 8 of the others.');
    expect(of(rejoin('A', ['B', 'C']), rejoin('B', ['A']), rejoin('C', ['A']))).toBe('A was apart from B and C for 2 min 10 s. 5 edits there met 8 of the others.');
    expect(of(rejoin('A', ['B'], { beganMs: 200_000, here: 1, there: 1 }), rejoin('B', ['A'], { beganMs: 200_000, here: 1, there: 1 }), rejoin('C', ['A', 'B'], { wasOffline: true }))).toBe('A was apart from B for 2 min 10 s. 1 edit there met 1 of the others.');
  });
});
