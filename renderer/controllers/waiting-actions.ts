import type { ReplicaModel } from './replica-model.ts';

/** Actions that the relay does not have, or, where it has all and islands keep others from them, that not everybody is known to have. */
export function waitingActions({ status, waitingIn }: Pick<ReplicaModel, 'status' | 'waitingIn'>): number {
  return Math.max(status.waiting, Object.values(waitingIn).reduce((sum, each) => sum + each, 0));
}
