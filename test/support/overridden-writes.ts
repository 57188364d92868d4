/** A store that relays share whose writes go another way; all else is the store's own. */
import type { SharedRoom, SharedStore } from '../../shared/ports/shared-store.ts';

/** `write`: what a room's writes do instead, given the room of the store. */
export function overriddenWrites(store: SharedStore, write: (room: SharedRoom, ...given: Parameters<SharedRoom['write']>) => ReturnType<SharedRoom['write']>): SharedStore {
  return {
    relay: store.relay,
    state: () => store.state(),
    close: () => store.close(),
    enter: (name, listener) => {
      const room = store.enter(name, listener);
      return {
        load: (epoch) => room.load(epoch),
        heardIsDurable: () => room.heardIsDurable(),
        tell: (message) => room.tell(message),
        leave: () => room.leave(),
        write: (given) => write(room, given),
      };
    },
  };
}
