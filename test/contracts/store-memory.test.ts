import { describe, test } from 'vitest';
import { MemoryStore } from '../support/memory-store.ts';
import { storeContract } from '../../library/contracts.ts';

const disks = new Map<string, Map<string, Uint8Array>>();

storeContract({ describe, test }, 'memory', async (location) => {
  const disk = disks.get(location) ?? new Map<string, Uint8Array>();
  disks.set(location, disk);
  return new MemoryStore(disk);
});
