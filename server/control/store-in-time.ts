/**
 * Calls that write to a room that relays share, while the store may be away.
 *
 * Guarantees: each is answered. Without it a call would wait for as long as the store is away, since
 * what must be decided once is tried until it is.
 */
import type { Clock } from '../../shared/ports/clock.ts';
import { type SharedStoreState, StoreUnavailable } from '../../shared/ports/shared-store.ts';

export interface StoreInTimeOptions {
  readonly clock: Clock;
  /** Null where relays share no store. */
  readonly storeState: () => SharedStoreState | null;
}

/** How often it is looked whether the store can still be reached, in milliseconds. */
const lookMs = 250;
/** Looks after which a call is given up though the store can be reached: 30 seconds. */
const looksMax = 120;

/** Rejects with StoreUnavailable where the store is away, or goes away before `call` is done. */
export async function inTime(
  { clock, storeState }: StoreInTimeOptions,
  call: () => Promise<void>,
): Promise<void> {
  if (storeState() === null) return call();
  mustBeReachable(storeState());
  let cancel = (): void => {};
  const late = new Promise<never>((_, reject) => {
    const look = (looks: number): void => {
      cancel = clock.after(lookMs, () => {
        try {
          mustBeReachable(storeState());
          if (looks >= looksMax) throw new StoreUnavailable('it took too long; it may still be done');
          look(looks + 1);
        } catch (error) {
          reject(error as Error);
        }
      });
    };
    look(1);
  });
  try {
    await Promise.race([call(), late]);
  } finally {
    cancel();
  }
}

function mustBeReachable(state: SharedStoreState | null): void {
  if (state && !state.reachable) {
    throw new StoreUnavailable(state.trouble ?? 'the store cannot be reached');
  }
}
