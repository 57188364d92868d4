/** The status line of a replica window. */
import type { ReplicaStatus } from '../../shared/protocol/control.ts';

/** "Offline · 3 edits waiting", "Connecting · 1 edit waiting", "Synced · saving 2 edits", "Synced, all saved" */
export function statusTextOf(status: Pick<ReplicaStatus, 'connection' | 'waiting' | 'allSaved'>): string {
  const edits = `${status.waiting} ${status.waiting === 1 ? 'edit' : 'edits'}`;
  if (status.connection === 'offline') return `Offline · ${edits} waiting`;
  if (status.connection === 'connecting') return `Connecting · ${edits} waiting`;
  if (status.allSaved) return 'Synced, all saved';
  return status.waiting > 0 ? `Synced · saving ${edits}` : 'Synced · saving';
}
