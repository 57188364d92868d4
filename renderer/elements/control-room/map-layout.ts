/**
 * Where things stand on the map, in pixels of its box. Pure.
 *
 * Guarantees: discs with what stands below them do not overlap while the box is at least `heightMin` high, and as wide as two columns of them.
 */
import type { ReplicaId } from '../../../shared/clocks/dot.ts';
import type { MapGroup } from './map-view.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

export interface MapNode extends Point {
  readonly replica: ReplicaId;
  /** Status and switch stand above the disc, away from the relay. */
  readonly isFlipped: boolean;
}

export interface MapLayout {
  readonly relay: Point;
  readonly nodes: readonly MapNode[];
  /** One for each group while some are apart; none while the room is whole. */
  readonly hulls: readonly (Area & { readonly replicas: readonly ReplicaId[] })[];
  /** The middle of the gap before each hull but the relay's, where its links cross it. */
  readonly gaps: readonly (Point & { readonly replicas: readonly ReplicaId[] })[];
  readonly isCompact: boolean;
  /** A lower box cannot show all. */
  readonly heightMin: number;
}

interface Cell {
  readonly width: number;
  readonly height: number;
}

const roomy: Cell = { width: 72, height: 88 };
const compact: Cell = { width: 58, height: 76 };
/** More than so many replicas stand closer. */
const roomyMax = 6;
const relayWidth = 68;
const gapWidth = 34;
/** A box lower than this is no map. */
const heightLeast = 170;
const edge = 8;
/** How far the disc stands above the middle of its cell, in shares of the cell's height. */
const discShare = 0.26;

/** `height` is what there is; `heightMin` depends on the width alone, so that a box may grow to it. `scale`: how much larger than usual letters are. */
export function mapLayout(groups: readonly MapGroup[], width: number, height: number, scale = 1): MapLayout {
  const { heightMin } = arranged(groups, { width, height: heightLeast * scale }, scale);
  return { ...arranged(groups, { width, height: Math.max(height, heightMin) }, scale), heightMin };
}

function arranged(groups: readonly MapGroup[], box: Cell, scale: number): MapLayout {
  const [main, ...others] = groups;
  const count = groups.reduce((sum, { replicas }) => sum + replicas.length, 0);
  const isCompact = count > roomyMax;
  const { width, height } = isCompact ? compact : roomy;
  const cell = { width: width * scale, height: height * scale };
  if (others.length > 0) return { ...divided(main!, others, box, cell, scale), isCompact };
  return { ...(count < 5 ? aside : around)(main?.replicas ?? [], box, cell), hulls: [], gaps: [], isCompact };
}

type Placed = Pick<MapLayout, 'relay' | 'nodes' | 'heightMin'>;

/** Up to four: left and right of the relay. */
function aside(replicas: readonly ReplicaId[], { width, height }: Cell, cell: Cell): Placed {
  const left = replicas.slice(0, Math.ceil(replicas.length / 2));
  const right = replicas.slice(left.length);
  const x = Math.max(cell.width / 2 + edge, width * 0.17);
  const column = (names: readonly ReplicaId[], at: number): MapNode[] =>
    names.map((replica, index) => ({ replica, x: at, y: height * ((index + 0.5) / names.length) - cell.height * discShare, isFlipped: false }));
  const relay = { x: width * 0.49, y: height / 2 - (left.length === 1 ? cell.height * discShare : 0) };
  return { relay, nodes: [...column(left, x), ...column(right, width - x)], heightMin: Math.max(1, left.length) * cell.height };
}

/** Five and more: rows above and below the relay. */
function around(replicas: readonly ReplicaId[], { width, height }: Cell, cell: Cell): Placed {
  const perRow = Math.max(1, Math.floor((width - edge) / cell.width));
  const above = replicas.slice(0, Math.ceil(replicas.length / 2));
  const rows = [...inRows(above, perRow).map((names) => ({ names, isFlipped: true })), ...inRows(replicas.slice(above.length), perRow).map((names) => ({ names, isFlipped: false }))];
  const rowsAbove = inRows(above, perRow).length;
  const relayHeight = 48;
  const free = Math.max(0, height - rows.length * cell.height - relayHeight) / (rows.length + 1);
  const nodes = rows.flatMap(({ names, isFlipped }, at) => names.map((replica, index): MapNode => {
    const middle = (at + 0.5) * cell.height + free * (at + 0.5) + (at >= rowsAbove ? relayHeight + free : 0);
    return { replica, x: (width * (index + 0.5)) / names.length, y: middle + (isFlipped ? 1 : -1) * cell.height * discShare, isFlipped };
  }));
  return { relay: { x: width / 2, y: rowsAbove * (cell.height + free) + relayHeight / 2 + free / 2 }, nodes, heightMin: rows.length * cell.height + relayHeight };
}

/** As even as can be. */
function inRows(names: readonly ReplicaId[], perRow: number): (readonly ReplicaId[])[] {
  const rows = Math.ceil(names.length / perRow);
  const length = Math.ceil(names.length / Math.max(1, rows));
  return Array.from({ length: rows }, (_, at) => names.slice(at * length, (at + 1) * length));
}

