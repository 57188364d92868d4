import { describe, expect, test } from 'vitest';
import { linkLabels } from '../../../../renderer/elements/control-room/link-labels.ts';
import { mapLayout } from '../../../../renderer/elements/control-room/map-layout.ts';

const words = '120 ms · 5 % lost';
const half = { x: 64, y: 12 };

function labelled(groups: readonly (readonly string[])[], width: number, height: number) {
  const layout = mapLayout(groups.map((replicas, at) => ({ replicas, isMain: at === 0 })), width, height);
  return { layout, labels: linkLabels(layout, new Map(layout.nodes.map(({ replica }) => [replica, words])), { width, scale: 1 }) };
}

describe.each([[374, 200], [470, 560], [370, 255]])('on a map of %i × %i', (width, height) => {
  test.each([[['A', 'B']], [['A', 'B', 'C']], [['A', 'B', 'C', 'D']]])('words of all links of %j cover no disc, no status and not each other', (replicas) => {
    const { layout, labels } = labelled([replicas], width, height);
    const places = [...labels.values()];
    expect(places).toHaveLength(replicas.length);
    for (const [at, { x, y }] of places.entries()) {
      expect(x - half.x).toBeGreaterThanOrEqual(0);
      expect(x + half.x).toBeLessThanOrEqual(width);
      for (const node of layout.nodes) {
        const isBeside = (halfWidth: number, top: number, bottom: number): boolean => Math.abs(x - node.x) >= half.x + halfWidth || y + half.y <= node.y + top || y - half.y >= node.y + bottom;
        expect([isBeside(19, -19, 19), isBeside(28, 20, 38)], `${replicas[at]}'s words at ${node.replica}`).toEqual([true, true]);
      }
      for (const other of places.slice(at + 1)) expect(Math.abs(x - other.x) >= 2 * half.x - 1 || Math.abs(y - other.y) >= 2 * half.y - 1).toBe(true);
    }
  });
});

test('words stand in the middle of a long link, and links without words have no place', () => {
  const layout = mapLayout([{ replicas: ['A', 'B', 'C'], isMain: true }], 900, 600);
  const [a] = layout.nodes;
  const labels = linkLabels(layout, new Map([['A', words]]), { width: 900, scale: 1 });
  expect([...labels.keys()]).toEqual(['A']);
  expect(labels.get('A')).toEqual({ x: (a!.x + layout.relay.x) / 2, y: (a!.y + layout.relay.y) / 2 });
});
