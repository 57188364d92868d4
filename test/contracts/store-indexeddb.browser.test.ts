import { IndexedDbStore } from '../../renderer/providers/indexeddb-store.ts';
import { storeContract } from './store-contract.ts';

storeContract('IndexedDB', (location) => IndexedDbStore.open(location));
