/** What the scenario line says while no scenario is on stage: where things stand, in one sentence. Pure. */
import { counted, exactDuration, listOf } from '../../../shared/analysis/phrases.ts';
import type { RejoinStatus, ReplicaStatus } from '../../../shared/control/replica-status.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import { hasBegun } from './first-steps.ts';
import { sortedReplicas } from './lab-view.ts';
import { apartBy } from './map-view.ts';

export function roomHint(room: RoomView, relayOnline: boolean): string {
  if (!relayOnline) return 'The relay is off. Every replica works on by itself.';
  const replicas = sortedReplicas(room).map(({ replica }) => replica);
  const apart = replicas.filter((name) => apartBy(name, room) !== null);
  if (apart.length > 0) {
    const other = replicas.find((name) => !apart.includes(name));
    const sides = other === undefined ? 'Edit in each' : `Edit in ${apart[0]!} and in ${other}`;
    return `${listOf(apart)} ${apart.length === 1 ? 'is' : 'are'} cut off. ${sides}, then rejoin.`;
  }
  if (!hasBegun(room)) return 'Choose a scenario, or just cut and edit.';
  const latest = latestRejoin(room.replicas);
  if (latest) return rejoinSentence(latest);
  const actions = room.totals.reduce((most, totals) => Math.max(most, totals.actions), 0);
  return `${counted(actions, 'edit')} so far. Choose a scenario, or cut a replica off and go on.`;
}

interface Rejoined extends Pick<ReplicaStatus, 'replica'> {
  readonly rejoin: RejoinStatus;
}

/** Rejoins that begin so soon after one another are one, seen from several windows, in milliseconds. */
const sameRejoinMs = 2_000;

/** The latest one, as the window tells it that was offline, else one that met the most others: the few came back to the many. */
function latestRejoin(replicas: readonly ReplicaStatus[]): Rejoined | undefined {
  const rejoined = replicas.flatMap(({ replica, rejoin }): Rejoined[] => (rejoin ? [{ replica, rejoin }] : []));
  const latestMs = rejoined.reduce((latest, { rejoin }) => Math.max(latest, rejoin.beganMs), -Infinity);
  return rejoined
    .filter(({ rejoin }) => latestMs - rejoin.beganMs <= sameRejoinMs)
    .sort((a, b) => Number(b.rejoin.wasOffline) - Number(a.rejoin.wasOffline) || b.rejoin.met.length - a.rejoin.met.length || (a.replica < b.replica ? -1 : 1))[0];
}

/** "C was cut off for 2 min 10 s. 8 edits there met 8 of the others." */
function rejoinSentence({ replica, rejoin: { apartMs, wasOffline, met, here, there } }: Rejoined): string {
  const how = wasOffline ? 'was cut off' : `was apart from ${listOf(met)}`;
  return `${replica} ${how} for ${exactDuration(apartMs)}. ${counted(here, 'edit')} there met ${there} of the others.`;
}
