import { SharedMemory } from '../support/memory-shared-store.ts';
import { sharedStoreContract } from './shared-store-contract.ts';

sharedStoreContract('memory', async () => {
  const memory = new SharedMemory();
  return () => Promise.resolve(memory.open());
});
