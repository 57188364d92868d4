import { systemClock } from '../../server/relay/system-clock.ts';
import { openRedisSharedStore } from '../../server/storage/redis-shared-store.ts';
import { sharedStoreContract } from '../contracts/shared-store-contract.ts';
import { atEnd } from '../support/lab-fixture.ts';
import { startRedis } from './redis-fixture.ts';

sharedStoreContract('Redis', async () => {
  const redis = await startRedis();
  return async () => {
    const store = await openRedisSharedStore({ url: redis.url, clock: systemClock, report: () => {} });
    atEnd(() => store.close());
    return store;
  };
});
