/** The state of a replica in words, the same in its own window and in the control room. */
import type { ReplicaStatus } from '../../shared/control/replica-status.ts';
import { isCutOff, type Reach } from './reach.ts';

/** What the mark before the words shows. */
export type StatusKind = 'offline' | 'connecting' | 'cut' | 'saving' | 'synced';

type Stated = Pick<ReplicaStatus, 'connection' | 'waiting' | 'allSaved'>;

export function statusKindOf(status: Stated, reach: Reach): StatusKind {
  if (status.connection === 'offline') return 'offline';
  if (isCutOff(reach)) return 'cut';
  if (status.connection === 'connecting') return 'connecting';
  return status.allSaved ? 'synced' : 'saving';
}

/**
 * "Offline · 3 edits waiting", "The relay is off", "Connecting", "Connected, but cut off from B, C", "Connected, all saved · C is offline",
 * "Synced · saving 2 edits", "Synced, all saved". "Synced" is said only while every open replica is in reach.
 */
export function statusTextOf(status: Stated, reach: Reach): string {
  const edits = `${status.waiting} ${status.waiting === 1 ? 'edit' : 'edits'}`;
  const waiting = status.waiting > 0 ? ` · ${edits} waiting` : '';
  if (status.connection === 'offline') return `Offline${waiting}`;
  if (!reach.isRelayOn) return `The relay is off${waiting}`;
  if (!reach.isLinkOn) return `Connecting: the link is off${waiting}`;
  if (status.connection === 'connecting') return `Connecting${waiting}`;
  const faults = faultsOf(reach);
  if (faults.length > 0) return `Connected, but ${faults.join('; ')}${waiting}`;
  const saving = status.waiting > 0 ? ` · saving ${edits}` : status.allSaved ? ', all saved' : '';
  const absent = absenceOf(reach);
  return absent === '' ? `Synced${saving}` : `Connected${saving}${absent}`;
}

function faultsOf({ cutOffFrom, notHeardBy, notHearing }: Reach): string[] {
  return [
    ...(cutOffFrom.length > 0 ? [`cut off from ${cutOffFrom.join(', ')}`] : []),
    ...(notHeardBy.length > 0 ? [`one way: hears ${notHeardBy.join(', ')}, is not heard by ${notHeardBy.join(', ')}`] : []),
    ...(notHearing.length > 0 ? [`one way: is heard by ${notHearing.join(', ')}, does not hear ${notHearing.join(', ')}`] : []),
  ];
}

/** " · B, C are offline"; empty where all are there. */
function absenceOf({ offline, connecting }: Reach): string {
  const absent = [[offline, 'offline'], [connecting, 'connecting']] as const;
  return absent.filter(([names]) => names.length > 0).map(([names, how]) => ` · ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} ${how}`).join('');
}
