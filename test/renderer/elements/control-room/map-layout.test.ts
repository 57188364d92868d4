import { describe, expect, test } from 'vitest';
import { mapLayout } from '../../../../renderer/elements/control-room/map-layout.ts';
import type { MapGroup } from '../../../../renderer/elements/control-room/map-view.ts';

const names = (count: number, from = 0): string[] => Array.from({ length: count }, (_, at) => String.fromCharCode(65 + from + at));

/** Groups of so many replicas each; the relay is in the first. */
function groups(...counts: number[]): MapGroup[] {
  let from = 0;
  return counts.map((count, at) => {
    const group = { replicas: names(count, from), isMain: at === 0 };
    from += count;
    return group;
  });
}

const rooms: readonly (readonly number[])[] = [[2], [3], [4], [7], [12], [1, 1], [2, 1], [6, 1], [11, 1], [6, 6], [6, 5, 1], [2, 2, 2, 1], [0, 1], [0, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1], [1, ...Array.from({ length: 11 }, () => 1)]];

describe.each([[370, 255], [370, 560], [250, 290], [374, 200], [304, 200], [900, 900]])('a map of %i × %i', (width, height) => {
  test.each(rooms.map((counts) => [counts.join(' + '), counts] as const))('with %s replicas: nothing overlaps, and all is inside', (_, counts) => {
    const layout = mapLayout(groups(...counts), width, height);
    const { nodes, relay, hulls, gaps, isCompact, heightMin } = layout;
    expect(nodes.map(({ replica }) => replica).sort()).toEqual(names(nodes.length));
    expect(heightMin).toBe(mapLayout(groups(...counts), width, heightMin).heightMin);
    const bottom = Math.max(height, heightMin);
    for (const { x, y } of nodes) {
      expect(x).toBeGreaterThan(20);
      expect(x).toBeLessThan(width - 19);
      expect(y).toBeGreaterThan(14);
      expect(y).toBeLessThan(bottom - 14);
    }
    // The disc itself, and the words and the switch beside it, 48 px wide at least.
    const [radius, below] = isCompact ? [15, 42] : [19, 44];
    const boxes = nodes.map(({ replica, x, y, isFlipped }) => ({ replica, left: x - 24, right: x + 24, top: y - (isFlipped ? radius + below : radius), bottom: y + (isFlipped ? radius : radius + below) }));
    const overlapping = boxes.flatMap((one, at) => boxes.slice(at + 1).filter((other) => one.left < other.right && other.left < one.right && one.top < other.bottom - 1 && other.top < one.bottom - 1).map((other) => `${one.replica} ${other.replica}`));
    expect(overlapping).toEqual([]);
    for (const { replica, x, y } of nodes) expect(Math.hypot(x - relay.x, y - relay.y), replica).toBeGreaterThan(30);
    expect(hulls).toHaveLength(counts.length > 1 ? counts.length : 0);
    expect(gaps).toHaveLength(counts.length - 1);
    for (const { replicas, ...hull } of hulls) for (const { x, y } of nodes.filter(({ replica }) => replicas.includes(replica))) expect([x > hull.x, x < hull.x + hull.width, y > hull.y, y < hull.y + hull.height]).toEqual([true, true, true, true]);
  });
});
