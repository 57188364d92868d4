import { MemoryStore } from '../support/memory-store.ts';
import { storeContract } from './store-contract.ts';

const disks = new Map<string, Map<string, Uint8Array>>();

storeContract('memory', async (location) => {
  const disk = disks.get(location) ?? new Map<string, Uint8Array>();
  disks.set(location, disk);
  return new MemoryStore(disk);
});
