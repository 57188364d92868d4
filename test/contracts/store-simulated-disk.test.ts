import type { Clock } from '../../shared/ports/clock.ts';
import { SeededRandom } from '../../shared/network/seeded-random.ts';
import { SimulatedDisk } from '../../shared/simulation/simulated-disk.ts';
import { storeContract } from './store-contract.ts';

const disks = new Map<string, Map<string, Uint8Array>>();

/** Nobody lets time pass here: what waits falls due as soon as it may. */
const hastyClock: Clock = {
  nowMs: () => 0,
  wallMs: () => 0,
  after(_delayMs, callback) {
    let waits = true;
    void Promise.resolve().then(() => waits && callback());
    return () => void (waits = false);
  },
};

storeContract('a simulated disk', async (location) => {
  const entries = disks.get(location) ?? new Map<string, Uint8Array>();
  disks.set(location, entries);
  return new SimulatedDisk(hastyClock, new SeededRandom(1), entries);
});
