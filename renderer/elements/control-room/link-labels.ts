/**
 * Where the words of faulty links stand on the map, in pixels of its box: on their link, else as near to it as they cover nothing. Pure.
 *
 * Widths are estimates for a wide font, as nothing is measured: words may stand further apart than they must.
 */
import type { ReplicaId } from '../../../shared/clocks/dot.ts';
import type { Area, MapLayout, MapNode, Point } from './map-layout.ts';

const height = 24;
const letterWidth = 6.6;
const padding = 16;
const discRadius = 21;
const relayHalf: Point = { x: 28, y: 18 };
const gapRadius = 14;
/** What stands below a disc, or above it: a status in words and a switch. */
const about = { width: 64, height: 46 };
/** Shares of the way from the relay to the disc, best first: links are further apart near their discs. */
const shares = [0.5, 0.58, 0.66, 0.42, 0.74, 0.34, 0.26];
/** How far from the link, best first. */
const offsets = [0, -8, 8, -15, 15, -22, 22, -30, 30, -45, 45];
/** To cover something is far worse than to stand off the link: so many square pixels of it are as bad as one pixel off. */
const costPerPixel = 0.25;

export interface LabelOptions {
  readonly width: number;
  /** How much larger than usual letters are. */
  readonly scale: number;
  /** What else stands on the map, such as what the relay keeps. */
  readonly taken?: readonly Area[];
}

/** The middle of each label; `words` has those links that have a label. Links that come first choose first. */
export function linkLabels({ nodes, relay, gaps }: MapLayout, words: ReadonlyMap<ReplicaId, string>, { width, scale, taken = [] }: LabelOptions): ReadonlyMap<ReplicaId, Point> {
  const obstacles = [around(relay, relayHalf.x * scale, relayHalf.y * scale), ...taken, ...gaps.map((gap) => around(gap, gapRadius, gapRadius)), ...nodes.flatMap((node) => nodeAreas(node, scale))];
  const places = new Map<ReplicaId, Point>();
  for (const node of nodes) {
    const text = words.get(node.replica);
    if (text === undefined) continue;
    const half = { x: ((text.length * letterWidth + padding) * scale) / 2, y: (height * scale) / 2 };
    const place = bestPlace(node, relay, half, { width, obstacles, scale });
    places.set(node.replica, place);
    obstacles.push(around(place, half.x, half.y));
  }
  return places;
}

function bestPlace(node: Point, relay: Point, half: Point, { width, obstacles, scale }: { readonly width: number; readonly obstacles: readonly Area[]; readonly scale: number }): Point {
  const beside = (about.width / 2) * scale + half.x;
  let best = { point: middle(node, relay, 0.5), cost: Infinity };
  for (const offset of offsets) {
    for (const share of shares) {
      const { x, y } = middle(node, relay, share);
      // On the link, or beside what stands below the disc; always in the box.
      for (const across of [x, node.x + (relay.x < node.x ? -beside : beside)]) {
        const point = { x: Math.max(half.x + 2, Math.min(width - half.x - 2, across)), y: Math.max(half.y, y + offset * scale) };
        const box = around(point, half.x, half.y);
        const away = Math.abs(point.y - y) + Math.abs(point.x - x);
        const cost = obstacles.reduce((sum, area) => sum + shared(box, area), 0) + away * costPerPixel;
        if (cost < best.cost) best = { point, cost };
      }
    }
  }
  return best.point;
}

function nodeAreas({ x, y, isFlipped }: MapNode, scale: number): Area[] {
  const radius = discRadius * scale;
  const [aboutWidth, aboutHeight] = [about.width * scale, about.height * scale];
  return [around({ x, y }, radius, radius), { x: x - aboutWidth / 2, y: isFlipped ? y - radius - aboutHeight : y + radius, width: aboutWidth, height: aboutHeight }];
}

function middle(node: Point, relay: Point, share: number): Point {
  return { x: relay.x + (node.x - relay.x) * share, y: relay.y + (node.y - relay.y) * share };
}

function around({ x, y }: Point, halfWidth: number, halfHeight: number): Area {
  return { x: x - halfWidth, y: y - halfHeight, width: 2 * halfWidth, height: 2 * halfHeight };
}

/** Square pixels that both cover. */
function shared(one: Area, other: Area): number {
  const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return across > 0 && down > 0 ? across * down : 0;
}
