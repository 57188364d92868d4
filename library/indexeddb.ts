/**
 * `rejoin/indexeddb`: the Store port on a browser's IndexedDB.
 *
 *     const store = await IndexedDbStore.open('my-app/replica-A');
 *     const replica = await Replica.open({ …, store });
 *
 * A write that is reported as done outlives the page and a killed browser; a power failure in the
 * same moment may take it. `open` rejects where the browser refuses storage. One page at a time may
 * write to a store.
 */
export { IndexedDbStore } from '../renderer/providers/indexeddb-store.ts';
