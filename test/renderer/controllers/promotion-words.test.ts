import { expect, test } from 'vitest';
import { promotionWords } from '../../../renderer/controllers/promotion-words.ts';
import { promotionRefusal } from '../../../shared/strategies/single-leader/promotion.ts';

test('a window says how a promotion ended, and why one was refused', () => {
  expect(promotionWords('B', 'with a majority')).toBe('B leads now, with a majority.');
  expect(promotionWords('B', 'alone')).toBe('B leads now, alone.');
  expect(promotionWords('B', 'given up')).toBe('B was not promoted: somebody else leads.');
  expect(promotionWords('B', { refused: promotionRefusal(1, 2, 3)! })).toBe('B was not promoted: 1 of 3 replicas reachable, 2 needed to become the leader.');
  expect(promotionRefusal(2, 2, 3)).toBe(null);
});
