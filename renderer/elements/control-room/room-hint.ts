/** What the scenario line says while no scenario is on stage: where things stand, in one sentence. Pure. */
import { counted, listOf } from '../../../shared/analysis/phrases.ts';
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
  const actions = room.totals.reduce((most, totals) => Math.max(most, totals.actions), 0);
  return `${counted(actions, 'edit')} so far. Choose a scenario, or cut a replica off and go on.`;
}
