/** What pages may ask of the program, beside what any browser gives them. */
import type { IpcMain } from 'electron';
import { isReplicaId, type ReplicaId } from '../shared/clocks/dot.ts';
import { isOwnPage } from './page-address.ts';

/** Page → main: open, or bring to the front, the window of a replica. */
export const openReplicaChannel = 'rejoin:open-replica';

/**
 * Checks who asks and for what; returns the replica's name. Throws an Error of one sentence otherwise.
 * `senderAddress` is that of the frame that asked, null when the frame has gone.
 */
export function checkedReplica(senderAddress: string | null, name: unknown): ReplicaId {
  if (senderAddress === null || !isOwnPage(senderAddress)) throw new Error('only a page of Rejoin may open a window');
  if (!isReplicaId(name)) throw new Error(`${JSON.stringify(String(name).slice(0, 40))} cannot name a replica`);
  return name;
}

/** Answers pages. `openReplica` may be called before windows can be opened; it resolves when the window is there. */
export function answerPages(ipc: IpcMain, openReplica: (replica: ReplicaId) => Promise<void>): void {
  ipc.handle(openReplicaChannel, (event, name: unknown) => openReplica(checkedReplica(event.senderFrame?.url ?? null, name)));
}
