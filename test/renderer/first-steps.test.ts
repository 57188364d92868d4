import { describe, expect, it } from 'vitest';
import { firstSteps, hasBegun } from '../../renderer/elements/control-room/first-steps.ts';
import { roomHint } from '../../renderer/elements/control-room/room-hint.ts';
import type { StrategyFigures } from '../../shared/analysis/strategy-figures.ts';
import { defaultSettings } from '../../shared/control/lab-settings.ts';
import type { ReplicaStatus } from '../../shared/control/replica-status.ts';
import type { RoomView } from '../../shared/control/room-view.ts';

function status(replica: string, more: Partial<ReplicaStatus> = {}): ReplicaStatus {
  return { replica, online: true, connection: 'synced', waiting: 0, allSaved: true, clock: {}, edits: {}, skewMs: 0, digests: {}, ...more };
}

const off = { online: false, connection: 'offline', allSaved: false } as const;

function room(replicas: readonly ReplicaStatus[], totals: readonly Partial<StrategyFigures>[] = []): RoomView {
  return { room: 'lab', settings: defaultSettings, replicas, sessions: [], islands: [], links: [], totals: totals as StrategyFigures[], verdicts: {}, scenario: null, documentBytes: 0 };
}

describe('the first steps', () => {
  it('open replicas, cut one off, edit on both sides, rejoin', () => {
    expect(firstSteps(room([])).next).toBe('open');
    expect(firstSteps(room([status('A')])).next).toBe('open');
    expect(firstSteps(room([status('A'), status('B'), status('C')]))).toEqual({ next: 'cut', apart: 'C', other: 'A' });
    expect(firstSteps(room([status('A'), status('B'), status('C', off)])).next).toBe('edit');
    expect(firstSteps(room([status('A'), status('B'), status('C', { ...off, waiting: 1 })])).next).toBe('edit');
    expect(firstSteps(room([status('A', { edits: { A: 1 } }), status('B', { ...off, waiting: 1 })]))).toEqual({ next: 'rejoin', apart: 'B', other: 'A' });
  });

  it('are over when edits have met, and not while all of them wait', () => {
    expect(hasBegun(room([status('A')], [{ strategy: 'crdt', actions: 3, pending: 3 }, { strategy: 'quorum', actions: 3, pending: 0 }]))).toBe(false);
    expect(hasBegun(room([status('A')], [{ strategy: 'crdt', actions: 3, pending: 2 }]))).toBe(true);
  });
});

describe('the sentence of the scenario line', () => {
  it('says what to do next', () => {
    expect(roomHint(room([status('A'), status('B')]), true)).toBe('Choose a scenario, or just cut and edit.');
    expect(roomHint(room([status('A'), status('B', off)]), true)).toBe('B is cut off. Edit in B and in A, then rejoin.');
    expect(roomHint(room([status('A')]), false)).toBe('The relay is off. Every replica works on by itself.');
    expect(roomHint(room([status('A')], [{ strategy: 'crdt', actions: 1, pending: 0 }]), true)).toBe('1 edit so far. Choose a scenario, or cut a replica off and go on.');
  });
});
