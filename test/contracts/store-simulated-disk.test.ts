import { describe, test } from 'vitest';
import type { Clock } from '../../shared/ports/clock.ts';
import { SeededRandom } from '../../shared/network/seeded-random.ts';
import { DiskContents, SimulatedDisk } from '../../shared/simulation/simulated-disk.ts';
import { storeContract } from '../../library/contracts.ts';

const disks = new Map<string, DiskContents>();

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

storeContract({ describe, test }, 'a simulated disk', async (location) => {
  const contents = disks.get(location) ?? new DiskContents();
  disks.set(location, contents);
  return new SimulatedDisk(hastyClock, new SeededRandom(1), contents);
});
