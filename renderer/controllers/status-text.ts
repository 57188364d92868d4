/** The state of a replica in words, the same in its own window and in the control room. */
import type { ReplicaStatus } from '../../shared/protocol/control.ts';

/** "Offline · 3 edits waiting", "Connecting", "Synced · saving 2 edits", "Synced, all saved" */
export function statusTextOf(status: Pick<ReplicaStatus, 'connection' | 'waiting' | 'allSaved'>): string {
  const edits = `${status.waiting} ${status.waiting === 1 ? 'edit' : 'edits'}`;
  const waiting = status.waiting > 0 ? ` · ${edits} waiting` : '';
  if (status.connection === 'offline') return `Offline${waiting}`;
  if (status.connection === 'connecting') return `Connecting${waiting}`;
  if (status.waiting > 0) return `Synced · saving ${edits}`;
  return status.allSaved ? 'Synced, all saved' : 'Synced';
}