/** The relay's hull at the left, all others at its right, in columns. */
function divided(main: MapGroup, others: readonly MapGroup[], box: Cell, cell: Cell, scale: number): Omit<MapLayout, 'isCompact'> {
  const inner = box.height - 2 * edge;
  const relayPlace = relayWidth * scale;
  const free = box.width - 2 * edge - relayPlace - (main.replicas.length > 0 ? cell.width : 0);
  const columnsMax = Math.max(1, Math.floor(free / (cell.width + edge + gapWidth)));
  const columns = Math.min(columnsMax, Math.ceil(others.length / Math.max(1, Math.floor((inner + edge) / (cell.height + 2 * edge)))));
  const perColumn = Math.ceil(others.length / columns);
  const widthMax = Math.max(1, Math.floor((Math.min(free, box.width * 0.55) / columns - gapWidth) / cell.width));
  const rowsIn = Math.max(1, Math.floor(inner / perColumn / cell.height));
  const sizes = others.map(({ replicas }) => {
    const across = Math.min(widthMax, Math.ceil(replicas.length / rowsIn));
    return { replicas, across, rows: Math.ceil(replicas.length / across) };
  });
  const hullWidth = Math.max(sizes.reduce((most, { across }) => Math.max(most, across), 1) * cell.width + edge, columns === 1 ? box.width * 0.28 : 0);
  const mainWidth = Math.max(relayPlace + (main.replicas.length > 0 ? cell.width : 0), box.width - 2 * edge - columns * (hullWidth + gapWidth));
  const mainArea = { x: edge, y: edge, width: mainWidth, height: inner };
  const grid = { ...mainArea, width: mainWidth - relayPlace };
  const stacks = Array.from({ length: columns }, (_, column) => sizes.slice(column * perColumn, (column + 1) * perColumn));
  const areas = stacks.flatMap((stack, column) => stacked(stack, { x: edge + mainWidth + gapWidth + column * (hullWidth + gapWidth), y: edge, width: hullWidth, height: inner }));
  const relay = { x: main.replicas.length > 0 ? edge + mainWidth - relayPlace / 2 - 4 : edge + mainWidth / 2, y: edge + inner / 2 };
  const rowsMain = Math.ceil(main.replicas.length / Math.max(1, Math.floor(grid.width / cell.width)));
  const rowsMost = stacks.reduce((most, stack) => Math.max(most, stack.reduce((sum, { rows }) => sum + rows, 0)), Math.max(1, rowsMain));
  return {
    relay,
    nodes: [...inGrid(main.replicas, grid, cell), ...areas.flatMap((area) => inGrid(area.replicas, area, cell))],
    hulls: [{ ...mainArea, replicas: main.replicas }, ...areas],
    gaps: areas.map((area) => ({ replicas: area.replicas, x: area.x - gapWidth / 2, y: crossing(relay, area) })),
    heightMin: rowsMost * cell.height + (perColumn + 1) * edge,
  };
}

/** One below the other, as high as they have rows. */
function stacked(stack: readonly { readonly replicas: readonly ReplicaId[]; readonly rows: number }[], { x, y, width, height }: Area): (Area & { readonly replicas: readonly ReplicaId[] })[] {
  const rowsAll = stack.reduce((sum, { rows }) => sum + rows, 0);
  const perRow = (height - edge * (stack.length - 1)) / rowsAll;
  let top = y;
  return stack.map(({ replicas, rows }) => {
    const area = { replicas, x, y: top, width, height: perRow * rows };
    top += area.height + edge;
    return area;
  });
}

/** Where the way from the relay to the middle of a hull crosses the gap before it. */
function crossing(relay: Point, area: Area): number {
  const [toX, toY] = [area.x + area.width / 2, area.y + area.height / 2 - area.height * 0.02];
  const share = (area.x - gapWidth / 2 - relay.x) / (toX - relay.x);
  const isNextToRelay = share > 0 && toX - relay.x < area.width + 3 * gapWidth;
  return isNextToRelay ? relay.y + (toY - relay.y) * share : toY;
}

function inGrid(replicas: readonly ReplicaId[], area: Area, cell: Cell): MapNode[] {
  const fitting = Math.max(1, Math.floor(area.height / cell.height));
  const widest = Math.max(1, Math.floor(area.width / cell.width));
  const rows = Math.max(Math.min(replicas.length, fitting), Math.ceil(replicas.length / widest));
  const columns = Math.ceil(replicas.length / Math.max(1, rows));
  return replicas.map((replica, at) => {
    const column = Math.floor(at / rows);
    const inColumn = Math.min(rows, replicas.length - column * rows);
    return {
      replica, isFlipped: false,
      x: area.x + (area.width * (column + 0.5)) / columns,
      y: area.y + (area.height * ((at % rows) + 0.5)) / inColumn - cell.height * discShare,
    };
  });
}
