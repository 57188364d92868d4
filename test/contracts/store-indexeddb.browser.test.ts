import { describe, test } from 'vitest';
import { IndexedDbStore } from '../../renderer/providers/indexeddb-store.ts';
import { storeContract } from '../../library/contracts.ts';

storeContract({ describe, test }, 'IndexedDB', (location) => IndexedDbStore.open(location));
