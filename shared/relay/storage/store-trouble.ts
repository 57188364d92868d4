import type { Store } from '../../ports/store.ts';
import type { SharedStore } from '../../ports/shared-store.ts';

/** Why a store cannot be reached, in one line; null where it can be, undefined where it cannot tell. */
export function troubleOf(store: Store | SharedStore): string | null | undefined {
  return 'enter' in store ? store.state().trouble : store.trouble;
}
