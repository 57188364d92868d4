import { expect, test } from 'vitest';
import { tiles } from '../../../../server/cli/start/window-tiles.ts';

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('%i windows lie on the screen without overlap', (count) => {
  const placed = tiles(count, { width: 1600, height: 900 });
  expect(placed).toHaveLength(count);
  for (const [i, a] of placed.entries()) {
    expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= 1600 && a.y + a.height <= 900).toBe(true);
    for (const b of placed.slice(i + 1)) expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
  }
});
