import { describe } from 'vitest';
import { testRandomRuns } from '../../support/random-runs.ts';

describe('random runs: 5 replicas, 6 strategies, 200 steps, cuts, crashes, promotions and skewed clocks', () => testRandomRuns('second'));
