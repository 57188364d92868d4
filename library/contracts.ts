/**
 * `rejoin/contracts`: what every adapter of a port and every strategy must do, as test suites. The
 * project's own adapters pass the same. A suite takes the functions of your test runner and
 * something that makes what is tested:
 *
 *     import { describe, test } from 'node:test'; // or vitest
 *     import { storeContract } from 'rejoin/contracts';
 *
 *     storeContract({ describe, test }, 'my store', (location) => MyStore.open(location));
 *
 * A promise that is not kept throws a `BrokenContract`, which says what was found and expected.
 */
export { BrokenContract } from './contracts/checks.ts';
export { randomIntent } from './contracts/random-intent.ts';
export { storeContract } from './contracts/store-contract.ts';
export {
  type ContractCopy,
  strategyContract,
  type StrategyContractOptions,
} from './contracts/strategy-contract.ts';
export type { TestFunctions } from './contracts/test-functions.ts';
export { transportContract, type TransportFixture } from './contracts/transport-contract.ts';
