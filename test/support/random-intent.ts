/** The strategies' contract suite needs it too, so it lies in the library. */
export { randomIntent } from '../../library/contracts/random-intent.ts';
